import GRDB
import Testing

@testable import ReUniteProgramme

/// What pages and imports are driven by: texts and lists beside the columns, as data.
@Suite("The schema says in words what it holds")
struct SchemaTextTests {
    private func rows(_ sql: String) throws -> [String] {
        let network = try Network()
        return try network.edit { try String.fetchAll($0, sql: sql) }
    }

    @Test("Every table and every column has a label and a help text")
    func helps() throws {
        #expect(
            try rows(
                """
                SELECT tbl || '.' || name FROM ru_column WHERE trim(label) = '' OR trim(help) = ''
                UNION ALL SELECT name FROM ru_table WHERE trim(label) = '' OR trim(help) = ''
                """) == [])
    }

    @Test("A code list that a column names has codes, and a code's parent is a code")
    func lists() throws {
        #expect(
            try rows(
                """
                SELECT tbl || '.' || name FROM ru_column
                WHERE code_list IS NOT NULL AND code_list NOT IN (SELECT list FROM code_value WHERE active = 1)
                """) == [])
        #expect(
            try rows(
                """
                SELECT list || '.' || code FROM code_value c WHERE parent IS NOT NULL
                  AND parent NOT IN (SELECT code FROM code_value
                    WHERE list = CASE c.list WHEN 'need.section' THEN 'need.category' ELSE c.list END)
                """) == [])
    }

    @Test("No code is in a list twice")
    func codes() throws {
        #expect(
            try rows("SELECT list || '.' || code FROM code_value GROUP BY list, code HAVING count(*) > 1") == [])
    }

    @Test("What other agencies call a code is said of every category of need, in codes that exist")
    func otherNames() throws {
        #expect(
            try rows(
                """
                SELECT m.code || ' ' || m.other_code FROM code_map m
                WHERE NOT EXISTS (SELECT 1 FROM code_value v WHERE v.list = m.list AND v.code = m.code)
                  OR NOT EXISTS (SELECT 1 FROM code_value v WHERE v.list = m.other_list AND v.code = m.other_code)
                UNION ALL
                SELECT v.code FROM code_value v WHERE v.list IN ('need.category', 'need.intervention')
                  AND v.code NOT IN (SELECT code FROM code_map) AND v.code NOT IN (SELECT other_code FROM code_map)
                """) == [])
    }

    @Test("A unit is said of a column that is a number, and of every column whose name ends in one")
    func units() throws {
        #expect(
            try rows(
                """
                SELECT u.tbl || '.' || u.col FROM column_unit u
                WHERE NOT EXISTS (SELECT 1 FROM ru_column c, pragma_table_xinfo(c.tbl) x
                  WHERE c.tbl = u.tbl AND c.name = u.col AND x.name = c.name AND x.type = 'INTEGER')
                UNION ALL
                SELECT tbl || '.' || name FROM ru_column c
                WHERE (name GLOB '*_pence' OR name GLOB '*_days' OR name GLOB '*_months' OR name GLOB '*_years'
                    OR name GLOB '*_per_mille' OR name IN ('minutes', 'nights', 'bedrooms'))
                  AND NOT EXISTS (SELECT 1 FROM column_unit u WHERE u.tbl = c.tbl AND u.col = c.name)
                """) == [])
    }

    @Test("Every value that a table's own text lists has words, in exports, on pages and in imports")
    func values() throws {
        let network = try Network()
        let (bare, unread, unknown) = try network.edit { database in
            let words = try Labels(database)
            let tables = try RecordTables(database)
            let columns = try Row.fetchAll(
                database,
                sql: """
                    SELECT c.tbl, c.name, s.sql FROM ru_column c
                    JOIN sqlite_schema s ON s.type = 'table' AND s.name = c.tbl WHERE c.code_list IS NULL
                    """)
            var (bare, unread): ([String], [String]) = ([], [])
            for column in columns {
                let (table, name): (String, String) = (column["tbl"], column["name"])
                for value in ColumnChecks(column: name, sql: column["sql"]).values {
                    let label = words.words(value, of: name, in: table)
                    if label == value { bare.append("\(table).\(name): \(value)") }
                    guard let rule = tables[table]?.rule(name), rule.manifest.policy != "state" else { continue }
                    for text in [value, label] where rule.codesByText[FieldRule.plain(text)]?.code != value {
                        unread.append("\(table).\(name): \(text)")
                    }
                }
            }
            let unknown = try String.fetchAll(
                database,
                sql: """
                    SELECT l.tbl || '.' || l.col || ': ' || l.value FROM value_label l
                    WHERE NOT EXISTS (SELECT 1 FROM ru_column c JOIN sqlite_schema s ON s.name = c.tbl
                      WHERE c.tbl = l.tbl AND c.name = l.col AND instr(s.sql, '''' || l.value || '''') > 0)
                    """)
            return (bare, unread, unknown)
        }
        #expect(bare == [])
        #expect(unread == [])
        #expect(unknown == [])
    }

    @Test("A state column has the same values in its check, in its order and in its first steps")
    func states() throws {
        let network = try Network()
        try network.edit { database in
            let columns = try Row.fetchAll(database, sql: "SELECT tbl, name FROM ru_column WHERE policy = 'state'")
            #expect(columns.count > 10)
            for column in columns {
                let (table, name): (String, String) = (column["tbl"], column["name"])
                let ordered = try String.fetchAll(
                    database, sql: "SELECT value FROM workflow_state WHERE tbl = ? AND col = ?",
                    arguments: [table, name])
                let made = try String.fetchOne(
                    database, sql: "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?",
                    arguments: [table])
                for value in ordered { #expect(made?.contains("'\(value)'") == true, "\(table).\(name): \(value)") }
                let stepped = try String.fetchSet(
                    database,
                    sql: """
                        SELECT to_value FROM workflow_transition WHERE tbl = :tbl AND col = :col
                        UNION SELECT from_value FROM workflow_transition
                          WHERE tbl = :tbl AND col = :col AND from_value IS NOT NULL
                        """, arguments: ["tbl": table, "col": name])
                #expect(stepped.isSubset(of: ordered), "\(table).\(name)")
                let first = try Int.fetchOne(
                    database,
                    sql: "SELECT count(*) FROM workflow_transition WHERE tbl = ? AND col = ? AND from_value IS NULL",
                    arguments: [table, name])
                #expect(first != 0, "\(table).\(name) has no first value")
            }
        }
    }
}
