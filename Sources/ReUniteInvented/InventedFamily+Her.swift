import ReUniteReplica
import ReUniteSync

/// Her own side: who she is, prison, needs, consent, contact.
extension InventedFamily {
    mutating func identity() {
        add(
            "person", on: opened, id: woman.personID,
            [
                ("legal_first", woman.firstName), ("legal_last", woman.lastName), ("known_as", woman.firstName),
                ("date_of_birth", woman.born?.text), ("sex", "F"),
                ("nationality", chance.happens(90) ? "British" : nil),
                ("interpreter", chance.happens(4) ? 1 : 0),
            ])
        func number(_ type: String, _ value: String, _ source: String, _ percent: Int, _ family: inout InventedFamily) {
            guard family.chance.happens(percent) else { return }
            family.add(
                "person_identifier", on: family.opened, lag: family.chance.between(0...5),
                [
                    ("person_id", family.woman.personID.sqlBlob), ("type", type), ("value", value), ("source", source),
                    ("verified", family.chance.happens(50) ? 1 : 0),
                ])
        }
        number("NOMS", woman.prisonNumber, "PRISON", 90, &self)
        number("PNC", woman.policeNumber, "POLICE", 45, &self)
        number("NHS", woman.healthNumber, "HEALTH", 40, &self)
        number("CRN", InventedNames.probationNumber(&chance), "PROBATION", 35, &self)
        if chance.happens(70) {
            add(
                "person_phone", on: released,
                [
                    ("person_id", woman.personID.sqlBlob), ("number", InventedNames.telephone(&chance)),
                    ("safe_to_call", chance.pick(["YES": 70, "UNKNOWN": 20, "NO": 10])),
                    ("safe_to_text", chance.pick(["YES": 60, "UNKNOWN": 30, "NO": 10])),
                ])
        }
        for (number, role) in InventedPartner.roles.enumerated() where number == 1 || number == 3 && children > 1 {
            add(
                "case_assignment", on: opened,
                [
                    ("role", role), ("staff_id", partners[place].staff[number].sqlBlob),
                    ("name", partners[place].names[number]), ("from_on", opened.text),
                ])
        }
        if chance.happens(40) {
            add(
                "risk_flag", on: assessed,
                [
                    ("kind", chance.pick(["SELF": 45, "KNOWN_ADULT": 35, "CHILDREN": 10, "PUBLIC": 10])),
                    ("level", chance.pick(["LOW": 30, "MEDIUM": 50, "HIGH": 20])), ("reviewed_on", assessed.text),
                ])
        }
    }

    mutating func custody() {
        let received = opened - chance.between(20...200)
        let isShort = released.number - received.number < 183
        let type = chance.pick([
            "CRD_LICENCE": 62, "HDC": 16, "PSS": isShort ? 10 : 0, "PAROLE": 4, "TIME_SERVED": 8, "FTR": 4,
        ])
        releaseType = type
        let episode = add(
            "custody_episode", on: opened,
            [
                ("prison", chance.happens(98) ? prison : nil), ("received_on", received.text),
                ("release_date", (released + (chance.happens(25) ? 14 : 0)).text), ("release_type", type),
                ("basis", "SELF_REPORT"),
            ])
        // What she thought and what the prison says: the date moves once, with its source.
        change(
            "custody_episode", episode, on: assessed + 20,
            [("release_date", released.text), ("release_type", type), ("basis", "PRISON"), ("confirmed", 1)])
        add(
            "sentence", on: assessed,
            [
                ("type", "DETERMINATE"), ("length_days", (released.number - received.number) * 2),
                ("length_band", isShort ? "LT12M" : "12M_4Y"), ("start_on", received.text),
            ])
        for number in 0..<chance.between(1...3) {
            let day = assessed + 15 + number * 31
            guard day < released, isContacted(day) else { continue }
            let came = chance.pick(["YES": 82, "LATE": 6, "NO": 12])
            add(
                "visit", on: day,
                [
                    ("type", "IN_REACH"), ("prison", prison), ("planned_at", day.noon), ("attended", came),
                    (
                        "no_session_reason",
                        came == "NO" ? chance.pick(["LOGISTICS": 70, "PERSON_ACCEPTABLE": 30]) : nil
                    ),
                    ("minutes", came == "NO" ? nil : chance.between(25...70)), ("recorded_for_at", day.noon),
                ])
        }
    }

