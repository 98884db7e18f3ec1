import GRDB
package import ReUniteSync

/// A hub that was restored from a backup has forgotten what it decided since. What this replica knows of that it tells
/// the hub, then it sends its own part of it once more and takes everything anew (`docs/restore.md`).
extension Replica {
    /// What this replica knows of what the hub decided after a position, to be sealed and sent to `POST /v1/recover`.
    ///
    /// - Parameters:
    ///   - epoch: the life that the hub has begun.
    ///   - since: the last position that the hub still knows.
    package func recoveryReports(into epoch: HubEpoch, since: Position) throws -> [RecoveryReport] {
        let (receipts, rows, checkpoint): ([Receipt], [RowState], SignedCheckpoint) = try transaction(
            "Reading what the hub lost"
        ) { database in
            var facts = try ReplicaFacts(database)
            let sealed = try seal(database, &facts)
            if sealed.batches > 0 { try facts.save(database) }
            let own = try self.receipts(after: since, database)
            // What the outbox no longer holds is known from the rows only, like what others wrote.
            let kept = try self.receipts(after: since, stillHere: true, database)
            let others = try self.rowsOfOthers(after: since, without: kept, database)
            return (own, others, try SignedCheckpoint(decoding: facts.checkpoint))
        }
        try witness(try facts())
        var reports: [RecoveryReport] = []
        func add(_ receipts: some Sequence<Receipt>, _ rows: some Sequence<RowState>) {
            reports.append(
                RecoveryReport(
                    epoch: epoch,
                    known: Delivery(
                        from: .zero, checkpoint: checkpoint, receipts: Array(receipts), rows: Array(rows))))
        }
        for start in stride(from: 0, to: receipts.count, by: RecoveryReport.pageSize) {
            add(receipts[start..<min(start + RecoveryReport.pageSize, receipts.count)], [])
        }
        for page in Replica.pages(of: rows) { add([], page) }
        if reports.isEmpty { add([], []) }
        return reports
    }

    /// Puts into a request the checkpoint that this replica is at: the hub does not know of the life, or the position,
    /// that the request names, and has signed it itself.
    ///
    /// Of a life that this replica has heard of and never received anything in there is none: then it goes on from the one
    /// before that.
    package func showCheckpoint(in request: inout SyncRequest) throws {
        let facts = try transaction("Reading the replica") { database in
            var facts = try ReplicaFacts(database)
            if facts.epoch != facts.cursorEpoch {
                facts.epoch = facts.cursorEpoch
                try facts.save(database)
            }
            return facts
        }
        request.epoch = facts.epoch
        request.show(facts.checkpoint)
    }

    /// Seals a report to the hub.
    package func seal(_ report: RecoveryReport) throws -> SealedRequest {
        try seal(report.encoded(layout: schema), from: .zero, purges: [])
    }

    /// Opens the hub's answer to a report.
    package func open(recovery bytes: [UInt8], to request: SealedRequest) throws -> RecoveryAnswer {
        try open(bytes, to: request, RecoveryAnswer.init(decoding:))
    }

    /// Begins anew with a hub that has been told what it had decided: what it has forgotten of this device's batches is
    /// to be sent again, and the next delivery brings everything. Nothing that was typed is touched by that.
    ///
    /// Returns how many edits are to be sent once more.
    @discardableResult
    package func begin(_ epoch: HubEpoch, since: Position) throws -> Int {
        let (facts, edits) = try transaction("Beginning anew with the hub") { database in
            var facts = try ReplicaFacts(database)
            _ = try seal(database, &facts)
            guard facts.epoch != epoch else { return (facts, 0) }
            facts.epoch = epoch
            // Of what has gone from here because a backup was said to hold it nothing can be sent.
            let again = try EngineStatement(
                database, "UPDATE ru_outbox SET state = 1, safe = 0 WHERE id = ? AND safe < 2")
            let unsettle = try EngineStatement(
                database, "DELETE FROM ru_returned WHERE batch = ? AND state IN (0, 3, 4)")
            var edits = 0
            for receipt in try self.receipts(after: since, stillHere: true, database) {
                // The receipt stays with the batch until another comes: the hub may lose its memory once more.
                for statement in [again, unsettle] {
                    statement.bind(1, receipt.batch.bytes)
                    try statement.run()
                }
                edits += Int(receipt.opCount)
            }
            // What an operator decided since the backup is forgotten too; the hub's receipts say what it remembers.
            try database.execute(sql: "UPDATE ru_returned SET state = 0 WHERE state IN (3, 4)")
            try database.execute(sql: "DELETE FROM ru_want")
            try facts.save(database)
            return (facts, edits)
        }
        try witness(facts)
        // What was being fetched or sent belongs to the life before.
        discardDelivery()
        discardUpload()
        return edits
    }

