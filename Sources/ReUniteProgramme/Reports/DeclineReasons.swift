import GRDB
import ReUniteReplica

/// Why partners declined referrals from another area: how many for each reason.
struct DeclineReasons {
    static let id = "declined"
    private static let label = "Referrals that were declined"
    private static let definition =
        "referrals sent to a partner of another area that declined them by then; by the reason that it gave"

    /// By the reason's code; empty where none was given.
    let counts: [String: Int]
    private let labels: [String: String]

    init(asAt day: String, in database: Database) throws {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT coalesce(r.decline_reason, '') AS reason, count(*) AS declined FROM referral r
                WHERE r.from_area <> r.to_area AND EXISTS (
                    SELECT 1 FROM referral_event s WHERE s.referral_id = r.id AND s.to_state = 'SENT'
                      AND s.recorded_for_at < :end)
                  AND EXISTS (
                    SELECT 1 FROM referral_event x WHERE x.referral_id = r.id AND x.to_state = 'DECLINED'
                      AND x.recorded_for_at < :end)
                GROUP BY 1 ORDER BY 1
                """, arguments: StatementArguments(Measure.arguments(asAt: day)))
        counts = Dictionary(uniqueKeysWithValues: rows.map { ($0["reason"] as String, $0["declined"] as Int) })
        labels = Dictionary(
            try Row.fetchAll(
                database, sql: "SELECT code, label FROM code_value WHERE list = 'referral.decline_reason' ORDER BY id"
            ).map { ($0["code"] as String, $0["label"] as String) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Parameter published: its lines with small numbers hidden; nil for exact ones.
    func figure(published: [PublishedTables.Line]?) -> ReasonFigure {
        let lines =
            published.map { $0.map { (reason: $0.area, of: $0.cells[0]) } }
            ?? counts.sorted { $0.key < $1.key }.map { (reason: $0.key as String?, of: String($0.value)) }
            + [(reason: nil, of: String(counts.values.reduce(0, +)))]
        return ReasonFigure(
            measure: Self.id, label: Self.label, definition: Self.definition,
            lines: lines.map { line in
                ReasonFigure.Line(
                    reason: line.reason,
                    label: line.reason.map { $0.isEmpty ? "No reason given" : labels[$0] ?? $0 } ?? "All", of: line.of)
            })
    }
}

/// How many for each reason, and in all.
package struct ReasonFigure: Sendable, Codable {
    package struct Line: Hashable, Sendable, Codable {
        /// A code, empty where none was given; nil for all of them.
        package let reason: String?
        package let label: String
        /// As text: a number, or `c` where it is not shown.
        package let of: String
    }

    package let measure: String
    package let label: String
    package let definition: String
    package let lines: [Line]
}
