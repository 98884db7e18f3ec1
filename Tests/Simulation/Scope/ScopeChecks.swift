import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync

/// What must hold after every apply, row by row. The letters are those of the model (design, appendix; `docs/testing.md`).
extension ScopeWorld {
    /// What waits on a row for the hub's verdict.
    private struct Waiting {
        var groups: UInt64 = 0
        var deltas: [UInt8: Int64] = [:]
        var kinds: [Op.Kind] = []
    }

    /// Compares a replica with what its partner might hold when the answer was given that it has just applied.
    func check(_ device: ScopeDevice, against truth: Projection, hasLeft: Bool) throws {
        let cursor = try device.replica.facts().cursor
        if cursor < device.furthest {
            complain(
                "(pull progresses) \(device.name) went back from \(device.furthest.rawValue) to \(cursor.rawValue)")
        }
        device.furthest = max(device.furthest, cursor)
        guard cursor == truth.position else { return }
        meet("check")
        let waiting = try self.waiting(on: device)
        let wanted = try device.read { database in
            Set(try Row.fetchAll(database, sql: "SELECT tbl, key FROM ru_want").map(ScopeWorld.name))
        }
        if !wanted.isEmpty { meet("row in doubt") }
        for table in schema.tables {
            let shown = try device.read { try Projection.values(of: table, $0) }
            let allowed = truth.rows[table.number] ?? [:]
            for (key, values) in shown {
                let row = RowKey(table: table.number, key: key)
                if let expected = allowed[key] {
                    if wanted.contains(row) { continue }
                    try compare(device, row, table, values, expected, waiting[row])
                } else {
                    try checkStranger(device, row, table, values, truth, waiting[row])
                }
            }
            for key in allowed.keys where shown[key] == nil {
                let row = RowKey(table: table.number, key: key)
                if waiting[row]?.kinds.last == .delete || wanted.contains(row) { continue }
                complain("(d) \(device.name) claims \(cursor.rawValue) and lacks a row: \(describe(row))")
            }
        }
        try checkClocks(device, truth)
        for (row, state) in waiting where !mayWait(row, state, truth) {
            complain("(a) \(device.name) has an edit pending on a row that it may not hold: \(describe(row))")
        }
        // Reading the file as bytes lets go of this process's locks on it; another process would then take the log away.
        if hasLeft && !hasStrangers { try checkBytes(device, truth) }
    }

    private func describe(_ row: RowKey) -> String { "\(ScopeNetwork.names[row.table] ?? "?") \(row.key)" }

    private static func name(_ row: Row) -> RowKey {
        RowKey(table: UInt16(truncatingIfNeeded: row["tbl"] as Int64), key: row.identifier("key"))
    }

    private func waiting(on device: ScopeDevice) throws -> [RowKey: Waiting] {
        try device.read { database in
            var waiting: [RowKey: Waiting] = [:]
            let rows = try Row.fetchAll(
                database, sql: "SELECT tbl, key, groups, kind, delta FROM ru_pending ORDER BY batch, idx")
            for row in rows {
                let groups = UInt64(bitPattern: row["groups"] as Int64)
                let name = ScopeWorld.name(row)
                if let delta = row["delta"] as Int64? {
                    waiting[name, default: Waiting()].deltas[UInt8(groups.trailingZeroBitCount), default: 0] += delta
                } else {
                    waiting[name, default: Waiting()].groups |= groups
                }
                if let kind = Op.Kind(rawValue: UInt8(truncatingIfNeeded: row["kind"] as Int64)) {
                    waiting[name]?.kinds.append(kind)
                }
            }
            return waiting
        }
    }

    /// (b) A row that is here and may be: the hub's values, with this device's unjudged edits on top.
    private func compare(
        _ device: ScopeDevice, _ row: RowKey, _ table: TableDescription, _ shown: [Value], _ expected: [Value],
        _ waiting: Waiting?
    ) throws {
        for (place, column) in table.columns.enumerated() {
            if let waiting, waiting.groups & (1 << UInt64(column.group)) != 0 { continue }
            var value = expected[place]
            if let delta = waiting?.deltas[column.group] { value = Counter.sum(value, delta) ?? value }
            if !shown[place].isIdentical(to: value) {
                complain(
                    "(b) \(device.name) shows \(shown[place]) and not \(value) in \(column.name) of \(describe(row))")
            }
        }
    }

    /// A row that is here and not among those that the hub lets the device hold.
    private func checkStranger(
        _ device: ScopeDevice, _ row: RowKey, _ table: TableDescription, _ values: [Value], _ truth: Projection,
        _ waiting: Waiting?
    ) throws {
        // What was made here and is not judged yet is nobody else's.
        if waiting?.kinds.contains(.create) == true { return }
        if try isUnjudged(row, on: device) { return }
        if dead.contains(row) {
            complain("(e) \(device.name) shows a row that is gone at the hub: \(describe(row))")
            return
        }
        let scope = rows[row] ?? row.key
        let isAllowed = truth.allows(scope, bit: ScopeNetwork.bit(table, values))
        complain(
            isAllowed
                ? "(b) \(device.name) shows a row that the hub has not: \(describe(row))"
                : "(a) \(device.name) shows a row that its grant does not allow: \(describe(row))")
    }

