import GRDB
import ReUniteSync

/// Notices that somebody changed the file's schema, and puts right what capture needs: rebuilding a table in the usual
/// way drops all its triggers without a word.
///
/// What was inserted meanwhile is found by a scan. What was changed meanwhile is found by comparing values with the hub's,
/// which is due from then on (``RepairLog``); what was deleted is told as missing, and never counts as deleted.
enum SchemaWatch {
    /// The fact that holds the schema's version, SQLite's own count of changes to it, as it was last seen.
    private static let fact = "schema_cookie"
    /// The fact that holds the form of the triggers, so that a newer program writes them anew.
    private static let formFact = "capture_form"

    /// Compares the schema's version with the one last seen: one look when nobody changed it.
    ///
    /// - Parameter schema: what this program takes the file's tables to be.
    /// - Throws: ``Failure`` (configuration) when the synced tables are others than that.
    static func check(_ database: Database, _ schema: SchemaDescription, atMilliseconds now: Int64) throws {
        let seen = try EngineStatement.integer("SELECT value FROM ru_meta WHERE name = '\(fact)'", database)
        guard try EngineStatement.integer("PRAGMA schema_version", database) != seen else { return }
        let found = try ManifestReader.read(database)
        guard found.version == schema.version, found.tables.elementsEqual(schema.tables, by: isAlike) else {
            throw Failure(
                .configuration, what: "Reading the schema", why: "the synced tables were changed meanwhile",
                remedy: "Run the command again, with the newest reunite-sync that uses this file")
        }
        try mend(database, schema, atMilliseconds: now, isOwnChange: !hasForm(database))
    }

    /// Whether the schema is the one last seen, with triggers as this program writes them.
    static func isCurrent(_ database: Database) throws -> Bool {
        let seen = try Int64.fetchOne(database, sql: "SELECT value FROM ru_meta WHERE name = ?", arguments: [fact])
        let form = try Int.fetchOne(database, sql: "SELECT value FROM ru_meta WHERE name = ?", arguments: [formFact])
        return try Int64.fetchOne(database, sql: "PRAGMA schema_version") == seen && form == CaptureTriggers.form
    }

    /// Whether this program writes its triggers as those in the file were last written.
    static func hasForm(_ database: Database) throws -> Bool {
        let form = try Int.fetchOne(database, sql: "SELECT value FROM ru_meta WHERE name = ?", arguments: [formFact])
        return form == CaptureTriggers.form
    }

    /// Puts back what is missing, scans the tables that were not fully guarded, and notes the schema as seen.
    ///
    /// - Parameter isOwnChange: whether triggers are missing because this program has just changed the tables, or writes
    ///   its triggers anew: then nobody had the time to write without them.
    static func mend(
        _ database: Database, _ schema: SchemaDescription, atMilliseconds now: Int64, isOwnChange: Bool
    ) throws {
        for table in try CaptureTriggers.install(schema, in: database) {
            let found = try scan(table, database, atMilliseconds: now)
            if isOwnChange { continue }
            try RepairLog.note(.triggers, table: table.name, atMilliseconds: now, database)
            if found > 0 {
                try RepairLog.note(.unlogged, table: table.name, rows: found, atMilliseconds: now, database)
            }
            try RepairLog.askForCheck(database)
        }
        try TextViews.install(schema, in: database)
        try note(database)
    }

    /// `VACUUM` counts as a change of the schema, which it is not: the version after it is as good as the one before.
    static func noteVacuum(_ database: Database, after version: Int64) throws {
        try database.execute(
            sql: "UPDATE ru_meta SET value = value + 1 WHERE name = ? AND value = ?", arguments: [fact, version])
    }

    /// Takes the schema as it is for seen.
    static func note(_ database: Database) throws {
        let version = try Int64.fetchOne(database, sql: "PRAGMA schema_version")
        for (name, value) in [(fact, version), (formFact, Int64(CaptureTriggers.form))] {
            try database.execute(
                sql: """
                    INSERT INTO ru_meta(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value
                    WHERE value IS NOT excluded.value
                    """,
                arguments: [name, value])
        }
    }

    /// Marks the rows of all tables that neither the hub nor the change log knows. Returns how many.
    static func scanAll(
        _ database: Database, _ schema: SchemaDescription, atMilliseconds now: Int64
    ) throws -> Int {
        try check(database, schema, atMilliseconds: now)
        var found = 0
        for table in schema.tables {
            let rows = try scan(table, database, atMilliseconds: now)
            if rows > 0 {
                try RepairLog.note(.unlogged, table: table.name, rows: rows, atMilliseconds: now, database)
            }
            found += rows
        }
        return found
    }

    /// Marks such rows of one scope in one table. Returns how many.
    static func scan(
        _ table: TableDescription, of scope: Identifier, _ database: Database, atMilliseconds now: Int64
    ) throws -> Int {
        guard let column = table.scopeColumn else { return 0 }
        return try scan(table, database, where: "AND \(quoted(column)) = :scope", scope, atMilliseconds: now)
    }

    /// Marks the rows that neither the hub nor the change log knows. Rows that came back, or that the hub is asked
    /// for, are known.
    ///
    /// - Returns: how many these are.
    private static func scan(
        _ table: TableDescription, _ database: Database, where condition: String = "", _ scope: Identifier = .zero,
        atMilliseconds now: Int64
    ) throws -> Int {
        // By look-ups where there is an index: SQLite would keep a list of all that is known in memory.
        let found = ["ru_pending", "ru_want"].map {
            "AND NOT EXISTS (SELECT 1 FROM \($0) WHERE tbl = :table AND key = t.id)"
        }
        let listed = ["ru_journal", "ru_returned"].map {
            "AND id NOT IN (SELECT key FROM \($0) WHERE tbl = :table AND key IS NOT NULL)"
        }
        let start = ClockForm.key(table.number, .zero).dropLast(16)
        var arguments: StatementArguments = [
            "table": Int64(table.number), "now": now, "start": Array(start).sqlBlob,
        ]
        if !condition.isEmpty { arguments += ["scope": scope.sqlBlob] }
        try database.execute(
            sql: """
                INSERT INTO ru_journal(tbl, key, mask, ms)
                SELECT :table, id, \(JournalFold.scanMark), :now FROM \(quoted(table.name)) AS t
                WHERE typeof(id) = 'blob' AND length(id) = 16 \(condition) \((found + listed).joined(separator: " "))
                AND NOT EXISTS (SELECT 1 FROM ru_clock WHERE key = CAST(:start || t.id AS BLOB)) ORDER BY id
                """,
            arguments: arguments)
        return database.changesCount
    }

    /// Whether two descriptions make the same ops. References do not: a rebuilt table may have lost some.
    private static func isAlike(_ left: TableDescription, _ right: TableDescription) -> Bool {
        left.number == right.number && left.name == right.name && left.columns == right.columns
            && left.groups == right.groups && left.isAppendOnly == right.isAppendOnly
            && left.allocation == right.allocation
    }
}
