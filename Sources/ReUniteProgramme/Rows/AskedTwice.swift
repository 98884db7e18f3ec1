import GRDB
import ReUniteReplica
import ReUniteSync

/// What can be had once and is asked for twice: a home, a mentor, a place of a service. Both requests stay; the hub gives
/// it to one, and the other waits for a person.
struct AskedTwice {
    /// The column that names what is wanted.
    let column: String
    /// Rows that want or have it on some of the same days.
    let others: [Identifier]

    static let why = "it is asked for or given on some of these days already"
    static let advice = "Both are kept; the hub gives it once, and the other waits for a person"

    /// The same of one row of a table; nothing of a table whose rows ask for nothing.
    static func by(_ id: Identifier, in table: String, _ database: Database) throws -> [AskedTwice] {
        let all = try Row.fetchAll(
            database,
            sql: """
                SELECT a.tbl, a.unit_col, a.from_col, a.to_col, a.status_col, a.pool,
                  coalesce(t.scope_column, 'id') AS scope_col
                FROM allocation a JOIN ru_table t ON t.name = a.tbl ORDER BY a.tbl
                """)
        return try all.filter { $0["tbl"] == table }.flatMap { mine in
            try all.filter { $0["pool"] == mine["pool"] as String }.compactMap { other in
                let others = try Row.fetchAll(database, sql: overlaps(mine, other), arguments: [id.sqlBlob])
                    .map { $0.identifier("id") }
                return others.isEmpty ? nil : AskedTwice(column: mine["unit_col"], others: others)
            }
        }
    }

    /// Rows of one table that want what a row of another, or the same, wants on the same days. What is held for a woman
    /// in one table is not in the way of her own in another, as at the hub.
    private static func overlaps(_ mine: Row, _ other: Row) -> String {
        func column(_ name: String, of row: Row) -> String { quoted(row[name] as String) }
        func isLive(_ alias: String, _ row: Row) -> String {
            """
            \(alias).\(column("status_col", of: row)) IN (SELECT value FROM allocation_state
              WHERE tbl = '\(row["tbl"] as String)' AND kind IN ('REQUEST', 'HOLDS'))
            """
        }
        let isHers = """
            EXISTS (SELECT 1 FROM ru_allocation_for a JOIN ru_allocation_for b ON b.holder = a.holder
              WHERE a.scope = n.\(column("scope_col", of: mine)) AND b.scope = o.\(column("scope_col", of: other)))
            """
        return """
            SELECT o.id AS id FROM \(column("tbl", of: mine)) n JOIN \(column("tbl", of: other)) o
              ON o.\(column("unit_col", of: other)) = n.\(column("unit_col", of: mine)) AND o.id <> n.id
            WHERE n.id = ? AND \(isLive("n", mine)) AND \(isLive("o", other))
              AND o.\(column("from_col", of: other)) < coalesce(n.\(column("to_col", of: mine)), '9999')
              AND n.\(column("from_col", of: mine)) < coalesce(o.\(column("to_col", of: other)), '9999')
              AND NOT \(mine["tbl"] == other["tbl"] as String ? "0" : isHers)
            ORDER BY o.id
            """
    }
}
