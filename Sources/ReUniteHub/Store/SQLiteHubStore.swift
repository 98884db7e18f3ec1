import GRDB
package import ReUniteReplica
package import ReUniteSync
import Synchronization

/// A hub's database in one SQLite file: every commit is on disk before it is acknowledged.
public final class SQLiteHubStore: HubStore {
    let database: DatabaseQueue
    let schema: HubSchema
    let path: String
    /// The folder that the file is in.
    let folder: String
    private let witness: HubWitness
    /// Set while batches are taken again from the ledger.
    let collector = Mutex<ClosingCollector?>(nil)

    /// Marks the file as a hub's (`PRAGMA application_id`): "RUhb".
    static let applicationID: Int32 = 0x5255_6862

    private init(database: DatabaseQueue, schema: HubSchema, path: String) {
        self.database = database
        self.schema = schema
        self.path = path
        folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        witness = HubWitness(folder: folder)
    }

    /// What the schema says of the synced tables.
    package var tables: SchemaDescription { schema.tables }

    /// Makes the database of a new hub, with the network's tables and nothing in them.
    package static func create(path: String, network: NetworkSchema, atMilliseconds now: Int64) throws {
        do {
            let database = try EngineDatabase.open(path: path, role: .engine, label: "hub", isNew: true)
            try database.immediately { database in
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                try EngineTables.hub.install(in: database)
                try SchemaInstaller.migrate(database, to: network, atMilliseconds: now)
            }
            try database.close()
        } catch {
            throw Failure(sqlite: error, what: "Making the hub", file: path)
        }
    }

    /// Opens the database of a hub.
    ///
    /// - Throws: ``Failure`` (configuration) when the file is not a hub's or a newer program made it.
    package static func open(path: String, network: NetworkSchema, atMilliseconds now: Int64) throws -> SQLiteHubStore {
        guard DurableFile.exists(path) else {
            throw Failure(
                .configuration, what: "Opening the hub", why: "there is no hub in that folder",
                remedy: "Name the right folder with --hub-dir, or make a hub with 'hub init'")
        }
        do {
            guard try SQLiteHeader.applicationID(ofFile: path) == applicationID else {
                throw Failure(
                    .configuration, what: "Opening the hub", why: "\(path) is not a ReUnite Sync hub",
                    remedy: "Name the right folder with --hub-dir")
            }
            let database = try EngineDatabase.open(path: path, role: .engine, label: "hub")
            // As at a replica: an operator who only looks does not wait for a batch that is being taken.
            let current = try database.reading { database in
                try EngineTables.hub.areCurrent(in: database) && SchemaInstaller.isCurrent(database, network)
                    ? HubSchema(database, network) : nil
            }
            let schema =
                try current
                ?? database.immediately { database in
                    try EngineTables.hub.upgrade(database)
                    try SchemaInstaller.migrate(database, to: network, atMilliseconds: now)
                    return try HubSchema(database, network)
                }
            return SQLiteHubStore(database: database, schema: schema, path: path)
        } catch let error as DatabaseError where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode) {
            throw Failure(
                .configuration, what: "Opening the hub", why: "\(path) is not a ReUnite Sync hub or is damaged",
                remedy: "Name the right folder with --hub-dir, or restore a backup")
        } catch {
            throw Failure(sqlite: error, what: "Opening the hub", file: path)
        }
    }

    func write<Result>(_ what: String, _ body: (Database) throws -> Result) throws -> Result {
        do {
            let result = try database.immediately(body)
            try note()
            return result
        } catch {
            throw Failure(sqlite: error, what: what, file: path)
        }
    }

    /// Notes beside the database how far it has come.
    private func note() throws {
        guard !path.hasSuffix(".new"), !path.hasSuffix(".restoring") else { return }
        let mark = try database.reading { database -> HubWitness.Mark? in
            guard
                let row = try Row.fetchOne(
                    database.cachedStatement(
                        sql:
                            "SELECT position, (SELECT value FROM hub_meta WHERE name = 'epoch') AS epoch FROM hub_clock"
                    ))
            else { return nil }
            return HubWitness.Mark(
                epoch: UInt32(truncatingIfNeeded: row["epoch"] as Int64? ?? 1), position: Position(row["position"]))
        }
        if let mark { witness.write(mark) }
    }

    func read<Result>(_ what: String, _ body: (Database) throws -> Result) throws -> Result {
        do {
            return try database.reading(body)
        } catch {
            throw Failure(sqlite: error, what: what, file: path)
        }
    }
}
