import GRDB
import ReUniteReplica
import ReUniteSync

extension Hub {
    /// What came and went from one noon to the next, by UTC: devices sync at night, before and after midnight.
    public struct Night: Hashable, Sendable, Encodable {
        /// The noon at which it begins, milliseconds since 1970.
        public var beganMilliseconds: Int64
        public var syncs: Int
        /// What devices sent, as it was sealed.
        public var bytesUp: Int64
        /// What was delivered to them, before it was sealed; answers with nothing new are not counted.
        public var bytesDown: Int64
        /// Conflicts that were opened.
        public var conflicts: Int

        public init(beganMilliseconds: Int64, syncs: Int, bytesUp: Int64, bytesDown: Int64, conflicts: Int) {
            self.beganMilliseconds = beganMilliseconds
            self.syncs = syncs
            self.bytesUp = bytesUp
            self.bytesDown = bytesDown
            self.conflicts = conflicts
        }
    }

    /// The last nights, the present one among them, oldest first; those without anything too.
    public func nights(last count: Int) throws -> [Night] {
        let last = NightCount.night(of: time.wallMilliseconds)
        return try store.nights(from: last - Int64(max(1, count)) + 1, through: last)
    }
}

/// Counts for a night, kept in the transaction of what they count.
enum NightCount {
    private static let day: Int64 = 86_400_000
    private static let noon: Int64 = 43_200_000

    static func night(of milliseconds: Int64) -> Int64 {
        let since = milliseconds - noon
        return since >= 0 ? since / day : (since + 1) / day - 1
    }

    static func began(_ night: Int64) -> Int64 { night * day + noon }

    static func add(
        syncs: Int = 0, up: Int = 0, down: Int = 0, atMilliseconds now: Int64, _ database: Database
    ) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO hub_night(night, syncs, bytes_up, bytes_down) VALUES(?, ?, ?, ?)
                ON CONFLICT(night) DO UPDATE SET syncs = syncs + excluded.syncs,
                  bytes_up = bytes_up + excluded.bytes_up, bytes_down = bytes_down + excluded.bytes_down
                """
        ).execute(arguments: [night(of: now), syncs, up, down])
    }
}

extension SQLiteHubStore {
    package func nights(from first: Int64, through last: Int64) throws -> [Hub.Night] {
        try read("Counting nights") { database in
            var counted: [Int64: Row] = [:]
            for row in try Row.fetchAll(
                database, sql: "SELECT * FROM hub_night WHERE night BETWEEN ? AND ?", arguments: [first, last])
            {
                counted[row["night"]] = row
            }
            var opened: [Int64: Int] = [:]
            for at in try Int64.fetchAll(
                database, sql: "SELECT opened_ms FROM hub_conflict WHERE opened_ms >= ?",
                arguments: [NightCount.began(first)])
            {
                opened[NightCount.night(of: at), default: 0] += 1
            }
            return (first...max(first, last)).map { night in
                Hub.Night(
                    beganMilliseconds: NightCount.began(night), syncs: counted[night]?["syncs"] ?? 0,
                    bytesUp: counted[night]?["bytes_up"] ?? 0, bytesDown: counted[night]?["bytes_down"] ?? 0,
                    conflicts: opened[night] ?? 0)
            }
        }
    }
}
