import GRDB
import ReUniteReplica
import ReUniteSync

/// What one column of a table takes from a file, and in which words it is called: read from the schema's own text, the
/// code lists and the steps of states.
struct FieldRule: Sendable {
    enum Kind: Hashable, Sendable {
        case text, date, instant, yesOrNo, integer, money
        /// The row's own key.
        case key
        case caseFile, partner
        /// A row of one of these tables.
        case row([String])
    }

    struct Code: Hashable, Sendable {
        let code: String
        let label: String
        let isActive: Bool
    }

    let table: String
    let column: String
    let label: String
    let kind: Kind
    let checks: ColumnChecks
    /// Whether it must have a value, and the table has none for it.
    let isRequired: Bool
    /// What it may hold; empty where anything goes.
    let codes: [Code]
    /// Codes by every way of writing them; without those that could be two.
    let codesByText: [String: Code]
    /// Where codes come from when the list is of no use to a reader: 300 authorities.
    let isCodeOfRow: Bool
    /// What the manifest says about the column besides; empty for the row's key.
    var manifest = Manifest()

    struct Manifest: Hashable, Sendable {
        var help = ""
        /// What a number counts; empty where nothing says it.
        var unit = ""
        var group = 0
        var policy = ""
        /// The text of the column's default; nil without one.
        var defaultText: String?
        var isNullable = true
    }

    var isList: Bool { !codes.isEmpty && checks.holdsSeveral }
    var isBirth: Bool { column.contains("birth") }
    /// Days of the week, added up; typed and shown in words.
    var isWeekdays: Bool { manifest.unit == "weekday bits" }

    /// The same text for all ways of writing a word: letters and digits alone, small.
    static func plain(_ text: some StringProtocol) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber }
    }
}

/// The tables into which a file's rows may go, with their rules.
struct RecordTables {
    struct Table {
        let name: String
        let number: Int
        let label: String
        let scopeKind: String
        let scopeColumn: String
        let rules: [FieldRule]
        /// What only the hub writes, by every way of writing its name or label.
        let hubOnly: Set<String>

        func rule(_ column: String) -> FieldRule? { rules.first { $0.column == column } }
    }

    private let tables: [String: Table]

    /// Tables that commands or the hub fill: steps, packs and signatures that a file cannot make.
    private static let made: Set<String> = ["device", "caseload", "edit_proposal", "consent_override"]

    /// - Parameters:
    ///   - only: one table's name; nil for all.
    ///   - scopeKind: `partner` or `case`: what the tables hang on; nil for both.
    init(_ database: Database, only: String? = nil, scopeKind: String? = nil) throws {
        var tables: [String: Table] = [:]
        let units = Dictionary(
            try Row.fetchAll(database, sql: "SELECT tbl || '.' || col, unit FROM column_unit")
                .map { ($0[0] as String, $0[1] as String) }, uniquingKeysWith: { first, _ in first })
        let lists = try CodeLists(database)
        let hubOnly = Dictionary(
            grouping: try Row.fetchAll(
                database, sql: "SELECT tbl, name, label FROM ru_column WHERE policy = 'hub-only'")
        ) { $0[0] as String }
        for row in try Row.fetchAll(
            database,
            sql: """
                SELECT t.name, t.number, t.label, t.scope_kind, coalesce(t.scope_column, 'id') AS scope_column, s.sql
                FROM ru_table t JOIN sqlite_schema s ON s.type = 'table' AND s.name = t.name
                WHERE t.writer = 'granted' AND t.scope_kind IN ('partner', 'case') AND (?1 IS NULL OR t.name = ?1)
                  AND (?2 IS NULL OR t.scope_kind = ?2)
                ORDER BY t.number
                """, arguments: [only, scopeKind])
        {
            let name: String = row["name"]
            guard !RecordTables.made.contains(name) else { continue }
            let parents = Dictionary(
                try Row.fetchAll(
                    database, sql: "SELECT \"from\", \"table\" FROM pragma_foreign_key_list(?)", arguments: [name]
                )
                .map { ($0[0] as String, $0[1] as String) }, uniquingKeysWith: { first, _ in first })
            let columns = try Row.fetchAll(
                database,
                sql: """
                    SELECT c.name, c.label, c.help, c.grp, c.code_list, c.policy, x.type, x."notnull" AS needed, x.dflt_value
                    FROM ru_column c JOIN pragma_table_xinfo(?1) x ON x.name = c.name WHERE c.tbl = ?1
                      AND c.policy NOT IN ('hub-only', 'owner-only') ORDER BY x.cid
                    """, arguments: [name])
            let key = FieldRule(
                table: name, column: "id", label: "id", kind: .key, checks: ColumnChecks(column: "id", sql: ""),
                isRequired: false, codes: [], codesByText: [:], isCodeOfRow: false)
            let rules = columns.map { column in
                RecordTables.rule(
                    column, of: name, sql: row["sql"], unit: units["\(name).\(column["name"] as String)"],
                    parent: parents[column["name"]], lists: lists)
            }
            tables[name] = Table(
                name: name, number: row["number"], label: row["label"], scopeKind: row["scope_kind"],
                scopeColumn: row["scope_column"], rules: [key] + rules,
                hubOnly: Set(
                    (hubOnly[name] ?? []).flatMap {
                        [FieldRule.plain($0[1] as String), FieldRule.plain($0[2] as String)]
                    }))
        }
        self.tables = tables
    }