    // MARK: Steps

    /// The receipts of this device's batches that name a position after one, in the order of the chain.
    ///
    /// - Parameter stillHere: only of batches that can be sent once more.
    private func receipts(
        after since: Position, stillHere: Bool = false, _ database: Database
    ) throws -> [Receipt] {
        let rows = try EngineStatement(
            database,
            "SELECT receipt FROM ru_outbox WHERE receipt IS NOT NULL\(stillHere ? " AND safe < 2" : "") ORDER BY no")
        var receipts: [Receipt] = []
        while try rows.step() {
            let receipt = try Receipt(decoding: rows.blob(0))
            if receipt.firstPosition > since { receipts.append(receipt) }
        }
        return receipts
    }

    /// What others wrote and the hub decided after a position, where no edit of this device hides it: should its author
    /// never come back, this is all that is left of it.
    private func rowsOfOthers(
        after since: Position, without receipts: [Receipt], _ database: Database
    ) throws -> [RowState] {
        let own = receipts.map(\.positions).sorted { $0.lowerBound < $1.lowerBound }
        let pending = try PendingEdits(database, scratch: vault.folder)
        var scopes: [Int64: Identifier] = [:]
        for scope in try ScopeStore(database).all() { scopes[scope.number] = scope.id }
        var rows: [RowState] = []
        try KnownRows(database, schema).each { row in
            guard let scope = scopes[row.scope] else { return }
            rows += try keptRows(of: row, in: scope, after: since, database).filter { row in
                !own.contains { $0.contains(row.clock.position(of: UInt8(row.groups.trailingZeroBitCount)).rawValue) }
            }
            guard let table = row.table, let values = row.values,
                row.clock.groups(after: since, of: table.allGroups) != 0
            else { return }
            let hidden = try pending.state(row.name.table, row.name.key)
            guard !hidden.isDeleted else { return }
            var groups = row.clock.groups(after: since, of: table.allGroups) & ~hidden.groups
            for group in hidden.deltas.keys { groups &= ~(1 << UInt64(group)) }
            for group in table.groups where groups & (1 << UInt64(group.number)) != 0 {
                let position = row.clock.position(of: group.number).rawValue
                if own.contains(where: { $0.contains(position) }) { groups &= ~(1 << UInt64(group.number)) }
            }
            guard groups != 0 else { return }
            rows.append(
                RowState(
                    table: row.name.table, key: row.name.key, scope: scope, clock: row.clock, groups: groups, echoed: 0,
                    values: table.columnIndexes(of: groups).map { values[$0] }))
        }
        return rows
    }

    /// What is kept of a row for a newer program, each group by itself: in which order the hub has them is not known here.
    private func keptRows(
        of row: KnownRows.Row, in scope: Identifier, after since: Position, _ database: Database
    ) throws -> [RowState] {
        guard row.clock.groups(after: since, of: .max) != 0 else { return [] }
        return try KeptCells.cells(row.name, database).filter { row.clock.position(of: $0.group) > since }.map {
            RowState(
                table: row.name.table, key: row.name.key, scope: scope, clock: row.clock,
                groups: 1 << UInt64($0.group), echoed: 0, values: $0.values)
        }
    }

    /// Rows in pages that fit into one message each.
    private static func pages(of rows: [RowState]) -> [ArraySlice<RowState>] {
        var pages: [ArraySlice<RowState>] = []
        var start = 0
        var bytes = 0
        for (index, row) in rows.enumerated() {
            let size = 64 + row.values.reduce(0) { $0 + $1.byteCount }
            if index > start && (bytes + size > Seal.bytesPerBatch || index - start == RecoveryReport.pageSize) {
                pages.append(rows[start..<index])
                start = index
                bytes = 0
            }
            bytes += size
        }
        if start < rows.count { pages.append(rows[start...]) }
        return pages
    }
}

extension SyncRequest {
    /// Puts a signed checkpoint among those that it holds.
    mutating func show(_ checkpoint: [UInt8]) {
        guard !checkpoints.contains(checkpoint) else { return }
        checkpoints = checkpoints.suffix(SyncRequest.checkpointLimit - 1) + [checkpoint]
    }
}

extension Value {
    /// About how many bytes it takes on the way.
    fileprivate var byteCount: Int {
        switch self {
        case .null: 1
        case .integer, .real: 8
        case .text(let text): text.utf8.count
        case .blob(let bytes): bytes.count
        }
    }
}
