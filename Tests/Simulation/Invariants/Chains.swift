import GRDB
import ReUniteReplica
import ReUniteSync

/// Positions, chains and times.
extension Audit {
    /// 8. No position is used twice, and none lies above the counter.
    func positions() throws -> [String] {
        var found: [String] = []
        var last: Int64 = 0
        for op in judged.sorted(by: { $0.position < $1.position }) {
            if op.position <= last { found.append("position \(op.position) was used twice") }
            last = op.position
        }
        let counter = try hub.read { try Int64.fetchOne($0, sql: "SELECT position FROM hub_clock") } ?? 0
        if last > counter { found.append("position \(last) is above the counter") }
        return found
    }

    /// 13. Every accepted batch's parent is accepted and of the same device; its children are on a branch each; a
    /// branch counts its ops without a gap; nothing waits whose parent is here.
    func chains() throws -> [String] {
        var found: [String] = []
        let byID = Dictionary(batches.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var children: [BatchID: [Audit.Batch]] = [:]
        for batch in batches {
            guard batch.header.parent != .none else {
                if batch.firstSequence != 1 { found.append("the first batch of a chain does not begin with 1") }
                children[batch.device.root, default: []].append(batch)
                continue
            }
            guard let parent = byID[batch.header.parent] else {
                found.append("batch \(batch.number) was judged without its parent")
                continue
            }
            children[parent.id, default: []].append(batch)
            if parent.device != batch.device { found.append("batch \(batch.number) goes on with another's chain") }
            if batch.firstSequence != parent.firstSequence + Int64(parent.receipt.opCount) {
                found.append("batch \(batch.number) leaves a gap in its chain")
            }
        }
        for (_, batches) in children where Set(batches.map(\.branch)).count != batches.count {
            found.append("two futures of one batch are on one branch")
        }
        let waiting = try hub.read {
            try Row.fetchAll($0, sql: "SELECT parent FROM hub_hold").map { try Audit.batchID($0.bytes("parent")) }
        }
        if waiting.contains(where: { byID[$0] != nil }) { found.append("a batch waits for one that is here") }
        return found
    }

    /// 22. The time that the hub believes for an op lies between the signing of its base and its own arrival.
    func times() throws -> [String] {
        let issued = Dictionary(
            simulation.proofs.compactMap { try? SignedCheckpoint(decoding: $0) }.map {
                ($0.tag, $0.checkpoint.issuedMilliseconds)
            }, uniquingKeysWith: { first, _ in first })
        let byNumber = Dictionary(batches.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        return try hub.read { database in
            try Row.fetchAll(database, sql: "SELECT h, batch, stamp FROM hub_op").compactMap { row -> String? in
                guard let batch = byNumber[row["batch"]], let start = issued[batch.header.checkpointTag] else {
                    return nil
                }
                let stamp: Int64 = row["stamp"]
                let time = HybridTime(rawValue: UInt64(bitPattern: stamp)).milliseconds
                let window = start...max(start, batch.receivedMilliseconds)
                return window.contains(time)
                    ? nil : "position \(row["h"] as Int64) has the time \(time) not in \(window)"
            }
        }
    }
}

extension Identifier {
    /// Stands for the beginning of a device's chain in a table by parent.
    fileprivate var root: BatchID { BatchID(bytes: bytes + bytes) ?? .none }
}
