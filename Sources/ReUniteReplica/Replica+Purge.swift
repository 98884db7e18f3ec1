import GRDB
import ReUniteSync

extension Replica {
    /// How long cleaning the file waits for another program that reads it, in milliseconds.
    static let purgePatience = 1_000

    /// Whether cleaning stays owed for now, for whoever syncs very often in a row and cleans once at the end.
    @TaskLocal package static var leavesPurgesOwed = false

    /// Cleans the file of what left since it was last cleaned, and signs the receipts for the hub.
    ///
    /// Deleted content is overwritten as it is deleted, but a program of somebody else's need not do so: only building
    /// the file anew leaves nothing behind, and only then an empty log (`docs/leaving.md`).
    ///
    /// Whatever keeps it from happening now (another program reads the file, the disk is full) leaves it owed: it is
    /// tried again at the next opening and with every request.
    ///
    /// - Returns: whether nothing is owed.
    @discardableResult
    package func finishPurge(patience milliseconds: Int = Replica.purgePatience) -> Bool {
        guard !Replica.leavesPurgesOwed else { return false }
        do {
            guard try database.reading({ try PurgeDebt.owed($0) }) > 0 else { return true }
            try discardOvertakenDelivery()
            // A row that the hub is asked about may be one that left.
            guard try database.reading({ try Int.fetchOne($0, sql: "SELECT 1 FROM ru_want LIMIT 1") }) == nil,
                try clean(patience: milliseconds)
            else { return false }
            let foreign = try database.reading { try ForeignObjects.names(in: $0, network: network) }
            try database.immediately { database in
                try PurgeDebt.note(foreignObjects: foreign, in: database)
                let facts = try ReplicaFacts(database)
                try PurgeDebt.settle(
                    database, facts, keys: try keyRing(for: facts).current, isClean: foreign.isEmpty,
                    atMilliseconds: time.wallMilliseconds)
            }
            return true
        } catch {
            return false
        }
    }

    /// Forgets the receipts that the hub has.
    func forget(purges receipts: some Sequence<[UInt8]>) throws {
        try transaction("Recording the sync") { database in
            let delete = try EngineStatement(database, "DELETE FROM ru_purge WHERE receipt = ?")
            for receipt in receipts {
                delete.bind(1, receipt)
                try delete.run()
            }
        }
    }

    /// Builds the file anew and empties the log. Returns false when another program is in the way.
    private func clean(patience milliseconds: Int) throws -> Bool {
        try database.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA busy_timeout = \(milliseconds)")
            defer { try? database.execute(sql: "PRAGMA busy_timeout = \(Int(EngineDatabase.busySeconds * 1_000))") }
            // First, for it is cheap: while somebody reads, the new file would only fill the log.
            guard try Replica.emptyLog(database) else { return false }
            // Samples of values, where somebody ran ANALYZE with an SQLite that takes them.
            if try Int.fetchOne(database, sql: "SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4'") != nil {
                try database.execute(sql: "DELETE FROM sqlite_stat4")
            }
            let version = try Int64.fetchOne(database, sql: "PRAGMA schema_version") ?? 0
            try EngineDatabase.vacuum(database, folder: vault.folder)
            try SchemaWatch.noteVacuum(database, after: version)
            return try Replica.emptyLog(database)
        }
    }

    /// Moves the write-ahead log into the file and cuts it to nothing. Returns false when a reader holds it.
    private static func emptyLog(_ database: Database) throws -> Bool {
        try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)").map { $0[0] == 0 } ?? false
    }
}
