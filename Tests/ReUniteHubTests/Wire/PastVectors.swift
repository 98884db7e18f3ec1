import ReUniteSync

/// A question about who wrote a record, and each form of its answer.
extension WireVectors {
    func pasts() throws -> [WireCase] {
        let (hub, device) = (self.hub, self.device)
        let entries: [HistoryAnswer.Entry] = [
            .init(
                position: Position(912), kind: .undoing, flags: [], partner: "", device: "", author: .zero,
                writtenMilliseconds: 1_760_000_604_000, receivedMilliseconds: 1_760_000_604_000,
                reason: "The letter was hers", cells: [.init(group: 1, end: .none, values: nil)]),
            .init(
                position: Position(905), kind: .decision, flags: [], partner: "", device: "", author: .zero,
                writtenMilliseconds: 1_760_000_603_000, receivedMilliseconds: 1_760_000_603_000, reason: "",
                cells: [.init(group: 1, end: .overtaken, values: nil)]),
            .init(
                position: Position(64), kind: .edit, flags: [.mine, .later, .clockSuspect, .parallel],
                partner: "SRY", device: "Zoë's laptop", author: device, writtenMilliseconds: -1,
                receivedMilliseconds: 1_760_000_602_000, reason: "",
                cells: [
                    .init(group: 0, end: .stands, values: [.blob(hub.bytes), .null]),
                    .init(group: 1, end: .decided, values: [.text("2024-02-29"), .integer(-5), .real(0.5)]),
                    .init(group: 61, end: .beside, values: []),
                ]),
            .init(
                position: Position(63), kind: .hub, flags: [], partner: "", device: "", author: .zero,
                writtenMilliseconds: 0, receivedMilliseconds: 0, reason: "", cells: []),
        ]
        let bodies: [(String, HistoryAnswer.Body)] = [
            ("every kind of entry", .entries(entries, before: Position(63))),
            ("nothing before", .entries([], before: .zero)), ("unknown", .unknown), ("suspended", .suspended),
            ("the epoch changed", .epochChanged(epoch)),
        ]
        let question = HistoryQuestion(table: 700, key: device, before: Position(913))
        return [
            WireCase(name: "a question about a record's past", what: "history question", bytes: question.encoded())
        ]
            + bodies.map { name, body in
                let answer = HistoryAnswer(
                    hubMilliseconds: 1_760_000_602_000, ticket: Array(repeating: 7, count: 24), body: body)
                return WireCase(name: "a record's past: \(name)", what: "history answer", bytes: answer.encoded())
            }
    }
}
