import GRDB
import ReUniteReplica
import ReUniteSync

/// Where every edit went.
extension Audit {
    /// 2. Every batch that a device sealed is at the hub, or waits there for its predecessor, or lies in the outbox of
    /// a copy that was put away; every op of it is accepted, obsolete for a good reason, or in quarantine.
    func accounts() throws -> [String] {
        var found: [String] = []
        let atHub = Set(batches.map(\.id))
        let held = try hub.read {
            Set(try Row.fetchAll($0, sql: "SELECT id FROM hub_hold").map { try Audit.batchID($0.bytes("id")) })
        }
        for device in world.devices {
            for row in try device.outbox() where !atHub.contains(row.id) {
                // A copy that nobody uses any more shows what it did not send; nobody took it away.
                if device.isRetired && (!row.isJudged || simulation.wasHubRestored) { continue }
                found.append("\(device.name)'s batch \(row.number) never arrived")
            }
            if device.isRetired { continue }
            for (table, what) in [
                ("ru_journal", "unsealed"), ("ru_values", "unsealed"), ("ru_pending", "pending"), ("ru_want", "wanted"),
            ] {
                let count = try device.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } ?? -1
                if count != 0 { found.append("\(device.name) still has \(count) \(what) in \(table)") }
            }
        }
        for item in simulation.carried where !atHub.contains(item.batch.id) && !held.contains(item.batch.id) {
            found.append("a batch that a stick brought is not at the hub")
        }
        let retired = Set(world.devices.filter(\.isRetired).map(\.id))
        let waiting = try hub.read {
            try Row.fetchAll($0, sql: "SELECT device FROM hub_hold").filter {
                !retired.contains($0.identifier("device"))
            }
        }
        if !waiting.isEmpty { found.append("\(waiting.count) batches still wait for one before them") }
        return try found + verdicts()
    }

    private func verdicts() throws -> [String] {
        var found: [String] = []
        let quarantined = try hub.read {
            Set(
                try Row.fetchAll($0, sql: "SELECT batch, idx FROM hub_quarantine").map {
                    [$0["batch"] as Int64, $0["idx"] as Int64]
                })
        }
        for entry in judged {
            guard let exception = entry.exception else { continue }
            let reason = exception.reason.code
            switch exception.verdict {
            case .accepted:
                if exception.reason != .none { found.append("an accepted edit has the reason \(reason)") }
            case .obsolete:
                if ![.unchanged, .covered].contains(exception.reason) {
                    found.append("an edit is obsolete because \(reason)")
                }
            case .refused:
                if simulation.met["refusal"] == nil { found.append("an edit was refused, and nobody did that") }
            case .quarantined:
                if !quarantined.contains([entry.batchNumber, Int64(entry.index)]) {
                    found.append("an edit (\(reason)) is not in quarantine")
                }
            }
        }
        return found
    }

    /// 3. A receipt that a device holds is the hub's, and what it gave back is on the device's list.
    func receipts() throws -> [String] {
        var found: [String] = []
        let byID = Dictionary(batches.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for device in world.devices {
            var returned = 0
            for row in try device.outbox() {
                guard let there = byID[row.id] else {
                    if row.isJudged && !(device.isRetired && simulation.wasHubRestored) {
                        found.append("\(device.name) holds a receipt for what the hub does not have")
                    }
                    continue
                }
                if row.opCount != Int64(there.receipt.opCount) {
                    found.append("\(device.name)'s batch \(row.number) has another number of edits")
                }
                guard row.isJudged else {
                    if !device.isRetired { found.append("\(device.name) has no receipt for batch \(row.number)") }
                    continue
                }
                // What an operator did since, a copy that was put away never heard of.
                if device.isRetired { continue }
                if row.receipt != there.receiptBytes {
                    found.append("\(device.name) holds another receipt than the hub")
                }
                returned += there.receipt.exceptions.filter { [.quarantined, .refused].contains($0.verdict) }.count
            }
            if device.isRetired { continue }
            // What an operator released is no longer counted among what came back.
            let list = try device.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM ru_returned WHERE state <> 3") ?? -1
            }
            if list != returned { found.append("\(device.name) was given back \(list) edits of \(returned)") }
        }
        return found
    }

    /// 2. What people wrote is in a signed batch, unless the same person wrote over it or deleted the row.
    func writings() throws -> [String] {
        let sealed = try sealedValues()
        let history = simulation.history
        let known = Set(world.devices.map(\.name))
        var found: [String] = []
        for (place, writing) in history.writings.enumerated() where known.contains(writing.device) {
            if sealed[writing.cell]?.contains(where: { ValueList.areIdentical($0, writing.values) }) == true {
                continue
            }
            let isOverwritten = history.writings[(place + 1)...].contains {
                $0.device == writing.device && $0.cell == writing.cell
            }
            let isDeleted = history.deletions.contains {
                $0.device == writing.device && $0.key == writing.cell.key && $0.after > place
            }
            if !isOverwritten && !isDeleted {
                found.append("\(writing.device) wrote \(writing.values) and no batch has it")
            }
        }
        return found
    }

    /// What was sealed, by cell: what the hub judged, and what lies in the outboxes of copies that were put away.
    private func sealedValues() throws -> [Cell: [[Value]]] {
        var sealed: [Cell: [[Value]]] = [:]
        func note(_ op: Op) {
            guard let table = schema[op.table] else { return }
            for group in table.groups where op.groups & (1 << UInt64(group.number)) != 0 {
                let cell = Cell(table: table.number, key: op.key, group: group.number)
                sealed[cell, default: []].append(op.values(of: group.number, table))
            }
        }
        judged.map(\.op).forEach(note)
        for device in world.devices where device.isRetired {
            try device.unjudgedOps(andOthers: simulation.wasHubRestored).forEach(note)
        }
        return sealed
    }

    /// 2. Every accepted value is shown, stands beside the one that is shown, or is kept in history.
    func keptValues() throws -> [String] {
        try hub.read { database in
            var found: [String] = []
            for entry in judged where entry.writes && !entry.isWhollyQuarantined {
                guard let table = schema[entry.op.table] else { continue }
                for group in table.groups where entry.accepted & (1 << UInt64(group.number)) != 0 {
                    let values = entry.values(of: group.number, table)
                    let cell = Cell(table: table.number, key: entry.op.key, group: group.number)
                    let kept = try entry.positions.flatMap {
                        try stored("hub_history", cell, at: $0, database)
                            + stored("hub_sibling", cell, at: $0, database)
                    }
                    if kept.contains(where: { ValueList.areIdentical($0, values) }) { continue }
                    let shown = try self.shown(cell, table, database)
                    if let shown, ValueList.areIdentical(shown, values) { continue }
                    found.append("an accepted value of \(table.name).\(group.name) at \(entry.position) is nowhere")
                }
            }
            return found
        }
    }

    private func stored(_ table: String, _ cell: Cell, at position: Int64, _ database: Database) throws -> [[Value]] {
        try Row.fetchAll(
            database, sql: "SELECT val FROM \(table) WHERE tbl = ? AND key = ? AND grp = ? AND h = ?",
            arguments: [Int64(cell.table), cell.key.sqlBlob, Int64(cell.group), position]
        ).map { try ValueList.decode($0.bytes("val")) }
    }

    /// 19. Every batch at the hub is one that a device sealed, each op stands once, and a note is there once.
    func effects() throws -> [String] {
        var found: [String] = []
        var sealed = simulation.sealedEver
        for device in world.devices { for row in try device.outbox() { sealed.insert(row.id) } }
        let known = Set(world.devices.map(\.id))
        for batch in batches where known.contains(batch.device) && !sealed.contains(batch.id) {
            found.append("batch \(batch.number) is of a device that never sealed it")
        }
        let twice = try hub.read {
            try Int.fetchOne(
                $0, sql: "SELECT count(*) FROM (SELECT 1 FROM hub_op GROUP BY batch, idx HAVING count(*) > 1)")
        }
        // What comes back, under an undone decision or a released edit, stands at a position of its own.
        let cameBack = simulation.met["taken back"] != nil || simulation.met["release"] != nil
        if twice != 0 && !cameBack { found.append("\(twice ?? -1) edits stand at two positions") }
        for note in simulation.history.notes.values.joined() {
            let ops = judged.filter { $0.op.key == note }
            let rows = try hub.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM case_note WHERE id = ?", arguments: [note.sqlBlob]) ?? 0
            }
            if ops.isEmpty, try isUnsent(note) { continue }
            let verdict = ops.first?.exception?.verdict
            let isAway = verdict == .quarantined || verdict == .refused
            if ops.count != 1 || rows != (isAway ? 0 : 1) {
                let told = ops.first?.exception.map { "\($0.verdict), \($0.reason), of \($0.groups)" } ?? "accepted"
                let waits = try hub.read {
                    try Row.fetchAll($0, sql: "SELECT * FROM hub_quarantine WHERE key = ?", arguments: [note.sqlBlob])
                        .map(\.description)
                }
                found.append("a note was taken \(ops.count) times (\(told)) and is there \(rows) times; \(waits)")
            }
        }
        return found
    }

    private func isUnsent(_ key: Identifier) throws -> Bool {
        try world.devices.contains { device in
            try device.isRetired && device.unjudgedOps(andOthers: simulation.wasHubRestored).contains { $0.key == key }
        }
    }
}

/// A batch in a replica's outbox.
struct OutboxRow {
    let number: Int64
    let id: BatchID
    let opCount: Int64
    let isJudged: Bool
    let receipt: [UInt8]
}

extension Device {
    func outbox() throws -> [OutboxRow] {
        try read { database in
            try Row.fetchAll(database, sql: "SELECT no, id, op_count, state, receipt FROM ru_outbox ORDER BY no").map {
                OutboxRow(
                    number: $0["no"], id: try Audit.batchID($0.bytes("id")), opCount: $0["op_count"],
                    isJudged: $0["state"] == 2, receipt: $0.bytes("receipt"))
            }
        }
    }

    func unjudgedOps(andOthers isAll: Bool = false) throws -> [Op] {
        try read { database in
            try Row.fetchAll(
                database, sql: "SELECT ops, op_count FROM ru_outbox WHERE state < 2 OR ? ORDER BY no",
                arguments: [isAll]
            ).flatMap {
                try OpCodec.decode($0.bytes("ops"), expecting: Int($0["op_count"] as Int64))
            }
        }
    }
}
