import Foundation
package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A cell with values in conflict, as much of it as asking about it needs.
package struct DisputedCell: Hashable, Sendable {
    package struct Side: Hashable, Sendable {
        /// The code of the organisation that wrote it.
        package let partner: String
        package let value: [String: String?]

        package init(partner: String, value: [String: String?]) {
            self.partner = partner
            self.value = value
        }
    }

    package let scope: Identifier
    package let table: String
    package let row: Identifier
    /// Those that merge together, in their order.
    package let columns: [String]
    package let sides: [Side]
    /// Whether its values are kept from every page.
    package let isWithheld: Bool

    package init(
        scope: Identifier, table: String, row: Identifier, columns: [String], sides: [Side], isWithheld: Bool
    ) {
        self.scope = scope
        self.table = table
        self.row = row
        self.columns = columns
        self.sides = sides
        self.isWithheld = isWithheld
    }
}

/// A row of `conflict_question` that is yet to be written, with the file that it goes into.
package struct NewConflictQuestion: Hashable, Sendable {
    package let partner: Identifier
    let caseID: Identifier
    /// The partner's file about the case; nil where it has none yet.
    let file: Identifier?
    let cell: DisputedCell
    let question: String

    package func insert(into database: Database, now: Int64) throws {
        guard let column = cell.columns.first else { return }
        let file = try file ?? database.add("own_file", ["case_id": caseID.sqlBlob, "partner_id": partner.sqlBlob])
        _ = try database.add(
            "conflict_question",
            [
                "own_file_id": file.sqlBlob, "about_scope": cell.scope.sqlBlob, "tbl": cell.table,
                "row_id": cell.row.sqlBlob, "col": column, "question": question, "asked_at": now,
            ])
    }
}

extension ConflictQuestions {
    private static let what = "Asking about the conflict"

    /// A question for each organisation that wrote one of the values. Only the hub asks.
    ///
    /// - Parameter only: the codes of some of them; empty for all.
    /// - Throws: ``Failure``: usage when the question says too little or names somebody who wrote none of it; badData
    ///   when it is about no case, is kept secret, or tells one side the other's value.
    package static func prepare(
        _ text: String, about cell: DisputedCell, only: [String], in database: Database
    ) throws -> [NewConflictQuestion] {
        let question = TypedText.trimmed(text)
        guard question.count >= TypedText.reasonLength, question.unicodeScalars.count <= TypedText.reasonLimit else {
            throw Failure(
                .usage, what: what,
                why: "a question has \(TypedText.reasonLength) to \(TypedText.reasonLimit) characters",
                remedy: "Ask in a sentence what somebody there can look up")
        }
        guard !cell.isWithheld else {
            throw Failure(
                .badData, what: what, why: "its values are among what the hub's pages never show",
                remedy: "Ask by telephone, and decide by number")
        }
        guard let caseID = try ScopeNames.caseFile(of: cell.scope, in: database) else {
            throw Failure(
                .badData, what: what, why: "it is about no case",
                remedy: "Ask the organisation by telephone")
        }
        let wanted = only.map { $0.uppercased() }
        // Whoever may not know of the case is not told that it lives.
        let barred = Set(
            try Data.fetchAll(
                database, sql: "SELECT partner FROM access_limit WHERE case_id = ?", arguments: [caseID.sqlBlob]
            ).compactMap { Identifier(bytes: $0) })
        let authors = try Partners.list(in: database).filter { partner in
            partner.isActive && !barred.contains(partner.id) && cell.sides.contains { $0.partner == partner.code }
        }
        guard wanted.allSatisfy({ code in authors.contains { $0.code.uppercased() == code } }) else {
            throw Failure(
                .usage, what: what, why: "not everybody named there wrote one of the values",
                remedy: "Name one of \(authors.map(\.code).joined(separator: ", "))")
        }
        let asked = authors.filter { wanted.isEmpty || wanted.contains($0.code.uppercased()) }
        guard !asked.isEmpty else {
            throw Failure(
                .badData, what: what,
                why:
                    "no organisation that wrote a value may be asked: it has left the network, or may not know of the case",
                remedy: "Ask by telephone, or decide by what the hub has")
        }
        let labels = try Labels(database)
        return try asked.map { partner in
            guard !tells(question, to: partner.code, cell, labels) else {
                throw Failure(
                    .badData, what: what, why: "the question tells \(partner.code) what the other side wrote",
                    remedy: "Ask without naming a value: each side may hold only its own")
            }
            let file = try Row.fetchOne(
                database, sql: "SELECT id FROM own_file WHERE case_id = ? AND partner_id = ? ORDER BY id LIMIT 1",
                arguments: [caseID.sqlBlob, partner.id.sqlBlob])
            return NewConflictQuestion(
                partner: partner.id, caseID: caseID, file: file?.identifier("id"), cell: cell, question: question)
        }
    }

    /// Whether a question names a value that only others wrote, as it is stored or in words.
    static func tells(
        _ question: String, to partner: String, _ cell: DisputedCell, _ labels: Labels
    ) -> Bool {
        func forms(_ side: DisputedCell.Side) -> Set<String> {
            Set(
                side.value.flatMap { column, value in
                    value.map { [$0, labels.words($0, of: column, in: cell.table)] } ?? []
                })
        }
        let own = cell.sides.filter { $0.partner == partner }.map(forms).reduce(into: Set()) { $0.formUnion($1) }
        let others = cell.sides.filter { $0.partner != partner }.map(forms).reduce(into: Set()) { $0.formUnion($1) }
        return others.subtracting(own).contains { names(question, $0) }
    }

    /// Whether a text has a value as words of its own. Short ones only as they are written: "no" is a word, "NO" a code.
    private static func names(_ text: String, _ value: String) -> Bool {
        guard !value.isEmpty else { return false }
        let (text, value) = value.count < 4 ? (text, value) : (text.lowercased(), value.lowercased())
        return text.ranges(of: value).contains { range in
            let before = range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
            let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
            return [before, after].allSatisfy { !($0?.isLetter ?? false) && !($0?.isNumber ?? false) }
        }
    }
}
