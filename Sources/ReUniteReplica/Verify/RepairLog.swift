package import GRDB
import ReUniteSync

/// One thing that was out of place in a replica and was put right: what and where, never what it said.
public struct Repair: Hashable, Sendable {
    /// What was out of place.
    public enum What: String, Sendable {
        /// Triggers of the change log were missing or different.
        case triggers
        /// Rows were in a table that neither the hub nor the change log knew.
        case unlogged
        /// Rows showed other values than the hub's of the same version.
        case drifted
        /// Rows were of another version than the hub's.
        case stale
        /// Rows were gone from a table without a mark.
        case missing
        /// The sum that is kept of the clocks was not what they come to.
        case digest

        /// Whether what this replica showed was not what it had received.
        var isOfContent: Bool { self != .triggers && self != .unlogged }
    }

    /// By this device's clock, milliseconds since 1970.
    public var atMilliseconds: Int64
    public var what: What
    /// Empty where it was of no table.
    public var table: String
    /// How many rows, where it was about rows; 0 otherwise.
    public var rows: Int
}

/// The list of what was put right in a replica, and what follows from it. It is kept as a fact of the replica's own.
package enum RepairLog {
    private static let fact = "repairs"
    /// When everything was last fetched anew; what was out of place before is put right by that.
    private static let wholeFact = "repairs_whole_ms"
    /// Present while values are to be compared with the hub's, however recently they were.
    private static let checkFact = "check_due"
    /// So many of the newest are kept.
    private static let limit = 64
    package static let week: Int64 = 7 * 86_400_000
    private static let day: Int64 = 86_400_000
    /// So many incidents in a week are no accident.
    package static let alarm = 2

    /// Puts something on the list. What is found in several parts of one table counts as one thing.
    static func note(
        _ what: Repair.What, table: String = "", rows: Int = 0, atMilliseconds now: Int64, _ database: Database
    ) throws {
        var all = try self.all(database)
        let same = all.lastIndex {
            $0.what == what && $0.table == table && abs(now - $0.atMilliseconds) < minute
        }
        if let same {
            all[same].rows += rows
        } else {
            all.append(Repair(atMilliseconds: now, what: what, table: table, rows: rows))
        }
        try set(fact, to: all.suffix(limit).map(line).joined(separator: "\n"), database)
    }

    private static let minute: Int64 = 60_000

    /// What was put right in the last seven days, oldest first.
    package static func recent(_ database: Database, atMilliseconds now: Int64) throws -> [Repair] {
        try all(database).filter { now - $0.atMilliseconds < week }
    }

    /// How many incidents these are: what is found within a day of the first is one, for one rebuilt table is noticed at its
    /// triggers, then at its rows, then at its values.
    package static func incidents(_ repairs: [Repair]) -> Int {
        var count = 0
        var first: Int64?
        for repair in repairs.sorted(by: { $0.atMilliseconds < $1.atMilliseconds }) {
            if let first, repair.atMilliseconds - first < day { continue }
            first = repair.atMilliseconds
            count += 1
        }
        return count
    }

    // MARK: What follows

    /// Whether everything is to be fetched anew: what was found since that was last done is too much to trust the rest.
    static func asksForWhole(_ database: Database, atMilliseconds now: Int64) throws -> Bool {
        let found = try recent(database, atMilliseconds: now).filter(\.what.isOfContent)
        guard found.count >= alarm else { return false }
        let whole = try EngineStatement.integer("SELECT value FROM ru_meta WHERE name = '\(wholeFact)'", database) ?? 0
        return incidents(found.filter { $0.atMilliseconds > whole }) >= alarm
    }

    /// Takes note that everything has been fetched anew, and compared with what was here.
    static func noteWhole(_ database: Database, atMilliseconds now: Int64) throws {
        guard try !all(database).isEmpty else { return }
        try set(wholeFact, to: now, database)
    }

    /// Has values compared with the hub's at the next chance.
    static func askForCheck(_ database: Database) throws {
        try set(checkFact, to: 1, database)
    }

    static func asksForCheck(_ database: Database) throws -> Bool {
        try EngineStatement.integer("SELECT 1 FROM ru_meta WHERE name = '\(checkFact)'", database) != nil
    }

    static func noteCheck(_ database: Database) throws {
        try EngineStatement(database, "DELETE FROM ru_meta WHERE name = '\(checkFact)'").run()
    }

    // MARK: The weekly look

    private static let examinedFact = "examined_ms"

    /// When the file was last looked at by itself, by this device's clock; nil where it never was.
    static func examined(_ database: Database) throws -> Int64? {
        try EngineStatement.integer("SELECT value FROM ru_meta WHERE name = '\(examinedFact)'", database)
    }

    static func noteExamined(_ database: Database, atMilliseconds now: Int64) throws {
        try set(examinedFact, to: now, database)
    }

    // MARK: Form

    /// What is there and cannot be read is left out: no sync waits for this list.
    private static func all(_ database: Database) throws -> [Repair] {
        let read = try EngineStatement(database, "SELECT value FROM ru_meta WHERE name = '\(fact)'")
        guard try read.step(), case .text(let text) = read.value(0) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
            guard parts.count == 4, let time = Int64(parts[0]), let what = Repair.What(rawValue: String(parts[1])),
                let rows = Int(parts[2])
            else { return nil }
            return Repair(atMilliseconds: time, what: what, table: String(parts[3]), rows: rows)
        }
    }

    private static func line(_ repair: Repair) -> String {
        "\(repair.atMilliseconds) \(repair.what.rawValue) \(repair.rows) \(repair.table)"
    }

    private static func set(_ name: String, to value: some DatabaseValueConvertible, _ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO ru_meta(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value
                """,
            arguments: [name, value])
    }
}
