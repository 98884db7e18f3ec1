import ReUniteSync

/// What else a device asks or is told: a comparison, a step before it is taken, what a restored hub lost, receipts alone.
extension WireVectors {
    func questions() throws -> [WireCase] {
        let receipts = ReceiptList(receipts: [try judged(), try judged()])
        return [WireCase(name: "receipts alone", what: "receipts", bytes: receipts.encoded())]
            + checks() + steps() + (try recoveries())
    }

    private func checks() -> [WireCase] {
        let sums = CheckRequest(
            epoch: epoch, cursor: Position(912), key: scope, scopes: [], share: IdentifierShare(2, of: 300) ?? .whole)
        let rows = CheckRequest(epoch: epoch, cursor: Position(912), key: scope, scopes: [.zero, scope])
        let answer = CheckAnswer(
            position: Position(913),
            sums: [
                ScopeCheck(scope: .zero, versions: VersionDigest(high: 1, low: .max, rows: 17), values: 0x0102_0304),
                ScopeCheck(scope: scope, versions: VersionDigest(), values: 0),
            ],
            rows: [
                RowCheck(table: 10, key: device, version: 0xA0B0_C0D0_E0F0_0010, value: .max, isNewer: false),
                RowCheck(table: 700, key: scope, version: 0, value: 7, isNewer: true),
            ])
        return [
            WireCase(name: "a comparison: the sums of a part", what: "check question", bytes: sums.encoded()),
            WireCase(name: "a comparison: the rows of two scopes", what: "check question", bytes: rows.encoded()),
            WireCase(name: "a comparison's answer", what: "check answer", bytes: answer.encoded()),
        ]
    }

    private func steps() -> [WireCase] {
        let question = StepQuestion(
            table: 30, key: Identifier(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10), group: 3,
            to: "ACCEPTED")
        let own = [
            PreviewAnswer.Device(
                id: device, name: "Zoë's laptop", role: "field", gains: 41, loses: 0,
                lastSeenMilliseconds: 1_760_000_600_000, unsent: 3),
            PreviewAnswer.Device(
                id: scope, name: "Office", role: "office", gains: 300, loses: 1, lastSeenMilliseconds: nil, unsent: 0),
        ]
        let none = PreviewAnswer.Count(rows: 0, devices: 0)
        let bodies: [(String, PreviewAnswer.Body)] = [
            (
                "what would move",
                .moves(
                    from: "SENT",
                    [
                        .init(
                            partner: "GLS", gains: .init(rows: 341, devices: 2), loses: none, unsent: 3, devices: own),
                        .init(partner: "SRY", gains: none, loses: .init(rows: 1, devices: 1), unsent: 0, devices: nil),
                    ])
            ), ("nothing is told", .unknown), ("no such step", .notOpen(from: "DRAFT", open: ["SENT", "WITHDRAWN"])),
            ("suspended", .suspended), ("the epoch changed", .epochChanged(epoch)),
        ]
        return [WireCase(name: "a question about a step", what: "step question", bytes: question.encoded())]
            + bodies.map { name, body in
                let answer = PreviewAnswer(
                    hubMilliseconds: 1_760_000_602_000, ticket: Array(repeating: 7, count: 24), body: body)
                return WireCase(name: "a step: \(name)", what: "step answer", bytes: answer.encoded())
            }
    }

    private func recoveries() throws -> [WireCase] {
        let known = Delivery(
            from: .zero, checkpoint: try signedCheckpoint(), receipts: [try judged()], rows: rowStates)
        let report = try RecoveryReport(epoch: epoch, known: known).encoded(layout: Layout())
        return [
            WireCase(name: "what a restored hub has lost", what: "recovery report", bytes: report),
            WireCase(
                name: "a restored hub has taken note", what: "recovery answer",
                bytes: RecoveryAnswer(epoch: epoch).encoded()),
        ]
    }
}
