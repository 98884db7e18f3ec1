import GRDB
import ReUniteProgramme
import ReUniteSync

/// What a command wrote, with what is doubtful in it: kept, because papers are wrong too, and said, as an import does.
struct Doubted<Summary: Encodable>: Encodable {
    let summary: Summary
    let doubts: [RowDoubt]
    private let labels: Labels?

    /// - Parameters:
    ///   - scope: the id of what the rows that were written hang on.
    ///   - row: the id of one of them; nil for all.
    ///   - now: milliseconds since 1970.
    init(_ summary: Summary, of scope: String, row: String? = nil, in database: Database, now: Int64) throws {
        self.summary = summary
        let scope = Identifier(scope)
        doubts =
            try scope.map {
                try RowDoubts.said(of: $0, row: row.flatMap { Identifier($0) }, in: database, now: now)
            } ?? []
        labels = doubts.isEmpty ? nil : try Labels(database)
    }

    private enum CodingKeys: CodingKey {
        case doubts
    }

    func encode(to encoder: any Encoder) throws {
        try summary.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(doubts, forKey: .doubts)
    }

    /// - Throws: ``needsPerson`` when something is doubtful.
    func show(as json: Bool, text: () -> Void) throws {
        try Output.show(self, as: json) {
            text()
            if !doubts.isEmpty { say("Look at this; it is kept as it is:") }
            for doubt in doubts {
                let table = labels?.table(doubt.table).label ?? doubt.table
                let column = labels?.column(doubt.table, doubt.column) ?? doubt.column
                say("  \(table), \(column): \(doubt.why)")
            }
        }
        if !doubts.isEmpty { throw needsPerson }
    }
}
