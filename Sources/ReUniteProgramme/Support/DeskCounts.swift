package import GRDB
import ReUniteSync

/// What every page of the desk says in its margin.
package struct DeskCounts: Sendable {
    /// Edits that came back and wait for somebody.
    package let returned: Int
    /// Questions of the hub's that wait for an answer.
    package let questions: Int
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
