package import GRDB
package import ReUniteSync

/// A view of each synced table with readable ids, for people who type SQL and for `.import`.
///
/// `case_file_text` shows what `case_file` holds, with every 16-byte key as a UUID text; an insert, update or delete
/// through it changes the table.
package enum TextViews {
    package static func install(_ schema: SchemaDescription, in database: Database) throws {
        for table in schema.tables {
            for (kind, name, sql) in statements(for: table) {
                try database.execute(sql: "DROP \(kind) IF EXISTS \(quoted(name))")
                try database.execute(sql: sql)
            }
        }
    }

    private static func statements(for table: TableDescription) -> [(kind: String, name: String, sql: String)] {
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
        let fields = names.map(quoted).joined(separator: ", ")
        let values = table.columns.map(stored).joined(separator: ", ")
        let assignments = table.columns.map { "\(quoted($0.name)) = \(stored($0))" }.joined(separator: ", ")
        let on = "ON \(quoted(view))"
        let target = quoted(table.name)
        return [
            ("VIEW", view, "CREATE VIEW \(quoted(view)) AS \(select)"),
            (
                "TRIGGER", "\(view)_insert",
                """
                CREATE TRIGGER \(quoted("\(view)_insert")) INSTEAD OF INSERT \(on) WHEN NEW.id IS NULL
                BEGIN INSERT INTO \(target)(\(fields)) VALUES(\(values)); END
                """
            ),
            (
                "TRIGGER", "\(view)_insert_id",
                """
                CREATE TRIGGER \(quoted("\(view)_insert_id")) INSTEAD OF INSERT \(on) WHEN NEW.id IS NOT NULL
                BEGIN INSERT INTO \(target)(id, \(fields)) VALUES(\(blob("NEW.id")), \(values)); END
                """
            ),
            (
                "TRIGGER", "\(view)_update",
                """
                CREATE TRIGGER \(quoted("\(view)_update")) INSTEAD OF UPDATE \(on)
                BEGIN UPDATE \(target) SET \(assignments) WHERE id = \(blob("OLD.id")); END
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
            CASE length(\(column)) WHEN 16 THEN substr(\(hex),1,8)||'-'||substr(\(hex),9,4)||'-'||\
            substr(\(hex),13,4)||'-'||substr(\(hex),17,4)||'-'||substr(\(hex),21) ELSE \(hex) END
            """
    }

    /// The blob that a UUID text spells. SQLite before 3.41 has no `unhex`, so each pair of digits picks a byte.
    private static func blob(_ field: String) -> String {
        let plain = "lower(replace(\(field),'-',''))"
        let digits = "'0123456789abcdef'"
        let hex = Array("0123456789abcdef")
        let allBytes = (0..<256).map { "\(hex[$0 >> 4])\(hex[$0 & 15])" }.joined()
        let bytes = stride(from: 1, through: 31, by: 2).map { place in
            """
            substr(b,(instr(\(digits),substr(h,\(place),1))-1)*16+instr(\(digits),substr(h,\(place + 1),1)),1)
            """
        }
        return """
            (SELECT CASE WHEN length(h)=32 AND h NOT GLOB '*[^0-9a-f]*' THEN CAST(\(bytes.joined(separator: "||")) \
            AS BLOB) END FROM (SELECT \(plain) AS h, x'\(allBytes)' AS b))
            """
    }
}
