package import GRDB
import ReUniteReplica
import ReUniteSync

/// How many referrals go from which area to which: for the network's operator, who may count them exactly.
package struct ReferralFlow: Hashable, Sendable {
    package struct Area: Hashable, Sendable {
        package let code: String
        package let name: String
    }

    /// From one area to one other, or within one.
    package struct Way: Hashable, Sendable {
        package let from: Area
        package let to: Area
        /// Under way.
        package let open: Int
        /// The case has changed hands.
        package let moved: Int
        /// Declined, withdrawn, expired, or an enquiry that was answered with no.
        package let ended: Int
        package var all: Int { open + moved + ended }
    }

    /// The busiest first.
    package let ways: [Way]

    package init(in database: Database) throws {
        let names = Dictionary(
            try Row.fetchAll(database, sql: "SELECT code, name FROM area ORDER BY id").map {
                ($0["code"] as String, $0["name"] as String)
            }, uniquingKeysWith: { first, _ in first })
        func area(_ code: String) -> Area { Area(code: code, name: names[code] ?? code) }
        ways = try Row.fetchAll(
            database,
            sql: """
                SELECT coalesce(r.from_area, f.area, '?') AS "from", coalesce(r.to_area, t.area, '?') AS "to",
                  sum(s.closed = 0) AS open, sum(r.state IN ('TRANSFERRED', 'RECALLED_OPEN', 'COMPLETED')) AS moved,
                  sum(s.closed > 0 AND r.state NOT IN ('TRANSFERRED', 'RECALLED_OPEN', 'COMPLETED')) AS ended
                FROM referral r JOIN workflow_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = r.state
                LEFT JOIN partner f ON f.id = r.from_partner_id LEFT JOIN partner t ON t.id = r.to_partner_id
                GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2
                """
        ).map { row in
            Way(
                from: area(row["from"]), to: area(row["to"]), open: row["open"], moved: row["moved"],
                ended: row["ended"])
        }
    }
}
