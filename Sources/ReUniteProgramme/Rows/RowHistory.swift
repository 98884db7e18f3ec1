package import GRDB
package import ReUniteReplica
package import ReUniteSync

/// What was written of one row on this device, in words, the newest first.
package struct RowHistory: Sendable {
    package struct Change: Hashable, Sendable {
        package let label: String
        package let before: String
        package let after: String
    }

    package struct Edit: Hashable, Sendable {
        /// In words: added, changed, deleted.
        package let kind: String
        package let typed: String
        /// When it happened, where the row says it apart from the typing.
        package let happened: String
        /// Sent or not, and what the hub said.
        package let state: String
        /// The staff member who was signed in, by name; empty for nobody.
        package let author: String
        package let changes: [Change]
        /// What it wrote that stands no longer and may be written again, by column.
        package let restorable: [String: Value]
    }

    package let caseID: Identifier?
    package let label: String
    /// What stands now.
    package let present: [CaseSheet.Field]
    package let conflicts: [String]
    package let edits: [Edit]

    /// - Parameters:
    ///   - edits: the newest first, as the change log has them.
    ///   - restorable: the columns that may be made to say once more what they said before.
    /// - Throws: ``Failure`` (noInput) for a row that is not here and was never written here.
    package init(
        _ id: Identifier, _ table: String, _ edits: [RowEdit], attention: [RowAttention], by partner: Identifier,
        restorable: Set<String> = [], in database: Database
    ) throws {
        let labels = try Labels(database)
        let codes = try Partners.codes(in: database)
        let words = labels.table(table)
        let names = RowNames(database, labels)
        label = words.label
        let record = try Record.fetch(table, where: "id", is: id, codes: codes, in: database).first
        guard record != nil || !edits.isEmpty else {
            throw Failure(
                .noInput, what: "Showing the history", why: "the record is not here", remedy: "Go back to the case")
        }
        if case .blob(let bytes)? = record?.values["case_id"] {
            caseID = Identifier(bytes: bytes)
        } else {
            caseID = table == "case_file" ? id : nil
        }
        conflicts = attention.first { $0.key == id }.map { $0.conflicts.map { labels.column(table, $0) } } ?? []
        func word(_ text: String, _ column: Labels.Column) -> String {
            if column.name.hasSuffix("_at"), let time = Int64(text) {
                return CivilTime.londonMinute(milliseconds: time)
            }
            if column.isYesOrNo { return text == "0" ? "No" : "Yes" }
            if let key = Identifier(text) {
                if let code = codes[key] { return code }
                return (try? names.name(of: key, in: names.targets(of: column.name, in: table))) ?? "On record"
            }
            return labels.coded(text, column, table)
        }
        present = words.columns.compactMap { column in
            guard column.name != "case_id", let value = record?.values[column.name]?.readable, !value.isEmpty else {
                return nil
            }
            return CaseSheet.Field(column: column.name, label: column.label, text: word(value, column))
        }
        let staff = try StaffUsers.names(of: edits.compactMap(\.author), in: database)
        // What an edit found is what the edit before it left, as far as this device wrote it.
        self.edits = edits.enumerated().map { place, edit in
            let older = edits.dropFirst(place + 1)
            let changes = words.columns.compactMap { column -> Change? in
                guard column.name != "case_id", let value = edit.values[column.name] else { return nil }
                let earlier = older.first { $0.values[column.name] != nil }?.values[column.name]
                let after = value.map { word($0, column) } ?? "Nothing"
                let before =
                    earlier.map { $0.map { word($0, column) } ?? "Nothing" }
                    ?? (edit.kind == "create" ? "" : "Not written on this device")
                return Change(label: column.label, before: before, after: after)
            }
            let happened = edit.values["recorded_for_at"].flatMap { $0 }.flatMap { Int64($0) }
            return Edit(
                kind: RowHistory.kind(edit), typed: CivilTime.londonMinute(milliseconds: edit.atMilliseconds),
                happened: happened.map { CivilTime.londonMinute(milliseconds: $0) } ?? "",
                state: RowHistory.state(edit),
                author: edit.author.map { staff[$0] ?? "A worker who is not known here" } ?? "",
                changes: edit.kind == "create"
                    ? changes.filter { $0.after != "Nothing" && !$0.after.isEmpty } : changes,
                restorable: edit.cells.filter { column, value in
                    restorable.contains(column) && !value.isIdentical(to: record?.values[column] ?? .null)
                })
        }
    }

    private static func kind(_ edit: RowEdit) -> String {
        switch edit.kind {
        case "create": "Added"
        case "delete": "Deleted"
        case "transit": "Moved on a step"
        case "increment": "Counted"
        default: "Changed"
        }
    }

    private static func state(_ edit: RowEdit) -> String {
        let because = edit.reason.map { ": \($0)" } ?? ""
        switch (edit.state, edit.verdict) {
        case ("sealed", _): return "Not sent yet"
        case ("sent", _): return "Sent, not answered yet"
        case (_, "quarantined"): return "It came back\(because)"
        case (_, "obsolete"): return "A later value stands\(because)"
        default: return "At the hub"
        }
    }
}
