import GRDB
import ReUniteReplica
import ReUniteSync

/// What must hold at rest.
extension ScopeWorld {
    /// An op as its device sealed it and the hub judged it.
    private struct Judged {
        let batch: Int64
        let index: Int
        let device: Identifier
        let position: Int64
        let base: Int64
        let op: Op
        let exception: Receipt.OpException?
        var row: RowKey { RowKey(table: op.table, key: op.key) }
    }

    /// Everything that is wrong now that nothing moves any more.
    ///
    /// - Parameter isWhole: whether everything came to rest; else only what was written and never sealed is looked for.
    func audit(isWhole: Bool) throws -> [String] {
        if !isWhole {
            for device in devices {
                try device.replica.seal()
                _ = try push(device, isLost: false, limit: 1 << 20)
            }
        }
        let judged = try self.judged()
        guard isWhole else { return try writings(judged) }
        return try restless() + accounts(judged) + writings(judged) + counters(judged) + verdicts(judged)
            + LogChecks.complaints(hub, devices.map { ($0.name, $0.replica) })
    }

    private func judged() throws -> [Judged] {
        try reader.read { database in
            try Row.fetchAll(database, sql: "SELECT no, device, base, ops, receipt FROM hub_batch ORDER BY no").flatMap
            {
                row -> [Judged] in
                let receipt = try Receipt(decoding: row.bytes("receipt"))
                let exceptions = Dictionary(
                    receipt.exceptions.map { (Int($0.index), $0) }, uniquingKeysWith: { first, _ in first })
                let ops = try OpCodec.decode(row.bytes("ops"), expecting: Int(receipt.opCount))
                return ops.enumerated().map { index, op in
                    Judged(
                        batch: row["no"], index: index, device: row.identifier("device"),
                        position: receipt.firstPosition.rawValue + Int64(index),
                        base: op.context?.cellBase?.rawValue ?? row["base"], op: op, exception: exceptions[index])
                }
            }
        }
    }

    /// Nothing waits anywhere, and nothing was taken back to a position that had been passed.
    private func restless() throws -> [String] {
        try devices.flatMap { device in
            try ["ru_journal", "ru_values", "ru_pending", "ru_want"].compactMap { table in
                let count = try device.count(table)
                return count == 0 ? nil : "(b) \(device.name) still has \(count) in \(table)"
            }
        }
    }

    /// (c) Every edit that was sealed is accepted, obsolete or in quarantine, and stands once.
    private func accounts(_ judged: [Judged]) throws -> [String] {
        var found: [String] = []
        let mine = Set(devices.map(\.id))
        let sealed = try devices.reduce(0) { sum, device in
            try sum + device.read { try Int.fetchOne($0, sql: "SELECT coalesce(sum(op_count), 0) FROM ru_outbox") ?? 0 }
        }
        let quarantined = try reader.read { database in
            Set(
                try Row.fetchAll(database, sql: "SELECT batch, idx FROM hub_quarantine").map {
                    [$0["batch"] as Int64, $0["idx"] as Int64]
                })
        }
        let stood = try reader.read { database in
            Dictionary(
                try Row.fetchAll(database, sql: "SELECT batch, idx, count(*) AS n FROM hub_op GROUP BY batch, idx").map
                {
                    ([$0["batch"] as Int64, $0["idx"] as Int64], $0["n"] as Int)
                }, uniquingKeysWith: +)
        }
        var (accepted, obsolete, waiting) = (0, 0, 0)
        for entry in judged where mine.contains(entry.device) {
            let place = [entry.batch, Int64(entry.index)]
            if stood[place, default: 0] > 1 { found.append("(c) an edit stands twice: \(entry.op.kind) \(entry.row)") }
            switch entry.exception?.verdict {
            case nil, .accepted:
                accepted += 1
                if stood[place] == nil { found.append("(c) an accepted edit stands nowhere: \(entry.row)") }
            case .obsolete: obsolete += 1
            case .quarantined, .refused:
                waiting += 1
                if !quarantined.contains(place) {
                    found.append("(c) a refused edit is not in quarantine: \(entry.op.kind) \(entry.row)")
                }
            }
        }
        if accepted + obsolete + waiting != sealed {
            found.append("(c) \(sealed) edits were made: \(accepted) accepted, \(obsolete) obsolete, \(waiting) wait")
        }
        for (what, count) in [("accepted", accepted), ("obsolete", obsolete), ("quarantined", waiting)] where count > 0
        {
            meet("edits \(what)")
        }
        return found
    }

