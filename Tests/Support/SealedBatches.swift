package import ReUniteReplica
package import ReUniteSync

/// A batch of a replica's outbox, taken apart. Of one with a row that left, the ops are what may still be read.
package struct SealedBatch: Hashable, Sendable {
    package let signed: SignedBatch
    package let header: BatchHeader
    package let ops: [Op]
    package let isJudged: Bool
    /// The ops as they were signed, readable by the hub alone; empty while the replica can read them all.
    package let sealed: [UInt8]
}

/// Everything in `ru_outbox` that can still be sent, in order.
package func sealedBatches(of replica: Replica) throws -> [SealedBatch] {
    try replica.read("Reading the outbox") { database in
        let rows = try EngineStatement(
            database, "SELECT header, ops, signature, state, sealed FROM ru_outbox WHERE safe < 2 ORDER BY no")
        var batches: [SealedBatch] = []
        while try rows.step() {
            let signed = SignedBatch(header: rows.blob(0), ops: rows.blob(1), signature: rows.blob(2))
            let sealed = rows.blob(4)
            let header = try sealed.isEmpty ? signed.verifiedHeader() : BatchHeader(decoding: signed.header)
            let ops = try OpCodec.decode(signed.ops, expecting: Int(header.opCount))
            batches.append(
                SealedBatch(signed: signed, header: header, ops: ops, isJudged: rows.int64(3) == 2, sealed: sealed))
        }
        return batches
    }
}

/// The ops in the outbox that the hub has not judged, in order.
package func decodedOps(of replica: Replica) throws -> [Op] {
    try sealedBatches(of: replica).filter { !$0.isJudged }.flatMap(\.ops)
}

/// How many marks wait in the journal.
package func journalCount(of replica: Replica) throws -> Int {
    try replica.read("Reading the journal") { database in
        let count = try EngineStatement(database, "SELECT count(*) FROM ru_journal")
        return try count.step() ? count.int(0) : 0
    }
}
