import CSQLite
package import GRDB
package import ReUniteSync

/// Turns ordinary SQL into ops without a replica: runs it on an empty database in memory that has the network's
/// tables and triggers, and seals what they caught.
///
/// How a hub writes its own rows: through the same change log as everyone else.
package enum ScratchCapture {
    /// - Returns: the ops in the order in which the hub takes them.
    package static func ops(network: NetworkSchema, _ body: (Database) throws -> Void) throws -> [Op] {
        let pattern = try ReplicaSchema.pattern(of: network)
        let database = try DatabaseQueue()
        try pattern.database.backup(to: database)
        return try database.write { database in
            // As on the engine's own connections: many rows are read together.
            if let connection = database.sqliteConnection { _ = reunite_rows_register(connection) }
            try body(database)
            let fold = try JournalFold(database, schema: pattern.schema, clock: HybridClock())
            return try OpBuilder(database, schema: pattern.schema).ops(from: fold, isClockSuspect: false) ?? []
        }
    }
}
