import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// A hub and the devices of some partners, on real files, with clocks and randomness from a seed.
final class World {
    /// True time at the beginning, milliseconds since 1970: noon on 1 March 2026.
    static let start: Int64 = 1_772_366_400_000

    let folder: TemporaryFolder
    let hubTime: ScriptedTime
    private(set) var hub: Hub
    let shape: WorldShape
    /// The partners of this world, in the order of its shape.
    let partners: [Identifier]
    /// The devices that somebody uses; copies of a device stand behind it.
    private(set) var devices: [Device]
    var generator: SeededGenerator
    private let template: WorldTemplate
    private let hubRandomness: ScriptedRandomness
    private var copies = 0
    /// What backups are sealed to, once there is a ledger (``keepLedger()``).
    var offlineKey: OfflineKey?

    var hubPath: String { folder.file("hub/hub.sqlite") }
    /// The hub's file as an auditor sees it.
    private(set) var reader: HubReader
    /// Cases that two partners work on, because one referred and the other accepted.
    var sharedCases: [CaseRows] { template.sharedCases }

    var surreyOffice: Device { devices[0] }
    var surreyLaptop: Device { devices[1] }
    var gloucestershire: Device { devices[2] }
    /// With ``WorldShape/third`` only.
    var derby: Device { devices[3] }
    var surrey: Identifier { partners[0] }
    var gloucester: Identifier { partners[1] }

    /// A world in which nothing has happened.
    convenience init(seed: UInt64, shape: WorldShape = .small) throws {
        let template = shape == .small ? WorldTemplate.small : WorldTemplate.third
        try self.init(seed: seed, shape: shape, from: try template.get())
    }

    /// A small world, in which partners have worked together before or have not.
    convenience init(seed: UInt64, withSharedCases: Bool) throws {
        if withSharedCases { try self.init(seed: seed, sharing: .small) } else { try self.init(seed: seed) }
    }

    /// A world of partners that have worked together before.
    convenience init(seed: UInt64, sharing shape: WorldShape) throws {
        try self.init(seed: seed, shape: shape, from: try WorldTemplate.large.get())
    }

    init(seed: UInt64, shape: WorldShape, from template: WorldTemplate) throws {
        generator = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        self.folder = folder
        self.shape = shape
        self.template = template
        partners = Array(template.partners.prefix(shape.devices.count))
        let names = shape.places.map(WorldShape.name)
        for name in ["hub"] + names.flatMap({ ["\($0).sqlite", "\($0).sqlite.device"] }) {
            try FileManager.default.copyItem(atPath: template.folder.file(name), toPath: folder.file(name))
        }
        let hubTime = ScriptedTime(wall: World.start)
        self.hubTime = hubTime
        let randomness = ScriptedRandomness(seed: seed ^ 0x4855_4200)
        hubRandomness = randomness
        hub = try Hub.open(
            folder: folder.file("hub"), network: .reunite, time: hubTime, randomness: { randomness.identifier() })
        reader = try HubReader(path: folder.file("hub/hub.sqlite"))
        devices = try shape.places.enumerated().map { number, place in
            let name = WorldShape.name(of: place)
            return try Device(
                name: name, path: folder.file("\(name).sqlite"), partner: template.partners[place.partner],
                partnerCode: WorldShape.partners[place.partner].code, time: ScriptedTime(wall: World.start),
                randomness: ScriptedRandomness(seed: seed &* 31 &+ UInt64(number) &+ 1))
        }
    }

    func device(_ name: String) throws -> Device {
        guard let device = devices.first(where: { $0.name == name }) else {
            throw Failure(.noInput, what: "Finding a device", why: "there is no \(name)", remedy: "Mend the test")
        }
        return device
    }

    /// Time passes everywhere.
    func advance(milliseconds: Int64) {
        hubTime.advance(milliseconds: milliseconds)
        for device in devices { device.time.advance(milliseconds: milliseconds) }
    }

    /// The hub dies and starts again.
    func restartHub() throws {
        let randomness = hubRandomness
        hub = try Hub.open(
            folder: folder.file("hub"), network: .reunite, time: hubTime, randomness: { randomness.identifier() })
    }

    /// The hub's machine is lost, and a backup is put in its place.
    @discardableResult
    func restoreHub(
        from backup: String, ledger: String? = nil, acceptsOlder: Bool = false, ignoresBatches: Bool = false,
        ignoresLines: Bool = false
    ) throws -> Hub.Restored {
        let randomness = hubRandomness
        let restored = try Hub.restore(
            from: backup, key: offlineKey, folder: folder.file("hub"), ledger: ledger, acceptsOlder: acceptsOlder,
            ignoresBatches: ignoresBatches, ignoresLines: ignoresLines, network: .reunite, time: hubTime,
            randomness: { randomness.identifier() })
        try restartHub()
        return restored
    }

