import GRDB
import ReUniteReplica
import ReUniteSync

extension HubTransaction {
    /// The scopes whose grants a row may open or close, as it stands now.
    func grantScopes(
        _ table: TableDescription, _ key: Identifier, scopeID: Identifier
    ) throws -> Set<Identifier> {
        let columns = schema.grantColumns(of: table)
        guard !columns.isEmpty else { return [] }
        var scopes: Set<Identifier> = [scopeID]
        let values = try self.values(of: table, key)
        for column in columns {
            if column == "id" {
                scopes.insert(key)
            } else if let index = table.columns.firstIndex(where: { $0.name == column }),
                case .blob(let bytes)? = values?[index], let scope = Identifier(bytes: bytes)
            {
                scopes.insert(scope)
            }
        }
        if schema.has(.grantReach) {
            // The view is long, and to prepare it takes longer than to ask it.
            let reached = try database.cachedStatement(
                sql: "SELECT scope FROM ru_grant_reach WHERE tbl = ? AND key = ?")
            for row in try Row.fetchAll(reached, arguments: [table.name, key.sqlBlob]) {
                if let scope = Identifier(bytes: row.bytes("scope")) { scopes.insert(scope) }
            }
        }
        if table.scopeKind == .shared {
            // A partner that comes or goes moves every grant it holds.
            let held = try EngineStatement(
                database,
                """
                SELECT s.id FROM hub_grant g JOIN hub_scope s ON s.no = g.scope JOIN hub_partner p ON p.sub = g.sub
                WHERE p.id = ? AND g.closed IS NULL
                """)
            held.bind(1, key)
            while try held.step() {
                if let scope = held.identifier(0) { scopes.insert(scope) }
            }
        }
        scopes.remove(.zero)
        return scopes
    }
}
