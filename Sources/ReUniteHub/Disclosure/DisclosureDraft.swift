import GRDB
import ReUniteReplica
import ReUniteSync

/// Collects what a delivery shows while it is built: every row with values in it, by scope. Shared rows are everyone's
/// and not noted; a row that its author is only told the verdict of was not shown to it.
struct DisclosureDraft {
    /// By scope, each with the last position that had touched it.
    private let rows: RowList

    /// - Parameter scratch: the folder for what is too long for memory.
    init(scratch: String) {
        rows = RowList(folder: scratch)
    }

    func note(_ row: HubRow, _ table: TableDescription, groups: UInt64) throws {
        guard table.scopeKind != .shared, groups != 0 else { return }
        try rows.add(RowKey(table: row.table, key: row.key), group: row.scope, bits: row.changed.rawValue)
    }

    /// What was noted, with the grants that allow it.
    func finished(for subscription: Int64, _ database: Database) throws -> DisclosedScopes {
        let disclosed = DisclosedScopes(rows)
        guard !disclosed.isEmpty else { return disclosed }
        let grant = try EngineStatement(
            database,
            """
            SELECT s.id, g.opened FROM hub_scope s
            LEFT JOIN hub_grant g ON g.scope = s.no AND g.sub = ? AND g.closed IS NULL WHERE s.no = ?
            """)
        try disclosed.forEachScope { scope, _ in
            grant.bind(1, subscription)
            grant.bind(2, scope)
            defer { grant.reset() }
            guard try grant.step(), let id = grant.identifier(0), !grant.isNull(1) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a row was packed without a grant")
            }
            disclosed.grants.append(DisclosedScopes.Grant(scope: scope, id: id, opened: Position(grant.int64(1))))
        }
        return disclosed
    }
}

/// What a delivery shows, scope by scope.
package final class DisclosedScopes {
    struct Grant {
        /// The scope's number, and its id.
        let scope: Int64
        let id: Identifier
        /// When the grant was opened that allows it.
        let opened: Position
    }

    private let rows: RowList
    /// By scope.
    fileprivate(set) var grants: [Grant] = []

    package var isEmpty: Bool { rows.isEmpty }

    init(_ rows: RowList) {
        self.rows = rows
    }

    /// Walks the scopes by number, each with its grant and its rows.
    func forEachGrant(_ body: (Grant, [DisclosedRow]) throws -> Void) throws {
        var next = grants.makeIterator()
        try forEachScope { scope, rows in
            guard let grant = next.next(), grant.scope == scope else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a row was packed without a grant")
            }
            try body(grant, rows)
        }
    }

    /// Walks the scopes by number, each with its rows.
    func forEachScope(_ body: (Int64, [DisclosedRow]) throws -> Void) throws {
        var scope: Int64?
        var members: [DisclosedRow] = []
        try rows.walk { place, position in
            if let last = scope, last != place.group {
                try body(last, members)
                members.removeAll(keepingCapacity: true)
            }
            scope = place.group
            members.append(DisclosedRow(table: place.row.table, key: place.row.key, position: Position(position)))
        }
        if let scope { try body(scope, members) }
    }
}