    /// Somebody copies a backup over the hub's database, with nothing but the shell.
    ///
    /// - Parameter leavingWitness: whether the file that tells how far the hub had come stays.
    func putBackByHand(_ backup: String, leavingWitness: Bool = false) throws {
        try reader.database.close()
        try (hub.store as? SQLiteHubStore)?.close()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: hubPath + suffix) }
        if !leavingWitness { try FileManager.default.removeItem(atPath: folder.file("hub/witness")) }
        try FileManager.default.copyItem(atPath: backup, toPath: hubPath)
        try restartHub()
        try reopenReader()
    }

    /// Another file has taken the place of the hub's.
    func reopenReader() throws {
        reader = try HubReader(path: hubPath)
    }

    /// A copy of the hub's database under a name of its own.
    ///
    /// - Parameter counts: whether devices are to rely on it.
    func backUpHub(counts: Bool = true) throws -> String {
        let path = folder.file("backup-\(copies).sqlite")
        copies += 1
        _ = try hub.backup(to: path, counts: counts)
        return path
    }

    /// A hub with the same past that has seen nothing of this world, at another place.
    ///
    /// - Parameter epoch: in which it opens, as one that was put back from a backup does.
    func freshHub(in epoch: HubEpoch? = nil) throws -> (hub: Hub, path: String) {
        let path = folder.file("hub-\(copies)")
        copies += 1
        try FileManager.default.copyItem(atPath: template.folder.file("hub"), toPath: path)
        if let epoch {
            let database = try EngineDatabase.open(path: path + "/hub.sqlite", role: .engine, label: "operator")
            try database.immediately {
                try $0.execute(
                    sql: """
                        INSERT INTO hub_epoch(number, salt, parent_number, parent_salt, restored, began, at_ms, opened_ms)
                        SELECT ?, ?, n.value, s.value, c.position, c.position, 0, 0
                        FROM hub_clock c, hub_meta n, hub_meta s WHERE n.name = 'epoch' AND s.name = 'epoch_salt'
                        """, arguments: [Int64(epoch.number), epoch.salt.sqlBlob])
                let sql = "UPDATE hub_meta SET value = ? WHERE name = ?"
                try $0.execute(sql: sql, arguments: [Int64(epoch.number), "epoch"])
                try $0.execute(sql: sql, arguments: [epoch.salt.sqlBlob, "epoch_salt"])
            }
            try database.close()
        }
        let randomness = ScriptedRandomness(seed: 1)
        let hub = try Hub.open(
            folder: path, network: .reunite, time: hubTime, randomness: { randomness.identifier() })
        return (hub, path + "/hub.sqlite")
    }

    /// A device's files are copied and both copies live on, as when a virtual machine is cloned.
    func clone(_ device: Device) throws -> Device {
        copies += 1
        let twin = try device.copy(
            named: "\(device.name)-\(copies)", at: folder.file("\(device.name)-\(copies).sqlite"),
            randomness: ScriptedRandomness(seed: generator.next()))
        devices.append(twin)
        return twin
    }

    /// The hub's operator lets a device back in that was shut out because two copies of it were seen.
    /// Returns how many edits had waited for it.
    @discardableResult
    func readmit(_ device: Device) throws -> Int {
        do {
            let done = try hub.readmit(
                device: device.id.description, by: "Operator", reason: "One of them is put away")
            return done.taken + done.waiting
        } catch let failure as Failure where failure.code == .badData {
            // Nobody was shut out; this copy is let in all the same, with the ticket that it has.
            let database = try EngineDatabase.open(path: hubPath, role: .engine, label: "operator")
            try database.immediately {
                try $0.execute(sql: "UPDATE hub_device SET ticket = 0 WHERE id = ?", arguments: [device.id.sqlBlob])
            }
            try database.close()
            return 0
        }
    }

    /// Lets go of the files, so that they may be copied without their logs.
    func close() throws {
        for device in devices { try device.close() }
        try reader.database.close()
        let database = try EngineDatabase.open(path: hubPath, role: .engine, label: "operator")
        _ = try database.writeWithoutTransaction { try Row.fetchAll($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try database.close()
    }

    /// An identifier for a row that a test makes.
    func newID() -> Identifier {
        Identifier(high: 0x019A_0000_0000_7000 | generator.next() >> 52, low: generator.next() >> 2 | 1 << 63)
    }
}
