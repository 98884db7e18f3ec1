import Crypto
package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Makes and changes rows that hang on a case, or on the organisation itself, as a person types them.
package struct RowEditor {
    /// What came of a form.
    package enum Outcome: Hashable, Sendable {
        /// The row's id, and what its writer should still know.
        case saved(Identifier, warnings: [String])
        /// Nothing was written.
        case wrong([RowProblem])
        /// What was typed is there already.
        case same(Identifier)
    }

    private let database: Database
    private let partner: Identifier
    private let now: Int64
    private let staff: Identifier?
    private let labels: Labels
    private let what = "Saving the record"

    /// - Parameters:
    ///   - partner: whose replica this is.
    ///   - staff: who is signed in on this device; nil for nobody.
    ///   - now: milliseconds since 1970.
    package init(_ database: Database, partner: Identifier, staff: Identifier? = nil, now: Int64) throws {
        self.database = database
        self.partner = partner
        self.now = now
        self.staff = staff
        labels = try Labels(database)
    }

    // MARK: Forms

    /// The form of a new row of a case's table, or of the organisation's own.
    ///
    /// - Parameter caseID: the case, or the organisation.
    /// - Throws: ``Failure``: noInput when there is no such table or case here, notPermitted when it may not be written.
    package func form(new name: String, in caseID: Identifier) throws -> RowForm {
        let table = try table(name, caseID)
        return try form(table, caseID: caseID, row: nil)
    }

    /// The form of a row that is there.
    ///
    /// - Parameter cells: what the form says instead of what the row says, by column.
    /// - Throws: ``Failure``: noInput when it is not here, notPermitted when it may not be changed.
    package func form(of id: Identifier, in name: String, saying cells: [String: Value] = [:]) throws -> RowForm {
        let (table, row, caseID) = try found(id, name)
        guard try !isAppendOnly(name) else {
            throw Failure(
                .notPermitted, what: "Changing the record", why: "it is evidence, which nobody changes",
                remedy: "Add another that puts it right")
        }
        return try form(table, caseID: caseID, row: row, saying: cells)
    }

    /// The columns of a row that may be made to say once more what they said before. Not those that move by steps or
    /// count: there an earlier value is no way back.
    package func restorable(_ id: Identifier, in name: String) throws -> Set<String> {
        do {
            let (table, _, _) = try found(id, name)
            return Set(
                try form(of: id, in: name).fields.map(\.column).filter {
                    table.rule($0).map { !["state", "alloc", "counter"].contains($0.manifest.policy) } ?? false
                })
        } catch let failure as Failure where [.noInput, .notPermitted].contains(failure.code) {
            return []
        }
    }

    /// The case that a row hangs on; of the organisation's own rows, the organisation.
    package func caseID(of id: Identifier, in name: String) throws -> Identifier { try found(id, name).caseID }

    // MARK: Saving

    /// Adds a row to a case.
    package func add(_ name: String, to caseID: Identifier, _ typed: [String: String]) throws -> Outcome {
        let table = try table(name, caseID)
        let form = try form(table, caseID: caseID, row: nil)
        return try save(table, form, typed, row: nil)
    }

    /// Changes a row: only the columns whose value is another one.
    ///
    /// - Parameter version: ``RowForm/version`` of the form; when the row says something else by now, nothing is
    ///   written.
    package func change(
        _ id: Identifier, in name: String, _ typed: [String: String], version: String
    ) throws -> Outcome {
        let form = try form(of: id, in: name)
        guard form.version == version else {
            return .wrong([
                RowProblem(
                    column: "",
                    text: "This record was changed while the form was open. Open it again and compare before you save.")
            ])
        }
        let (table, row, _) = try found(id, name)
        return try save(table, form, typed, row: row)
    }

    // MARK: Deleting

    /// What a record says, before somebody deletes it.
    ///
    /// - Throws: ``Failure``: noInput when it is not here, notPermitted when it may not be deleted: evidence, a case
    ///   itself, what only the hub gives away.
    package func deletion(of id: Identifier, in name: String) throws -> RowForm {
        let form = try form(of: id, in: name)
        guard try mayDelete(name) else {
            throw Failure(
                .notPermitted, what: "Deleting the record", why: "such a record is ended, not deleted",
                remedy: "Change what it says instead")
        }
        return form
    }

    /// Deletes a row, everywhere after the next syncs.
    ///
    /// - Parameter version: as for ``change(_:in:_:version:)``.
    package func delete(_ id: Identifier, in name: String, version: String) throws -> Outcome {
        let form = try deletion(of: id, in: name)
        guard form.version == version else {
            return .wrong([
                RowProblem(
                    column: "",
                    text: "This record was changed while the page was open. Open it again before you delete it.")
            ])
        }
        let hanging = try hanging(on: id, in: name)
        guard hanging.isEmpty else {
            return .wrong([
                RowProblem(
                    column: "",
                    text: "Other records hang on it: \(hanging.joined(separator: ", ")). Delete or change those first.")
            ])
        }
        try database.execute(sql: "DELETE FROM \(quoted(name)) WHERE id = ?", arguments: [id.sqlBlob])
        return .saved(id, warnings: [])
    }

    /// Whether records of a table are deleted, and not only ended.
    package func mayDelete(_ name: String) throws -> Bool {
        guard name != "case_file" else { return false }
        return try Bool.fetchOne(
            database, sql: "SELECT NOT EXISTS (SELECT 1 FROM ru_column WHERE tbl = ? AND policy IN ('alloc', 'state'))",
            arguments: [name]) ?? false
    }

    /// What refers to a row, in words.
    private func hanging(on id: Identifier, in name: String) throws -> [String] {
        let places = try Row.fetchAll(
            database,
            sql: """
                SELECT t.name, f."from" AS col FROM ru_table t, pragma_foreign_key_list(t.name) f
                WHERE f."table" = ? ORDER BY t.number
                """, arguments: [name])
        return try places.filter { place in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM \(quoted(place["name"] as String))
                      WHERE \(quoted(place["col"] as String)) = ?)
                    """, arguments: [id.sqlBlob]) ?? false
        }.map { labels.table($0["name"]).label }
    }

    private func save(
        _ table: RecordTables.Table, _ form: RowForm, _ typed: [String: String], row: Row?
    ) throws -> Outcome {
        let reading = FieldReading(
            order: .dayFirst, today: CivilTime.londonDate(milliseconds: now), partners: try Partners.codes(in: database)
        )
        var values: [String: DatabaseValue] = [:]
        var problems: [RowProblem] = []
        for field in form.fields {
            guard let text = typed[field.column], let rule = table.rule(field.column) else { continue }
            do {
                values[field.column] = try value(text, field, rule, reading)
            } catch let complaint as FieldReading.Complaint {
                let advice = complaint.advice.isEmpty ? "" : " \(complaint.advice)."
                problems.append(RowProblem(column: field.column, text: "\(field.label): \(complaint.why).\(advice)"))
            }
        }
        let rules = RowRules(database: database, labels: labels, table: table, now: now)
        // A field that cannot be read is not missing as well.
        problems += try rules.problems(values, row).filter { found in
            !problems.contains { $0.column == found.column }
        }
        guard problems.isEmpty else { return .wrong(problems) }
        // What is wrong with a field says more than that none was filled in.
        let isTouched = form.fields.isEmpty || form.fields.contains { $0.isTyped(typed[$0.column] ?? "") }
        guard row != nil || isTouched else {
            return .wrong([RowProblem(column: "", text: "Nothing was filled in. Fill in what is known.")])
        }
        let warnings = tidy(table.name, &values)
        let doubted = try rules.doubtful(form.caseID)
        do {
            return try database.whole {
                if let row, let id = form.row {
                    let changed = values.filter { ($0.value != row[$0.key] as DatabaseValue) }
                    guard !changed.isEmpty else { return .same(id) }
                    let columns = changed.keys.sorted()
                    let before = try rules.alike(id)
                    try database.execute(
                        sql: """
                            UPDATE \(quoted(table.name)) SET \(columns.map { "\(quoted($0)) = ?" }.joined(separator: ", "))
                            WHERE id = ?
                            """,
                        arguments: StatementArguments(columns.map { changed[$0] ?? .null } + [id.sqlBlob.databaseValue])
                    )
                    let said = try hold(rules, form, id, Set(columns), before: Set(before.keys))
                    return .saved(id, warnings: try warnings + said + rules.doubts(id, form.caseID, besides: doubted))
                }
                values[table.scopeColumn] = form.caseID.sqlBlob.databaseValue
                if table.rule("entered_at") != nil { values["entered_at"] = now.databaseValue }
                let id = try insert(table.name, values.filter { !$0.value.isNull })
                // What it does not say it says by its table's default.
                let said = try hold(rules, form, id, Set(table.rules.map(\.column)), before: [])
                return .saved(id, warnings: try warnings + said + rules.doubts(id, form.caseID, besides: doubted))
            }
        } catch let refusal as RowRules.Refusal {
            return .wrong(refusal.problems)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            return .wrong([problem(error, form)])
        }
    }

    /// - Parameter before: what the row was like another in already.
    /// - Returns: what its writer should know. Evidence says what happened, also where it happened twice.
    /// - Throws: ``RowRules/Refusal``, so that nothing of it stays.
    private func hold(
        _ rules: RowRules, _ form: RowForm, _ id: Identifier, _ written: Set<String>, before: Set<String>
    ) throws -> [String] {
        let alike = try rules.alike(id).filter { !before.contains($0.key) }.sorted { $0.key < $1.key }.map(\.value)
        let problems = try (form.isAppendOnly ? [] : alike.map(\.problem)) + rules.forbidden(id, written)
        guard problems.isEmpty else { throw RowRules.Refusal(problems: problems) }
        return form.isAppendOnly ? alike.map { "\($0.label). Somebody at the hub is asked about it." } : []
    }

    /// A value of the form, or a complaint. An empty field is NULL, or what the table has for it.
    private func value(
        _ text: String, _ field: RowField, _ rule: FieldRule, _ reading: FieldReading
    ) throws -> DatabaseValue {
        guard !text.isEmpty else {
            guard field.isRequired else { return rule.manifest.isNullable ? .null : "".databaseValue }
            throw FieldReading.Complaint(why: "it is missing", advice: "Fill it in")
        }
        // As the command line and an import do: the page says which field, and shows what was typed once more.
        if text.unicodeScalars.contains(where: CSVText.isControl) {
            throw FieldReading.Complaint(why: RowDoubts.control, advice: "Type it again")
        }
        if text.unicodeScalars.contains("\u{FFFD}") {
            throw FieldReading.Complaint(why: "a letter of it was lost", advice: "Type it again")
        }
        switch field.kind {
        case .choice(let options):
            guard options.contains(where: { $0.value == text }) else {
                throw FieldReading.Complaint(why: "it is not in the list", advice: "Choose one of the list")
            }
            if case .row = rule.kind { return try id(text) }
            return rule.kind == .partner ? try id(text) : text.databaseValue
        case .moment:
            guard let time = CivilTime.londonTime(text, on: nil) else {
                throw FieldReading.Complaint(why: "it is not a day and a time", advice: "Write it as 2026-11-23 14:05")
            }
            if field.isWhenItHappened, time > now + 86_400_000 {
                throw FieldReading.Complaint(
                    why: "it is dated more than a day in the future", advice: "Correct it, or this machine's clock")
            }
            return time.databaseValue
        default: break
        }
        switch try reading.read(text, as: rule, heading: rule.column) {
        case .value(let value): return value
        case .none: return .null
        case .name: throw FieldReading.Complaint(why: "it cannot be read", advice: "Choose one of the list")
        }
    }

    private func id(_ text: String) throws -> DatabaseValue {
        guard let id = Identifier(text) else {
            throw FieldReading.Complaint(why: "it is not in the list", advice: "Choose one of the list")
        }
        return id.sqlBlob.databaseValue
    }

    /// Numbers of agencies in their one form. One that cannot be right is kept, and said to be so.
    private func tidy(_ table: String, _ values: inout [String: DatabaseValue]) -> [String] {
        guard table == "person_identifier", let code = String.fromDatabaseValue(values["type"] ?? .null),
            let type = IdentifierType(rawValue: code), let text = String.fromDatabaseValue(values["value"] ?? .null)
        else { return [] }
        switch type.check(text, year: Int(CivilTime.londonDate(milliseconds: now).prefix(4)) ?? 2000) {
        case .valid(let canonical):
            values["value"] = canonical.databaseValue
            return []
        case .invalid(let reason):
            return ["The number was kept as it was typed, but \(reason). Compare it with the paper."]
        }
    }

    /// What a table's own check means to a person.
    private func problem(_ error: DatabaseError, _ form: RowForm) -> RowProblem {
        let message = error.message ?? ""
        let words = Set(message.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
        let named = form.fields.filter { words.contains($0.column) }
        guard let first = named.first else {
            return RowProblem(column: "", text: "The record does not hold together. Compare it with the paper.")
        }
        if named.count == 1 {
            let why = message.hasPrefix("NOT NULL") ? "it is missing" : "this cannot be right"
            return RowProblem(column: first.column, text: "\(first.label): \(why). Compare it with the paper.")
        }
        let list = named.map(\.label).joined(separator: ", ")
        return RowProblem(
            column: first.column, text: "These do not go together: \(list). Compare them with each other.")
    }

    private func insert(_ table: String, _ values: [String: DatabaseValue]) throws -> Identifier {
        let columns = values.keys.sorted()
        let row = try Row.fetchOne(
            database,
            sql: """
                INSERT INTO \(quoted(table))(\(columns.map(quoted).joined(separator: ", ")))
                VALUES(\(columns.map { _ in "?" }.joined(separator: ", "))) RETURNING id
                """, arguments: StatementArguments(columns.map { values[$0] ?? .null }))
        guard let row else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return row.identifier("id")
    }

    // MARK: Tables and rows

    private func table(_ name: String, _ caseID: Identifier) throws -> RecordTables.Table {
        guard let table = try RecordTables(database, only: name)[name], name != "case_file",
            try isOwn(caseID, table) || table.scopeKind == "case" && exists(caseID)
        else {
            throw Failure(
                .noInput, what: what, why: "there is nothing of that kind here", remedy: "Go back to the case")
        }
        try require(name, caseID)
        return table
    }

    private func found(_ id: Identifier, _ name: String) throws -> (RecordTables.Table, Row, caseID: Identifier) {
        guard let table = try RecordTables(database, only: name)[name],
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM \(quoted(name)) WHERE id = ?", arguments: [id.sqlBlob]),
            table.scopeKind == "case" || isOwn(row.identifier(table.scopeColumn), table)
        else {
            throw Failure(
                .noInput, what: "Showing the record", why: "it is not here", remedy: "Go back to the case, or sync")
        }
        let caseID = row.identifier(table.scopeColumn)
        try require(name, caseID)
        return (table, row, caseID)
    }

    /// Whether a table hangs on this organisation itself.
    private func isOwn(_ scope: Identifier, _ table: RecordTables.Table) -> Bool {
        scope == partner && OwnRecords.holds(table)
    }

    private func require(_ table: String, _ caseID: Identifier) throws {
        guard try RowAccess(caseID, in: database).mayWrite(table) else {
            throw Failure(
                .notPermitted, what: what, why: "this organisation may not write that",
                remedy: "Ask the organisation whose record it is")
        }
    }

    private func exists(_ caseID: Identifier) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM case_file WHERE id = ?)", arguments: [caseID.sqlBlob]) ?? false
    }

    private func isAppendOnly(_ name: String) throws -> Bool {
        try Bool.fetchOne(
            database,
            sql: """
                SELECT append_only OR EXISTS (SELECT 1 FROM ru_column WHERE tbl = ?1 AND policy = 'set')
                FROM ru_table WHERE name = ?1
                """, arguments: [name]) ?? false
    }

    private func form(
        _ table: RecordTables.Table, caseID: Identifier, row: Row?, saying cells: [String: Value] = [:]
    ) throws -> RowForm {
        let words = labels.table(table.name)
        let maker = RowFieldMaker(
            database: database, labels: labels, table: table, caseID: caseID, partner: partner, now: now,
            staff: staff)
        return RowForm(
            table: table.name, label: words.label, help: words.help,
            fields: try maker.fields(row, saying: cells.mapValues(\.databaseValue)),
            row: row?.identifier("id"), caseID: caseID, isOwn: isOwn(caseID, table),
            version: row.map(RowEditor.version) ?? "",
            isAppendOnly: try isAppendOnly(table.name))
    }

    /// Stands for all values of a row.
    private static func version(_ row: Row) -> String {
        var hash = SHA256()
        for (column, value) in row { hash.update(data: Array("\(column)\u{0}\(value)\u{0}".utf8)) }
        return hash.finalize().prefix(12).map { [UInt8]([$0]).shown }.joined()
    }
}
