import GRDB
import ReUniteReplica
import ReUniteSync

/// What rows are called where another row names them: their first words, never a field of a secret table.
struct RowNames {
    private let database: Database
    private let labels: Labels
    private static let most = 200

    init(_ database: Database, _ labels: Labels) {
        self.database = database
        self.labels = labels
    }

    /// The columns that name a worker.
    static let staff: Set<String> = ["author_id", "staff_id", "planned_by"]

    /// The tables whose rows a column may name, where no foreign key says it: by the column's name. A name that is no
    /// table's is about an earlier row of its own table: what it corrects, lifts or clears.
    func targets(of column: String, in table: String) -> [String] {
        if RowNames.staff.contains(column) { return ["staff_user"] }
        switch column {
        case "subject_id": return ["person", "child"]
        case "mentor_id": return ["volunteer_mentor"]
        case _ where column.hasSuffix("_id"):
            let stem = String(column.dropLast(3))
            return [labels.table(stem).columns.isEmpty ? table : stem]
        default: return []
        }
    }

    /// The rows of a table that a row of a case may name: of the case, else of the partner, else any.
    func options(in table: String, caseID: Identifier, partner: Identifier) throws -> [RowField.Option] {
        let columns = labels.table(table).columns.map(\.name)
        guard !columns.isEmpty else { return [] }
        var condition = "1"
        var arguments: StatementArguments = []
        if columns.contains("case_id") {
            condition = "case_id = ?"
            arguments = [caseID.sqlBlob]
        } else if columns.contains("partner_id") {
            condition = "partner_id = ?"
            arguments = [partner.sqlBlob]
        }
        return try Row.fetchAll(
            database,
            sql: "SELECT * FROM \(quoted(table)) WHERE \(condition) ORDER BY id LIMIT \(RowNames.most)",
            arguments: arguments
        ).map { RowField.Option(value: $0.identifier("id").description, label: name(of: $0, in: table)) }
    }

    /// The name of the row with an id in the first of these tables that has it; nil where none has.
    func name(of id: Identifier, in tables: [String]) throws -> String? {
        for table in tables {
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM \(quoted(table)) WHERE id = ?", arguments: [id.sqlBlob])
            if let row { return name(of: row, in: table) }
        }
        return nil
    }

    /// The first two texts of a row, codes in words.
    private func name(of row: Row, in table: String) -> String {
        var words: [String] = []
        for column in labels.table(table).columns where words.count < 2 {
            guard let text = String.fromDatabaseValue(row[column.name] as DatabaseValue), !text.isEmpty else {
                continue
            }
            words.append(labels.coded(String(text.prefix(60)), column, table))
        }
        return words.isEmpty ? "\(labels.table(table).label) without a name" : words.joined(separator: " ")
    }
}
