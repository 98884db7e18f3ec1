import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport

/// A replica of the folders, with an application that stays open, and the answers that are on their way to it.
final class ScopeDevice {
    let name: String
    let path: String
    let partner: Identifier
    let time: ScriptedTime
    let id: Identifier
    private(set) var replica: Replica
    private var application: DatabaseQueue
    private let randomness: ScriptedRandomness

    /// Answers that have been read and not applied, the newest last.
    var flights: [Flight] = []
    /// Answers that were applied, or that newer ones overtook.
    var old: [Flight] = []
    /// The cursor after the last apply: it may not go back.
    var furthest = Position.zero

    /// An answer of the hub, and what the hub held when it gave it.
    struct Flight {
        let answer: SyncAnswer
        let truth: Projection
    }

    init(name: String, path: String, partner: Identifier, time: ScriptedTime, randomness: ScriptedRandomness) throws {
        self.name = name
        self.path = path
        self.partner = partner
        self.time = time
        self.randomness = randomness
        (replica, application) = try ScopeDevice.open(path, time, randomness)
        let facts = try replica.facts()
        id = facts.device
        furthest = facts.cursor
    }

    private static func open(
        _ path: String, _ time: ScriptedTime, _ randomness: ScriptedRandomness
    ) throws -> (Replica, DatabaseQueue) {
        let replica = try Replica.open(
            path: path, network: ScopeNetwork.network, time: time, randomness: { randomness.identifier() })
        return (replica, try EngineDatabase.open(path: path, role: .application, label: "application"))
    }

    /// The programme dies and starts again: only what is on disk goes on.
    func restart() throws {
        flights = []
        old = []
        (replica, application) = try ScopeDevice.open(path, time, randomness)
    }

    /// What the file beside the replica says of how far the device came.
    var witness: [UInt8]? {
        get { FileManager.default.contents(atPath: path + ".device/witness").map { Array($0) } }
        set {
            _ = FileManager.default.createFile(
                atPath: path + ".device/witness", contents: newValue.map { Data($0) })
        }
    }

    /// One transaction of an application, dated by this device's clock and not by the system's.
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

    /// Writes behind the engine's back.
    func spoil(_ sql: String) throws {
        try replica.database.immediately { try $0.execute(sql: sql) }
    }

    func count(_ table: String) throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } ?? -1
    }
}
