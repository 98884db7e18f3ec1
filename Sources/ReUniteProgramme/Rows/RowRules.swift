import GRDB
import ReUniteReplica
import ReUniteSync

/// What has to hold when a row is saved and that no check of its table says: the hub would send it back.
struct RowRules {
    let database: Database
    let labels: Labels
    let table: RecordTables.Table
    /// Milliseconds since 1970.
    let now: Int64

    /// Thrown inside a savepoint, so that nothing is written.
    struct Refusal: Error {
        let problems: [RowProblem]
    }

    // MARK: Before it is written

    /// What is missing or wrong by what stands in other fields.
    ///
    /// - Parameters:
    ///   - values: what is about to be written.
    ///   - row: what stands there; nil for a new row.
    func problems(_ values: [String: DatabaseValue], _ row: Row?) throws -> [RowProblem] {
        let own =
            switch table.name {
            case "case_file": closing(values, row)
            case "prison_authorisation" where row == nil: try authorisation(values)
            default: [RowProblem]()
            }
        return try own + unmeant(values, row)
    }

    /// What is outside the bounds of its column (`ru_bound`): a mistyped year. What stands there already may stay.
    private func unmeant(_ values: [String: DatabaseValue], _ row: Row?) throws -> [RowProblem] {
        // A replica that has not synced for long has no bounds yet.
        guard try database.viewExists("ru_bound") else { return [] }
        let bounds = try Row.fetchAll(
            database, sql: "SELECT col, least, most FROM ru_bound WHERE tbl = ?", arguments: [table.name])
        return bounds.compactMap { bound in
            let (column, least, most): (String, Int64, Int64) = (bound["col"], bound["least"], bound["most"])
            guard let value = values[column], case .int64(let number) = value.storage, number < least || number > most,
                value != row?[column] ?? .null
            else { return nil }
            return RowProblem(
                column: column,
                text: "\(labels.column(table.name, column)): \(MeantTimes.why). Write it as 2026-11-23 14:05.")
        }
    }

    /// A case is closed on a day and for a reason. What was closed without long ago may still be put right otherwise.
    private func closing(_ values: [String: DatabaseValue], _ row: Row?) -> [RowProblem] {
        func text(_ column: String) -> String? {
            String.fromDatabaseValue(values[column] ?? row?[column] ?? DatabaseValue.null)
        }
        guard text("phase") == "CLOSED" else { return [] }
        let wasClosed = row?["phase"] == "CLOSED"
        return ["closed_on", "close_reason"].compactMap { column in
            let before: String? = row?[column]
            guard text(column) == nil, !wasClosed || before != nil else { return nil }
            let advice = column == "closed_on" ? "Fill in the day." : "Choose one."
            return RowProblem(
                column: column, text: "\(labels.column(table.name, column)): a closed case has one. \(advice)")
        }
    }

    /// The same as ``PrisonAuthorisations/add(_:device:of:today:in:)`` asks for.
    private func authorisation(_ values: [String: DatabaseValue]) throws -> [RowProblem] {
        var problems: [RowProblem] = []
        func say(_ column: String, _ text: String) {
            problems.append(RowProblem(column: column, text: "\(labels.column(table.name, column)): \(text)"))
        }
        if let prison = String.fromDatabaseValue(values["prison"] ?? .null) {
            let isKnown = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM prison WHERE code = ?)", arguments: [prison])
            if isKnown != true { say("prison", "no prison has that code. Write its three letters, as BZI.") }
        }
        if let last = String.fromDatabaseValue(values["valid_to"] ?? .null) {
            let today = CivilTime.londonDate(milliseconds: now)
            if last < today || (Int(last.prefix(4)) ?? 0) > (Int(today.prefix(4)) ?? 0) + 2 {
                say("valid_to", "it is over, or more than two years ahead. Compare it with the governor's letter.")
            }
        }
        return problems
    }

    // MARK: Once the row shows it

    /// The rules of the network against the steps that were just written (`ru_guard`), which the hub asks in the same
    /// way.
    func forbidden(_ id: Identifier, _ written: Set<String>) throws -> [RowProblem] {
        let steps = table.rules.filter { $0.manifest.policy == "state" && written.contains($0.column) }
        guard !steps.isEmpty else { return [] }
        try Guards.setClock(now, in: database)
        return try steps.flatMap { rule in
            try String.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT g.why FROM ru_guard g JOIN \(quoted(table.name)) t ON t.id = g.key
                    WHERE g.tbl = ? AND g.col = ? AND g.key = ? AND g.to_value = t.\(quoted(rule.column))
                    """, arguments: [table.name, rule.column, id.sqlBlob]
            ).map { RowProblem(column: rule.column, text: "\(rule.label): this cannot be yet, for \($0).") }
        }
    }

    /// By name, what a row should have for itself and another row has as well, with what people say of it.
    func alike(_ id: Identifier) throws -> [String: (label: String, problem: RowProblem)] {
        let keys = try Row.fetchAll(
            database, sql: "SELECT name, cols, label FROM natural_key WHERE tbl = ?", arguments: [table.name])
        var found: [String: (label: String, problem: RowProblem)] = [:]
        for key in keys {
            let columns = (key["cols"] as String).split(separator: ",").map(String.init)
            let same = columns.map { "b.\(quoted($0)) = a.\(quoted($0))" }.joined(separator: " AND ")
            let isThere = try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM \(quoted(table.name)) a JOIN \(quoted(table.name)) b ON \(same)
                      WHERE a.id = ? AND b.id <> a.id)
                    """, arguments: [id.sqlBlob])
            guard isThere == true else { continue }
            let label: String = key["label"]
            found[key["name"]] = (
                label,
                RowProblem(
                    column: columns.first { table.rule($0) != nil } ?? "",
                    text: "\(label), if this is saved. Change or end the one that is there first.")
            )
        }
        return found
    }
}
