import ReUniteReplica
import ReUniteSync

/// Who else has to do with her, what she wants to reach, and what her children say.
extension InventedFamily {
    mutating func around(_ services: InventedAround) {
        if chance.happens(12) {
            add(
                "person_alias", on: opened + 3,
                [
                    ("person_id", woman.personID.sqlBlob), ("first_name", woman.firstName),
                    ("last_name", InventedNames.family(&chance)), ("source", "PRISON"),
                    ("recorded_for_at", (opened + 3).noon), ("entered_at", (opened + 3).noon),
                ])
        }
        let role = chance.pick(["COM": 60, "POM": 25, "SOCIAL_WORKER": 15])
        if chance.happens(80) {
            add(
                "professional_contact", on: assessed,
                [
                    ("role", role),
                    ("name", "\(chance.pick(InventedNames.women)) \(InventedNames.family(&chance))"),
                    ("organisation", "An invented service"), ("phone", InventedNames.telephone(&chance)),
                    ("from_on", assessed.text),
                ])
        }
        goals()
        if released > assessed + 60, chance.happens(25) {
            let day = released - chance.between(20...40)
            add(
                "temporary_release", on: day,
                [
                    ("kind", chance.pick(["CRL": 60, "RDR": 40])), ("from_on", day.text), ("to_on", (day + 1).text),
                    ("outcome", "RETURNED"), ("overnight_with_children", chance.happens(50) ? 1 : 0),
                    ("recorded_for_at", day.noon), ("entered_at", day.noon),
                ])
        }
        if chance.happens(6) {
            add(
                "contact_restriction", on: assessed,
                [
                    ("subject_id", woman.personID.sqlBlob), ("kind", "NON_MOLESTATION"), ("from_on", assessed.text),
                    ("to_on", (assessed + 365).text), ("recorded_for_at", assessed.noon), ("entered_at", assessed.noon),
                ])
        }
        if let arrives, isContacted(arrives + 100), chance.happens(20) {
            let day = arrives + 100
            add(
                "feedback", on: day,
                [
                    ("from_role", chance.pick(["HERSELF": 70, "COM": 30])), ("may_quote", chance.happens(50) ? 1 : 0),
                    (
                        "text",
                        chance.pick(["It is quiet here, and the school is near.", "She keeps her appointments."])
                    ),
                    ("recorded_for_at", day.noon), ("entered_at", day.noon),
                ])
        }
        for child in known { heard(child) }
        if let service {
            add(
                "service_place_use", on: service.days.lowerBound,
                [
                    ("place_id", services.places[service.place].sqlBlob), ("from_on", service.days.lowerBound.text),
                    ("to_on", service.days.upperBound.text),
                ])
        }
    }

    private mutating func goals() {
        for (area, text) in InventedFamily.aims where chance.happens(35) {
            let day = assessed + chance.between(5...30)
            guard isContacted(day) else { continue }
            let goal = add(
                "goal", on: day,
                [
                    ("area", area), ("text", text), ("set_on", day.text), ("target_on", (day + 180).text),
                ])
            let action = add(
                "support_action", on: day,
                [
                    ("goal_id", goal.sqlBlob), ("area", area), ("text", "Find out together what comes first"),
                    ("owner", "Her worker"), ("due_on", (day + 30).text),
                ])
            guard isContacted(day + 28), chance.happens(80) else { continue }
            change("support_action", action, on: day + 28, [("done_on", (day + 28).text)])
            if isContacted(day + 150), chance.happens(55) {
                change("goal", goal, on: day + 150, [("status", "REACHED")])
            }
        }
    }

    private static let aims = [
        ("BUDGETING", "To be out of debt"), ("WORK_SKILLS", "To finish a course"),
        ("SOCIAL_ACTIVITY", "To know two neighbours"), ("PARENTING", "Breakfast together on school days"),
    ]

    /// What a child says, and a worry that somebody has about it.
    private mutating func heard(_ child: Identifier) {
        let day = assessed + 40
        guard isContacted(day) else { return }
        if chance.happens(30) {
            add(
                "child_voice_entry", on: day,
                [
                    ("child_id", child.sqlBlob), ("about", "WISHES"), ("heard_by", "Children's worker"),
                    ("words", chance.pick(["I want to show mum my reading book.", "Can the cat come too?"])),
                    ("recorded_for_at", day.noon), ("entered_at", day.noon),
                ])
        }
        guard chance.happens(4) else { return }
        let concern = add(
            "safeguarding_concern", on: day,
            [
                ("subject_id", child.sqlBlob), ("raised_on", day.text),
                ("what", "Came without a coat for the third time"),
            ])
        change("safeguarding_concern", concern, on: day + 2, [("state", "MANAGER_REVIEWED")])
    }
}
