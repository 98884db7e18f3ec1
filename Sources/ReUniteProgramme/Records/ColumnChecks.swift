/// What a table's own `CREATE TABLE` says that a column may hold: read from the text, so that it is said in one place.
struct ColumnChecks: Hashable, Sendable {
    private(set) var values: [String] = []
    private(set) var lengths: ClosedRange<Int>?
    private(set) var range: ClosedRange<Int64>?
    /// It asks for the form of a day, `YYYY-MM-DD`, or of a month, `YYYY-MM`.
    private(set) var isDate = false
    private(set) var isMonth = false
    /// The column of the same row that it comes after, and whether it may be the same as that.
    private(set) var after: After?

    struct After: Hashable, Sendable {
        let column: String
        let mayBeSame: Bool
    }

    /// - Parameter sql: the text of the table.
    init(column: String, sql: String) {
        var rest = sql[...]
        while let found = rest.firstRange(of: "CHECK(") {
            rest = rest[found.upperBound...]
            var depth = 1
            let body = rest.prefix { character in
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                return depth > 0
            }
            // A list may begin on the next line.
            read(body.split(whereSeparator: \.isWhitespace).joined(separator: " "), column)
        }
    }

    /// Whether a cell may hold several codes of its list, with commas between them: it has room for more than one.
    var holdsSeveral: Bool { (lengths?.upperBound ?? 0) >= 200 }

    private mutating func read(_ check: String, _ column: String) {
        func rest(after prefix: String) -> Substring? {
            check.hasPrefix(prefix) ? check.dropFirst(prefix.count) : nil
        }
        if check.hasSuffix(" <= \(column)") || check.hasSuffix(" < \(column)") {
            let words = check.split(separator: " ")
            if words.count == 3 { after = After(column: String(words[0]), mayBeSame: words[1] == "<=") }
        } else if let list = rest(after: "\(column) IN ("), list.contains("'") {
            values = list.split(separator: "'", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
        } else if let bounds = rest(after: "length(\(column)) BETWEEN ").flatMap(ColumnChecks.bounds) {
            lengths = Int(bounds.lowerBound)...Int(bounds.upperBound)
        } else if let most = rest(after: "length(\(column)) <= ").flatMap({ Int($0) }) {
            lengths = 0...most
        } else if let exact = rest(after: "length(\(column)) = ").flatMap({ Int($0) }) {
            lengths = exact...exact
        } else if let bounds = rest(after: "\(column) BETWEEN ").flatMap(ColumnChecks.bounds) {
            range = bounds
        } else if let least = rest(after: "\(column) >= ").flatMap({ Int64($0) }) {
            range = least...Int64.max
        } else if let form = rest(after: "\(column) GLOB '[12][0-9][0-9][0-9]-[01][0-9]") {
            isDate = form.hasPrefix("-")
            isMonth = !isDate
        }
    }

    private static func bounds(_ text: Substring) -> ClosedRange<Int64>? {
        let words = text.split(separator: " ")
        guard words.count == 3 || words.count > 4 && words[3] == "AND", words[1] == "AND", let low = Int64(words[0]),
            let high = Int64(words[2]), low <= high
        else { return nil }
        return low...high
    }
}
