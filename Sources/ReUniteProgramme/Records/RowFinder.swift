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
            let columns = try columns(of: name)
            guard !columns.isEmpty else { continue }
            let matches = columns.map { "lower(trim(CAST(\(quoted($0)) AS TEXT))) = ?" }.joined(separator: " OR ")
            let rows = try Row.fetchAll(
                database, sql: "SELECT id FROM \(quoted(name)) WHERE \(filter) AND (\(matches)) LIMIT 2",
                arguments: arguments + StatementArguments(columns.map { _ in text.lowercased() }))
            found += rows.map { $0.identifier("id") }
        }
        return found.count == 1 ? found[0] : nil
    }

    /// Whether rows of any of the tables are called anything.
    mutating func hasNames(_ candidates: [String]) throws -> Bool {
        try candidates.contains { try !columns(of: $0).isEmpty }
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
