import GRDB
import ReUniteReplica
public import ReUniteSync
import Synchronization

extension SQLiteHubStore {
    public func accept(
        _ batch: SignedBatch, from author: Author, proofs: [SignedCheckpoint], noting action: HubAction?,
        atMilliseconds now: Int64
    ) throws -> AcceptOutcome {
        try write("Taking a batch") { database in
            let outcome = try takeAll(batch, from: author, proofs: proofs, at: now, database)
            if let action, case .judged = outcome {
                try AuditLog(database).append(action.records(batch.id.bytes, at: now))
            }
            return outcome
        }
    }

    /// Judges a batch and those that were waiting for it, in the caller's transaction.
    func takeAll(
        _ batch: SignedBatch, from author: Author, proofs: [SignedCheckpoint], asRoot: Bool = false,
        isRedacted: Bool = false, replayed: LedgerBatch? = nil, at now: Int64, _ database: Database
    ) throws -> AcceptOutcome {
        let outcome = try accept(
            batch, from: author, proofs: proofs, asRoot: asRoot, isRedacted: isRedacted, replayed: replayed, at: now,
            database)
        if case .judged = outcome {
            try releaseHeld(after: batch.id, from: author, proofs: proofs, at: now, database)
        }
        return outcome
    }

    /// - Parameters:
    ///   - asRoot: see ``BranchStore/place(_:_:asRoot:)``.
    ///   - isRedacted: an erasure took values out of it while it was held, so its digest no longer fits.
    ///   - replayed: the same batch in the ledger, which says what its base had been proved with.
    private func accept(
        _ batch: SignedBatch, from author: Author, proofs: [SignedCheckpoint], asRoot: Bool,
        isRedacted: Bool, replayed: LedgerBatch? = nil, at now: Int64, _ database: Database
    ) throws -> AcceptOutcome {
        let id = batch.id
        if let row = try Row.fetchOne(
            database, sql: "SELECT receipt FROM hub_batch WHERE id = ?", arguments: [id.bytes.sqlBlob])
        {
            return .duplicate(try Receipt(decoding: row.bytes("receipt")))
        }
        let header = try isRedacted ? BatchHeader(decoding: batch.header) : batch.verifiedHeader()
        // The proof that the hub signed the base which the batch claims; the hub itself needs none.
        let proof = proofs.first { $0.proves(header) }
        // What it may name, this hub does not know yet. It waits for the hub's own upgrade, and its chain with it.
        guard header.schemaVersion <= UInt32(schema.tables.version) else {
            try hold(batch, id: id, header: header, proof: proof, at: now, database)
            return .held
        }
        guard let place = try BranchStore(database).place(id, header, asRoot: asRoot) else {
            try hold(batch, id: id, header: header, proof: proof, at: now, database)
            return .held
        }
        let proved = if case .device = author { proof?.checkpoint.issuedMilliseconds } else { Int64?(now) }
        let issued = if let replayed { replayed.issuedMilliseconds } else { proved }
        let transaction = try HubTransaction(database, schema: schema, at: now)
        transaction.collector = collector.withLock { $0 }
        let number = try Int64.fetchOne(database, sql: "SELECT coalesce(max(no), 0) + 1 FROM hub_batch") ?? 1
        let first = transaction.position.next
        let kept = try ErasedScopes(transaction).redacted(batch, count: header.opCount)
        // The row comes before the ops that refer to it; its receipt follows in the same transaction.
        try database.execute(
            sql: """
                INSERT INTO hub_batch(no, id, device, branch, parent, first_sequence, op_count, base, issued_ms,
                  first_position, received_ms, header, ops, signature, receipt, receipt_position, redacted)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, x'', 0, ?)
                """,
            arguments: [
                number, id.bytes.sqlBlob, header.device.sqlBlob, place.branch, header.parent.bytes.sqlBlob,
                Int64(place.firstSequence), Int64(header.opCount), header.base.rawValue, issued,
                first.rawValue, now, batch.header.sqlBlob, (kept ?? batch.ops).sqlBlob, batch.signature.sqlBlob,
                isRedacted || kept != nil ? 1 : 0,
            ])
        let (exceptions, arrivals) = try judge(
            batch, header, number: number, place: place, author: author, issued: issued, at: now, transaction)
        let receipt = Receipt(batch: id, firstPosition: first, opCount: header.opCount, exceptions: exceptions)
        try transaction.save(receipt, of: number)
        // What waited for rows that came with this batch: in the same transaction, after the batch's own positions.
        try SecondLook(store: self, transaction, at: now).follow(arrivals)
        try recollect(id, number: number, transaction)
        try transaction.savePosition()
        return .judged(receipt)
    }

