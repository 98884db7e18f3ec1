import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync

/// Looks at every file of a world that has come to rest, and says what is wrong. It trusts none of the engine's
/// own accounts: it reads the files, the signed batches and what people remember.
struct Audit {
    /// One op as a device sealed it and the hub judged it.
    struct Judged {
        let device: Identifier
        let batch: BatchID
        let batchNumber: Int64
        let index: Int
        let position: Int64
        let op: Op
        /// Nil when all of it was accepted.
        let exception: Receipt.OpException?

        /// The groups that were accepted as they were written.
        func accepted(of table: TableDescription) -> UInt64 {
            guard let exception else { return op.groups }
            return op.groups & ~exception.groups
        }
    }

    let simulation: Simulation
    let hub: HubReader
    let schema: SchemaDescription
    let judged: [Judged]
    var world: World { simulation.world }

    init(_ simulation: Simulation) throws {
        self.simulation = simulation
        let hub = simulation.world.reader
        self.hub = hub
        schema = try hub.read { try ManifestReader.read($0) }
        judged = try hub.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM hub_batch ORDER BY no").flatMap { row in
                var input = ByteReader(row.bytes("receipt"))
                let receipt = try Receipt(from: &input)
                let exceptions = Dictionary(
                    receipt.exceptions.map { (Int($0.index), $0) }, uniquingKeysWith: { a, _ in a })
                let ops = try OpCodec.decode(row.bytes("ops"), expecting: Int(receipt.opCount))
                return ops.enumerated().map { index, op in
                    Judged(
                        device: row.identifier("device"), batch: receipt.batch, batchNumber: row["no"], index: index,
                        position: receipt.firstPosition.rawValue + Int64(index), op: op, exception: exceptions[index])
                }
            }
        }
    }

    /// Everything that is wrong.
    func complaints() throws -> [String] {
        var found: [String] = []
        found += try orderOfPositions()
        for device in world.devices {
            found += try account(of: device)
            found += try projection(on: device)
            found += try writings(on: device)
            found += try secrets(on: device)
            found += try soundness(of: device.path, name: device.name)
        }
        found += try acceptedValues()
        found += try conflicts()
        found += try grants()
        found += try soundness(of: world.hubPath, name: "the hub")
        return found
    }

    // MARK: One account of every edit

    /// No position is used twice, and none lies above the counter.
    private func orderOfPositions() throws -> [String] {
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

    /// Every batch that a device sealed is at the hub once, with the receipt that the device holds; every op is
    /// accepted, obsolete for a good reason, or in quarantine and on the device's list.
    private func account(of device: Device) throws -> [String] {
        var found: [String] = []
        let id = try device.replica.facts().device
        let sealed = try device.read { try Row.fetchAll($0, sql: "SELECT * FROM ru_outbox ORDER BY no") }
        let stored = try hub.read {
            try Row.fetchAll(
                $0, sql: "SELECT id, op_count, receipt FROM hub_batch WHERE device = ?", arguments: [id.sqlBlob])
        }
        let atHub = Dictionary(stored.map { ($0.bytes("id"), $0) }, uniquingKeysWith: { first, _ in first })
        if sealed.count != stored.count {
            found.append("\(device.name) sealed \(sealed.count) batches, the hub has \(stored.count)")
        }
        for row in sealed {
            guard let there = atHub[row.bytes("id")] else {
                found.append("\(device.name)'s batch \(row["no"] as Int64) never arrived")
                continue
            }
            if row["op_count"] as Int64 != there["op_count"] {
                found.append("\(device.name)'s batch has another number of edits")
            }
            if row.bytes("receipt") != there.bytes("receipt") {
                found.append("\(device.name) holds another receipt than the hub")
            }
        }
        for (table, what) in [
            ("ru_journal", "unsealed"), ("ru_values", "unsealed"), ("ru_pending", "pending"), ("ru_want", "wanted"),
        ] {
            let count = try device.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } ?? -1
            if count != 0 { found.append("\(device.name) still has \(count) \(what) in \(table)") }
        }
        let quarantined = try hub.read {
            Set(
                try Row.fetchAll($0, sql: "SELECT batch, idx FROM hub_quarantine").map {
                    [$0["batch"] as Int64, $0["idx"] as Int64]
                })
        }
        var returned = 0
        for op in judged where op.device == id {
            guard let exception = op.exception else { continue }
            switch exception.verdict {
            case .accepted:
                if exception.reason != .none {
                    found.append("an accepted edit has the reason \(exception.reason.code)")
                }
            case .obsolete:
                if ![.unchanged, .covered].contains(exception.reason) {
                    found.append("an edit of \(device.name) is obsolete because \(exception.reason.code)")
                }
            case .quarantined:
                returned += 1
                if !quarantined.contains([op.batchNumber, Int64(op.index)]) {
                    found.append("an edit of \(device.name) (\(exception.reason.code)) is not in quarantine")
                }
            }
        }
        let list = try device.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM ru_returned") } ?? -1
        if list != returned { found.append("\(device.name) was given back \(list) edits of \(returned)") }
        return found
    }

    /// Every accepted value is shown, stands beside the one that is shown, or is kept in history.
    private func acceptedValues() throws -> [String] {
        try hub.read { database in
            var found: [String] = []
            for entry in judged {
                guard let table = schema[entry.op.table], entry.op.kind != .delete else { continue }
                if entry.exception?.verdict == .quarantined && entry.exception?.groups == entry.op.groups { continue }
                let accepted = entry.accepted(of: table)
                let written = table.columnIndexes(of: entry.op.groups)
                for group in table.groups where accepted & (1 << UInt64(group.number)) != 0 {
                    let values = zip(written, entry.op.values).filter { table.columns[$0.0].group == group.number }.map(
                        \.1)
                    let cell = Cell(table: table.number, key: entry.op.key, group: group.number)
                    let kept =
                        try stored("hub_history", cell, at: entry.position, database)
                        + stored("hub_sibling", cell, at: entry.position, database)
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

    private func shown(_ cell: Cell, _ table: TableDescription, _ database: Database) throws -> [Value]? {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM \(table.name) WHERE id = ?", arguments: [cell.key.sqlBlob])
        guard let row else { return nil }
        return table.columnIndexes(of: 1 << UInt64(cell.group)).map { row.plain(table.columns[$0].name) }
    }

    /// What people wrote is in a signed batch, unless the same person wrote over it or deleted the row.
    private func writings(on device: Device) throws -> [String] {
        let id = try device.replica.facts().device
        var sealed: [Cell: [[Value]]] = [:]
        for entry in judged where entry.device == id {
            guard let table = schema[entry.op.table] else { continue }
            let written = table.columnIndexes(of: entry.op.groups)
            for group in table.groups where entry.op.groups & (1 << UInt64(group.number)) != 0 {
                let values = zip(written, entry.op.values).filter { table.columns[$0.0].group == group.number }.map(\.1)
                sealed[Cell(table: table.number, key: entry.op.key, group: group.number), default: []].append(values)
            }
        }
        let history = simulation.history
        var found: [String] = []
        for (place, writing) in history.writings.enumerated() where writing.device == device.name {
            if sealed[writing.cell]?.contains(where: { ValueList.areIdentical($0, writing.values) }) == true {
                continue
            }
            let isOverwritten = history.writings[(place + 1)...].contains {
                $0.device == device.name && $0.cell == writing.cell
            }
            let isDeleted = history.deletions.contains {
                $0.device == device.name && $0.key == writing.cell.key && $0.after > place
            }
            if !isOverwritten && !isDeleted {
                found.append("\(device.name) wrote \(writing.values) and no batch has it")
            }
        }
        for note in history.notes[device.name] ?? [] {
            let ops = judged.filter { $0.op.key == note }
            let rows = try hub.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM case_note WHERE id = ?", arguments: [note.sqlBlob]) ?? 0
            }
            let isAway = ops.first?.exception?.verdict == .quarantined
            if ops.count != 1 || rows != (isAway ? 0 : 1) {
                found.append("a note of \(device.name) is there \(rows) times")
            }
        }
        return found
    }

    // MARK: Conflicts

    /// A reviewed cell has exactly the values that nobody replaced knowingly, and a conflict when they are several.
    private func conflicts() throws -> [String] {
        var accepted: [Cell: Set<[Value]>] = [:]
        for entry in judged where entry.op.kind != .delete {
            guard let table = schema[entry.op.table] else { continue }
            if entry.exception?.verdict == .quarantined && entry.exception?.groups == entry.op.groups { continue }
            let written = table.columnIndexes(of: entry.op.groups)
            for group in table.groups where entry.accepted(of: table) & (1 << UInt64(group.number)) != 0 {
                let values = zip(written, entry.op.values).filter { table.columns[$0.0].group == group.number }.map(\.1)
                accepted[Cell(table: table.number, key: entry.op.key, group: group.number), default: []].insert(values)
            }
        }
        let open = try hub.openConflicts()
        return try hub.read { database in
            var found: [String] = []
            for cell in simulation.history.replaced.keys.sorted() {
                guard let table = schema[cell.table], let shown = try shown(cell, table, database) else { continue }
                let expected = simulation.history.maximal(accepted[cell] ?? [], in: cell)
                let rows = try Row.fetchAll(
                    database, sql: "SELECT val FROM hub_sibling WHERE tbl = ? AND key = ? AND grp = ?",
                    arguments: [Int64(cell.table), cell.key.sqlBlob, Int64(cell.group)])
                let standing = rows.isEmpty ? [shown] : Set(try rows.map { try ValueList.decode($0.bytes("val")) })
                if standing != expected {
                    found.append("\(table.name).\(cell.group) shows \(standing), and \(expected) stand")
                }
                if open.contains(cell) != (expected.count > 1) {
                    found.append("\(table.name).\(cell.group) has \(open.contains(cell) ? "a false" : "no") conflict")
                }
            }
            for cell in open.sorted() {
                let count = try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM hub_sibling WHERE tbl = ? AND key = ? AND grp = ?",
                    arguments: [Int64(cell.table), cell.key.sqlBlob, Int64(cell.group)])
                if count ?? 0 < 2 { found.append("a conflict on table \(cell.table) is about one value") }
            }
            return found
        }
    }
}
