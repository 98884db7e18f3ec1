import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport

/// A replica's file with the connection of an application that stays open, as a case worker's would.
protocol OpenReplica: AnyObject {
    var path: String { get }
    var time: ScriptedTime { get }
    var replica: Replica { get }
    var application: DatabaseQueue { get throws }
}

extension OpenReplica {
    static func open(
        _ path: String, _ network: NetworkSchema, _ time: ScriptedTime, _ randomness: ScriptedRandomness
    ) throws -> Replica {
        try Replica.open(path: path, network: network, time: time, randomness: { randomness.identifier() })
    }

    static func connect(_ path: String) throws -> DatabaseQueue {
        try EngineDatabase.open(path: path, role: .application, label: "application")
    }

    /// What the file beside the replica says of how far the device came.
    var witness: [UInt8]? {
        get { FileManager.default.contents(atPath: path + ".device/witness").map { Array($0) } }
        set {
            _ = FileManager.default.createFile(
                atPath: path + ".device/witness", contents: newValue.map { Data($0) })
        }
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
