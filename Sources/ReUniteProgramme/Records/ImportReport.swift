import ReUniteSync

/// What an import found and did. Never says what is in a cell: only where, and what is wrong with it.
package struct ImportReport: Sendable, Encodable {
    /// One thing to look at.
    package struct Remark: Hashable, Sendable, Encodable {
        /// Of the file, from 1.
        package let line: Int
        /// As a spreadsheet names it: A, B, … AA; nil when it is about the whole line.
        package let column: String?
        package let heading: String?
        package let why: String
        package let advice: String

        private enum CodingKeys: String, CodingKey {
            case line, column, heading, why
            case advice = "do"
        }

        /// `line 7, column C (Date of birth): there is no such day. Compare it with the paper.`
        package var text: String {
            var place = "line \(line)"
            if let column { place += ", column \(column)" }
            if let heading, !heading.isEmpty { place += " (\(heading))" }
            return "\(place): \(why). \(advice)."
        }
    }

    /// Two records that may be one woman.
    package struct Duplicate: Hashable, Sendable, Encodable {
        package let line: Int
        /// The other line of the file; nil where the other one was here already.
        package let withLine: Int?
        /// The reference or id of the case that was here already.
        package let withCase: String?
        /// `should-join` or `worth-a-look`.
        package let verdict: String
        package let because: [String]
    }

    package struct Column: Hashable, Sendable, Encodable {
        package let column: String
        package let heading: String
        /// `table.column`; nil where it is left out.
        package let fills: String?
        package let label: String?
    }

    package internal(set) var table: String
    package internal(set) var dryRun: Bool
    package internal(set) var encoding: CSVFile.Encoding
    package internal(set) var separator: String
    /// Records without the headings and without blank ones.
    package internal(set) var records = 0
    package internal(set) var blankLines = 0
    package internal(set) var columns: [Column] = []
    /// Rows made, by table; what would be made when it is a dry run.
    package internal(set) var rows: [String: Int] = [:]
    /// Lines that are here already and were passed over because that was asked for.
    package internal(set) var skipped = 0
    /// Nothing is imported while there is one.
    package internal(set) var errors: [Remark] = []
    package internal(set) var warnings: [Remark] = []
    package internal(set) var duplicates: [Duplicate] = []

    /// Whether rows were written.
    package var isDone: Bool { errors.isEmpty && !dryRun }
    package var needsPerson: Bool { !warnings.isEmpty || !duplicates.isEmpty }
}

/// Columns as spreadsheets name them.
enum ColumnLetters {
    static func name(_ place: Int) -> String {
        var rest = place
        var name = ""
        repeat {
            name = String(UnicodeScalar(UInt8(65 + rest % 26))) + name
            rest = rest / 26 - 1
        } while rest >= 0
        return name
    }
}
