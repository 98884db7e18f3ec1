import GRDB
import ReUniteSync

/// Takes what left out of the outbox: in each batch with an op on such a row, the op stays without its values, and the
/// batch as it was signed is kept sealed to the hub.
///
/// So nothing that was typed is lost (the hub still gets the whole batch, or may ask for it again), the log and the
/// list of what came back still find every op, and the device can read no value of what it no longer holds.
struct Withholding {
    private let database: Database
    private let schema: SchemaDescription
    private let hub: PublicKeys

    init(_ database: Database, schema: SchemaDescription, hub: PublicKeys) {
        self.database = database
        self.schema = schema
        self.hub = hub
    }

    /// - Parameter readMask: the classes of a scope that the replica may read now.
    /// - Returns: every row that left, also those that only the outbox knew.
    func run(_ departures: Departures, readMask: (Identifier) throws -> UInt64) throws -> RowList {
        let gone = departures.rows
        let batches = try EngineStatement(
            database,
            """
            SELECT no, id, op_count, ops, receipt, sealed IS NULL AND safe < 2 FROM ru_outbox WHERE no > ?
            ORDER BY no LIMIT 1
            """)
        let update = try EngineStatement(
            database, "UPDATE ru_outbox SET ops = ?, sealed = coalesce(sealed, ?) WHERE no = ?")
        var inflater = try Inflater()
        var last = Int64.min
        while true {
            // One at a time, so that nothing waits in memory to be written.
            batches.bind(1, last)
            guard try batches.step() else { return gone }
            last = batches.int64(0)
            let body = batches.blob(3)
            let id = BatchID(bytes: batches.blob(1))
            let receipt = batches.blob(4)
            let isReadable = batches.int(5) == 1
            let ops = try OpCodec.decode(body, expecting: batches.int(2), with: &inflater)
            batches.reset()
            // A row that was made here is found by what its creation says, which comes before all else that is here of it.
            for (index, op) in ops.enumerated() where op.kind == .create && !op.isWithheld {
                guard let table = schema[op.table], let scope = op.namedScope(in: table) else { continue }
                let row = op.row
                if departures.take(scope, class: table.disclosureClass) {
                    try gone.add(row)
                } else if departures.undecided.contains(row),
                    try isHidden(
                        index, receipt: receipt,
                        isReadable: readMask(scope) & (1 << UInt64(table.disclosureClass)) != 0)
                {
                    try gone.add(row)
                }
            }
            let readable = try ops.map { op in
                try !op.isWithheld && gone.contains(op.row) ? op.withheld : op
            }
            guard readable != ops, let id else { continue }
            update.bind(1, try OpCodec.encodeReadable(readable, layout: schema))
            if isReadable { update.bind(2, try SealedBody.seal(body, of: id, to: hub)) } else { update.bindNull(2) }
            update.bind(3, last)
            try update.run()
        }
    }

    /// Whether a row that was made here and is not shown back was taken and is hidden, or was refused for a reason that
    /// says the same. What was refused for what it says goes on being shown, so that it can be written again.
    private func isHidden(_ index: Int, receipt: [UInt8], isReadable: Bool) throws -> Bool {
        guard !receipt.isEmpty else { return false }
        let exception = try Receipt(decoding: receipt).exceptions.first { Int($0.index) == index }
        guard let exception, exception.verdict != .accepted else { return true }
        return [.notInScope, .late, .mask].contains(exception.reason) && !isReadable
    }
}

extension OpCodec {
    /// The readable list of what was done, for the outbox. What cannot be written in one piece any more, which values once
    /// could, is withheld whole.
    static func encodeReadable(_ ops: [Op], layout: some ColumnLayout) throws -> [UInt8] {
        do {
            return try encode(ops, layout: layout)
        } catch {
            guard error.code == .tooLarge else { throw error }
            return try encode(ops.map(\.withheld), layout: layout)
        }
    }
}

extension Op {
    package var isWithheld: Bool { flags.contains(.withheld) }

    /// The same op without what it says: still the same row, groups and time.
    var withheld: Op {
        Op(
            table: table, key: key, kind: kind, flags: flags.union(.withheld), groups: groups, stamp: stamp,
            values: values.map { _ in .null })
    }
}
