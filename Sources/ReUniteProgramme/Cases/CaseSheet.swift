package import GRDB
package import ReUniteReplica
package import ReUniteSync

/// One line of the list of cases, in words, with what needs its reader's eye.
package struct CaseLine: Hashable, Sendable {
    package let id: Identifier
    /// Nil for a case that has no reference yet.
    package let reference: String?
    package let knownAs: String
    package let phase: String
    /// The owner's code; empty while the hub has not said it.
    package let owner: String
    package let isUnsent: Bool
    package let hasConflict: Bool
}

/// All that this replica holds of one case, in words and in order.
package struct CaseSheet: Hashable, Sendable {
    package struct Field: Hashable, Sendable {
        package let label: String
        package let text: String
    }

    /// One row.
    package struct Entry: Hashable, Sendable {
        package let id: Identifier
        package let fields: [Field]
        package let isUnsent: Bool
        /// The labels of its columns with an open conflict.
        package let conflicts: [String]
    }

    /// The rows of one table.
    package struct Section: Hashable, Sendable {
        package let table: String
        package let label: String
        package let help: String
        package let entries: [Entry]
    }

    package let line: CaseLine
    package let sections: [Section]
}

extension CaseFiles {
    /// The tables of a case that its sheet shows, in this order.
    private static let shown = [
        "case_file", "person", "child", "need", "case_note", "own_note", "consent", "referral",
    ]

    /// The cases that this replica holds, the newest first.
    ///
    /// - Parameter attention: the rows that wait for the hub or for a decision.
    package static func lines(_ attention: [RowAttention], in database: Database) throws -> [CaseLine] {
        let labels = try Labels(database)
        let byScope = Dictionary(grouping: attention, by: \.scope)
        // A referral is a scope of its own, so are a partner's own notes, and the case's reader should know of them.
        let others = try Row.fetchAll(
            database, sql: "SELECT id, case_id FROM referral UNION ALL SELECT id, case_id FROM own_file")
        let othersOfCase = Dictionary(grouping: others) { $0.identifier("case_id") }
        return try list(in: database).compactMap { summary in
            guard let id = Identifier(summary.id) else { return nil }
            let scopes = [id] + (othersOfCase[id] ?? []).map { $0.identifier("id") }
            let rows = scopes.flatMap { byScope[$0] ?? [] }
            return CaseLine(
                id: id, reference: summary.ref, knownAs: summary.knownAs ?? "",
                phase: labels.state(summary.phase, of: "case_file", "phase"), owner: summary.owner ?? "",
                isUnsent: rows.contains(where: \.isUnsent), hasConflict: rows.contains { !$0.conflicts.isEmpty })
        }
    }

    /// One case in words.
    ///
    /// - Throws: ``Failure`` (noInput) when this replica does not hold it.
    package static func sheet(
        _ id: Identifier, _ attention: [RowAttention], in database: Database
    ) throws -> CaseSheet {
        guard let line = try lines(attention, in: database).first(where: { $0.id == id }) else {
            throw Failure(
                .noInput, what: "Showing the case", why: "this replica does not hold it",
                remedy: "Check the address, or sync: it may not have arrived")
        }
        let labels = try Labels(database)
        let codes = try Partners.codes(in: database)
        let marks = Dictionary(attention.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let sections = try shown.map { table in
            let words = labels.table(table)
            let column = table == "case_file" ? "id" : "case_id"
            let records =
                table == "own_note"
                ? try CaseNotes.own(of: id, codes: codes, in: database)
                : try Record.fetch(table, where: column, is: id, codes: codes, in: database)
            return CaseSheet.Section(
                table: table, label: words.label, help: words.help,
                entries: records.map { record in
                    CaseSheet.Entry(
                        id: record.id,
                        fields: words.columns.filter { !["case_id", "own_file_id"].contains($0.name) }.compactMap {
                            column in
                            labels.text(of: column, in: table, record).map {
                                CaseSheet.Field(label: column.label, text: $0)
                            }
                        },
                        isUnsent: marks[record.id]?.isUnsent ?? false,
                        conflicts: (marks[record.id]?.conflicts ?? []).map { labels.column(table, $0) })
                })
        }
        return CaseSheet(line: line, sections: sections)
    }
}