    mutating func phases() {
        change("case_file", woman.caseID, on: assessed, [("phase", "ASSESSED")])
        if released > assessed {
            change("case_file", woman.caseID, on: assessed + 1, [("phase", "PRE_RELEASE")])
            change("case_file", woman.caseID, on: released, [("phase", "RELEASED")])
        }
        if let arrives, closed.map({ $0 > arrives + 1 }) ?? true {
            change("case_file", woman.caseID, on: arrives + 1, [("phase", unit == nil ? "FLOATING" : "HOUSED")])
            if let leaves, closed.map({ $0 > leaves }) ?? true {
                change("case_file", woman.caseID, on: leaves, [("phase", "MOVE_ON")])
            }
        }
        if let closed {
            let day = max(closed, released + 2)
            change(
                "case_file", woman.caseID, on: day,
                [("phase", "CLOSED"), ("closed_on", day.text), ("close_reason", closeReason)])
        }
    }

    mutating func consents() {
        func said(_ purpose: String, _ decision: String, on day: InventedDay, _ family: inout InventedFamily) {
            family.add(
                "consent", on: day, lag: family.chance.between(0...3),
                [
                    ("purpose", purpose), ("decision", decision),
                    ("method", family.chance.pick(["SIGNED_FORM": 85, "SPOKEN": 15])),
                ])
        }
        said("SERVICE", "GIVEN", on: opened, &self)
        let agrees = chance.happens(82)
        said("EVALUATION", agrees ? "GIVEN" : "REFUSED", on: assessed, &self)
        if agrees && chance.happens(5) {
            said("EVALUATION", "WITHDRAWN", on: assessed + chance.between(60...300), &self)
        }
        if chance.happens(8) { said("PUBLICITY", "GIVEN", on: released + 120, &self) }
        said("SHARE_WITH_LA_DTR", "GIVEN", on: assessed, &self)
    }

    mutating func needs() {
        var kinds: [(String, String?)] = [("ACCOMMODATION", "HOMELESSNESS")]
        for (kind, section, percent) in InventedFamily.likely where chance.happens(percent) {
            kinds.append((kind, section))
        }
        for (kind, section) in kinds {
            let id = add("need", on: assessed, [("category", kind), ("section", section)])
            change("need", id, on: assessed + chance.between(10...60), [("status", "IN_PROGRESS")])
            if chance.happens(55) {
                change("need", id, on: released + chance.between(60...400), [("status", "MET")])
            }
        }
        let first = chance.between(2...5)
        for (number, day) in [assessed, released + 90, released + 270].enumerated() where isContacted(day) {
            add(
                "progress_reading", on: day,
                [
                    ("domain", "HOPE"), ("value", min(10, first + number * chance.between(0...2))),
                    ("taken_on", day.text),
                ])
        }
    }

    private static let likely: [(String, String?, Int)] = [
        ("DRUGS_ALCOHOL", "SUBSTANCE_MISUSE", 46), ("HEALTH", "MENTAL_HEALTH", 58),
        ("EDUCATION_SKILLS_WORK", "UNEMPLOYMENT", 62), ("FINANCE_ID", "DEBT", 54),
        ("WOMENS_SPECIFIC", "DOMESTIC_ABUSE", 48),
        ("CHILDREN_FAMILIES_COMMUNITY", "PARENTING", 70),
    ]

    /// Whether anybody was in touch with her then.
    func isContacted(_ day: InventedDay) -> Bool {
        day >= opened && day <= last && lost.map { day < $0 } ?? true && closed.map { day <= $0 } ?? true
    }

    mutating func contacts() {
        let end = min(last, closed ?? last)
        var day = opened + chance.between(1...14)
        while day <= end {
            let isThere = isContacted(day) && chance.happens(93)
            add(
                "engagement_event", on: day, lag: chance.between(0...2),
                [
                    ("kind", isThere ? "ATTENDED" : chance.pick(["FAILED_ATTEMPT": 92, "WHEREABOUTS_UNKNOWN": 8])),
                    ("with_whom", day < released ? "WOMAN" : "FAMILY"), ("role", "SUPPORT_WORKER"),
                    ("minutes", isThere ? chance.between(15...90) : nil),
                ])
            if isThere && chance.happens(28) {
                add(
                    "case_note", on: day, lag: chance.between(0...2),
                    [("kind", "CONTACT"), ("body", chance.pick(InventedFamily.notes))])
            }
            day = day + chance.between(27...36)
        }
    }

    private static let notes = [
        "Talked about the children's school and what she would like the first weekend to be like.",
        "We filled in the forms together. She will bring the letter next time.",
        "She was tired and worried about the move; her sister will help with the boxes.",
        "Went through the budget. The rent is paid; the electricity key is the next thing.",
        "Met at the centre. She has begun the course and likes the teacher.",
        "Telephone call: all is well, the little one has a cold.",
        "Looked at the plan with her. Two of the three steps are done.",
        "She said that she sleeps better since the move.",
    ]
}
