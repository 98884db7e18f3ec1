package import GRDB
package import ReUniteReplica
package import ReUniteSync

/// What was written of one row on this device, in words, the newest first.
package struct RowHistory: Sendable {
    /// What a field says now, and who wrote that.
    package struct Standing: Hashable, Sendable {
        package let column: String
        package let label: String
        package let text: String
        /// The edit of this device that wrote it; nil where it was none.
        package let edit: Edit?
        /// Whether it came from another device, another partner or the hub.
        package let isElsewhere: Bool
    }

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
    /// Whether it hangs on the organisation itself.
    package let isOwn: Bool
    package let label: String
    /// What stands now.
    package let present: [CaseSheet.Field]
    /// The same with who wrote it, and with fields that were emptied.
    package let standing: [Standing]
    package let conflicts: [String]
    package let edits: [Edit]

    /// - Parameters:
    ///   - edits: the newest first, as the change log has them.
    ///   - writers: who wrote each field last, by column.
    ///   - restorable: the columns that may be made to say once more what they said before.
    /// - Throws: ``Failure`` (noInput) for a row that is not here and was never written here.
    package init(
        _ id: Identifier, _ table: String, _ edits: [RowEdit], writers: [String: LastWriter] = [:],
        attention: [RowAttention], by partner: Identifier,
        restorable: Set<String> = [], in database: Database
    ) throws {
        let told = try RowWords(table, in: database)
        let words = told.words
        label = words.label
        let record = try told.record(id, in: database)
        guard record != nil || !edits.isEmpty else {
            throw Failure(
                .noInput, what: "Showing the history", why: "the record is not here", remedy: "Go back to the case")
        }
        isOwn = try RecordTables(database, only: table)[table].map(OwnRecords.holds) ?? false
        if case .blob(let bytes)? = record?.values["case_id"] {
            caseID = Identifier(bytes: bytes)
        } else {
            caseID = table == "case_file" ? id : nil
        }
        conflicts = attention.first { $0.key == id }.map { $0.conflicts.map { told.column($0) } } ?? []
        present = words.columns.compactMap { column in
            guard column.name != "case_id", let value = record?.values[column.name]?.readable, !value.isEmpty else {
                return nil
            }
            return CaseSheet.Field(column: column.name, label: column.label, text: told.word(value, column))
        }
        let staff = try StaffUsers.names(of: edits.compactMap(\.author), in: database)
        // What an edit found is what the edit before it left, as far as this device wrote it.
        let written: [Edit] = edits.enumerated().map { place, edit in
            let older = edits.dropFirst(place + 1)
            let changes = words.columns.compactMap { column -> Change? in
                guard column.name != "case_id", let value = edit.values[column.name] else { return nil }
                let earlier = older.first { $0.values[column.name] != nil }?.values[column.name]
                let after = value.map { told.word($0, column) } ?? "Nothing"
                let before =
                    earlier.map { $0.map { told.word($0, column) } ?? "Nothing" }
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
        self.edits = written
        standing = words.columns.compactMap { column in
            guard column.name != "case_id", let record else { return nil }
            let value = record.values[column.name]?.readable ?? ""
            var edit: Edit?
            if case .here(let place)? = writers[column.name], written.indices.contains(place) { edit = written[place] }
            // What nobody ever filled in is not listed.
            guard !value.isEmpty || edit.map({ $0.kind != "Added" }) == true else { return nil }
            return Standing(
                column: column.name, label: column.label, text: value.isEmpty ? "Nothing" : told.word(value, column),
                edit: edit, isElsewhere: writers[column.name] == .elsewhere)
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
