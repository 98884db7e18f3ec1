package import GRDB
import ReUniteSchemas
package import ReUniteSync

/// Turns ordinary SQL into ops without a replica: runs it on an empty database in memory that has the network's
/// tables and triggers, and seals what they caught.
///
/// How a hub writes its own rows: through the same change log as everyone else.
package enum ScratchCapture {
    /// - Returns: the ops in the order in which the hub takes them.
    package static func ops(
        network: NetworkSchema, atMilliseconds now: Int64, _ body: (Database) throws -> Void
    ) throws -> [Op] {
        let database = try DatabaseQueue()
        return try database.write { database in
            try database.execute(sql: Schemas.manifest)
            try database.execute(sql: Schemas.replica)
            try SchemaInstaller.migrate(database, to: network, atMilliseconds: now)
            let schema = try ManifestReader.read(database)
            try CaptureTriggers.install(schema, in: database)
            try body(database)
            let fold = try JournalFold(database, schema: schema, clock: HybridClock())
            return try OpBuilder(database, schema: schema).ops(from: fold, isClockSuspect: false)
        }
    }
}
