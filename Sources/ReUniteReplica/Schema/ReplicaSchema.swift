import GRDB
import ReUniteSync
import Synchronization

/// What is in a replica's file before there is anything in it: the engine's tables, the network's, and the views and
/// triggers that are made for them.
enum ReplicaSchema {
    /// Makes all of it in an empty database.
    @discardableResult
    static func install(
        _ network: NetworkSchema, in database: Database, atMilliseconds now: Int64
    ) throws -> SchemaDescription {
        try EngineTables.replica.install(in: database)
        try SchemaInstaller.migrate(database, to: network, atMilliseconds: now)
        let schema = try ManifestReader.read(database)
        try TextViews.install(schema, in: database)
        try CaptureTriggers.install(schema, in: database)
        return schema
    }

    // MARK: Patterns

    /// An empty replica in memory, made once for each network that a process meets, and what is in it.
    struct Pattern: Sendable {
        let database: DatabaseQueue
        let schema: SchemaDescription
    }

    private static let patterns = Mutex<[[NetworkSchema.Migration]: Pattern]>([:])

    /// The network's pattern. Nobody writes to it.
    ///
    /// Copying it costs much less than making it: there are hundreds of views and triggers to parse.
    static func pattern(of network: NetworkSchema) throws -> Pattern {
        try patterns.withLock { patterns in
            if let pattern = patterns[network.migrations] { return pattern }
            let database = try DatabaseQueue()
            let schema = try database.write { try install(network, in: $0, atMilliseconds: 0) }
            let pattern = Pattern(database: database, schema: schema)
            patterns[network.migrations] = pattern
            return pattern
        }
    }
}
