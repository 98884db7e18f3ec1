import GRDB
package import ReUniteSync

/// The form of one row of any table that hangs on a case: what may be typed, in which words, with what is there now.
///
/// Made of the schema alone (`ru_table`, `ru_column`, code lists, units, the table's own text), so that a new column is
/// a new field.
package struct RowForm: Sendable {
    package let table: String
    package let label: String
    package let help: String
    package let fields: [RowField]
    /// The row; nil for one that is to be made.
    package let row: Identifier?
    /// The case that it hangs on, or the organisation itself.
    package let caseID: Identifier
    package let isOwn: Bool
    /// Stands for what the row said when the form was made; empty for a new row.
    package let version: String
    /// What the tables' readers should know of a table whose rows are evidence.
    package let isAppendOnly: Bool
}

/// One field of a row's form.
package struct RowField: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case line
        case text
        case date
        /// A day and a time, by a clock in the United Kingdom.
        case moment
        case yesOrNo
        case number
        case money
        /// One of these.
        case choice([Option])
        /// Any of these; the value is separated by commas.
        case several([Option])
    }

    package struct Option: Hashable, Sendable {
        package let value: String
        package let label: String
    }

    package let column: String
    package let label: String
    package let help: String
    package let unit: String
    package let kind: Kind
    package let isRequired: Bool
    /// Columns of one group only make sense together, and merge together.
    package let group: Int
    /// What the network calls its group of columns; empty where it does not.
    package let heading: String
    /// As it is typed.
    package let value: String
    /// When something happened: apart from when it is typed.
    package let isWhenItHappened: Bool

    /// Whether a text says more than the form of a new row did by itself.
    func isTyped(_ text: String) -> Bool {
        guard !text.isEmpty else { return false }
        // The clock has moved since the form was shown.
        guard [.date, .moment].contains(kind), !value.isEmpty else { return text != value }
        return text.prefix(10) != value.prefix(10)
    }
}

/// What was wrong with one field of a form, in words.
package struct RowProblem: Hashable, Sendable {
    /// The column; empty where it is about the row.
    package let column: String
    package let text: String
}
