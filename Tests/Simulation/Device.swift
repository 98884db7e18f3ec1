import Foundation
import GRDB
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import TestSupport

/// A laptop or an office machine: a replica's file, the device's own clock, and a connection to write with.
final class Device: OpenReplica {
    let name: String
    let path: String
    let partner: Identifier
    let partnerCode: String
    let time: ScriptedTime
    /// What the hub knows it by; a copy has the same.
    let id: Identifier
    /// Whether it holds every case of its partner; a laptop holds its caseload.
    let isOffice: Bool
    private(set) var replica: Replica
    /// Put away for good: it will not sync again, and whatever it did not send stays in its file.
    var isRetired = false
    /// The connection of an application that stays open once it is, as a case worker's would.
    private var opened: DatabaseQueue?
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
        replica = try Device.open(path, .reunite, time, randomness)
        let facts = try replica.facts()
        id = facts.device
        isOffice = facts.role == "office"
    }

    /// Opened when somebody first writes after a start: to read the schema takes longer than most edits.
    var application: DatabaseQueue {
        get throws {
            if let opened { return opened }
            let application = try Device.connect(path)
            opened = application
            return application
        }
    }

    /// The programme dies and starts again: only what is on disk goes on.
    func restart() throws {
        replica = try Device.open(path, .reunite, time, randomness)
        opened = nil
    }

    func close() throws {
        try replica.database.close()
        try opened?.close()
        opened = nil
    }

    // MARK: Files

    private static let parts = ["", "-wal", ".device"]

    /// Another device with the same files, keys included.
    func copy(named name: String, at path: String, randomness: ScriptedRandomness) throws -> Device {
        try image(at: path)
        return try Device(
            name: name, path: path, partner: partner, partnerCode: partnerCode,
            time: ScriptedTime(wall: time.wallMilliseconds), randomness: randomness)
    }

    /// Copies the files as they are now to another place.
    func image(at path: String) throws {
        for part in Device.parts where FileManager.default.fileExists(atPath: self.path + part) {
            try FileManager.default.copyItem(atPath: self.path + part, toPath: path + part)
        }
    }

    /// Puts an image over the device's files: what it did since then is gone from this machine.
    func restore(from image: String) throws {
        try close()
        for part in Device.parts + ["-shm"] {
            try? FileManager.default.removeItem(atPath: path + part)
            if FileManager.default.fileExists(atPath: image + part) {
                try FileManager.default.copyItem(atPath: image + part, toPath: path + part)
            }
        }
        try restart()
    }

    /// Somebody puts an earlier copy of the file where the file was; keys and witness beside it stay.
    func putBack(from copy: String) throws {
        try close()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: copy + suffix) {
            try FileManager.default.copyItem(atPath: copy + suffix, toPath: path + suffix)
        }
        try restart()
    }

    /// Changes when another connection than the application's has written to the file.
    func version() throws -> Int64? {
        try application.reading { try Int64.fetchOne($0, sql: "PRAGMA data_version") }
    }
}

extension NetworkSchema {
    /// The network that this project is for.
    static let reunite = NetworkSchema(
        migrations: Schemas.network.map { Migration(name: $0.name, sql: $0.sql) }, reference: Schemas.reference)
}
