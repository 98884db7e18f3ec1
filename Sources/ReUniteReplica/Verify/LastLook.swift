import GRDB
import ReUniteSync

/// What a delivery is about to write over, or to take away, is looked at first: what somebody wrote past the triggers, and
/// nobody else has, goes into the change log and is sealed before it goes.
///
/// Nothing here says what a row was but the rows that come: so a value is found to have drifted where the hub sends the very
/// version that this replica has, and it shows something else. Where a newer version comes there is nothing to compare with.
final class LastLook {
    /// `ru_want.suspect` of a row that was asked for though this replica had its version: what shows something else then
    /// has drifted.
    static let asHeld = 2

    private let database: Database
    private let schema: SchemaDescription
    private let scratch: String
    let comparesVersions: Bool
    private let now: Int64
    private let sealed: () throws -> Void
    private var readers: [UInt16: RowReader] = [:]
    /// Rows that were asked for, but those ``asHeld``: those that are suspect have been kept, and of the others what this
    /// replica shows is not to be kept.
    private lazy var wanted = Result { try readWanted() }

    /// - Parameters:
    ///   - comparesVersions: whether a position means the same here as in the delivery.
    ///   - now: milliseconds since 1970.
    ///   - seal: seals what is in the journal.
    init(
        _ database: Database, _ schema: SchemaDescription, scratch: String, comparesVersions: Bool,
        atMilliseconds now: Int64, seal: @escaping () throws -> Void
    ) {
        self.database = database
        self.schema = schema
        self.scratch = scratch
        self.comparesVersions = comparesVersions
        self.now = now
        sealed = seal
    }

    /// Keeps what drifted in rows of one table that are about to be written.
    ///
    /// - Parameters:
    ///   - clocks: what this replica knows of each of the rows; nil for those that it does not hold.
    ///   - pending: what waits here, and what was released by this delivery: neither is drift.
    /// - Returns: whether something was sealed.
    func keep(
        _ rows: UnsafeBufferPointer<RowState>, at places: [Int], clocks: [RowClock?], of writer: TableStatements,
        pending: PendingEdits
    ) throws -> Bool {
        guard comparesVersions else { return false }
        let table = writer.table
        var kept = 0
        for (place, clock) in zip(places, clocks) {
            guard let clock else { continue }
            var groups = clock.groups(alike: rows[place].clock, of: rows[place].groups & writer.allGroups)
            // Mostly what comes is newer than what is here.
            guard groups != 0 else { continue }
            let key = rows[place].key
            let name = RowKey(table: table.number, key: key)
            guard try !wanted.get().contains(name) else { continue }
            let waiting = try pending.state(table.number, key)
            guard !waiting.isDeleted else { continue }
            groups &= ~waiting.groups
            for group in waiting.deltas.keys { groups &= ~(1 << UInt64(group)) }
            // The hub's value comes in the place of one that it did not take.
            groups &= ~UInt64(bitPattern: try pending.released.bits(of: name) ?? 0)
            guard groups != 0, let current = try reader(of: table).read(key) else { continue }
            guard differs(rows[place], groups, current, writer), let row = rows[place].limited(to: writer.allGroups)
            else { continue }
            try DriftRescue(database, schema, scratch: scratch)
                .keep(row, current, clock: clock, groups: groups, atMilliseconds: now)
            kept += 1
        }
        guard kept > 0 else { return false }
        try RepairLog.note(.drifted, table: table.name, rows: kept, atMilliseconds: now, database)
        try sealed()
        return true
    }

    /// Keeps the rows of some tables that show a scope which is about to go, and that neither the hub nor the change log
    /// knows.
    func keep(unloggedOf scope: Identifier, in tables: [TableDescription]) throws {
        var found = 0
        for table in tables {
            let rows = try SchemaWatch.scan(table, of: scope, database, atMilliseconds: now)
            guard rows > 0 else { continue }
            try RepairLog.note(.unlogged, table: table.name, rows: rows, atMilliseconds: now, database)
            found += rows
        }
        if found > 0 { try sealed() }
    }

    private func differs(_ row: RowState, _ groups: UInt64, _ current: [Value], _ writer: TableStatements) -> Bool {
        let columns = writer.table.columns
        if row.groups == writer.allGroups, row.values.count == columns.count {
            return columns.indices.contains {
                groups & (1 << UInt64(columns[$0].group)) != 0 && !current[$0].isIdentical(to: row.values[$0])
            }
        }
        guard let row = row.limited(to: writer.allGroups) else { return false }
        return zip(writer.columnIndexes(of: row.groups), row.values).contains {
            groups & (1 << UInt64(columns[$0].group)) != 0 && !current[$0].isIdentical(to: $1)
        }
    }

    private func reader(of table: TableDescription) throws -> RowReader {
        if let reader = readers[table.number] { return reader }
        let reader = try RowReader(database, table)
        readers[table.number] = reader
        return reader
    }

    private func readWanted() throws -> Set<RowKey> {
        var rows = Set<RowKey>()
        let statement = try EngineStatement(
            database, "SELECT tbl, key FROM ru_want WHERE suspect <> \(LastLook.asHeld)")
        while try statement.step() {
            guard let key = statement.identifier(1) else { continue }
            rows.insert(RowKey(table: UInt16(truncatingIfNeeded: statement.int64(0)), key: key))
        }
        return rows
    }
}

extension RowClock {
    /// Those of the masked groups of which two clocks say the same: decided at one position, with the same open siblings.
    func groups(alike other: RowClock, of mask: UInt64) -> UInt64 {
        if exceptions.isEmpty && other.exceptions.isEmpty && siblings.isEmpty && other.siblings.isEmpty {
            return stamp == other.stamp ? mask : 0
        }
        var alike: UInt64 = 0
        for group in UInt8(0)..<64
        where mask & (1 << UInt64(group)) != 0 && position(of: group) == other.position(of: group) {
            alike |= 1 << UInt64(group)
        }
        guard siblings != other.siblings else { return alike }
        // The first of a group is the one that is shown.
        for group in Set((siblings + other.siblings).map(\.group))
        where siblings.filter({ $0.group == group }) != other.siblings.filter({ $0.group == group }) {
            alike &= ~(1 << UInt64(group))
        }
        return alike
    }
}