    var names: [String] { tables.values.sorted { $0.number < $1.number }.map(\.name) }

    subscript(_ name: String) -> Table? { tables[name] }

    private static func rule(
        _ row: Row, of table: String, sql: String, unit: String?, parent: String?, lists: CodeLists
    ) -> FieldRule {
        let column: String = row["name"]
        let type: String = row["type"]
        let checks = ColumnChecks(column: column, sql: sql)
        let kind: FieldRule.Kind
        switch type {
        case "BLOB" where column == "case_id": kind = .caseFile
        case "BLOB" where column.hasSuffix("partner_id"): kind = .partner
        case "BLOB": kind = .row(parent.map { [$0] } ?? lists.tables(named: column, of: table))
        case "INTEGER" where sql.contains("CHECK(\(column) IN (0, 1))"): kind = .yesOrNo
        case "INTEGER" where column.hasSuffix("_at"): kind = .instant
        case "INTEGER" where unit == "pence": kind = .money
        case "INTEGER": kind = .integer
        default: kind = checks.isDate ? .date : .text
        }
        var codes: [FieldRule.Code] = []
        var isCodeOfRow = false
        if kind == .text {
            let first = row["policy"] == "state" ? lists.firstStates["\(table).\(column)"] : nil
            if let found = first ?? (row["code_list"] as String?).flatMap({ lists.lists[$0] }) {
                codes = found
            } else if !checks.values.isEmpty {
                let labels = lists.lists["\(table).\(column)"] ?? lists.valueLabels["\(table).\(column)"] ?? []
                codes = checks.values.map { value in
                    FieldRule.Code(
                        code: value, label: labels.first { $0.code == value }?.label ?? value, isActive: true)
                }
            } else if let found = lists.rows(for: column) {
                codes = found
                isCodeOfRow = true
            }
        }
        var byText: [String: FieldRule.Code?] = [:]
        for code in codes {
            for text in Set([FieldRule.plain(code.code), FieldRule.plain(code.label)]) where !text.isEmpty {
                byText[text] = byText[text] == nil ? .some(code) : .some(nil)
            }
        }
        // A code is itself, whatever another's label says.
        for code in codes { byText[FieldRule.plain(code.code)] = code }
        let label: String = row["label"]
        let manifest = FieldRule.Manifest(
            help: row["help"], unit: unit ?? "", group: row["grp"], policy: row["policy"],
            defaultText: row["dflt_value"], isNullable: row["needed"] == 0)
        return FieldRule(
            table: table, column: column, label: label.isEmpty ? column : label, kind: kind, checks: checks,
            isRequired: row["needed"] == 1 && (row["dflt_value"] as String?) == nil, codes: codes,
            codesByText: byText.compactMapValues(\.self), isCodeOfRow: isCodeOfRow, manifest: manifest)
    }
}

