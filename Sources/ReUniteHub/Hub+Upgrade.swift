import GRDB
import ReUniteReplica
import ReUniteSync

extension Hub {
    /// Does what follows from a newer schema, once: new reference rows go out, grants are what the new rules say, and
    /// batches that were written for it are judged.
    ///
    /// Each part may be done twice, so a hub that dies in between begins again.
    func settleUpgrade() throws {
        guard try !store.isSettled() else { return }
        try addReferenceRows()
        try store.reconsiderGrants(atMilliseconds: time.wallMilliseconds)
        if try store.takeNewerBatches(atMilliseconds: time.wallMilliseconds) > 0 { attendInPassing() }
        try store.noteSettled()
    }

    /// What the network's reference data has and this hub has never had. A row that is here stays as it is: its label may
    /// have been changed, or it may have been taken away.
    private func addReferenceRows() throws {
        guard !network.reference.isEmpty else { return }
        let ops = try ScratchCapture.ops(network: network) { try $0.execute(sql: network.reference) }
        let unknown = try store.unknown(ops.map(\.row))
        let missing = ops.filter { unknown.contains($0.row) }
        if !missing.isEmpty { try submit(missing) }
    }
}
