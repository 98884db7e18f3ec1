package import GRDB
import ReUniteReplica
package import ReUniteSync

/// What the hub asks one organisation about a conflict, and what it was answered.
package struct ConflictQuestion: Hashable, Sendable, Encodable {
    package struct Answer: Hashable, Sendable, Encodable {
        package let id: String
        package let text: String
        /// RFC 3339.
        package let at: String
        /// The staff member's id and the code of their role, where somebody was signed in.
        package let author: String?
        package let authorRole: String?
        package let atMilliseconds: Int64

        private enum CodingKeys: String, CodingKey { case id, text, at, author, authorRole }
    }

    package let id: String
    package let caseID: String
    /// The case's reference; nil where the case is not here.
    package let ref: String?
    /// The code of the organisation that is asked.
    package let partner: String?
    package let table: String
    package let row: String
    package let column: String
    /// Which record and field, in words.
    package let field: String
    package let question: String
    /// RFC 3339.
    package let asked: String
    package let askedMilliseconds: Int64
    /// `OPEN`, or `CLOSED` because the conflict is.
    package let state: String
    /// Oldest first.
    package let answers: [Answer]

    package var isOpen: Bool { state == "OPEN" }

    private enum CodingKeys: String, CodingKey {
        case id
        case caseID = "case"
        case ref, partner, table, row, column, field, question, asked, state, answers
    }
}

package enum ConflictQuestions {
    /// How many organisations were asked about a cell, and how many have answered.
    package struct Count: Hashable, Sendable {
        package var asked = 0
        package var answered = 0

        init() {}

        package init(_ questions: [ConflictQuestion]) {
            asked = questions.count
            answered = questions.count { !$0.answers.isEmpty }
        }
    }

    /// A cell of which some values are in conflict, by the first column of its group.
    package struct Cell: Hashable, Sendable {
        package let row: String
        package let column: String

        package init(row: String, column: String) {
            self.row = row
            self.column = column
        }
    }

    /// All that this replica holds, those that wait for an answer first, then the newest.
    package static func list(in database: Database) throws -> [ConflictQuestion] {
        let all = try fetch("1", [], in: database)
        let waiting = all.filter { $0.isOpen && $0.answers.isEmpty }
        return waiting + all.reversed().filter { !$0.isOpen || !$0.answers.isEmpty }
    }

    /// What is asked about a case and waits for an answer.
    package static func waiting(about id: Identifier, in database: Database) throws -> [ConflictQuestion] {
        try fetch("f.case_id = ? AND q.state = 'OPEN'", [id.sqlBlob], in: database).filter { $0.answers.isEmpty }
    }

    /// Whom the hub asked about a cell since a time, oldest first.
    package static func about(
        _ cell: Cell, table: String, since milliseconds: Int64, in database: Database
    ) throws -> [ConflictQuestion] {
        guard let row = Identifier(cell.row) else { return [] }
        return try fetch(
            "q.row_id = ? AND q.tbl = ? AND q.col = ? AND q.asked_at >= ?",
            [row.sqlBlob, table, cell.column, milliseconds], in: database)
    }

    /// Of all conflicts that are open.
    package static func counts(in database: Database) throws -> [Cell: Count] {
        var counts: [Cell: Count] = [:]
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT q.row_id, q.col,
                  EXISTS (SELECT 1 FROM conflict_answer a WHERE a.question_id = q.id) AS answered
                FROM conflict_question q WHERE q.state = 'OPEN'
                """)
        for row in rows {
            let cell = Cell(row: row.identifier("row_id").description, column: row["col"])
            counts[cell, default: Count()].asked += 1
            if row["answered"] == 1 { counts[cell, default: Count()].answered += 1 }
        }
        return counts
    }

    static func fetch(
        _ condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [ConflictQuestion] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT q.*, f.case_id, c.ref, p.code FROM conflict_question q
                JOIN own_file f ON f.id = q.own_file_id
                LEFT JOIN case_file c ON c.id = f.case_id LEFT JOIN partner p ON p.id = f.partner_id
                WHERE \(condition) ORDER BY q.asked_at, q.id
                """, arguments: arguments)
        guard !rows.isEmpty else { return [] }
        let labels = try Labels(database)
        return try rows.map { row in
            let asked: Int64 = row["asked_at"]
            return ConflictQuestion(
                id: row.identifier("id").description, caseID: row.identifier("case_id").description, ref: row["ref"],
                partner: row["code"], table: row["tbl"], row: row.identifier("row_id").description,
                column: row["col"], field: try field(row["tbl"], row["col"], labels, in: database),
                question: row["question"], asked: CivilTime.instant(milliseconds: asked), askedMilliseconds: asked,
                state: row["state"], answers: try answers(to: row.identifier("id"), in: database))
        }
    }

    private static func answers(to question: Identifier, in database: Database) throws -> [ConflictQuestion.Answer] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT a.id, a.text, a.recorded_for_at, a.author_id, s.role FROM conflict_answer a
                LEFT JOIN staff_user s ON s.id = a.author_id WHERE a.question_id = ? ORDER BY a.recorded_for_at, a.id
                """, arguments: [question.sqlBlob]
        ).map { row in
            let at: Int64 = row["recorded_for_at"]
            return ConflictQuestion.Answer(
                id: row.identifier("id").description, text: row["text"], at: CivilTime.instant(milliseconds: at),
                author: row["author_id"] == nil ? nil : row.identifier("author_id").description,
                authorRole: row["role"], atMilliseconds: at)
        }
    }

    /// Such as "Woman: Legal first name, Legal last name": all that merge with the column.
    private static func field(
        _ table: String, _ column: String, _ labels: Labels, in database: Database
    ) throws -> String {
        let names = try String.fetchAll(
            database,
            sql: """
                SELECT c.name FROM ru_column k JOIN ru_column c ON c.tbl = k.tbl AND c.grp = k.grp
                WHERE k.tbl = ? AND k.name = ? ORDER BY c.rowid
                """, arguments: [table, column])
        let fields = (names.isEmpty ? [column] : names).map { labels.column(table, $0) }
        return "\(labels.table(table).label): \(fields.joined(separator: ", "))"
    }
}
