import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync

/// The same batches once more, at a hub that knows nothing of how they came.
extension Audit {
    /// 14. A hub with the same past that is handed the same batches in the order in which they were judged, one by one
    /// and by no network, gives the same receipts and shows the same rows.
    ///
    /// It costs as much as all judging did, so only some worlds do it.
    func carriers() throws -> [String] {
        guard simulation.isRejudged else { return [] }
        let (other, path) = try world.freshHub()
        let reader = try HubReader(path: path)
        let known = try reader.read {
            try Int64.fetchOne($0, sql: "SELECT coalesce(max(no), 0) FROM hub_batch") ?? 0
        }
        let proofs = simulation.proofs.compactMap { try? SignedCheckpoint(decoding: $0) }
        var found: [String] = []
        for batch in batches where batch.number > known {
            let author: Author
            if batch.device == other.id {
                author = .hub(other.id)
            } else if let device = try other.store.device(batch.device) {
                author = .device(device)
            } else {
                continue
            }
            let outcome = try other.store.accept(
                batch.signed, from: author, proofs: proofs.filter { $0.tag == batch.header.checkpointTag },
                noting: nil, atMilliseconds: batch.receivedMilliseconds)
            guard case .judged(let receipt) = outcome else {
                found.append("batch \(batch.number) is not judged by another carrier")
                continue
            }
            if receipt != batch.receipt {
                found.append("batch \(batch.number) got \(batch.receipt.exceptions), and now \(receipt.exceptions)")
            }
        }
        for table in schema.tables {
            let sql = "SELECT * FROM \(table.name) ORDER BY id"
            let mine = try hub.read { try Row.fetchAll($0, sql: sql) }
            if try mine != reader.read({ try Row.fetchAll($0, sql: sql) }) {
                found.append("\(table.name) shows other rows by another carrier")
            }
        }
        try reader.database.close()
        return found
    }
}
