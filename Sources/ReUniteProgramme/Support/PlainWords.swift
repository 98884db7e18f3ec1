package import GRDB

/// Sentences of the engine for people who know no codes: states and codes are said as their lists say them.
package struct PlainWords: Sendable {
    private let words: [String: String]

    /// Reads what states, reasons and purposes are called.
    package init(_ database: Database) throws {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT code AS code, label FROM code_value
                  WHERE list LIKE 'referral.%' OR list LIKE 'info_request.%' OR list LIKE 'enquiry.%'
                    OR list LIKE 'consent.%'
                UNION ALL SELECT value, label FROM ru_state
                  WHERE tbl IN ('referral', 'enquiry', 'case_file', 'contact_plan', 'caseload')
                """)
        words = Dictionary(
            rows.compactMap { row in (row["label"] as String?).map { (row["code"] as String, $0) } },
            uniquingKeysWith: { _, last in last })
    }

    /// The same sentence, with the label where a code stood. A word that is no code stays as it is.
    package func said(_ text: String) -> String {
        text.replacing(#/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b/#) { match in
            words[String(match.0)].map { "\u{2018}\($0)\u{2019}" } ?? String(match.0)
        }
    }
}
