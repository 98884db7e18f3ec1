import GRDB
public import ReUniteSync

/// One edit in the change log, as its author should see it.
public struct LogEntry: Hashable, Sendable {
    public var table: String
    public var id: String
    /// `create`, `set`, `delete`, `transit` and so on.
    public var kind: String
    public var columns: [String]
    /// When it was written, milliseconds since 1970 by this device's clock.
    public var atMilliseconds: Int64
    /// The number of its batch on this device's chain.
    public var batch: Int64
    /// `sealed`, `sent` or `judged`.
    public var state: String
    /// `accepted`, `obsolete` or `quarantined`; nil before the hub has judged it.
    public var verdict: String?
    /// Why it was not accepted whole; nil otherwise.
    public var reason: String?
    /// Whether its row has left, so that this device no longer knows what was written; no columns are named then.
    public var isWithheld: Bool
    /// Whether a backup of the hub holds it: then it would outlive this device and the hub's machine.
    public var isSafe: Bool
}

extension Replica {
    /// What was changed on this device, oldest first: the signed batches, read back.
    ///
    /// - Parameters:
    ///   - table: only this table.
    ///   - id: only the row with this id.
    ///   - since: only edits written at or after this time, milliseconds since 1970.
    /// - Throws: ``Failure`` (noInput) for a table that is not synced.
    public func log(table: String? = nil, id: Identifier? = nil, since: Int64? = nil) throws -> [LogEntry] {
        if let table, !schema.tables.contains(where: { $0.name == table }) {
            throw Failure(
                .noInput, what: "Reading the change log", why: "there is no synced table of that name",
                remedy: "Give one of \(schema.tables.map(\.name).joined(separator: ", "))")
        }
        // Without its keys nothing can be sealed: what was is shown all the same.
        if keptRing != nil { try seal() }
        return try read("Reading the change log") { database in
            let batches = try EngineStatement(
                database, "SELECT no, op_count, ops, state, receipt, safe FROM ru_outbox ORDER BY no")
            var entries: [LogEntry] = []
            while try batches.step() {
                let ops = try OpCodec.decode(batches.blob(2), expecting: batches.int(1))
                let exceptions = try Replica.exceptions(batches.blob(4))
                let state = ["sealed", "sent", "judged"][min(max(batches.int(3), 0), 2)]
                for (index, op) in ops.enumerated() {
                    guard let described = schema[op.table], table ?? described.name == described.name,
                        id ?? op.key == op.key, since.map({ op.stamp.milliseconds >= $0 }) ?? true
                    else { continue }
                    let exception = exceptions[UInt32(index)]
                    entries.append(
                        LogEntry(
                            table: described.name, id: op.key.description, kind: "\(op.kind)",
                            columns: op.isWithheld ? [] : described.columnNames(of: op.groups),
                            atMilliseconds: op.stamp.milliseconds, batch: batches.int64(0), state: state,
                            verdict: state == "judged" ? "\(exception?.verdict ?? .accepted)" : nil,
                            reason: exception.flatMap { $0.reason == .none ? nil : $0.reason.code },
                            isWithheld: op.isWithheld, isSafe: batches.int(5) > 0))
                }
            }
            return entries
        }
    }

    private static func exceptions(_ receipt: [UInt8]) throws -> [UInt32: Receipt.OpException] {
        guard !receipt.isEmpty else { return [:] }
        let exceptions = try Receipt(decoding: receipt).exceptions
        return Dictionary(exceptions.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
