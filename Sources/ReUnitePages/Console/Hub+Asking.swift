package import ReUniteHub
package import ReUniteProgramme
import ReUniteSync

/// Asking those who wrote the values of a conflict: the one function behind the console and the command.
extension Hub {
    /// Asks the organisations that wrote the values of an open conflict, each by a row that it alone holds.
    ///
    /// - Parameters:
    ///   - id: the conflict's id, or at least the first four digits of it.
    ///   - only: the codes of some of them; empty for all.
    ///   - person: who asks.
    /// - Returns: all that has been asked about it, with the answers.
    /// - Throws: ``Failure``: see ``ConflictQuestions/prepare(_:about:only:in:)``; badData when the conflict is closed.
    package func ask(
        conflict id: String, question: String, only: [String] = [], by person: String
    ) throws -> [ConflictQuestion] {
        let what = "Asking about the conflict"
        let detail = try conflict(id)
        guard detail.conflict.state == "open", let named = Identifier(detail.conflict.id),
            let scope = Identifier(detail.conflict.scope), let row = Identifier(detail.conflict.row)
        else {
            throw Failure(
                .badData, what: what, why: "it is closed already",
                remedy: "Look at it with 'hub conflicts show'; a decision can be taken back with 'hub conflicts reopen'"
            )
        }
        let cell = DisputedCell(
            scope: scope, table: detail.conflict.table, row: row, columns: detail.conflict.columns,
            // A decision was nobody's own, so whoever is asked may not read it in the question either.
            sides: detail.conflict.values.map {
                DisputedCell.Side(partner: $0.isDecision ? "" : $0.partner, value: $0.value)
            }, isWithheld: detail.conflict.isWithheld)
        let rows = try read(what) { try ConflictQuestions.prepare(question, about: cell, only: only, in: $0) }
        try insert(
            what,
            noting: [
                .word(.code, "conflict-asked"), .id(.subject, named), .id(.scope, scope), .why(by: person, question),
            ]
        ) { database, now in
            for row in rows { try row.insert(into: database, now: now) }
        }
        return try questions(about: detail)
    }

    /// What has been asked about a conflict since it opened, with the answers, oldest first.
    package func questions(about detail: ConflictDetail) throws -> [ConflictQuestion] {
        guard let cell = detail.conflict.cell else { return [] }
        return try read("Reading what was asked") {
            try ConflictQuestions.about(
                cell, table: detail.conflict.table, since: detail.conflict.openedMilliseconds, in: $0)
        }
    }

    /// How many were asked about each open conflict, and how many answered.
    package func questionCounts() throws -> [ConflictQuestions.Cell: ConflictQuestions.Count] {
        try read("Counting what was asked") { try ConflictQuestions.counts(in: $0) }
    }
}

extension OpenConflict {
    package var cell: ConflictQuestions.Cell? {
        columns.first.map { ConflictQuestions.Cell(row: row, column: $0) }
    }
}
