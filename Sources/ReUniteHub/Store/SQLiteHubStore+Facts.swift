import GRDB
import ReUniteReplica
package import ReUniteSync

/// What a hub knows of itself.
package struct HubFacts: Hashable, Sendable {
    package var id: Identifier
    package var name: String
    package var epoch: HubEpoch
    /// How often the hub's own keys have changed: whoever has them in memory reads them again then.
    package var keyChanges: Int64 = 0
}

extension SQLiteHubStore {
    func store(_ facts: HubFacts) throws {
        try write("Making the hub") { database in
            for (name, value) in [
                ("id", Value.blob(facts.id.bytes)), ("name", .text(facts.name)),
                ("epoch", .integer(Int64(facts.epoch.number))), ("epoch_salt", .blob(facts.epoch.salt.bytes)),
            ] {
                let statement = try EngineStatement(database, "INSERT INTO hub_meta(name, value) VALUES(?, ?)")
                statement.bind(1, name)
                statement.bind(2, value)
                try statement.run()
            }
        }
    }

    package func facts() throws -> HubFacts {
        try read("Opening the hub") { try facts($0) }
    }

    func facts(_ database: Database) throws -> HubFacts {
        func value(_ name: String) throws -> Row? {
            try Row.fetchOne(database, sql: "SELECT value FROM hub_meta WHERE name = ?", arguments: [name])
        }
        guard let id = try value("id")?.identifier("value"), let name: String = try value("name")?["value"],
            let number: Int64 = try value("epoch")?["value"],
            let salt = try value("epoch_salt")?.identifier("value")
        else {
            throw Failure(
                .configuration, what: "Opening the hub", why: "its database was never finished",
                remedy: "Make a hub in a new folder with 'hub init'")
        }
        return HubFacts(
            id: id, name: name,
            epoch: HubEpoch(number: UInt32(truncatingIfNeeded: number), salt: salt),
            keyChanges: try value("key_changes")?["value"] ?? 0)
    }

    /// The newest position.
    package func position() throws -> Position {
        try read("Reading the hub") {
            Position(try Int64.fetchOne($0, sql: "SELECT position FROM hub_clock") ?? 0)
        }
    }

    /// The end of a device's newest branch; for the hub, its only one.
    package func head(of device: Identifier) throws -> (batch: BatchID, number: UInt64, sequence: UInt64) {
        try read("Reading the hub") { try SQLiteHubStore.head(of: device, $0) }
    }

    static func head(
        of device: Identifier, _ database: Database
    ) throws -> (batch: BatchID, number: UInt64, sequence: UInt64) {
        guard
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT head, last_number, last_sequence FROM hub_branch WHERE device = ? ORDER BY no DESC LIMIT 1
                    """, arguments: [device.sqlBlob]), let head = BatchID(bytes: row.bytes("head"))
        else { return (.none, 0, 0) }
        let number: Int64 = row["last_number"]
        let sequence: Int64 = row["last_sequence"]
        return (head, UInt64(bitPattern: number), UInt64(bitPattern: sequence))
    }

    package func close() throws {
        // So that the file can be moved: everything is in it, and nothing beside it.
        try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try database.close()
    }
}
