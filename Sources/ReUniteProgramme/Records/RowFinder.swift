import GRDB
import ReUniteReplica
import ReUniteSync

/// Finds the row that a cell means: by its id, or by what people call it, where one row alone is called that.
struct RowFinder {
    private let database: Database
    private var cases: [String: Identifier] = [:]
    private var names: [String: [String]] = [:]

    init(_ database: Database) { self.database = database }

    /// - Throws: ``Failure`` when no case here fits.
    mutating func caseFile(_ text: String) throws -> Identifier {
        if let known = cases[text] { return known }
        let found = try Lookup.caseFile(text, in: database)
        cases[text] = found
        return found
    }

    /// What rows are called, the first that a table has being the likeliest.
    private static let calledBy = [
        "ref", "name", "display_name", "login", "reference", "number", "text", "legal_first", "known_as", "first_name",
        "funder",
    ]

    /// - Returns: nil where none or several are called that, in one table or in different ones.
    mutating func row(
        _ text: String, in candidates: [String], caseID: Identifier?, _ tables: RecordTables
    ) throws -> Identifier? {
        let id = Identifier(text.lowercased())
        var found: [Identifier] = []
        for name in candidates {
            let (filter, arguments) = scope(of: name, caseID, tables)
            if let id {
                let sql = "SELECT id FROM \(quoted(name)) WHERE \(filter) AND id = ?"
                if try Row.fetchOne(database, sql: sql, arguments: arguments + [id.sqlBlob]) != nil { return id }
                continue
            }
            let called = RowFinder.folded(text)
            found += try calls(of: name, filter, arguments).filter { $0.names.contains(called) }.map(\.id)
        }
        return found.count == 1 ? found[0] : nil
    }

    /// Whether rows of any of the tables are called anything.
    mutating func hasNames(_ candidates: [String]) throws -> Bool {
        try candidates.contains { try RowFinder.calledByOthers[$0] != nil || !columns(of: $0).isEmpty }
    }

    /// Rows that are called by what they name: what people say of them, one way in each column.
    private static let calledByOthers = [
        "housing_agreement": """
        SELECT t.id, p.name, p.name || ', ' || t.from_on FROM housing_agreement t
        JOIN housing_provider p ON p.id = t.provider_id
        """,
        "service_agreement": """
        SELECT t.id, t.kind, k.label, b.name, t.kind || ', ' || b.name, k.label || ', ' || b.name FROM service_agreement t
        LEFT JOIN external_body b ON b.id = t.body_id
        LEFT JOIN code_value k ON k.list = 'drop_in_session.kind' AND k.code = t.kind
        """,
        "funding_grant": """
        SELECT t.id, t.funder, t.funder || ', ' || t.purpose, t.funder || ', ' || k.label FROM funding_grant t
        LEFT JOIN code_value k ON k.list = 'funding_grant.purpose' AND k.code = t.purpose
        """,
    ]

    /// Rows with what they are called. Letters are folded here: SQLite's lower() knows those of English alone.
    private mutating func calls(
        of table: String, _ filter: String, _ arguments: StatementArguments
    ) throws -> [(id: Identifier, names: Set<String>)] {
        let columns = try columns(of: table)
        let sql: String
        if let known = RowFinder.calledByOthers[table] {
            sql = known
        } else if columns.isEmpty {
            return []
        } else {
            let names = columns.map { "CAST(\(quoted($0)) AS TEXT)" }.joined(separator: ", ")
            sql = "SELECT id, \(names) FROM \(quoted(table)) WHERE \(filter)"
        }
        let rows = try Row.fetchAll(
            database, sql: sql, arguments: RowFinder.calledByOthers[table] == nil ? arguments : [])
        return rows.map { row in
            let names = (1..<row.count).compactMap { (row[$0] as String?).map(RowFinder.folded) }
            return (row.identifier("id"), Set(names.filter { !$0.isEmpty }))
        }
    }

    /// The same for ways of writing a name that differ in the size of letters, or in white space.
    private static func folded(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The only row of a table in a case, where there is one alone.
    func only(in table: String?, caseID: Identifier?, _ tables: RecordTables) throws -> Identifier? {
        guard let table, let caseID, tables[table]?.scopeKind == "case" else { return nil }
        let (filter, arguments) = scope(of: table, caseID, tables)
        let rows = try Row.fetchAll(
            database, sql: "SELECT id FROM \(quoted(table)) WHERE \(filter) LIMIT 2", arguments: arguments)
        return rows.count == 1 ? rows[0].identifier("id") : nil
    }

    private func scope(of table: String, _ caseID: Identifier?, _ tables: RecordTables) -> (String, StatementArguments)
    {
        guard let found = tables[table], found.scopeKind == "case", let caseID else { return ("1", []) }
        return ("\(quoted(found.scopeColumn)) = ?", [caseID.sqlBlob])
    }

    private mutating func columns(of table: String) throws -> [String] {
        if let known = names[table] { return known }
        let all = Set(
            try String.fetchAll(database, sql: "SELECT name FROM pragma_table_xinfo(?)", arguments: [table]))
        let found = RowFinder.calledBy.filter(all.contains)
        names[table] = found
        return found
    }
}
