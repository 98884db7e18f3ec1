import Foundation
import GRDB
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import TestSupport

/// A laptop or an office machine: a replica's file, the device's own clock, and a connection to write with.
final class Device {
    let name: String
    let path: String
    let partner: Identifier
    let partnerCode: String
    let time: ScriptedTime
    private(set) var replica: Replica
    /// The connection of an application that stays open, as a case worker's would.
    private var application: DatabaseQueue
    private let randomness: ScriptedRandomness

    init(
        name: String, path: String, partner: Identifier, partnerCode: String, time: ScriptedTime,
        randomness: ScriptedRandomness
    ) throws {
        self.name = name
        self.path = path
        self.partner = partner
        self.partnerCode = partnerCode
        self.time = time
        self.randomness = randomness
        replica = try Replica.open(
            path: path, network: .reunite, time: time, randomness: { randomness.identifier() })
        application = try EngineDatabase.open(path: path, role: .application, label: "application")
    }

    /// The programme dies and starts again: only what is on disk goes on.
    func restart() throws {
        let randomness = randomness
        replica = try Replica.open(
            path: path, network: .reunite, time: time, randomness: { randomness.identifier() })
        application = try EngineDatabase.open(path: path, role: .application, label: "application")
    }

    /// Somebody puts an earlier copy of the file where the file was; keys and witness beside it stay.
    func putBack(from copy: String) throws {
        try application.close()
        try replica.database.close()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        try FileManager.default.copyItem(atPath: copy, toPath: path)
        try restart()
    }

    /// One transaction, as an application would write it, at the time that this device's clock shows.
    ///
    /// The triggers take the time from SQLite, which no script can move; so the marks are dated here, before they are
    /// committed.
    func edit<Result>(_ body: (Database) throws -> Result) throws -> Result {
        let now = time.wallMilliseconds
        return try application.immediately { database in
            let marks = try Int64.fetchOne(database, sql: "SELECT coalesce(max(seq), 0) FROM ru_journal") ?? 0
            let steps = try Int64.fetchOne(database, sql: "SELECT coalesce(max(seq), 0) FROM ru_values") ?? 0
            let result = try body(database)
            try database.execute(sql: "UPDATE ru_journal SET ms = ? WHERE seq > ?", arguments: [now, marks])
            try database.execute(sql: "UPDATE ru_values SET ms = ? WHERE seq > ?", arguments: [now, steps])
            return result
        }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try replica.read("Reading", body)
    }
}

extension NetworkSchema {
    /// The network that this project is for.
    static let reunite = NetworkSchema(
        migrations: Schemas.network.map { Migration(name: $0.name, sql: $0.sql) }, reference: Schemas.reference)
}
