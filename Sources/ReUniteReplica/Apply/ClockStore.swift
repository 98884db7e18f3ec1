import GRDB
import ReUniteSync

/// The replica's row clocks, and the digest that sums them.
final class ClockStore {
    private let find: EngineStatement
    private let write: EngineStatement
    private let remove: EngineStatement
    private(set) var digest: VersionDigest
    /// No look-up is needed while the table is being filled for the first time.
    let wasEmpty: Bool

    init(_ database: Database, digest: VersionDigest) throws {
        self.digest = digest
        find = try EngineStatement(database, "SELECT h, ext FROM ru_clock WHERE tbl = ? AND key = ?")
        write = try EngineStatement(
            database, "INSERT OR REPLACE INTO ru_clock(tbl, key, h, scope, ext, open) VALUES(?, ?, ?, ?, ?, ?)")
        remove = try EngineStatement(database, "DELETE FROM ru_clock WHERE tbl = ? AND key = ?")
        wasEmpty = try Int.fetchOne(database, sql: "SELECT 1 FROM ru_clock LIMIT 1") == nil
    }

    /// The clock of a row; nil when the hub has not decided on it.
    func clock(_ table: UInt16, _ key: Identifier) throws -> RowClock? {
        if wasEmpty { return nil }
        find.bind(1, Int64(table))
        find.bind(2, key)
        defer { find.reset() }
        guard try find.step() else { return nil }
        return try RowClock(stamp: Position(find.int64(0)), extension: find.blob(1))
    }

    func set(_ clock: RowClock, replacing old: RowClock?, _ table: UInt16, _ key: Identifier, scope: Int64) throws {
        if let old { digest.remove(old.leaf(table: table, key: key)) }
        digest.add(clock.leaf(table: table, key: key))
        write.bind(1, Int64(table))
        write.bind(2, key)
        write.bind(3, clock.stamp.rawValue)
        write.bind(4, scope)
        let hasMore = !clock.exceptions.isEmpty || !clock.siblings.isEmpty
        if hasMore { write.bind(5, clock.encodedExtension()) } else { write.bindNull(5) }
        let open = clock.siblings.reduce(UInt64(0)) { $0 | 1 << UInt64($1.group) }
        if open == 0 { write.bindNull(6) } else { write.bind(6, Int64(bitPattern: open)) }
        try write.run()
    }

    func forget(_ clock: RowClock, _ table: UInt16, _ key: Identifier) throws {
        digest.remove(clock.leaf(table: table, key: key))
        remove.bind(1, Int64(table))
        remove.bind(2, key)
        try remove.run()
    }
}
