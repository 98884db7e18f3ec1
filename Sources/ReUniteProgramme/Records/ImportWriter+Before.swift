import GRDB
import ReUniteReplica
import ReUniteSync

/// What was here before a line came.
extension ImportWriter {
    /// Whether a row with the line's own id was here before, or a case with its reference. A woman is known by who she is
    /// (``ImportReview``).
    func isKnown(_ table: RecordTables.Table, _ cells: [String: ImportLine.Cell]) throws -> Bool {
        let column: String
        if cells["id"] != nil {
            column = "id"
        } else if table.name == "case_file" {
            column = "ref"
        } else {
            return false
        }
        guard case .value(let value)? = cells[column]?.value else { return false }
        return try Bool.fetchOne(
            database,
            sql: "SELECT EXISTS (SELECT 1 FROM \(quoted(table.name)) WHERE \(quoted(column)) = ?)", arguments: [value])
            ?? false
    }

    enum Sameness {
        case same, more, none
    }

    /// Whether a row that says the same was here before: in all that the line says, by value or by naming a row, and in
    /// all that it leaves empty. One that says more may be this one, filled in since, or another.
    func sameRow(
        _ table: RecordTables.Table, _ cells: [String: ImportLine.Cell], _ values: [String: DatabaseValue]
    ) throws -> Sameness {
        guard table.name != "case_file", table.name != "person", cells["id"] == nil,
            cells.keys.contains(where: { $0 != "case_id" })
        else { return .none }
        let wanted = values.sorted { $0.key < $1.key }
        let empty = table.rules.filter {
            $0.kind != .key && values[$0.column] == nil && $0.manifest.isNullable && $0.manifest.defaultText == nil
        }
        let isBare = empty.map { "\(quoted($0.column)) IS NULL" }.joined(separator: " AND ")
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT id, \(isBare.isEmpty ? "1" : isBare) AS is_bare FROM \(quoted(table.name))
                WHERE \(wanted.map { "\(quoted($0.key)) IS ?" }.joined(separator: " AND "))
                """, arguments: StatementArguments(wanted.map(\.value)))
        // A number has one form: two lines that say it in two spellings are one.
        let before = rows.filter { table.name == "person_identifier" || !madeKeys.contains($0.identifier("id")) }
        if before.contains(where: { $0["is_bare"] == 1 }) { return .same }
        return before.isEmpty ? .none : .more
    }

    /// What the hub alone gives is asked for: where it was given elsewhere, it is given here at the next sync.
    func ask(
        _ table: RecordTables.Table, _ values: inout [String: DatabaseValue], _ cells: [String: ImportLine.Cell],
        _ warnings: inout [Wrong]
    ) throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT a.status_col, (SELECT r.value FROM allocation_state r WHERE r.tbl = a.tbl AND r.kind = 'REQUEST'
                  ORDER BY r.sort, r.value LIMIT 1) AS request,
                  (SELECT group_concat(h.value) FROM allocation_state h WHERE h.tbl = a.tbl AND h.kind = 'HOLDS') AS given
                FROM allocation a WHERE a.tbl = ?
                """, arguments: [table.name])
        guard let row, let column = row["status_col"] as String?, let request = row["request"] as String?,
            let given = row["given"] as String?, let value = values[column].flatMap({ String.fromDatabaseValue($0) }),
            given.split(separator: ",").contains(Substring(value))
        else { return }
        values[column] = request.databaseValue
        warnings.append(
            Wrong(
                place: cells[column]?.place, why: "the hub alone gives it: it comes in as \(request)",
                advice: "After the next sync look whether it was given"))
    }
}
