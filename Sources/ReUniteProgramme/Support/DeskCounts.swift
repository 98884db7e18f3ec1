package import GRDB
import ReUniteSync

/// What every page of the desk says in its margin.
package struct DeskCounts: Sendable {
    /// Edits that came back and wait for somebody.
    package let returned: Int
    /// Questions of the hub's that wait for an answer.
    package let questions: Int
    /// Referrals that somebody else brought to where they stand, and that this side brings further.
    package let referrals: Int
    /// Rows with edits that the hub has not judged; counted up to ``most``.
    package let unsent: Int
    package static let most = 1_000
    /// The organisation whose replica this is, by name; empty before it is known.
    package let place: String

    package init(_ database: Database) throws {
        returned = try Int.fetchOne(database, sql: "SELECT count(*) FROM ru_returned WHERE state IN (0, 3, 4)") ?? 0
        questions =
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM conflict_question q WHERE q.state = 'OPEN'
                      AND NOT EXISTS (SELECT 1 FROM conflict_answer a WHERE a.question_id = q.id)
                    """) ?? 0
        referrals =
            try Int.fetchOne(
                database,
                sql: """
                    WITH own(id, state, side) AS (
                        SELECT r.id, r.state, CASE m.value WHEN r.to_partner_id THEN 'RECEIVER' ELSE 'SENDER' END
                        FROM referral r CROSS JOIN ru_meta m ON m.name = 'partner'
                        WHERE m.value IN (r.to_partner_id, r.from_partner_id))
                    SELECT count(*) FROM own o
                    WHERE EXISTS (
                        SELECT 1 FROM workflow_transition t JOIN ru_state s
                          ON s.tbl = t.tbl AND s.col = t.col AND s.value = t.to_value AND s.closed = 0
                        WHERE t.tbl = 'referral' AND t.col = 'state' AND t.from_value = o.state AND t.relation = o.side)
                      AND EXISTS (
                        SELECT 1 FROM workflow_transition t
                        WHERE t.tbl = 'referral' AND t.col = 'state' AND t.to_value = o.state AND t.relation <> o.side)
                    """) ?? 0
        // Each arm stops as soon as it has enough: a page's margin is not worth reading a long list.
        unsent = min(
            DeskCounts.most,
            try Int.fetchOne(
                database,
                sql: """
                    WITH written(tbl, key) AS MATERIALIZED (
                        SELECT DISTINCT tbl, key FROM ru_journal WHERE mask <> 0 LIMIT ?1),
                      sealed(tbl, key) AS MATERIALIZED (SELECT DISTINCT tbl, key FROM ru_pending LIMIT ?1)
                    SELECT count(*) FROM (SELECT tbl, key FROM written UNION SELECT tbl, key FROM sealed)
                    """, arguments: [DeskCounts.most]) ?? 0)
        place =
            try String.fetchOne(
                database,
                sql: "SELECT name FROM partner WHERE id = (SELECT value FROM ru_meta WHERE name = 'partner')") ?? ""
    }
}
