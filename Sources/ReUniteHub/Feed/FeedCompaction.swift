import GRDB
import ReUniteReplica
package import ReUniteSync

/// Takes out of the feeds what only says that something is gone: references to rows that are dead or hidden, and to
/// scopes that were left. Nothing else in a feed grows with what has happened.
///
/// The highest position that was taken out is the feed's *floor*. Whoever is behind it is given everything anew, and what
/// that does not mention is swept away, so no device misses an ending, however long it was away
/// (`docs/decisions/0057-a-feed-has-a-floor.md`).
struct FeedCompaction {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// - Parameter milliseconds: what is older than this goes even if a device has not heard of it.
    /// - Returns: how many references went.
    func run(before milliseconds: Int64) throws -> Int {
        let old = try position(before: milliseconds)
        var gone = 0
        for subscription in try Int64.fetchAll(database, sql: "SELECT no FROM hub_sub ORDER BY no") {
            gone += try compact(subscription, upTo: max(old, try heard(subscription)))
        }
        return gone
    }

    /// Only what came since the last time is looked at: whatever ends moves to the end of the feed.
    private func compact(_ subscription: Int64, upTo limit: Int64) throws -> Int {
        let from = try Int64.fetchOne(
            database, sql: "SELECT compacted FROM hub_sub WHERE no = ?", arguments: [subscription])
        guard let from, limit > from else { return 0 }
        let endings = try Row.fetchAll(
            database,
            sql: """
                SELECT f.kind, f.tbl, f.key, f.position FROM hub_feed f
                JOIN hub_row r ON r.tbl = f.tbl AND r.key = f.key
                WHERE f.sub = ?1 AND f.position > ?3 AND f.position <= ?2 AND f.kind = 0
                  AND (r.life <> 1 OR ?1 <> 0 AND NOT EXISTS (
                    SELECT 1 FROM hub_grant g WHERE g.sub = ?1 AND g.scope = r.scope AND g.closed IS NULL
                      AND g.read_mask & (1 << r.class) <> 0))
                UNION ALL
                SELECT f.kind, f.tbl, f.key, f.position FROM hub_feed f JOIN hub_scope s ON s.id = f.key
                WHERE f.sub = ?1 AND f.position > ?3 AND f.position <= ?2 AND f.kind = 1 AND NOT EXISTS (
                  SELECT 1 FROM hub_grant g WHERE g.sub = ?1 AND g.scope = s.no AND g.closed IS NULL
                    AND g.read_mask <> 0)
                """, arguments: [subscription, limit, from])
        let delete = try database.cachedStatement(
            sql: "DELETE FROM hub_feed WHERE sub = ? AND kind = ? AND tbl = ? AND key = ?")
        var floor: Int64 = 0
        for row in endings {
            try delete.execute(arguments: [
                subscription, row["kind"] as Int64, row["tbl"] as Int64, row.identifier("key").sqlBlob,
            ])
            floor = max(floor, row["position"])
        }
        try database.execute(
            sql: "UPDATE hub_sub SET floor = max(floor, ?), compacted = ? WHERE no = ?",
            arguments: [floor, limit, subscription])
        return endings.count
    }

    /// The position that every device which follows a subscription has reached; those that hold nothing yet take
    /// everything in any case.
    private func heard(_ subscription: Int64) throws -> Int64 {
        try Int64.fetchOne(
            database,
            sql: """
                SELECT coalesce(min(cursor), (SELECT position FROM hub_clock)) FROM hub_device
                WHERE state = 1 AND cursor > 0 AND (sub = ?1 OR ?1 = 0)
                """, arguments: [subscription]) ?? 0
    }

    /// The last position that was taken before a time. Batches are numbered as they come, so half of them are looked at
    /// no more with every step.
    private func position(before milliseconds: Int64) throws -> Int64 {
        let batch = try database.cachedStatement(
            sql: "SELECT no, received_ms, first_position FROM hub_batch WHERE no >= ? ORDER BY no LIMIT 1")
        var low: Int64 = 1
        var high = (try Int64.fetchOne(database, sql: "SELECT max(no) FROM hub_batch") ?? 0) + 1
        var position: Int64 = 0
        while low < high {
            let middle = (low + high) / 2
            guard let row = try Row.fetchOne(batch, arguments: [middle]) else {
                high = middle
                continue
            }
            let (number, received): (Int64, Int64) = (row["no"], row["received_ms"])
            if number < high, received < milliseconds {
                position = row["first_position"]
                low = number + 1
            } else {
                high = middle
            }
        }
        return position
    }
}

extension SQLiteHubStore {
    package func compactFeeds(before milliseconds: Int64) throws -> Int {
        try write("Compacting the feeds") { try FeedCompaction($0).run(before: milliseconds) }
    }

    package func start(for device: DeviceRecord, after cursor: Position) throws -> Position {
        try read("Finding where a delivery begins") { database in
            try isBelowFloor(cursor, of: device, database) ? .zero : cursor
        }
    }

    /// Whether something that a device at this position has to hear may have gone from its feed.
    func isBelowFloor(_ cursor: Position, of device: DeviceRecord, _ database: Database) throws -> Bool {
        try Int.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM hub_sub WHERE no IN (0, ?) AND floor > ? LIMIT 1"),
            arguments: [device.subscription, cursor.rawValue]) != nil
    }
}

extension Hub {
    /// How long an ending waits in the feeds for devices that have not heard of it, in milliseconds: ninety days.
    static let endingAge: Int64 = 90 * 86_400_000

    /// Takes out of the feeds what only says that something is gone, once every device has heard of it or it is old. A
    /// device that comes later is given everything anew, and loses nothing.
    ///
    /// - Parameter age: what is older than so many milliseconds goes in any case.
    /// - Returns: how many references went.
    @discardableResult
    package func compactFeeds(olderThan age: Int64 = Hub.endingAge) throws -> Int {
        try store.compactFeeds(before: time.wallMilliseconds - age)
    }
}
