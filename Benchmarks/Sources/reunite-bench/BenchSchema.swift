/// The six tables of the workload, and the manifest that describes them to the engine.
enum BenchSchema {
    struct Column {
        var name: String
        var type: String
    }

    struct Table {
        /// The manifest's number.
        var number: Int
        var name: String
        /// The column that names the row's case.
        var scopeColumn: String
        var isAppendOnly: Bool
        /// Without the key, in declared order; each is a column group of its own, numbered by its place.
        var columns: [Column]

        init(_ number: Int, _ name: String, scope: String, appendOnly: Bool = false, _ columns: String) {
            self.number = number
            self.name = name
            scopeColumn = scope
            isAppendOnly = appendOnly
            self.columns = columns.split(separator: ",").map { declaration in
                let words = declaration.split(separator: " ")
                return Column(name: String(words[0]), type: words.count > 1 ? String(words[1]) : "TEXT")
            }
        }

        func index(of column: String) -> Int {
            columns.firstIndex { $0.name == column } ?? 0
        }
    }

    static let cases = 0
    static let children = 1
    static let referrals = 2
    static let notes = 3
    static let needs = 4
    static let visits = 5

    static let tables = [
        Table(
            1, "cases", scope: "id",
            """
            case_number, office INTEGER, status, priority INTEGER, opened_on, closed_on, worker, district, \
            household_size INTEGER, language, consent INTEGER, risk, next_review, closing_reason, summary
            """),
        Table(
            2, "children", scope: "case_id",
            """
            case_id BLOB, given_name, family_name, sex, birth_date, birth_estimated INTEGER, mother, father, origin, \
            last_seen_at, last_seen_on, height_cm INTEGER, marks
            """),
        Table(
            3, "referrals", scope: "case_id",
            """
            case_id BLOB, child_id BLOB, service, agency, status, requested_on, answered_on, priority INTEGER, \
            assigned_to, reason, outcome
            """),
        Table(
            4, "case_notes", scope: "case_id", appendOnly: true,
            "case_id BLOB, author, written_at INTEGER, kind, body"),
        Table(
            5, "support_needs", scope: "case_id",
            "case_id BLOB, category, status, severity INTEGER, identified_on, met_on, remark"),
        Table(
            6, "visits", scope: "case_id",
            """
            case_id BLOB, child_id BLOB, worker, visited_on, minutes INTEGER, place, outcome, is_safe INTEGER, summary
            """),
    ]

    /// How the key column refuses a second row, which decides whether SQLite opens a statement journal for an insert.
    enum KeyDeclaration: String {
        case standard = "id BLOB NOT NULL PRIMARY KEY CHECK(length(id)=16)"
        case withoutCheck = "id BLOB NOT NULL PRIMARY KEY"
        case failing = "id BLOB NOT NULL ON CONFLICT FAIL PRIMARY KEY ON CONFLICT FAIL CHECK(length(id)=16)"
        case failingWithoutCheck = "id BLOB NOT NULL ON CONFLICT FAIL PRIMARY KEY ON CONFLICT FAIL"
    }

    /// The tables and their indexes, with nothing of the engine in them.
    static func sql(key: KeyDeclaration = .standard) -> String {
        tables.map { table in
            let columns = table.columns.map { "    \($0.name) \($0.type)" }.joined(separator: ",\n")
            let head = "CREATE TABLE \(table.name)(\n    \(key.rawValue),\n\(columns)\n) STRICT;\n"
            guard table.columns.contains(where: { $0.name == "case_id" }) else { return head }
            return head + "CREATE INDEX \(table.name)_case ON \(table.name)(case_id);\n"
        }.joined()
    }

    /// The manifest's rows; the tables they go into are the engine's to make.
    static func manifestRows() -> String {
        var sql = "INSERT INTO ru_class(bit,code,label) VALUES(0,'core','Core');\n"
        for table in tables {
            sql += """
                INSERT INTO ru_table(number,name,scope_kind,scope_column,class,append_only) \
                VALUES(\(table.number),'\(table.name)','case','\(table.scopeColumn)','core',\
                \(table.isAppendOnly ? 1 : 0));

                """
            for (group, column) in table.columns.enumerated() {
                let policy = table.isAppendOnly ? "append" : "lww"
                sql += """
                    INSERT INTO ru_column(tbl,name,grp,policy) \
                    VALUES('\(table.name)','\(column.name)',\(group),'\(policy)');

                    """
            }
        }
        return sql
    }
}
