import GRDB
import ReUniteSync

/// Keeps what drifted: before the hub's row replaces a suspect one, the cells that differ are put into the change log as
/// found by a scan, so that they are sealed, judged, and shown to a person where they collide. Where the row goes instead,
/// nobody can say which of its cells differ, and all of them are.
struct DriftRescue {
    private let database: Database
    private let schema: SchemaDescription

    private let scratch: String

    init(_ database: Database, _ schema: SchemaDescription, scratch: String) {
        self.database = database
        self.schema = schema
        self.scratch = scratch
    }

    /// After what was typed here has been sealed, and before the delivery is applied. Returns how many rows were kept.
    func run(
        _ delivery: Delivery, _ pages: () throws -> (() throws -> [RowState]?), atMilliseconds now: Int64
    ) throws -> Int {
        var suspects = try self.suspects()
        guard !suspects.isEmpty else { return 0 }
        let nextPage = try pages()
        var kept = 0
        while !suspects.isEmpty, let rows = try nextPage() {
            kept += try keep(rows, suspects, atMilliseconds: now)
            for row in rows { suspects.remove(RowKey(table: row.table, key: row.key)) }
        }
        guard delivery.from != .zero else { return try kept + keep(gone: suspects, atMilliseconds: now) }
        let named = Set(delivery.events.map(\.scope))
        return try kept + keep(gone: suspects, by: delivery, { scope, _ in named.contains(scope) }, atMilliseconds: now)
    }

    /// The same before what was closed is applied ahead of its delivery. Returns how many rows were kept.
    func run(closing delivery: Delivery, atMilliseconds now: Int64) throws -> Int {
        let suspects = try self.suspects()
        guard !suspects.isEmpty else { return 0 }
        let masks = Dictionary(
            delivery.events.map { ($0.scope, $0.kind == .enter ? $0.readMask : 0) }, uniquingKeysWith: { $1 })
        return try keep(
            gone: suspects, by: delivery, { scope, bit in masks[scope].map { $0 & bit == 0 } ?? false },
            atMilliseconds: now)
    }

    /// Keeps those of the masked groups of one row in which it shows something else than what comes.
    ///
    /// - Parameters:
    ///   - row: as it comes, with groups that this program knows.
    ///   - current: what is shown of it.
    ///   - clock: what this replica knows of it.
    func keep(
        _ row: RowState, _ current: [Value], clock: RowClock, groups: UInt64, atMilliseconds now: Int64
    ) throws {
        guard let table = schema[row.table] else { return }
        let differing = try differences(row, table, current, from: clock, except: ~groups)
        if differing != 0 { try log(RowKey(table: row.table, key: row.key), differing, atMilliseconds: now) }
    }

    /// - Parameter leaves: whether a row of a scope goes, by the bit of its table's class, though no tombstone names it.
    private func keep(
        gone suspects: Set<RowKey>, by delivery: Delivery, _ leaves: (Identifier, UInt64) -> Bool,
        atMilliseconds now: Int64
    ) throws -> Int {
        let named = Set(delivery.tombstones.map { RowKey(table: $0.table, key: $0.key) })
        let clocks = try ClockReader(database)
        var scopes: [Int64: Identifier] = [:]
        for scope in try ScopeStore(database).all() { scopes[scope.number] = scope.id }
        let gone = try suspects.filter { row in
            if named.contains(row) { return true }
            guard let number = try clocks.entry(row.table, row.key)?.scope, let scope = scopes[number],
                let table = schema[row.table]
            else { return false }
            return leaves(scope, 1 << UInt64(table.disclosureClass))
        }
        return try keep(gone: gone, atMilliseconds: now)
    }

    /// Steps of a state, and counts, are left out: from where they began is not known.
    private func keep(gone rows: Set<RowKey>, atMilliseconds now: Int64) throws -> Int {
        let pending = try PendingEdits(database, scratch: scratch)
        var kept = 0
        for row in rows.sorted() {
            // Of an element of a set only its being there can be said.
            guard let table = schema[row.table], !table.isSet, try RowReader(database, table).read(row.key) != nil
            else { continue }
            let waiting = try pending.state(row.table, row.key)
            let groups = table.allGroups & ~waiting.groups & ~table.steppedGroups
            guard !waiting.isDeleted, groups != 0 else { continue }
            try log(row, groups, atMilliseconds: now)
            kept += 1
        }
        return kept
    }

    private func log(_ row: RowKey, _ groups: UInt64, atMilliseconds now: Int64) throws {
        try database.execute(
            sql: "INSERT INTO ru_journal(tbl, key, mask, ms) VALUES(?, ?, ?, ?)",
            arguments: [Int64(row.table), row.key.sqlBlob, JournalFold.driftMark(of: groups), now])
    }

    private func keep(_ rows: [RowState], _ suspects: Set<RowKey>, atMilliseconds now: Int64) throws -> Int {
        let pending = try PendingEdits(database, scratch: scratch)
        let clocks = try ClockReader(database)
        var kept = 0
        for row in rows where suspects.contains(RowKey(table: row.table, key: row.key)) {
            guard let table = schema[row.table], let row = row.limited(to: table.allGroups),
                let current = try RowReader(database, table).read(row.key)
            else { continue }
            let waiting = try pending.state(row.table, row.key)
            guard !waiting.isDeleted else { continue }
            // What was typed here is in the change log already.
            let known = waiting.deltas.keys.reduce(waiting.groups) { $0 | 1 << UInt64($1) }
            let clock = try clocks.clock(row.table, row.key)
            let differing = try differences(row, table, current, from: clock, except: known)
            guard differing != 0 else { continue }
            try log(RowKey(table: row.table, key: row.key), differing, atMilliseconds: now)
            kept += 1
        }
        return kept
    }

    private func suspects() throws -> Set<RowKey> {
        var rows = Set<RowKey>()
        let statement = try EngineStatement(database, "SELECT tbl, key FROM ru_want WHERE suspect = 1")
        while try statement.step() {
            guard let key = statement.identifier(1) else { continue }
            rows.insert(RowKey(table: UInt16(truncatingIfNeeded: statement.int64(0)), key: key))
        }
        return rows
    }

    /// The groups of the delivered row whose values are others here. A step of a state, or a count, is logged as one, and
    /// only from the version that this replica has: from a newer one it would take back what others did since.
    private func differences(
        _ row: RowState, _ table: TableDescription, _ current: [Value], from clock: RowClock?, except known: UInt64
    ) throws -> UInt64 {
        let step = try EngineStatement(
            database, "INSERT INTO ru_values(tbl, key, grp, ms, old, new) VALUES(?, ?, ?, ?, ?, ?)")
        var groups: UInt64 = 0
        for (place, index) in table.columnIndexes(of: row.groups).enumerated()
        where row.values.indices.contains(place) && !current[index].isIdentical(to: row.values[place]) {
            let group = table.columns[index].group
            guard known & (1 << UInt64(group)) == 0 else { continue }
            guard [.state, .counter].contains(table.policy(of: group)) else {
                groups |= 1 << UInt64(group)
                continue
            }
            guard clock?.position(of: group) == row.clock.position(of: group) else { continue }
            groups |= 1 << UInt64(group)
            step.bind(1, Int64(row.table))
            step.bind(2, row.key)
            step.bind(3, Int64(group))
            step.bind(4, Int64(0))
            step.bind(5, row.values[place])
            step.bind(6, current[index])
            try step.run()
        }
        return groups
    }
}
