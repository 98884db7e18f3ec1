import GRDB
import ReUniteSync

/// The replica's row clocks, the list of rows with open siblings, and the digest that sums the clocks.
final class ClockStore {
    private let reader: ClockReader
    private let batch: ClockBatch
    private let database: Database
    /// Few deliveries take a row away.
    private lazy var remove = Result { try EngineStatement(database, "DELETE FROM ru_clock WHERE key = ?") }
    private let open: OpenRows
    private(set) var digest: VersionDigest
    /// No look-up is needed while the table is being filled for the first time.
    let wasEmpty: Bool
    /// The highest key of the table whose clocks were last asked for: rows that others have just made come after it, and
    /// are not looked up. Nil where it has none.
    private var tail: (table: UInt16, key: Identifier?)?

    init(_ database: Database, digest: VersionDigest) throws {
        self.database = database
        self.digest = digest
        reader = try ClockReader(database)
        batch = ClockBatch(database)
        open = OpenRows(database)
        wasEmpty = try !EngineStatement.finds("ru_clock", database)
    }

    /// The clock of a row; nil when the hub has not decided on it. Not of one that was set since the last ``flush()``.
    func clock(_ table: UInt16, _ key: Identifier) throws -> RowClock? {
        if wasEmpty { return nil }
        if tail?.table != table { tail = (table, try reader.highest(table)) }
        guard let highest = tail?.key, key <= highest else { return nil }
        return try reader.clock(table, key)
    }

    /// The same with the number of the row's scope.
    func entry(_ table: UInt16, _ key: Identifier) throws -> (scope: Int64, clock: RowClock)? {
        wasEmpty ? nil : try reader.entry(table, key)
    }

    /// To be written by the next ``flush()``, or before.
    func set(_ clock: RowClock, replacing old: RowClock?, _ table: UInt16, _ key: Identifier, scope: Int64) throws {
        if let old { digest.remove(old.leaf(table: table, key: key)) }
        digest.add(clock.leaf(table: table, key: key))
        try batch.add(clock, scope: scope, table, key)
        if tail?.table == table, tail?.key.map({ $0 < key }) ?? true { tail?.key = key }
        try open.set(clock.siblings, replacing: old?.siblings ?? [], table, key)
    }

    /// Writes what was set.
    func flush() throws {
        try batch.flush()
    }

    func forget(_ clock: RowClock, _ table: UInt16, _ key: Identifier) throws {
        try flush()
        digest.remove(clock.leaf(table: table, key: key))
        let remove = try remove.get()
        remove.bind(1) { ClockForm.write(table, key, to: $0) }
        try remove.run()
        try open.set([], replacing: clock.siblings, table, key)
    }
}

/// `ru_open`: the rows with open siblings, so that counting conflicts reads no other.
private final class OpenRows {
    private let database: Database
    /// Few deliveries touch a row with siblings, so these are prepared when one does.
    private lazy var write = Result {
        try EngineStatement(database, "INSERT OR REPLACE INTO ru_open(tbl, key, groups) VALUES(?, ?, ?)")
    }
    private lazy var remove = Result {
        try EngineStatement(database, "DELETE FROM ru_open WHERE tbl = ? AND key = ?")
    }

    init(_ database: Database) {
        self.database = database
    }

    func set(_ siblings: [SiblingName], replacing old: [SiblingName], _ table: UInt16, _ key: Identifier) throws {
        guard !siblings.isEmpty || !old.isEmpty else { return }
        let groups = siblings.reduce(UInt64(0)) { $0 | 1 << UInt64($1.group) }
        let statement = try groups == 0 ? remove.get() : write.get()
        statement.bind(1, Int64(table))
        statement.bind(2, key)
        if groups != 0 { statement.bind(3, Int64(bitPattern: groups)) }
        try statement.run()
    }
}
