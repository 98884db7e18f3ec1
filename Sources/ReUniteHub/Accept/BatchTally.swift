import ReUniteReplica
import ReUniteSync

/// What came of the batches of one request or file.
package struct BatchTally: Hashable, Sendable {
    /// Judged now, and their edits.
    package var taken = 0
    package var edits = 0
    /// Of these edits, those that wait in quarantine.
    package var quarantined = 0
    /// Here already.
    package var duplicates = 0
    /// Their predecessors have not arrived, or they were written for a newer schema than the hub's.
    package var held = 0
    /// Not the device's own, or damaged in its outbox.
    package var passedOver = 0
}

extension Hub {
    /// Judges batches in order, whatever carried them: each is proved by its own signature.
    ///
    /// - Parameter checkpoints: signed checkpoints that came along as proof of what the batches are based on.
    func take(
        _ batches: [SignedBatch], basedOn checkpoints: [[UInt8]], from device: DeviceRecord,
        progress: (Int) -> Void = { _ in }
    ) throws -> BatchTally {
        let chain = chain
        let proofs = checkpoints.compactMap { bytes -> SignedCheckpoint? in
            guard let proof = try? SignedCheckpoint(decoding: bytes), chain.signed(proof),
                proof.checkpoint.device == device.id, proof.checkpoint.hub == id
            else { return nil }
            return proof
        }
        var tally = BatchTally()
        for (index, sent) in batches.enumerated() {
            progress(index)
            // A batch that is not the device's own, or was damaged in its outbox, is not taken: what follows it waits
            // for it, where the operator sees it, and the device is told its news all the same.
            guard let batch = try? opened(sent), let header = try? batch.verifiedHeader(), header.device == device.id,
                header.hub == id,
                let keys = device.keys[header.keyNumber], batch.isAuthentic(signedBy: keys)
            else {
                // One that left its device may be sealed to keys that are no more: they went because it was here.
                if sent.isSealed, try store.has(batch: sent.id, of: device.id) {
                    tally.duplicates += 1
                } else {
                    tally.passedOver += 1
                }
                continue
            }
            let outcome = try store.accept(
                batch, from: .device(device), proofs: proofs, noting: nil, atMilliseconds: time.wallMilliseconds)
            switch outcome {
            case .judged(let receipt):
                tally.taken += 1
                tally.edits += Int(receipt.opCount)
                tally.quarantined += receipt.exceptions.count { $0.verdict == .quarantined }
            case .duplicate: tally.duplicates += 1
            case .held: tally.held += 1
            }
        }
        if tally.taken > 0 { try store.reconsiderRecalled(atMilliseconds: time.wallMilliseconds) }
        return tally
    }
}