    /// A batch of a life that was lost has come back: what it wrote is no salvage, and what it closed need not be kept
    /// closed by other means.
    private func recollect(_ id: BatchID, number: Int64, _ transaction: HubTransaction) throws {
        guard
            let row = try Row.fetchOne(
                transaction.database.cachedStatement(sql: "SELECT receipt FROM hub_recalled WHERE batch = ?"),
                arguments: [id.bytes.sqlBlob])
        else { return }
        try strikeSalvage(try Receipt(decoding: row.bytes("receipt")), transaction.database)
        try RestoredAccess(transaction).lift(closedBy: number)
    }

    /// Judges every op; a batch that cannot be judged at all goes to quarantine whole, and its chain goes on.
    private func judge(
        _ batch: SignedBatch, _ header: BatchHeader, number: Int64, place: BranchStore.Place, author: Author,
        issued: Int64?, at now: Int64, _ transaction: HubTransaction
    ) throws -> (exceptions: [Receipt.OpException], arrivals: [RowKey]) {
        let ops = try? OpCodec.decode(batch.ops, expecting: Int(header.opCount))
        func all(_ reason: Reason) throws -> ([Receipt.OpException], [RowKey]) {
            let exceptions = try QuarantineStore(transaction).put(
                ops, count: header.opCount, of: batch.id, number: number, from: header.device, place: place,
                reason: reason, atMilliseconds: now)
            return (exceptions, [])
        }
        if case .device(let device) = author, device.state == .revoked { return try all(.deviceRevoked) }
        if case .device(let device) = author, device.isSuspended { return try all(.clone) }
        // Signed after its device had put other keys in the place of these: whoever did it has a copy.
        if case .device(let device) = author, !device.maySign(batch: header.number, with: header.keyNumber) {
            return try all(.clone)
        }
        // The hub's own chain forks with each restore, and is nobody's to multiply.
        if case .device = author, try BranchStore(transaction.database).isBeyondCopies(place.branch) {
            return try all(.clone)
        }
        guard let issued else { return try all(.unprovenBase) }
        // Every rule about a device's own chain rests on its ops being counted without a gap.
        guard header.firstSequence == place.firstSequence else { return try all(.malformed) }
        guard let ops else { return try all(.malformed) }
        let judge = try BatchJudge(
            transaction, lineage: try BranchStore(transaction.database).lineage(of: place.branch),
            batch: BatchJudge.Batch(
                number: number, id: batch.id, header: header, branch: place.branch, author: author,
                issuedMilliseconds: issued, receivedMilliseconds: now, judgedMilliseconds: now,
                recalled: try Recalled(header, batch.id, transaction.database)))
        let exceptions = try judge.judge(ops)
        return (exceptions, judge.arrivals)
    }

    // MARK: Batches that came too early

    private func hold(
        _ batch: SignedBatch, id: BatchID, header: BatchHeader, proof: SignedCheckpoint?, at now: Int64,
        _ database: Database
    ) throws {
        let kept = try ErasedScopes(HubTransaction(database, schema: schema, at: now)).redacted(
            batch, count: header.opCount)
        try database.execute(
            sql: """
                INSERT INTO hub_hold(id, device, parent, op_count, received_ms, header, ops, signature, proof, redacted,
                  schema_version)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET proof = coalesce(proof, excluded.proof), told = 0
                """,
            arguments: [
                id.bytes.sqlBlob, header.device.sqlBlob, header.parent.bytes.sqlBlob, Int64(header.opCount), now,
                batch.header.sqlBlob, (kept ?? batch.ops).sqlBlob, batch.signature.sqlBlob, proof?.bytes.sqlBlob,
                kept == nil ? 0 : 1,
                header.schemaVersion > UInt32(schema.tables.version) ? Int64(header.schemaVersion) : nil,
            ])
    }

    /// Judges the batches that were waiting for this one, and those that were waiting for them.
    private func releaseHeld(
        after first: BatchID, from author: Author, proofs: [SignedCheckpoint], at now: Int64, _ database: Database
    ) throws {
        var next = [first]
        while let parent = next.popLast() {
            let rows = try Row.fetchAll(
                database, sql: "SELECT header, ops, signature, proof, redacted FROM hub_hold WHERE parent = ?",
                arguments: [parent.bytes.sqlBlob])
            for row in rows {
                let batch = SignedBatch(
                    header: row.bytes("header"), ops: row.bytes("ops"), signature: row.bytes("signature"))
                try database.execute(sql: "DELETE FROM hub_hold WHERE id = ?", arguments: [batch.id.bytes.sqlBlob])
                let own = try? SignedCheckpoint(decoding: row.bytes("proof"))
                let all = proofs + [own].compactMap { $0 }
                let outcome = try accept(
                    batch, from: author, proofs: all, asRoot: false, isRedacted: row["redacted"], at: now, database)
                if case .judged = outcome { next.append(batch.id) }
            }
        }
    }
}

extension SignedCheckpoint {
    /// Whether it is the one that a batch says it is based on.
    fileprivate func proves(_ header: BatchHeader) -> Bool {
        checkpoint.position == header.base && tag == header.checkpointTag && checkpoint.epoch == header.epoch
    }
}