/// Codes of all lists, and of the shared tables that are lists too: prisons, areas, local authorities.
private struct CodeLists {
    let lists: [String: [FieldRule.Code]]
    /// With which values a new row's state may begin, by `table.column`.
    let firstStates: [String: [FieldRule.Code]]
    /// What values that a table's own text lists are called, by `table.column`.
    let valueLabels: [String: [FieldRule.Code]]
    private let codedTables: [String: [FieldRule.Code]]
    private let tableNames: [String]

    init(_ database: Database) throws {
        func read(_ sql: String) throws -> [String: [FieldRule.Code]] {
            Dictionary(grouping: try Row.fetchAll(database, sql: sql)) { $0[0] as String }
                .mapValues { rows in rows.map { FieldRule.Code(code: $0[1], label: $0[2] ?? "", isActive: $0[3] == 1) }
                }
        }
        lists = try read("SELECT list, code, label, active FROM code_value ORDER BY sort, code")
        firstStates = try read(
            """
            SELECT DISTINCT s.tbl || '.' || s.col, s.value, s.label, 1 FROM ru_state s
            JOIN ru_transition t ON t.tbl = s.tbl AND t.col = s.col AND t.to_value = s.value AND t.from_value IS NULL
              AND t.relation NOT IN ('HUB', 'NOBODY')
            ORDER BY s.rank, s.value
            """)
        valueLabels = try read(
            """
            SELECT tbl || '.' || col, value, label, 1 FROM protection_rank
            UNION ALL SELECT s.tbl || '.' || a.status_col, s.value, s.label, 1
              FROM allocation_state s JOIN allocation a ON a.tbl = s.tbl
            UNION ALL SELECT tbl || '.' || col, value, label, 1 FROM workflow_state
            UNION ALL SELECT tbl || '.' || col, value, label, 1 FROM value_label
            """)
        codedTables = try read(
            """
            SELECT 'prison', code, name, 1 FROM prison UNION ALL SELECT 'area', code, name, 1 FROM area
            UNION ALL SELECT 'gss', gss, name, 1 FROM local_authority ORDER BY 1, 2
            """)
        tableNames = try String.fetchAll(database, sql: "SELECT name FROM ru_table ORDER BY number")
    }

    /// The codes of the shared table that a column's name names.
    func rows(for column: String) -> [FieldRule.Code]? {
        codedTables[column] ?? (column.hasSuffix("_gss") ? codedTables["gss"] : nil)
    }

    /// What columns name that do not carry a table's name. An empty list stands for the column's own table.
    private static let named: [String: [String]] = [
        "subject_id": ["person", "child"], "mentor_id": ["volunteer_mentor"], "staff_id": ["staff_user"],
        "author_id": ["staff_user"], "planned_by": ["staff_user"], "question_id": ["stocktake_question"],
        "event_id": ["network_event"], "capital_grant_id": ["funding_grant"],
        "property.agreement_id": ["housing_agreement"], "drop_in_session.agreement_id": ["service_agreement"],
        "corrects_id": [], "cancels_id": [], "breaches_id": [], "lifts_id": [], "replaces_id": [], "follows_id": [],
        "clears_id": [],
    ]

    /// The tables whose rows a column may name, by its name.
    func tables(named column: String, of table: String) -> [String] {
        if let known = CodeLists.named["\(table).\(column)"] ?? CodeLists.named[column] {
            return known.isEmpty ? [table] : known
        }
        guard column.hasSuffix("_id") else { return [] }
        let stem = String(column.dropLast(3))
        if tableNames.contains(stem) { return [stem] }
        let near = tableNames.filter { $0.hasPrefix(stem + "_") || $0.hasSuffix("_" + stem) }
        return near.count == 1 ? near : []
    }
}
