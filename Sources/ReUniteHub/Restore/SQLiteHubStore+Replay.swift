import GRDB
import ReUniteReplica
import ReUniteSync
import Synchronization

extension SQLiteHubStore {
    /// Takes the batches of one record of the ledger again, in one transaction. What is here already stays as it is.
    ///
    /// - Parameter ignoring: whether batches of devices of which nothing is known may be passed over.
    func replay(
        _ group: LedgerGroup, of hub: Identifier, ignoring: Bool, _ replay: inout LedgerReplay
    ) throws {
        var state = replay
        try write("Taking batches from the ledger") { database in
            collector.withLock { $0 = state.closed }
            defer { collector.withLock { $0 = nil } }
            for entry in group.batches {
                try self.replay(entry, of: hub, ignoring: ignoring, &state, database)
            }
            try SQLiteHubStore.move(to: group.to, database)
        }
        replay = state
    }

    private func replay(
        _ entry: LedgerBatch, of hub: Identifier, ignoring: Bool, _ replay: inout LedgerReplay, _ database: Database
    ) throws {
        let first = entry.receipt.firstPosition
        while let next = replay.joined.first, next.position < first.rawValue {
            replay.joined.removeFirst()
            try join(next, database)
        }
        guard let header = try? BatchHeader(decoding: entry.batch.header),
            let author = try author(of: header, entry.receipt, hub, database)
        else {
            guard ignoring else {
                throw Failure(
                    .badData, what: "Restoring the hub",
                    why: "the ledger of batches has one of a device of which nothing is known",
                    remedy: "Name the folder with the ledger of closings too, or go on with --ignore-batches; what "
                        + "such devices wrote is then left out")
            }
            return
        }
        try SQLiteHubStore.move(to: Position(first.rawValue - 1), database)
        func take(asRoot: Bool) throws -> AcceptOutcome {
            try takeAll(
                entry.batch, from: author, proofs: [], asRoot: asRoot, isRedacted: entry.isRedacted, replayed: entry,
                at: entry.receivedMilliseconds, database)
        }
        var outcome = try take(asRoot: false)
        if case .held = outcome, header.schemaVersion <= UInt32(tables.version) {
            // It was let in without its predecessor then.
            try database.execute(
                sql: "DELETE FROM hub_hold WHERE id = ?", arguments: [entry.batch.id.bytes.sqlBlob])
            outcome = try take(asRoot: true)
        }
        switch outcome {
        case .judged(let receipt), .duplicate(let receipt):
            if case .judged = outcome { replay.batches += 1 }
            if receipt != entry.receipt { replay.doubts.append(entry.receipt) }
        case .held: break
        }
    }

    /// Compares once more what was judged differently: what came later may have settled it. What is still so the
    /// restored hub looks at again, as at what devices bring back.
    func finish(_ replay: inout LedgerReplay) throws {
        let doubts = replay.doubts
        replay.differing = try write("Taking batches from the ledger") { database in
            var differing = 0
            for receipt in doubts {
                guard
                    let row = try Row.fetchOne(
                        database, sql: "SELECT device, receipt, received_ms FROM hub_batch WHERE id = ?",
                        arguments: [receipt.batch.bytes.sqlBlob]),
                    try Receipt(decoding: row.bytes("receipt")) != receipt
                else { continue }
                differing += 1
                try database.execute(
                    sql: """
                        INSERT INTO hub_recalled(batch, device, receipt, first, ops, shown_ms) VALUES(?, ?, ?, ?, ?, ?)
                        ON CONFLICT(batch) DO NOTHING
                        """,
                    arguments: [
                        receipt.batch.bytes.sqlBlob, row.bytes("device").sqlBlob, receipt.encoded().sqlBlob,
                        receipt.firstPosition.rawValue, Int64(receipt.opCount), row["received_ms"] as Int64,
                    ])
            }
            return differing
        }
    }

    // MARK: Steps

    private static func move(to position: Position, _ database: Database) throws {
        try database.execute(sql: "UPDATE hub_clock SET position = max(position, ?)", arguments: [position.rawValue])
    }

    /// Who wrote a batch, as the hub knew them when it took it: by what it said of it.
    private func author(
        of header: BatchHeader, _ receipt: Receipt, _ hub: Identifier, _ database: Database
    ) throws -> Author? {
        if header.device == hub { return .hub(hub) }
        guard var device = try device(database, id: header.device) else { return nil }
        let isWhole = receipt.exceptions.count == Int(receipt.opCount)
        let reasons = Set(receipt.exceptions.map(\.reason))
        device.state = isWhole && reasons == [.deviceRevoked] ? .revoked : .enrolled
        device.isSuspended = isWhole && reasons == [.clone]
        return .device(device)
    }

    /// Takes in somebody who joined between two batches.
    private func join(_ entry: ClosingLedger.Entry, _ database: Database) throws {
        try SQLiteHubStore.move(to: Position(entry.position), database)
        let transaction = try HubTransaction(database, schema: schema, at: entry.atMilliseconds)
        transaction.collector = collector.withLock { $0 }
        try admit(entry, transaction, takesPosition: false)
        try transaction.savePosition()
    }
}
