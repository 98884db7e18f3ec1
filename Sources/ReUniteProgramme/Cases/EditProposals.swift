package import GRDB
import ReUniteReplica
import ReUniteSync

/// What somebody else proposes to change in a case that this partner owns.
package struct EditProposal: Hashable, Sendable, Encodable {
    package let id: String
    package let caseID: String
    /// The case's reference.
    package let ref: String?
    package let table: String
    package let row: String
    /// `create`, `set`, `delete` and so on.
    package let kind: String
    /// JSON: what was written, by column.
    package let values: String
    /// The code of the partner that wrote it.
    package let from: String?
    package let reason: String
    package let written: String
    /// `OPEN`, `TAKEN`, `LEFT` or `SETTLED`.
    package let state: String
    package let answer: String?

    private enum CodingKeys: String, CodingKey {
        case id
        case caseID = "case"
        case ref, table, row, kind, values, from, reason, written, state, answer
    }
}

/// The owner's answers: the hub carries them out at the next sync.
package enum EditProposals {
    /// Those that wait first, oldest first.
    package static func list(in database: Database) throws -> [EditProposal] {
        try fetch("ORDER BY p.state <> 'OPEN', p.written_at, p.id", [], in: database)
    }

    /// Takes an edit over: it is applied in its author's name.
    @discardableResult
    package static func take(_ text: String, in database: Database) throws -> EditProposal {
        try answer(text, "TAKEN", nil, what: "Taking the proposal", in: database)
    }

    /// Leaves an edit: it is refused for good, and its author is told that it was.
    @discardableResult
    package static func leave(_ text: String, reason: String, in database: Database) throws -> EditProposal {
        let what = "Leaving the proposal"
        return try answer(text, "LEFT", TypedText.reason(reason, what), what: what, in: database)
    }

    private static func answer(
        _ text: String, _ state: String, _ reason: String?, what: String, in database: Database
    ) throws -> EditProposal {
        let id = try Lookup.row(text, table: "edit_proposal", what: what, in: database)
        try database.execute(
            sql: """
                UPDATE edit_proposal SET state = ?, answer = coalesce(?, answer) WHERE id = ? AND state = 'OPEN'
                """, arguments: [state, reason, id.sqlBlob])
        guard database.changesCount == 1 else {
            throw Failure(
                .badData, what: what, why: "it has been answered already",
                remedy: "Look at what is open with 'proposals list'")
        }
        guard let proposal = try fetch("WHERE p.id = ?", [id.sqlBlob], in: database).first else {
            throw DatabaseError(resultCode: .SQLITE_INTERNAL)
        }
        return proposal
    }

    private static func fetch(
        _ condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [EditProposal] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT p.*, c.ref AS ref, a.code AS author FROM edit_proposal p
                LEFT JOIN case_file c ON c.id = p.case_id LEFT JOIN partner a ON a.id = p.author_partner_id \(condition)
                """, arguments: arguments
        ).map { row in
            EditProposal(
                id: row.identifier("id").description, caseID: row.identifier("case_id").description, ref: row["ref"],
                table: row["tbl"], row: row.identifier("row_id").description, kind: row["kind"],
                values: row["values_json"], from: row["author"], reason: row["reason"],
                written: CivilTime.instant(milliseconds: row["written_at"]), state: row["state"],
                answer: row["answer"])
        }
    }
}
