import ReUniteReplica
import ReUniteSync

/// Home, move-on and what the programme is judged by.
extension InventedFamily {
    mutating func housing() {
        if let authority = partners[home].authority, chance.happens(70) {
            let duty = add(
                "duty_to_refer", on: released - 50,
                [
                    ("la_gss", authority), ("submitted_on", (released - 50).text),
                    (
                        "priority_need_basis",
                        chance.pick(["CHILD_EXPECTED_TO_RESIDE": 30, "NOT_DECIDED": 45, "VULNERABLE": 15, "NONE": 10])
                    ),
                ])
            let isAccepted = chance.happens(55)
            change(
                "duty_to_refer", duty, on: released - 20,
                [
                    ("status", isAccepted ? "ACCEPTED" : "NOT_ACCEPTED"), ("decided_on", (released - 20).text),
                    (
                        "outcome_reason",
                        isAccepted
                            ? "PREVENTION_AND_RELIEF_DUTY" : chance.pick(["PRIORITY_NEED", "NO_LOCAL_CONNECTION"])
                    ),
                ])
        }
        firstNights()
        guard let arrives, let leaves else { return }
        if let unit {
            let stay = add(
                "occupancy", on: max(opened + 20, arrives - 30),
                [
                    ("unit_id", unit.sqlBlob), ("arrive_on", arrives.text),
                    ("depart_on", InventedHomes.booked(arrives...leaves).text),
                ])
            add(
                "occupancy_event", on: arrives,
                [
                    ("occupancy_id", stay.sqlBlob), ("kind", "ARRIVE"), ("on_date", arrives.text),
                ])
            change("occupancy", stay, on: leaves, [("depart_on", leaves.text), ("status", "DEPARTED")])
            add(
                "occupancy_event", on: leaves,
                [
                    ("occupancy_id", stay.sqlBlob), ("kind", "DEPART"), ("on_date", leaves.text),
                ])
        } else {
            add(
                "address", on: arrives,
                [
                    ("lines", InventedNames.street(&chance)), ("postcode", InventedNames.postcode(&chance)),
                    ("type", chance.pick(["A01C": 40, "A01D": 40, "A07B": 20])), ("status", "M"),
                    ("from_on", arrives.text),
                ])
        }
        let package = add(
            "support_package", on: arrives,
            [
                ("type", unit == nil ? "FLOATING" : "RESIDENT"), ("strand", "MOTHERS_AND_CHILDREN"),
                ("from_on", arrives.text), ("women", 1), ("children", children),
            ])
        change("support_package", package, on: leaves, [("to_on", leaves.text)])
        meetMentor()
        let keeps = chance.happens(86)
        for months in [6, 12] {
            let day = arrives + months * 61 / 2
            guard day <= leaves, chance.happens(94) else { continue }
            let isKnown = chance.happens(95)
            add(
                "tenancy_check", on: day, lag: chance.between(0...6),
                [
                    ("counted_from", "MOVE_IN"), ("at_months", months), ("checked_on", day.text),
                    ("sustained", isKnown ? (keeps || months == 6 && chance.happens(50) ? 1 : 0) : nil),
                    ("gap_days", isKnown ? (keeps ? 0 : chance.between(0...21)) : nil), ("source", "WORKER"),
                ])
        }
        moveOn(leaves)
    }

    /// Where she slept on the first night, and three months on.
    private mutating func firstNights() {
        let isHoused = arrives == released || chance.happens(75)
        if chance.happens(95) {
            add(
                "tenancy_check", on: released, lag: 1,
                [
                    ("counted_from", "RELEASE"), ("at_months", 0), ("checked_on", released.text),
                    (
                        "type",
                        isHoused
                            ? chance.pick(["A04": 45, "A07A": 25, "A07B": 15, "A01D": 10, "A17": 5])
                            : chance.pick(["A08C": 60, "A08A": 25, "A08": 15])
                    ), ("source", "WORKER"),
                ])
        }
        let day = released + 91
        guard isContacted(day), chance.happens(90) else { return }
        let isSettled = arrives.map { $0 <= day } ?? false
        add(
            "tenancy_check", on: day, lag: 2,
            [
                ("counted_from", "RELEASE"), ("at_months", 3), ("checked_on", day.text),
                (
                    "type",
                    isSettled && chance.happens(93)
                        ? chance.pick(["A04": 60, "A01D": 20, "A01C": 20])
                        : chance.pick(["A07A": 50, "A08C": 20, "A03": 20, "HMP": 10])
                ), ("source", "WORKER"),
            ])
    }

    private mutating func meetMentor() {
        guard let mentor, isPast(mentor.from) else { return }
        let day = mentor.from
        let match = add(
            "mentor_match", on: day,
            [
                ("mentor_id", mentor.id.sqlBlob), ("from_on", day.text),
                ("to_on", (day + 35).text),
            ])
        add(
            "mentor_session", on: day + 14,
            [
                ("match_id", match.sqlBlob), ("area", chance.pick(["BUDGETING", "SOCIAL_ACTIVITY", "CONFIDENCE"])),
                ("minutes", 90),
            ])
    }

    private mutating func moveOn(_ day: InventedDay) {
        guard lost == nil else { return }
        let isPlanned = chance.happens(84)
        add(
            "move_on", on: day,
            [
                ("moved_on", day.text), ("planned", chance.happens(97) ? (isPlanned ? 1 : 0) : nil),
                (
                    "category",
                    isPlanned
                        ? chance.pick(["A01D": 55, "A01C": 30, "A07B": 15])
                        : chance.pick(["A07A": 50, "PRISON": 25, "RECALLED": 25])
                ),
                (
                    "ete_status",
                    chance.pick([
                        "EMPLOYED": 26, "TRAINING": 17, "EDUCATION": 16, "SELF_EMPLOYED": 4, "VOLUNTEERING": 11,
                        "NONE": 20,
                        "UNKNOWN": 6,
                    ])
                ),
            ])
    }

    mutating func outcomes() {
        func event(_ kind: String, on day: InventedDay, _ cells: InventedWrite.Cells, _ family: inout InventedFamily) {
            family.add(
                "outcome_event", on: day, lag: family.chance.between(1...12),
                [("kind", kind), ("occurred_on", day.text), ("source", "PROBATION"), ("verified", 1)] + cells)
        }
        if chance.happens(6) {
            let day = released + chance.between(15...360)
            let isProven = chance.happens(85)
            event(
                "REOFFENCE", on: day,
                [
                    ("proven_on", isProven ? (day + chance.between(20...120)).text : nil),
                    ("disposal", isProven ? chance.pick(["CONVICTION": 75, "CAUTION": 25]) : nil),
                ], &self)
        }
        if chance.happens(11) { event("RECALL", on: released + chance.between(10...340), [], &self) }
        if chance.happens(7) { event("BREACH", on: released + chance.between(10...200), [], &self) }
        if let arrives, chance.happens(4) { event("TENANCY_LOST", on: arrives + chance.between(60...200), [], &self) }
    }
}
