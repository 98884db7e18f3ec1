package import GRDB
import ReUniteSync

/// Code lists and partners with their words, for forms that are made by hand.
package struct CodeChoices: Sendable {
    package struct Choice: Hashable, Sendable {
        package let code: String
        package let label: String
    }

    package let labels: Labels
    /// The active partners.
    package let others: [PartnerSummary]
    private let lists: [String: [Choice]]

    package init(_ database: Database) throws {
        labels = try Labels(database)
        others = try Partners.list(in: database).filter(\.isActive)
        lists = Dictionary(
            grouping: try Row.fetchAll(
                database, sql: "SELECT list, code, label FROM code_value WHERE active = 1 ORDER BY list, sort, code")
        ) { $0["list"] as String }
        .mapValues { rows in rows.map { Choice(code: $0["code"], label: $0["label"] ?? $0["code"]) } }
    }

    /// The codes of a list that are offered for new entries, in their order.
    package func choices(_ list: String) -> [Choice] { lists[list] ?? [] }
}