    /// (c) Every word that somebody wrote on a device is in a batch of that device, unless the same person wrote over it
    /// or deleted the row before it was sealed.
    private func writings(_ judged: [Judged]) throws -> [String] {
        var sealed: [Identifier: Set<String>] = [:]
        for entry in judged {
            for case .text(let text) in entry.op.values { sealed[entry.device, default: []].insert(text) }
        }
        let ids = Dictionary(devices.map { ($0.name, $0.id) }, uniquingKeysWith: { first, _ in first })
        var newest: [String: Int] = [:]
        for (place, writing) in writings.enumerated() {
            newest["\(writing.device ?? "") \(writing.row) \(writing.group)"] = place
        }
        return writings.enumerated().compactMap { place, writing in
            guard let device = writing.device, let id = ids[device] else { return nil }
            if sealed[id]?.contains(writing.word) == true { return nil }
            if newest["\(device) \(writing.row) \(writing.group)"] != place { return nil }
            if deletions.contains(where: { $0.device == device && $0.row == writing.row && $0.after > place }) {
                return nil
            }
            return "(c) \(device) wrote \(writing.word) and no batch has it"
        }
    }

    /// (c) Each accepted step of a counter counts once.
    private func counters(_ judged: [Judged]) throws -> [String] {
        var sums: [Identifier: Int64] = [:]
        for entry in judged where entry.op.table == ScopeNetwork.item && entry.exception == nil {
            switch entry.op.kind {
            case .create:
                for case .integer(let value) in entry.op.values { sums[entry.op.key, default: 0] += value }
            case .increment:
                for case .integer(let value) in entry.op.values { sums[entry.op.key, default: 0] += value }
            default: continue
            }
        }
        return try reader.read { database in
            try Row.fetchAll(database, sql: "SELECT id, uses FROM item").compactMap { row in
                let (sum, uses) = (sums[row.identifier("id"), default: 0], row["uses"] as Int64)
                return sum == uses ? nil : "(c) an item was used \(sum) times and counts \(uses)"
            }
        }
    }

    /// (f) An edit is accepted only under a grant that its author knew of and that was never closed since; and no edit is
    /// refused for want of one that was there all the time. Of rows whose class may have moved, only the scope is known.
    private func verdicts(_ judged: [Judged]) throws -> [String] {
        var found: [String] = []
        var made = Set<RowKey>()
        let partners = Dictionary(devices.map { ($0.id, $0.partner) }, uniquingKeysWith: { first, _ in first })
        for entry in judged where rows[entry.row] != nil {
            defer {
                if entry.op.kind == .create, entry.exception?.verdict != .quarantined { made.insert(entry.row) }
            }
            guard let partner = partners[entry.device], let scope = rows[entry.row], let table = schema[entry.op.table],
                !table.isAppendOnly, !(ScopeNetwork.hasRowClasses && table.number == ScopeNetwork.item)
            else { continue }
            let bit = UInt64(1) << UInt64(table.disclosureClass)
            let moments = moments(from: entry.base, to: entry.position)
            let wrote = moments.first?.write[partner]?[scope] ?? 0
            let writes = moments.last?.write[partner]?[scope] ?? 0
            let isUnbroken = moments.allSatisfy { $0.read[partner]?[scope] ?? 0 != 0 }
            let isEntitled = wrote & bit != 0 && writes & bit != 0 && isUnbroken
            let what = "\(entry.op.kind) of \(table.name) at \(entry.position), written at \(entry.base)"
            switch (entry.exception?.verdict, entry.exception?.reason) {
            case (nil, _), (.accepted?, _):
                // A row that was added while its author was entitled is taken after the closing too.
                let isAddedInTime = entry.op.kind == .create && wrote & bit != 0
                if !isEntitled && !isAddedInTime { found.append("(f) accepted without a grant: \(what)") }
            case (.quarantined?, let reason?) where [.late, .mask, .notInScope].contains(reason):
                meet("refused: \(reason.code)")
                // What waits with the row that it belongs to is unknown for that reason.
                let isKnown = entry.op.kind == .create || made.contains(entry.row) || isFromTemplate(entry.row)
                if isEntitled && isKnown { found.append("(f) refused (\(reason.code)) in spite of a grant: \(what)") }
            default: continue
            }
        }
        return found
    }

    private func isFromTemplate(_ row: RowKey) -> Bool {
        (try? ScopeTemplate.shared.get().rows[row]) != nil
    }
}
