import GRDB
public import ReUniteSync

/// One edit of a row that was written on this device, with what it said.
public struct RowEdit: Hashable, Sendable {
    /// `create`, `set`, `delete`, `transit` and so on.
    public var kind: String
    /// What was written, by column; nil where nothing. Empty where the row has left.
    public var values: [String: String?]
    /// The same as they were written.
    package var cells: [String: Value]
    /// When it was written, milliseconds since 1970 by this device's clock.
    public var atMilliseconds: Int64
    /// `sealed`, `sent` or `judged`.
    public var state: String
    /// `accepted`, `obsolete` or `quarantined`; nil before the hub has judged it.
    public var verdict: String?
    /// Why it was not accepted whole; nil otherwise.
    public var reason: String?
    public var isWithheld: Bool
    /// The staff member who was signed in when it was written; nil for nobody.
    public var author: Identifier?
    /// The groups of fields that it wrote.
    package var groups: UInt64
    package var name: OpID
    /// At which the hub decided on it; nil before that is known here.
    package var position: Position?
}

extension Replica {
    /// What was written of one row on this device, the newest first, with the values. Other devices' edits are not here:
    /// the hub keeps them, and tells of them where it is asked.
    ///
    /// - Throws: ``Failure`` (noInput) for a table that is not synced.
    public func history(of id: Identifier, in table: String) throws -> [RowEdit] {
        try history(of: id, in: table, index: HistoryIndex())
    }

    /// Looks once through all that was judged, so that the first history is found as fast as the next. Writes nothing.
    package func prepare(_ index: HistoryIndex) throws {
        try read("Reading the history") { database in
            let batches = try EngineStatement(database, "SELECT op_count, ops, id FROM ru_outbox WHERE state >= 2")
            while try batches.step() {
                let batch = batches.blob(2)
                guard !index.knows(batch) else { continue }
                index.note(batch, try OpCodec.decode(batches.blob(1), expecting: batches.int(0)))
            }
        }
    }

    /// The same, for whoever asks again and again.
    package func history(of id: Identifier, in table: String, index: HistoryIndex) throws -> [RowEdit] {
        let what = "Reading the history"
        guard let described = schema.tables.first(where: { $0.name == table }) else {
            throw Failure(.noInput, what: what, why: "there is no such kind of record", remedy: "Go back to the case")
        }
        try seal()
        return try read(what) { database in
            let batches = try EngineStatement(
                database,
                // What waits is found by its index; only what was judged is read through.
                """
                SELECT op_count, ops, state, receipt, header, id, position FROM ru_outbox o WHERE state >= 2 OR EXISTS (
                  SELECT 1 FROM ru_pending p WHERE p.tbl = ?1 AND p.key = ?2 AND p.batch = o.no)
                ORDER BY no DESC
                """)
            batches.bind(1, Int64(described.number))
            batches.bind(2, id)
            var edits: [RowEdit] = []
            while try batches.step() {
                let batch = batches.blob(5)
                let row = RowKey(table: described.number, key: id)
                if index.excludes(batch, row) { continue }
                let ops = try OpCodec.decode(batches.blob(1), expecting: batches.int(0))
                index.note(batch, ops)
                guard ops.contains(where: { $0.table == described.number && $0.key == id }) else { continue }
                let receipt = batches.blob(3)
                let author = try BatchHeader(decoding: batches.blob(4)).author
                let exceptions = receipt.isEmpty ? [] : try Receipt(decoding: receipt).exceptions
                let state = ["sealed", "sent", "judged"][min(max(batches.int(2), 0), 2)]
                let name = BatchID(bytes: batch)?.short ?? .zero
                let first: Int64? = batches.isNull(6) ? nil : batches.int64(6)
                for (index, op) in ops.enumerated().reversed()
                where op.table == described.number && op.key == id {
                    var cells: [String: Value] = [:]
                    if !op.isWithheld {
                        for (place, value) in zip(described.columnIndexes(of: op.groups), op.values) {
                            cells[described.columns[place].name] = value
                        }
                    }
                    let exception = exceptions.first { $0.index == UInt32(index) }
                    edits.append(
                        RowEdit(
                            kind: "\(op.kind)", values: cells.mapValues(\.readable), cells: cells,
                            atMilliseconds: op.stamp.milliseconds, state: state,
                            verdict: state == "judged" ? "\(exception?.verdict ?? .accepted)" : nil,
                            reason: exception.flatMap { $0.reason == .none ? nil : $0.reason.explanation },
                            isWithheld: op.isWithheld, author: author == .zero ? nil : author, groups: op.groups,
                            name: OpID(batch: name, index: UInt32(index)),
                            position: first.map { Position($0 + Int64(index)) }))
                }
            }
            return edits
        }
    }
}