    /// Whether the device made the row, and the hub has not said what it thinks of it.
    private func isUnjudged(_ row: RowKey, on device: ScopeDevice) throws -> Bool {
        try device.read { database in
            try Row.fetchAll(database, sql: "SELECT ops, op_count FROM ru_outbox WHERE state < 2").contains { batch in
                try OpCodec.decode(batch.bytes("ops"), expecting: Int(batch["op_count"] as Int64)).contains {
                    $0.kind == .create && $0.table == row.table && $0.key == row.key
                }
            }
        }
    }

    private func mayWait(_ row: RowKey, _ state: Waiting, _ truth: Projection) -> Bool {
        if state.kinds.contains(.create) || truth.rows[row.table]?[row.key] != nil { return true }
        // Somebody deleted what was made here: that holds nothing, and its verdict is still to come.
        if state.kinds.last == .delete { return true }
        guard let table = schema[row.table] else { return false }
        // Of a row that is gone only the table says which class it had.
        let bits =
            ScopeNetwork.hasRowClasses && row.table == ScopeNetwork.item
            ? ScopeNetwork.everything : 1 << UInt64(table.disclosureClass)
        return truth.allows(rows[row] ?? row.key, bit: bits)
    }

    /// (a) The clocks and the list of open rows name what the device may hold and nothing else; (b) their digest.
    private func checkClocks(_ device: ScopeDevice, _ truth: Projection) throws {
        let (clocks, open) = try device.read { database in
            let keys = try Row.fetchAll(database, sql: "SELECT key FROM ru_clock").map { row -> RowKey in
                let key = row.bytes("key")
                return RowKey(table: UInt16(key.first ?? 0), key: Identifier(bytes: key.dropFirst()) ?? .zero)
            }
            let open = try Row.fetchAll(database, sql: "SELECT tbl, key FROM ru_open").map(ScopeWorld.name)
            return (Set(keys), Set(open))
        }
        let allowed = Set(truth.rows.flatMap { table, rows in rows.keys.map { RowKey(table: table, key: $0) } })
        for row in clocks.subtracting(allowed).sorted() {
            complain(
                "(\(dead.contains(row) ? "e" : "a")) \(device.name) keeps the clock of a row that it may not hold: "
                    + describe(row))
        }
        for row in allowed.subtracting(clocks).sorted() {
            complain("(d) \(device.name) has no clock of a row that it should hold: \(describe(row))")
        }
        for row in open.subtracting(allowed).sorted() {
            complain("(a) \(device.name) keeps siblings of a row that it may not hold: \(describe(row))")
        }
        if try device.replica.facts().digest != truth.digest {
            complain("(b) \(device.name)'s digest is not that of the rows that it may hold")
        }
    }

    /// (a) No word that somebody else wrote into a row that the device may not hold is in its files.
    private func checkBytes(_ device: ScopeDevice, _ truth: Projection) throws {
        // A purge that is owed says of itself that there may be traces.
        if try device.read({ try Int.fetchOne($0, sql: "SELECT 1 FROM ru_purge WHERE receipt IS NULL LIMIT 1") }) != nil
        {
            meet("purge owed")
            return
        }
        meet("files searched")
        let authors = Dictionary(writings.map { ($0.word, $0) }, uniquingKeysWith: { first, _ in first })
        for suffix in ["", "-wal"] {
            guard let data = FileManager.default.contents(atPath: device.path + suffix) else { continue }
            for word in ScopeWorld.words(in: data) {
                guard let writing = authors[word], writing.device != device.name else { continue }
                let row = writing.row
                if truth.rows[row.table]?[row.key] != nil || mayWait(row, Waiting(), truth) { continue }
                complain("(a) \(device.name)\(suffix) still has \(word) of \(describe(row))")
                return
            }
        }
    }

    /// The words of this network that a file mentions.
    private static func words(in data: Data) -> Set<String> {
        let mark = Data("zq".utf8)
        var found = Set<String>()
        var place = data.startIndex
        while let range = data.range(of: mark, in: place..<data.endIndex) {
            let digits = data[range.upperBound...].prefix(9).prefix { (48...57).contains($0) }
            if !digits.isEmpty, digits.endIndex < data.endIndex, data[digits.endIndex] == UInt8(ascii: "q") {
                found.insert("zq" + String(decoding: digits, as: UTF8.self) + "q")
            }
            place = range.upperBound
        }
        return found
    }
}
