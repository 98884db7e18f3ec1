import ReUniteReplica
import ReUniteSync

/// What a partner does beside its families: money, promises of others, meetings, answers to the network.
extension InventedOffice {
    mutating func work(_ around: InventedAround, grant: Identifier, legal: Identifier) {
        let start = partner.start(period)
        add(
            "housing_agreement", on: start,
            [
                ("provider_id", around.associations[place].sqlBlob), ("units_promised", chance.between(10...20)),
                ("tenancy_type", "AST"), ("from_on", start.text),
            ])
        add("service_agreement", on: start, id: legal, [("kind", "LEGAL_DROP_IN"), ("from_on", start.text)])
        if place == InventedAround.fastTracked {
            add(
                "service_agreement", on: start, id: around.fastTrack,
                [
                    ("kind", "MENTAL_HEALTH_FAST_TRACK"), ("quota", around.places.count),
                    ("quota_basis", "RESIDENTS"), ("from_on", start.text),
                ])
            for (number, id) in around.places.enumerated() {
                add(
                    "service_place", on: start, id: id,
                    [("agreement_id", around.fastTrack.sqlBlob), ("number", number + 1)])
            }
        }
        spend(of: grant, from: start)
        for event in around.events where event.on >= start && chance.happens(80) {
            add(
                "event_attendance", on: event.on + 1,
                [
                    ("event_id", event.id.sqlBlob), ("staff", chance.between(1...4)),
                    ("volunteers", chance.between(0...3)), ("women", chance.between(0...4)),
                ])
        }
        talk(around, from: start)
        let asked = InventedAround.stocktake(period)
        guard asked >= start else { return }
        for question in around.questions where chance.happens(85) {
            add(
                "stocktake_return", on: asked + chance.between(5...40),
                [
                    ("as_at", asked.text), ("question_id", question.id.sqlBlob), ("state", "DRAFT"),
                    ("answer", chance.pick(["We ask each family once a quarter.", "Not as well as we would like."])),
                ])
        }
    }

    private mutating func spend(of grant: Identifier, from start: InventedDay) {
        var day = start + chance.between(10...40)
        while day <= period.upperBound {
            add(
                "funding_spend", on: day,
                [
                    ("grant_id", grant.sqlBlob), ("spent_on", day.text),
                    ("amount_pence", chance.between(40...900) * 100),
                    ("category", chance.pick(["TRAVEL": 50, "FURNISHING": 30, "CHILDREN": 20])),
                    ("recorded_for_at", day.noon), ("entered_at", day.noon),
                ])
            day = day + chance.between(45...75)
        }
    }

    private mutating func talk(_ around: InventedAround, from start: InventedDay) {
        for body in around.bodies where chance.happens(60) {
            let day = start + chance.between(20...200)
            guard day <= period.upperBound else { continue }
            add(
                "liaison_log", on: day,
                [
                    ("body_id", body.id.sqlBlob), ("staff_id", partner.staff[0].sqlBlob),
                    ("about", chance.pick(["In-reach after the tender", "Homes for the coming year"])),
                    ("note", "They will write by the end of the month."), ("recorded_for_at", day.noon),
                    ("entered_at", day.noon),
                ])
        }
    }
}
