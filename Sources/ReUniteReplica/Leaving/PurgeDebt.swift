import GRDB
import ReUniteSync

/// `ru_purge`: what left and is still to be cleaned from the file, then the receipts that the hub is still to be given.
enum PurgeDebt {
    private static let foreignFact = "foreign_objects"

    /// Rows of one scope that left.
    struct Entry {
        let scope: Identifier
        /// Where the grant had opened under which they were held, as far as the replica knows.
        let epoch: Position
        let rows: Int
    }

    /// Notes what a delivery took away, in its transaction: however this ends, the file will be cleaned of it.
    ///
    /// - Parameter single: rows that went one by one. Whether they were hidden or deleted the replica is not told, so it
    ///   signs for both; the hub keeps what it asked for.
    static func note(_ departures: Departures, single: [Entry], at position: Position, in database: Database) throws {
        let insert = try EngineStatement(
            database,
            """
            INSERT INTO ru_purge(scope, position, epoch, gone) VALUES(?, ?, ?, ?)
            ON CONFLICT(scope, position) DO UPDATE SET gone = gone + excluded.gone, receipt = NULL
            """)
        let closed = departures.scopes.sorted { $0.key < $1.key }
            .map { Entry(scope: $0.key, epoch: $0.value.epoch, rows: $0.value.rows) }
        // What everyone reads, or was never shown back: the hub is owed nothing, the file is.
        let other = Entry(scope: .zero, epoch: .zero, rows: departures.rowCount)
        for entry in closed.isEmpty && single.isEmpty ? [other] : closed + single {
            insert.bind(1, entry.scope)
            insert.bind(2, position.rawValue)
            insert.bind(3, entry.epoch.rawValue)
            insert.bind(4, entry.rows)
            try insert.run()
        }
    }

    /// How many closings wait for the file to be cleaned.
    static func owed(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM ru_purge WHERE receipt IS NULL") ?? 0
    }

    /// Signs for everything that is owed: the file is clean.
    static func settle(
        _ database: Database, _ facts: ReplicaFacts, keys: DeviceKeys, isClean: Bool, atMilliseconds now: Int64
    ) throws {
        try database.execute(
            sql: "DELETE FROM ru_purge WHERE receipt IS NULL AND scope = ?", arguments: [Identifier.zero.sqlBlob])
        let owed = try EngineStatement(
            database, "SELECT scope, position, epoch, gone FROM ru_purge WHERE receipt IS NULL ORDER BY position")
        var receipts: [SignedPurgeReceipt] = []
        while try owed.step() {
            guard let scope = owed.identifier(0) else { continue }
            receipts.append(
                try PurgeReceipt(
                    hub: facts.hub, hubEpoch: facts.epoch, device: facts.device, scope: scope,
                    epoch: Position(owed.int64(2)), purged: Position(owed.int64(1)), cursor: facts.cursor,
                    digest: facts.digest, rows: UInt64(max(0, owed.int64(3))), isClean: isClean, milliseconds: now
                ).signed(with: keys))
        }
        let sign = try EngineStatement(
            database, "UPDATE ru_purge SET receipt = ? WHERE scope = ? AND position = ?")
        for signed in receipts {
            sign.bind(1, signed.bytes)
            sign.bind(2, signed.receipt.scope)
            sign.bind(3, signed.receipt.purged.rawValue)
            try sign.run()
        }
    }

    /// The receipts for the next request, and whether anything is owed beyond them.
    static func receipts(_ database: Database) throws -> (ready: [[UInt8]], more: Bool) {
        let rows = try EngineStatement(database, "SELECT receipt FROM ru_purge ORDER BY receipt IS NULL, position")
        var ready: [[UInt8]] = []
        while try rows.step() {
            guard !rows.isNull(0), ready.count < SyncRequest.purgeLimit else {
                rows.reset()
                return (ready, true)
            }
            ready.append(rows.blob(0))
        }
        return (ready, false)
    }

    // MARK: What others added to the file

    static func note(foreignObjects names: [String], in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO ru_meta(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            arguments: [foreignFact, names.joined(separator: "\n")])
    }

    static func foreignObjects(_ database: Database) throws -> [String] {
        let text = try String.fetchOne(
            database, sql: "SELECT value FROM ru_meta WHERE name = ?", arguments: [foreignFact])
        return text.map { $0.split(separator: "\n").map(String.init) } ?? []
    }
}
