package import GRDB
import ReUniteReplica
import ReUniteSync

/// What somebody typed for an option of a command, and the column that it goes into.
package struct TypedOption: Hashable, Sendable {
    /// As it is typed, such as `--known-as`.
    let option: String
    let text: String?
    let table: String
    let column: String

    package init(_ option: String, _ text: String?, _ table: String, _ column: String) {
        (self.option, self.text, self.table, self.column) = (option, text, table, column)
    }

    /// Whether a text holds what no option of a command may: see ``control``.
    package static func steers(_ text: String) -> Bool { text.unicodeScalars.contains(where: CSVText.isControl) }

    /// The reason in words.
    package static let control = RowDoubts.control

    /// Refuses what cannot be, as an import does; it names the option, and never says what was typed.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: ``Failure`` (badData) for a control character, too long a text, a day that no calendar has or that is
    ///   not of the years 1900 to 2199, a birth in the future.
    package static func check(_ typed: [TypedOption], what: String, in database: Database, now: Int64) throws {
        for one in typed {
            guard let text = one.text, let wrong = try one.complaint(text, in: database, now: now) else { continue }
            throw Failure(.badData, what: what, why: "\(one.option): \(wrong.why)", remedy: wrong.advice)
        }
    }

    /// The same of a time, which the consent of a woman or another event may be of.
    package static func check(_ milliseconds: Int64?, option: String, what: String, now: Int64) throws {
        do {
            try Typed.past(milliseconds, now: now, what: what)
        } catch let failure as Failure {
            throw Failure(failure.code, what: what, why: "\(option): \(failure.why)", remedy: failure.remedy)
        }
    }

    private func complaint(
        _ text: String, in database: Database, now: Int64
    ) throws -> (why: String, advice: String)? {
        if text.unicodeScalars.contains(where: CSVText.isControl) { return (RowDoubts.control, "Type it again") }
        if text.unicodeScalars.contains("\u{FFFD}") { return ("a letter of it was lost", "Type it again") }
        guard
            let sql = try String.fetchOne(
                database, sql: "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", arguments: [table])
        else { return nil }
        let checks = ColumnChecks(column: column, sql: sql)
        let count = text.unicodeScalars.count
        if let most = checks.lengths?.upperBound, count > most {
            return ("it is too long by \(count - most)", "Write at most \(most) letters")
        }
        guard checks.isDate else { return nil }
        guard CivilTime.isDate(text) else { return ("it is not a date", "Write it as YYYY-MM-DD") }
        guard Typed.years.contains(text.prefix(4)) else { return (RowDoubts.noYear, "Compare it with the paper") }
        if column.contains("birth"), text > CivilTime.londonDate(milliseconds: now) {
            return ("it is in the future", "Compare it with the paper")
        }
        return nil
    }
}
