import GRDB

/// What is in a replica's file beside the engine's and the network's own tables.
///
/// Any client may add tables, indexes and triggers. They may hold copies of what leaves, which the engine neither
/// looks for nor deletes; it says so instead. Views hold nothing.
enum ForeignObjects {
    /// The names of the tables, indexes and triggers that nobody but a stranger can have made, in order.
    static func names(in database: Database, network: NetworkSchema) throws -> [String] {
        let own = try ReplicaSchema.pattern(of: network).database.reading { try objects(in: $0) }
        return try objects(in: database).subtracting(own).map(\.name).sorted()
    }

    private struct Object: Hashable {
        let kind: String
        let name: String
        /// What it stands on.
        let table: String
    }

    private static func objects(in database: Database) throws -> Set<Object> {
        Set(
            try Row.fetchAll(
                database,
                sql: """
                    SELECT type, name, tbl_name FROM sqlite_schema
                    WHERE type IN ('table', 'index', 'trigger') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                    """
            ).map { Object(kind: $0["type"], name: $0["name"], table: $0["tbl_name"]) })
    }
}
