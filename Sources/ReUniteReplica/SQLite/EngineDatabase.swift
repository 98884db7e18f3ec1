import CSQLite
package import GRDB

/// Opens SQLite files the way the engine needs them: WAL, every commit on disk (but see ``DiskSync``), and, for the engine's own
/// connections, no trigger and no foreign key action, so that what a stranger put into the file cannot interfere.
package enum EngineDatabase {
    /// Whose statements a connection runs.
    package enum Role {
        /// The engine's: triggers and foreign keys are off; it checks keys itself.
        case engine
        /// An application's: as any SQLite client would see the file, with foreign keys on.
        case application
    }

    /// How long a command waits for another program's write to finish, in seconds.
    static let busySeconds: Double = 5

    /// How much of a file a connection keeps in memory, in KiB. Twice as much made nothing faster that was measured, and was
    /// the most of what a first replica took (`docs/benchmarks.md`, "Memory of a first delivery").
    private static let cachedKilobytes = 16_000

    /// A file of up to so many bytes is built anew in memory.
    private static let vacuumInMemory: Int64 = 16 << 20

    /// Builds the file anew, so that nothing of what was deleted is left in it.
    ///
    /// The new file is made aside first: a large one beside the old, under no name, where the old one's pages are too. It
    /// holds nothing that the old one may not.
    ///
    /// - Parameter folder: on the same disk as the file.
    package static func vacuum(_ database: Database, folder: String) throws {
        let pages = try Int64.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let size = pages * (try Int64.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
        guard size > vacuumInMemory else { return try database.execute(sql: "VACUUM") }
        try database.execute(sql: "PRAGMA temp_store_directory = '\(folder.replacing("'", with: "''"))'")
        try database.execute(sql: "PRAGMA temp_store = FILE")
        defer { try? database.execute(sql: "PRAGMA temp_store = MEMORY") }
        try database.execute(sql: "VACUUM")
    }

    /// Opens a file that is there.
    ///
    /// SQLite would make one that is not: an empty file where a replica was, whose drive is out.
    ///
    /// - Parameter isNew: whether to make the file.
    /// - Throws: ``SQLiteFault`` where there is none.
    package static func open(
        path: String, role: Role, label: String, isNew: Bool = false
    ) throws -> DatabaseQueue {
        guard isNew || DurableFile.exists(path) else { throw SQLiteFault.notThere }
        var configuration = Configuration()
        configuration.busyMode = .timeout(busySeconds)
        configuration.foreignKeysEnabled = role == .application
        configuration.label = label
        configuration.prepareDatabase { database in
            // Deleted content is overwritten, so that what left a replica's scope is gone from its file.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            // Nothing of the file is written to a folder of temporary files, where no purge would find it.
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
            try database.execute(sql: "PRAGMA cache_size = -\(cachedKilobytes)")
            if let connection = database.sqliteConnection {
                // GRDB asks for every column that a statement names, for observers that the engine does not have; it
                // made preparing a statement the dearest part of a small sync.
                sqlite3_set_authorizer(connection, nil, nil)
                if role == .engine {
                    _ = reunite_enable_triggers(connection, 0)
                    _ = reunite_rows_register(connection)
                }
            }
        }
        if isNew { DurableFile.makePrivate(path) }
        let isPutOff = DiskSync.isPutOff
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            try database.execute(sql: "PRAGMA synchronous = \(isPutOff ? "OFF" : "FULL")")
        }
        return queue
    }
}

extension DatabaseQueue {
    /// Runs the body in one write transaction that holds the lock from the start: all of it happens, or none.
    package func immediately<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try writeWithoutTransaction { database in
            var result: Result?
            try database.inTransaction(.immediate) {
                result = try body(database)
                return .commit
            }
            guard let result else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
            return result
        }
    }

    /// Runs the body in one read transaction: all of it sees the same state. Nothing that it writes stays.
    ///
    /// For connections that keep statements, in place of GRDB's `read`: that turns `PRAGMA query_only` on and off, and
    /// after each turn SQLite prepares every statement of the connection anew, which takes tens of milliseconds for
    /// one that asks the network's rules.
    ///
    /// - Throws: `DatabaseError` (read-only) when the body wrote something.
    package func reading<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try writeWithoutTransaction { database in
            var result: Result?
            try database.inTransaction(.deferred) {
                let changes = database.totalChangesCount
                result = try body(database)
                guard database.totalChangesCount == changes else {
                    throw DatabaseError(resultCode: .SQLITE_READONLY, message: "a transaction that reads wrote")
                }
                return .rollback
            }
            guard let result else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
            return result
        }
    }
}
