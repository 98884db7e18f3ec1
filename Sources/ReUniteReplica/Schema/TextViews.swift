package import GRDB
package import ReUniteSync

/// A view of each synced table with readable ids, for people who type SQL and for `.import`.
///
/// `case_file_text` shows what `case_file` holds, with every 16-byte key as a UUID text; an insert, update or delete
/// through it changes the table.
package enum TextViews {
    package static func install(_ schema: SchemaDescription, in database: Database) throws {
        let existing = try Row.fetchAll(
            database, sql: "SELECT name, sql FROM sqlite_schema WHERE type IN ('view', 'trigger') AND sql IS NOT NULL")
        let texts = Dictionary(
            existing.map { ($0["name"] as String, $0["sql"] as String) }, uniquingKeysWith: { first, _ in first })
        if texts["ru_pair"] == nil { try database.execute(sql: pairs) }
        for table in schema.tables {
            let all = statements(for: table, defaults: try defaults(of: table, database))
            // Dropping a view drops its triggers too, so a table's are whole or made anew.
            if all.allSatisfy({ texts[$0.name] == $0.sql }) { continue }
            let isReplaced = all.contains { texts[$0.name] != nil }
            for (kind, name, sql) in all {
                if isReplaced { try database.execute(sql: "DROP \(kind) IF EXISTS \(quoted(name))") }
                try database.execute(sql: sql)
            }
        }
    }

    /// The default of each column that may not be NULL.
    private static func defaults(of table: TableDescription, _ database: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT name, dflt_value FROM pragma_table_xinfo(?) WHERE dflt_value IS NOT NULL
                """, arguments: [table.name])
        return Dictionary(
            rows.map { ($0["name"] as String, $0["dflt_value"] as String) }, uniquingKeysWith: { first, _ in first })
    }

    private static func statements(
        for table: TableDescription, defaults: [String: String]
    ) -> [(kind: String, name: String, sql: String)] {
        let view = "\(table.name)_text"
        let names = table.columns.map(\.name)
        let shown = table.columns.map { column in
            column.type == .blob
                ? "\(text(quoted(column.name))) AS \(quoted(column.name))" : quoted(column.name)
        }
        let select = "SELECT \(([text("id") + " AS id"] + shown).joined(separator: ", ")) FROM \(quoted(table.name))"
        func stored(_ column: ColumnDescription) -> String {
            column.type == .blob ? blob("NEW.\(quoted(column.name))") : "NEW.\(quoted(column.name))"
        }
        func inserted(_ column: ColumnDescription) -> String {
            defaults[column.name].map { "coalesce(\(stored(column)), \($0))" } ?? stored(column)
        }
        func changed(_ column: ColumnDescription) -> String {
            guard column.type == .blob else { return stored(column) }
            // What the view cannot spell stays as it is unless somebody writes another text.
            let field = quoted(column.name)
            return "CASE WHEN NEW.\(field) IS OLD.\(field) THEN \(field) ELSE \(stored(column)) END"
        }
        func refusal(of name: String, unlessKept: Bool = false) -> String {
            let field = "NEW.\(quoted(name))"
            let other = unlessKept ? " AND \(field) IS NOT OLD.\(quoted(name))" : ""
            return """
                SELECT RAISE(ABORT, '\(name) is not a UUID') WHERE \(field) <> ''\(other) AND \
                (length(replace(\(field),'-','')) <> 32 OR replace(\(field),'-','') GLOB '*[^0-9a-fA-F]*')
                """
        }
        let blobs = table.columns.filter { $0.type == .blob }.map(\.name)
        let checks = blobs.map { refusal(of: $0) + "; " }.joined()
        let changeChecks = blobs.map { refusal(of: $0, unlessKept: true) + "; " }.joined()
        let fields = names.map(quoted).joined(separator: ", ")
        let values = table.columns.map(inserted).joined(separator: ", ")
        let assignments = table.columns.map { "\(quoted($0.name)) = \(changed($0))" }.joined(separator: ", ")
        let none = "coalesce(NEW.id, '') = ''"
        let on = "ON \(quoted(view))"
        let target = quoted(table.name)
        return [
            ("VIEW", view, "CREATE VIEW \(quoted(view)) AS \(select)"),
            (
                "TRIGGER", "\(view)_insert",
                """
                CREATE TRIGGER \(quoted("\(view)_insert")) INSTEAD OF INSERT \(on) WHEN \(none)
                BEGIN \(checks)INSERT INTO \(target)(\(fields)) VALUES(\(values)); END
                """
            ),
            (
                "TRIGGER", "\(view)_insert_id",
                """
                CREATE TRIGGER \(quoted("\(view)_insert_id")) INSTEAD OF INSERT \(on) WHEN NOT (\(none))
                BEGIN \(refusal(of: "id")); \(checks)INSERT INTO \(target)(id, \(fields)) VALUES(\(blob("NEW.id")), \(values)); END
                """
            ),
            (
                "TRIGGER", "\(view)_update",
                """
                CREATE TRIGGER \(quoted("\(view)_update")) INSTEAD OF UPDATE \(on)
                BEGIN SELECT RAISE(ABORT, 'the id of a row cannot be changed: insert a new row instead') \
                WHERE lower(NEW.id) IS NOT OLD.id; \(changeChecks)UPDATE \(target) SET \(assignments) WHERE id = \(blob("OLD.id")); END
                """
            ),
            (
                "TRIGGER", "\(view)_delete",
                """
                CREATE TRIGGER \(quoted("\(view)_delete")) INSTEAD OF DELETE \(on)
                BEGIN DELETE FROM \(target) WHERE id = \(blob("OLD.id")); END
                """
            ),
        ]
    }

    private static func text(_ column: String) -> String {
        let hex = "lower(hex(\(column)))"
        return """
            CASE WHEN \(column) IS NULL THEN NULL WHEN length(\(column)) = 16 THEN substr(\(hex),1,8)||'-'||substr(\(hex),9,4)||'-'||\
            substr(\(hex),13,4)||'-'||substr(\(hex),17,4)||'-'||substr(\(hex),21) ELSE \(hex) END
            """
    }

    /// Where in 32 hexadecimal digits the pairs begin.
    private static let pairs = """
        CREATE VIEW ru_pair(n) AS \
        WITH RECURSIVE p(n) AS (SELECT 1 UNION ALL SELECT n + 2 FROM p WHERE n < 31) SELECT n FROM p
        """

    /// The blob that a UUID text spells; NULL when it spells none. SQLite before 3.41 has no `unhex`, so each pair of
    /// digits is looked up. Short, because whoever opens a file parses it hundreds of times.
    private static func blob(_ field: String) -> String {
        let digits = "replace(\(field),'-','')"
        return """
            (SELECT CASE count(*) WHEN 16 THEN CAST(group_concat(b,'') AS BLOB) END FROM (SELECT b FROM ru_pair \
            CROSS JOIN ru_hex ON t=substr(\(digits),n,2) WHERE length(\(digits))=32 ORDER BY n))
            """
    }
}
