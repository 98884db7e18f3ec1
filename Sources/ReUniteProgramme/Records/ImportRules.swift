import GRDB
import ReUniteReplica

/// What a table asks of a row as a whole, said by the column of the file that has to change.
struct ImportRules {
    let table: RecordTables.Table
    let cells: [String: ImportLine.Cell]

    private func place(_ column: String) -> Int? { cells[column]?.place }

    /// - Throws: ``ImportWriter/Wrong`` where something ends before it begins.
    func order(_ values: [String: DatabaseValue]) throws {
        for rule in table.rules {
            guard let after = rule.checks.after, let first = String.fromDatabaseValue(values[after.column] ?? .null),
                let last = String.fromDatabaseValue(values[rule.column] ?? .null), last <= first,
                !(after.mayBeSame && last == first)
            else { continue }
            let other = table.rule(after.column)?.label ?? after.column
            throw ImportWriter.Wrong(
                place: place(rule.column) ?? place(after.column),
                why: "'\(rule.label)' is \(after.mayBeSame ? "before" : "not after") '\(other)'",
                advice: "Compare both with the paper")
        }
    }

    /// What the table did not take: by the columns that its rule names, or as its guard says it.
    func refused(_ error: DatabaseError) -> ImportWriter.Wrong {
        let message = error.message ?? "a rule of the table"
        let isRule = message.hasPrefix("CHECK constraint") || message.hasPrefix("NOT NULL constraint")
        let words = Set(message.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init))
        let named = isRule ? table.rules.filter { words.contains($0.column) } : []
        guard let rule = named.first(where: { place($0.column) != nil }) ?? named.first else {
            return ImportWriter.Wrong(
                place: nil, why: "the table does not take it (\(message))",
                advice: "Compare the line with docs/facts.md")
        }
        let labels = named.map { "'\($0.label)'" }.joined(separator: " and ")
        let helps = named.filter { !$0.manifest.help.isEmpty }.map { "\($0.label): \($0.manifest.help)" }
        return ImportWriter.Wrong(
            place: place(rule.column), why: "the table does not take what is said of \(labels)",
            advice: (["Compare it with the paper"] + helps).joined(separator: ". "))
    }
}
