import GRDB
import ReUniteReplica
import ReUniteSync

/// What each subscription follows: one reference for each row and scope, moved to the end when it changes, and the
/// running digest of all of it.
///
/// The size is that of the scope, whatever has happened in it, and of what ended there lately (``FeedCompaction``).
final class FeedStore {
    /// The subscription that everyone follows: the network's shared rows.
    static let shared: Int64 = 0

    private let transaction: HubTransaction
    private let touch: EngineStatement
    private let addToDigest: EngineStatement
    private let addToSubscription: EngineStatement

    init(_ transaction: HubTransaction) throws {
        self.transaction = transaction
        let database = transaction.database
        touch = try EngineStatement(
            database,
            """
            INSERT INTO hub_feed(sub, kind, tbl, key, position) VALUES(?, ?, ?, ?, ?)
            ON CONFLICT(sub, kind, tbl, key) DO UPDATE SET position = excluded.position
            """)
        addToDigest = try EngineStatement(
            database,
            "INSERT OR REPLACE INTO hub_digest(scope, class, high, low, live) VALUES(?, ?, ?, ?, ?)")
        addToSubscription = try EngineStatement(
            database, "UPDATE hub_sub SET high = ?, low = ?, live = ? WHERE no = ?")
    }

    /// Records that a row changed: in the digests, and at the end of every feed that may hold it.
    ///
    /// - Parameters:
    ///   - readers: the subscriptions with an open grant that has the row's class in its read mask.
    func changed(
        _ row: HubRow, from oldLeaf: Identifier?, readers: [Int64], isShared: Bool, at position: Position
    ) throws {
        var difference = VersionDigest()
        if let oldLeaf { difference.remove(oldLeaf) }
        if let leaf = row.leaf { difference.add(leaf) }
        try add(difference, to: row.scope, class: row.disclosureClass)
        for reader in isShared ? [FeedStore.shared] : readers {
            try add(difference, to: reader)
            try mark(row, in: reader, at: position)
        }
    }

    /// Puts a scope and every live row that the mask allows at the end of a feed.
    func enter(_ subscription: Int64, scope: Int64, id: Identifier, readMask: UInt64, at position: Position) throws {
        try mark(subscription, id: id, at: position)
        for entry in FeedStore.classes(of: readMask) {
            try add(try digest(of: scope, class: entry), to: subscription)
            let all = try transaction.database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO hub_feed(sub, kind, tbl, key, position)
                    SELECT ?, 0, tbl, key, ? FROM hub_row WHERE scope = ? AND class = ? AND life = 1
                    """)
            try all.execute(arguments: [subscription, position.rawValue, scope, entry])
        }
    }

    /// Takes a scope's rows out of a feed, those too that were hidden in it, and leaves the mark that it has left.
    func leave(_ subscription: Int64, scope: Int64, id: Identifier, readMask: UInt64, at position: Position) throws {
        for entry in FeedStore.classes(of: readMask) {
            var gone = VersionDigest()
            gone.remove(try digest(of: scope, class: entry))
            try add(gone, to: subscription)
        }
        try transaction.database.execute(
            sql: """
                DELETE FROM hub_feed WHERE sub = ? AND kind = 0
                AND (tbl, key) IN (SELECT tbl, key FROM hub_row WHERE scope = ?)
                """, arguments: [subscription, scope])
        try mark(subscription, id: id, at: position)
    }

    /// Puts a row at the end of a feed.
    func mark(_ row: HubRow, in subscription: Int64, at position: Position) throws {
        touch.bind(1, subscription)
        touch.bind(2, 0)
        touch.bind(3, Int64(row.table))
        touch.bind(4, row.key)
        touch.bind(5, position.rawValue)
        try touch.run()
    }

    /// Adds to the digest of one class of a scope.
    func add(_ difference: VersionDigest, to scope: Int64, class entry: UInt8) throws {
        var total = try digest(of: scope, class: Int64(entry))
        total.add(difference)
        addToDigest.bind(1, scope)
        addToDigest.bind(2, Int64(entry))
        addToDigest.bind(3, Int64(bitPattern: total.high))
        addToDigest.bind(4, Int64(bitPattern: total.low))
        addToDigest.bind(5, total.rows)
        try addToDigest.run()
    }

    private func mark(_ subscription: Int64, id: Identifier, at position: Position) throws {
        touch.bind(1, subscription)
        touch.bind(2, 1)
        touch.bind(3, 0)
        touch.bind(4, id)
        touch.bind(5, position.rawValue)
        try touch.run()
    }

    private func digest(of scope: Int64, class entry: Int64) throws -> VersionDigest {
        let find = try transaction.database.cachedStatement(
            sql: "SELECT high, low, live FROM hub_digest WHERE scope = ? AND class = ?")
        let row = try Row.fetchOne(find, arguments: [scope, entry])
        return row.map(VersionDigest.init(stored:)) ?? VersionDigest()
    }

    func add(_ difference: VersionDigest, to subscription: Int64) throws {
        var total = try FeedStore.digest(of: subscription, transaction.database)
        total.add(difference)
        addToSubscription.bind(1, Int64(bitPattern: total.high))
        addToSubscription.bind(2, Int64(bitPattern: total.low))
        addToSubscription.bind(3, total.rows)
        addToSubscription.bind(4, subscription)
        try addToSubscription.run()
    }

    static func digest(of subscription: Int64, _ database: Database) throws -> VersionDigest {
        let find = try database.cachedStatement(sql: "SELECT high, low, live FROM hub_sub WHERE no = ?")
        let row = try Row.fetchOne(find, arguments: [subscription])
        return row.map(VersionDigest.init(stored:)) ?? VersionDigest()
    }

    static func classes(of mask: UInt64) -> [Int64] {
        (0..<62).filter { mask & (1 << UInt64($0)) != 0 }.map(Int64.init)
    }
}

extension VersionDigest {
    init(stored row: Row) {
        self.init(
            high: UInt64(bitPattern: row["high"] as Int64), low: UInt64(bitPattern: row["low"] as Int64),
            rows: row["live"])
    }
}
