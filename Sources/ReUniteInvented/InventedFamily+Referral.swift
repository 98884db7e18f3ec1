import ReUniteReplica
import ReUniteSync

/// The way to another area: each step by whoever may take it, some weeks after the one before.
extension InventedFamily {
    /// Between two steps of different sides: both have synced in the meantime.
    static let pace = InventedStage.roundDays + 1

    mutating func referral() {
        let begin = max(assessed + 10, released - 150)
        var steps: [(from: Int, InventedStep)] = [
            (place, .send), (receiver, .assess(by: partners[receiver].names[1])),
        ]
        switch chance.pick(["plain": 70, "asked": 18, "offered": 12]) {
        case "asked" where begin + 100 <= released:
            steps += [(receiver, .ask(topic: "CHILDREN")), (place, .answer), (receiver, .accept)]
        case "offered":
            if let unit, let arrives {
                steps += [
                    (receiver, .hold(unit: unit, from: arrives.text, to: (arrives + 14).text)), (receiver, .offer),
                    (place, .answerOffer(accepted: true)),
                ]
            }
            steps.append((receiver, .accept))
        default: steps.append((receiver, .accept))
        }
        steps += [(place, .sign), (receiver, .sign)]
        if chance.happens(85) { steps.append((receiver, .complete(band: chance.pick(["ARRIVED", "SETTLED"])))) }
        write(steps, from: begin)
    }

    /// One that comes to nothing.
    mutating func refusedReferral() {
        let begin = max(assessed + 10, released - 120)
        // A fortnight after her release it would expire before it was answered.
        guard begin + 3 * InventedFamily.pace <= released + 14 else { return }
        var steps: [(from: Int, InventedStep)] = [(place, .send)]
        switch chance.pick(["declined": 60, "withdrawn": 25, "expired": 15]) {
        case "declined":
            steps.append((receiver, .assess(by: partners[receiver].names[1])))
            let reason = chance.pick([
                "NO_HOME_IN_AREA": 35, "NO_HOME_OF_SUITABLE_SIZE": 30, "RISK_OR_NEEDS_NOT_MANAGEABLE": 15,
                "OUT_OF_AREA_NO_CONNECTION": 20,
            ])
            steps.append((receiver, .decline(reason: reason)))
        case "withdrawn": steps.append((place, .withdraw(reason: "NEEDS_MET_ELSEWHERE")))
        default: break
        }
        write(steps, from: begin)
    }

    private mutating func write(_ steps: [(from: Int, InventedStep)], from begin: InventedDay) {
        guard begin <= last else { return }
        let id = chance.identifier()
        let to = InventedPlan.mark(of: receiver)
        add(
            "consent", on: begin,
            [
                ("purpose", "SHARE_WITH_PARTNER"), ("decision", "GIVEN"), ("partner_id", to),
                ("method", "SIGNED_FORM"), ("evidence_ref", "Form in the file"),
            ])
        let areas = (partners[place].area, partners[receiver].area)
        add(
            "referral", on: begin, id: id,
            [
                ("kind", "REFER_HOUSE"), ("from_partner_id", InventedPlan.partnerMark), ("from_area", areas.0),
                ("to_partner_id", to), ("to_area", areas.1), ("state", "DRAFT"),
                ("source", chance.pick(["PRISON_RESETTLEMENT": 40, "POM": 25, "SELF": 15, "FAMILY_LIAISON": 20])),
                ("urgency", "ROUTINE"), ("needed_from", released.text), ("release_date", released.text),
                ("household_band", children > 2 ? "CHILDREN_3_PLUS" : "CHILDREN_\(children)"),
                ("reason_for_area", "Family nearby"),
            ])
        writes.append(
            InventedWrite(
                day: begin, partner: place, caseID: woman.caseID, id: chance.identifier(),
                act: .row(
                    table: "referral_event",
                    [
                        ("referral_id", id.sqlBlob), ("to_state", "DRAFT"),
                        ("actor_partner_id", InventedPlan.partnerMark), ("recorded_for_at", begin.noon),
                        ("entered_at", begin.noon),
                    ])))
        var day = begin
        for (number, step) in steps.enumerated() {
            // A home is asked for and offered within the 42 days after which an assessment expires.
            switch step.1 {
            case .hold, .offer: day = day + InventedStage.roundDays
            default: if number > 0 { day = day + InventedFamily.pace }
            }
            guard day <= last else { return }
            writes.append(InventedWrite(day: day, partner: step.from, caseID: nil, id: id, act: .step(step.1)))
        }
    }
}
