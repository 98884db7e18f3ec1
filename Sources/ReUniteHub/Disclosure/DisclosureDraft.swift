import GRDB
import ReUniteReplica
import ReUniteSync

/// Collects what a delivery shows while it is built: every row with values in it, by scope. Shared rows are everyone's
/// and not noted; a row that its author is only told the verdict of was not shown to it.
struct DisclosureDraft {
    private var scopes: [Int64: [DisclosedRow]] = [:]

    mutating func note(_ row: HubRow, _ table: TableDescription, groups: UInt64) {
        guard table.scopeKind != .shared, groups != 0 else { return }
        scopes[row.scope, default: []].append(
            DisclosedRow(table: row.table, key: row.key, position: row.changed))
    }

    /// What was noted, with the grants that allow it.
    func finished(for subscription: Int64, _ database: Database) throws -> [ScopeDisclosure] {
        guard !scopes.isEmpty else { return [] }
        let grant = try EngineStatement(
            database,
            """
            SELECT s.id, g.opened FROM hub_scope s
            LEFT JOIN hub_grant g ON g.scope = s.no AND g.sub = ? AND g.closed IS NULL WHERE s.no = ?
            """)
        return try scopes.sorted { $0.key < $1.key }.map { scope, rows in
            grant.bind(1, subscription)
            grant.bind(2, scope)
            defer { grant.reset() }
            guard try grant.step(), let id = grant.identifier(0), !grant.isNull(1) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a row was packed without a grant")
            }
            return ScopeDisclosure(scope: scope, id: id, opened: Position(grant.int64(1)), rows: rows)
        }
    }
}
