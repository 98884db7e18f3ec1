import GRDB
import ReUniteReplica
import ReUniteSync

/// What is kept although it can hardly be, or asks for what somebody else asked for: said when it is saved.
extension RowRules {
    /// What of a case, or of the organisation, is doubtful now.
    func doubtful(_ scope: Identifier) throws -> Set<RowDoubt> {
        Set(try RowDoubts.said(of: scope, in: database, now: now))
    }

    /// What a writer should look at: what became doubtful, in the row or in another of the same case, and what is asked
    /// for twice.
    ///
    /// - Parameter before: what was doubtful already.
    func doubts(_ id: Identifier, _ scope: Identifier, besides before: Set<RowDoubt>) throws -> [String] {
        let new = try doubtful(scope).subtracting(before).map { $0.words(labels) }
        let twice = try AskedTwice.by(id, in: table.name, database).map {
            "\(labels.column(table.name, $0.column)): \(AskedTwice.why). \(AskedTwice.advice)."
        }
        return Set(new + twice).sorted().map { "Look at this. \($0)" }
    }
}
