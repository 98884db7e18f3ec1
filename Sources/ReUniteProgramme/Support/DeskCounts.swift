package import GRDB
import ReUniteSync

/// What every page of the desk says in its margin.
package struct DeskCounts: Sendable {
    /// Edits that came back and wait for somebody.
    package let returned: Int
    /// Rows with edits that the hub has not judged.
    package let unsent: Int
    /// The organisation whose replica this is, by name; empty before it is known.
    package let place: String

    package init(_ database: Database) throws {
        returned = try Int.fetchOne(database, sql: "SELECT count(*) FROM ru_returned WHERE state IN (0, 3, 4)") ?? 0
        unsent =
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM (SELECT tbl, key FROM ru_journal WHERE mask <> 0 UNION
                      SELECT tbl, key FROM ru_pending)
                    """) ?? 0
        place =
            try String.fetchOne(
                database,
                sql: "SELECT name FROM partner WHERE id = (SELECT value FROM ru_meta WHERE name = 'partner')") ?? ""
    }
}
