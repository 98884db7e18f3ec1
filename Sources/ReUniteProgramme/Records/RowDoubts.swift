package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A row that cannot be right, or hardly: kept, and named with the reason.
package struct RowDoubt: Hashable, Sendable, Encodable {
    package let table: String
    package let row: String
    package let column: String
    /// A sentence for people. It says nothing of what is in the row.
    package let why: String
    /// The code of the partner whose row it is, where that is known here.
    package let partner: String?

    /// A line for whoever has just written it.
    package func words(_ labels: Labels) -> String {
        "\(labels.table(table).label), \(labels.column(table, column)): \(why). Compare it with the paper; it is kept as it is."
    }
}

/// Looks for what was typed past every form and import, by any program that writes the file.
package enum RowDoubts {
    static let noDay = "there is no such day"
    static let noYear = "the year cannot be right"
    static let noMonth = "there is no such month"
    static let noCode = "it is not in the list of codes"
    static let control = "there is a control character in it"

    /// All that is doubtful in the rows that are here: what the view `row_doubt` knows of the programme, and in every
    /// column days that no calendar has, codes that no list has, and control characters.
    package static func all(in database: Database) throws -> [RowDoubt] {
        let partners = try owners(in: database)
        func doubt(_ table: String, _ id: Identifier, _ scope: Identifier?, _ column: String, _ why: String) -> RowDoubt
        {
            RowDoubt(
                table: table, row: id.description, column: column, why: why, partner: scope.flatMap { partners[$0] })
        }
        var found = try Row.fetchAll(database, sql: "SELECT tbl, id, scope, col, why FROM row_doubt").map { row in
            doubt(row["tbl"], row.identifier("id"), row.identifier("scope"), row["col"], row["why"])
        }
        for column in try Row.fetchAll(database, sql: columns) {
            let (table, name, scope): (String, String, String?) = (
                column["tbl"], column["name"], column["scope_column"]
            )
            let checks = ColumnChecks(column: name, sql: column["sql"])
            for (why, condition) in conditions(name, checks, list: column["code_list"]) {
                let rows = try Row.fetchAll(
                    database,
                    sql: """
                        SELECT id, \(scope.map { "t." + quoted($0) } ?? "NULL") AS scope FROM \(quoted(table)) t
                        WHERE typeof(t.\(quoted(name))) = 'text' AND (\(condition))
                        """, arguments: why == noCode ? [column["code_list"] as String?] : [])
                found += rows.map {
                    doubt(table, $0.identifier("id"), $0["scope"] == nil ? nil : $0.identifier("scope"), name, why)
                }
            }
        }
        return Array(Set(found)).sorted {
            ($0.table, $0.row, $0.column, $0.why) < ($1.table, $1.row, $1.column, $1.why)
        }
    }

    /// What `row_doubt` knows of rows that were just written.
    ///
    /// - Parameters:
    ///   - scope: the case, or what else the rows hang on.
    ///   - row: one row of it; nil for all.
    ///   - now: milliseconds since 1970.
    package static func said(
        of scope: Identifier, row: Identifier? = nil, in database: Database, now: Int64
    ) throws -> [RowDoubt] {
        try Guards.setClock(now, in: database)
        return try Row.fetchAll(
            database,
            sql: """
                SELECT tbl, id, col, why FROM row_doubt WHERE scope = ?1 AND (?2 IS NULL OR id = ?2)
                ORDER BY tbl, id, col, why
                """, arguments: [scope.sqlBlob, row?.sqlBlob]
        ).map {
            RowDoubt(
                table: $0["tbl"], row: $0.identifier("id").description, column: $0["col"], why: $0["why"], partner: nil)
        }
    }

    /// What is doubtful in a case, or in what else rows hang on, in words.
    ///
    /// - Parameter now: milliseconds since 1970.
    package static func words(of scope: Identifier, in database: Database, now: Int64) throws -> [String] {
        let doubts = try said(of: scope, in: database, now: now)
        guard !doubts.isEmpty else { return [] }
        let labels = try Labels(database)
        return doubts.map { $0.words(labels) }
    }

    /// Every column of a synced table that may hold text, with the table's own text.
    private static let columns = """
        SELECT c.tbl, c.name, c.code_list, t.scope_column, s.sql FROM ru_column c JOIN ru_table t ON t.name = c.tbl
        JOIN sqlite_schema s ON s.type = 'table' AND s.name = c.tbl
        WHERE EXISTS (SELECT 1 FROM pragma_table_info(c.tbl) p WHERE p.name = c.name AND p.type = 'TEXT')
        ORDER BY c.tbl, c.name
        """

    private static func conditions(_ name: String, _ checks: ColumnChecks, list: String?) -> [(
        why: String, sql: String
    )] {
        let value = "t.\(quoted(name))"
        var all = [(control, controls(in: value))]
        let known = "(SELECT code FROM code_value WHERE list = ?)"
        if let list, !list.isEmpty {
            all.append((noCode, checks.holdsSeveral ? unknownCode(in: value, known) : "\(value) NOT IN \(known)"))
        }
        if checks.isDate {
            all.append((noDay, "date(\(value), '+0 days') IS NOT \(value)"))
            all.append((noYear, "\(value) < '1900' OR \(value) >= '2200'"))
        }
        if checks.isMonth { all.append((noMonth, "substr(\(value), 6) NOT BETWEEN '01' AND '12'")) }
        return all
    }

    /// The same as ``CSVText/isControl(_:)``. GLOB ends at a NUL, and cannot tell the last two from a lost letter.
    private static func controls(in value: String) -> String {
        let ranges = CSVText.controls.filter { $0.upperBound < 0xFFFE }
            .map { "char(\(max($0.lowerBound, 1))) || '-' || char(\($0.upperBound))" }
        let single = [0, 0xFFFE, 0xFFFF].map { "instr(\(value), char(\($0))) > 0" }
        return
            "\(value) GLOB '*[' || \(ranges.joined(separator: " || ")) || ']*' OR \(single.joined(separator: " OR "))"
    }

    /// Whether one of the codes between the commas of a cell is unknown.
    private static func unknownCode(in value: String, _ known: String) -> String {
        """
        EXISTS (
          WITH RECURSIVE part(code, rest) AS (
            SELECT NULL, \(value) || ','
            UNION ALL SELECT substr(rest, 1, instr(rest, ',') - 1), substr(rest, instr(rest, ',') + 1)
            FROM part WHERE rest <> '')
          SELECT 1 FROM part WHERE code IS NOT NULL AND code NOT IN \(known))
        """
    }

    /// The partner's code by scope: cases by their owner.
    private static func owners(in database: Database) throws -> [Identifier: String] {
        Dictionary(
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, code FROM partner
                    UNION ALL SELECT f.id, p.code FROM case_file f JOIN partner p ON p.id = f.owner_partner_id
                    UNION ALL SELECT r.id, p.code FROM referral r JOIN partner p ON p.id = r.from_partner_id
                    """
            ).map { ($0.identifier("id"), $0["code"] as String) }, uniquingKeysWith: { first, _ in first })
    }
}
