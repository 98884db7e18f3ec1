import ReUniteReplica
import ReUniteSync

/// What leads to nobody, and what stays with whoever wrote it: a question to another area before anything is sent, and
/// what an office notes for itself alone.
extension InventedFamily {
    /// - Parameter chance: another one than the family's own, so that nothing else of it changes.
    func beside(_ chance: inout Chance) -> [InventedWrite] { asked(&chance) + kept(&chance) }

    /// An enquiry in the weeks before a referral would be sent, and the answer at the next round: it counts for 28 days.
    private func asked(_ chance: inout Chance) -> [InventedWrite] {
        guard chance.happens(moves ? 75 : 20) else { return [] }
        let before = max(assessed + 10, released - 150) - InventedStage.roundDays - 1
        guard before >= period.lowerBound else { return [] }
        // On the day of a round, so that it is in time at the next.
        let day = before - (before.number - period.lowerBound.number) % InventedStage.roundDays
        guard day >= max(opened, partners[place].start(period)), day <= last else { return [] }
        let id = chance.identifier()
        let ages = (0..<children).map { _ in
            chance.pick(["AGE_0_1": 15, "AGE_2_4": 25, "AGE_5_10": 40, "AGE_11_17": 20])
        }
        let ask = InventedWrite(
            day: day, partner: place, caseID: nil, id: id,
            act: .row(
                table: "enquiry",
                [
                    ("from_partner_id", InventedPlan.partnerMark), ("from_area", partners[place].area),
                    ("to_partner_id", InventedPlan.mark(of: receiver)), ("to_area", partners[receiver].area),
                    ("release_month", String(released.text.prefix(7))), ("bedrooms", min(3, (children + 1) / 2)),
                    ("children_bands", ages.sorted().joined(separator: ",")),
                    ("step_free", chance.happens(6) ? 1 : 0), ("asked_at", day.noon),
                ]))
        // Whom nobody answers, that runs out by itself.
        guard chance.happens(90) else { return [ask] }
        let answer = moves ? chance.pick(["YES": 65, "MAYBE": 35]) : chance.pick(["NO": 65, "MAYBE": 35])
        let reason = chance.pick(["NO_HOME_IN_AREA": 45, "NO_HOME_OF_SUITABLE_SIZE": 55])
        return [
            ask,
            InventedWrite(
                day: day + InventedStage.roundDays, partner: receiver, caseID: nil, id: id,
                act: .step(.answerEnquiry(answer, reason: answer == "NO" ? reason : nil))),
        ]
    }

    /// A file of its own that an office keeps about one family in eight, with a note or two.
    private func kept(_ chance: inout Chance) -> [InventedWrite] {
        guard chance.happens(12) else { return [] }
        let first = max(opened, period.lowerBound) + chance.between(5...40)
        guard first >= partners[place].start(period), first <= last else { return [] }
        let file = chance.identifier()
        func write(_ table: String, _ id: Identifier, on day: InventedDay, _ cells: InventedWrite.Cells)
            -> InventedWrite
        {
            InventedWrite(day: day, partner: place, caseID: nil, id: id, act: .row(table: table, cells))
        }
        var writes = [
            write(
                "own_file", file, on: first,
                [("case_id", woman.caseID.sqlBlob), ("partner_id", InventedPlan.partnerMark)])
        ]
        for number in 0..<chance.between(1...2) {
            let day = first + number * 30
            guard day <= last else { break }
            writes.append(
                write(
                    "own_note", chance.identifier(), on: day,
                    [
                        ("own_file_id", file.sqlBlob), ("kind", "MANAGEMENT"),
                        ("body", chance.pick(InventedFamily.keptWords)),
                        ("author_id", partners[place].staff[1].sqlBlob), ("recorded_for_at", day.noon),
                        ("entered_at", day.noon + 7_200_000),
                    ]))
        }
        return writes
    }

    private static let keptWords = [
        "Talked over in supervision: we keep two workers on visits until the summer.",
        "The team asks itself whether we promised a date too early. Next time after the assessment only.",
        "Two of us find this family hard going; we take turns from next month.",
        "Went well. To be told at the team day, without names.",
    ]
}
