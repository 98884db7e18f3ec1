import ReUniteReplica
import ReUniteSync

/// Her children: where each lives, and the way back.
extension InventedFamily {
    mutating func child(_ number: Int) {
        // One in a hundred cannot be hers, as it is typed.
        let hers = woman.born.map { opened.number - $0.number - 17 * 366 } ?? 15 * 365
        let most = min(15 * 365, max(300, hers))
        let age = chance.happens(1) ? chance.between(35 * 365...40 * 365) : chance.between(200...most)
        let born = opened - age
        let isApart = chance.happens(82)
        let child = add(
            "child", on: opened + 3,
            [
                ("first_name", chance.pick(InventedNames.children)), ("last_name", woman.lastName),
                ("date_of_birth", chance.happens(95) ? born.text : nil), ("sex", chance.pick(["F": 50, "M": 50])),
                ("lives_with", isApart ? chance.pick(["Grandmother": 50, "Aunt": 20, "Foster carer": 30]) : "Mother"),
            ])
        known.append(child)
        guard isApart else { return }
        let care = chance.pick(["NONE": 55, "V2": 18, "C2": 14, "C1": 8, "SGO": 5])
        let episode = add(
            "child_care_episode", on: opened + 3,
            [
                ("child_id", child.sqlBlob), ("from_on", max(born, opened - chance.between(30...500)).text),
                ("legal_status", care),
                ("placement_type", care == "NONE" ? "INFORMAL_KINSHIP" : chance.pick(["U1", "U4"])),
                ("la_gss", care == "NONE" ? nil : partners[place].authority),
            ])
        guard chance.happens(86), born < opened else { return }
        plan(child, episode)
    }

    private mutating func plan(_ child: Identifier, _ episode: Identifier) {
        let plan = add(
            "contact_plan", on: assessed,
            [
                ("child_id", child.sqlBlob), ("stage_from_on", assessed.text), ("return_planned", 1),
                ("first_source", "CHILDRENS_WORKER"), ("second_source", chance.pick(["CHILDRENS_SERVICES", "CARER"])),
            ])
        session(child, "CRECHE_SUPERVISED", on: assessed + chance.between(10...40))
        guard let arrives, lost == nil else { return }
        var day = arrives + chance.between(5...20)
        let reaches = chance.pick([1: 8, 2: 12, 3: 14, 5: 66])
        for (number, (stage, kind)) in InventedFamily.stages.enumerated() where number < reaches {
            guard day <= last, isContacted(day) else { return }
            change("contact_plan", plan, on: day, [("stage", stage)])
            session(child, kind, on: day + 3)
            if stage == "REUNITED" {
                back(child, episode, on: day)
                return
            }
            day = day + chance.between(22...45)
        }
    }

    private static let stages = [
        ("SUPERVISED_COMMUNITY", "COMMUNITY_SUPERVISED"), ("UNSUPERVISED", "UNSUPERVISED"), ("OVERNIGHT", "OVERNIGHT"),
        ("PHASED_RETURN", "OVERNIGHT"), ("REUNITED", "FAMILY_DAY"),
    ]

    private mutating func session(_ child: Identifier, _ kind: String, on day: InventedDay) {
        guard isContacted(day) else { return }
        add(
            "contact_session", on: day, lag: chance.between(0...2),
            [
                ("child_id", child.sqlBlob), ("kind", kind), ("prison", kind == "CRECHE_SUPERVISED" ? prison : nil),
                ("attended", chance.pick(["YES": 92, "NO": 8])),
                ("nights", kind == "OVERNIGHT" ? chance.between(1...2) : nil),
            ])
    }

    private mutating func back(_ child: Identifier, _ episode: Identifier, on day: InventedDay) {
        change("child_care_episode", episode, on: day, [("to_on", day.text), ("end_reason", "E4A")])
        func event(_ kind: String, on day: InventedDay, _ family: inout InventedFamily) {
            family.add(
                "outcome_event", on: day, lag: family.chance.between(0...3),
                [
                    ("kind", kind), ("occurred_on", day.text), ("child_id", child.sqlBlob),
                    ("source", "CHILDRENS_SERVICES"), ("verified", 1),
                ])
        }
        event("CHILD_RETURNED", on: day, &self)
        if chance.happens(5) { event("CHILD_RE_REMOVED", on: day + chance.between(20...160), &self) }
    }
}
