import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// A hub and three devices of two partners, on real files, with clocks and randomness from a seed.
final class World {
    /// True time at the beginning, milliseconds since 1970: noon on 1 March 2026.
    static let start: Int64 = 1_772_366_400_000

    let folder: TemporaryFolder
    let hubTime: ScriptedTime
    private(set) var hub: Hub
    let surreyOffice: Device
    let surreyLaptop: Device
    let gloucestershire: Device
    let surrey: Identifier
    let gloucester: Identifier
    var generator: SeededGenerator
    private let hubRandomness: ScriptedRandomness

    var devices: [Device] { [surreyOffice, surreyLaptop, gloucestershire] }
    var hubPath: String { folder.file("hub/hub.sqlite") }
    /// The hub's file as an auditor sees it.
    let reader: HubReader
    /// Cases that both partners work on, because one referred and the other accepted: one of each partner's.
    let sharedCases: [CaseRows]

    /// - Parameter withSharedCases: whether partners have worked together before.
    convenience init(seed: UInt64, withSharedCases: Bool = false) throws {
        try self.init(
            seed: seed, from: withSharedCases ? try WorldTemplate.shared.get() : try WorldTemplate.fresh.get())
    }

    fileprivate init(seed: UInt64, from template: WorldTemplate) throws {
        generator = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        self.folder = folder
        for name in try FileManager.default.contentsOfDirectory(atPath: template.folder.path) {
            try FileManager.default.copyItem(atPath: template.folder.file(name), toPath: folder.file(name))
        }
        let hubTime = ScriptedTime(wall: World.start)
        self.hubTime = hubTime
        let randomness = ScriptedRandomness(seed: seed ^ 0x4855_4200)
        hubRandomness = randomness
        hub = try Hub.open(
            folder: folder.file("hub"), network: .reunite, time: hubTime, randomness: { randomness.identifier() })
        reader = try HubReader(path: folder.file("hub/hub.sqlite"))
        sharedCases = template.sharedCases
        surrey = template.surrey
        gloucester = template.gloucester
        func device(_ name: String, _ partner: Identifier, _ code: String, _ salt: UInt64) throws -> Device {
            try Device(
                name: name, path: folder.file("\(name).sqlite"), partner: partner, partnerCode: code,
                time: ScriptedTime(wall: World.start), randomness: ScriptedRandomness(seed: seed &* 31 &+ salt))
        }
        surreyOffice = try device("surrey-office", template.surrey, "SRY", 1)
        surreyLaptop = try device("surrey-laptop", template.surrey, "SRY", 2)
        gloucestershire = try device("gloucestershire-office", template.gloucester, "GLS", 3)
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

    /// An identifier for a row that a test makes.
    func newID() -> Identifier {
        Identifier(high: 0x019A_0000_0000_7000 | generator.next() >> 52, low: generator.next() >> 2 | 1 << 63)
    }
}

/// The world before anything happened, made once and then copied: hub, partners, enrolled devices, first sync.
struct WorldTemplate: Sendable {
    let folder: TemporaryFolder
    let surrey: Identifier
    let gloucester: Identifier

    let sharedCases: [CaseRows]

    static let fresh = Result { try WorldTemplate() }
    static let shared = Result { try WorldTemplate(sharing: try fresh.get()) }

    /// Each partner refers a case and the other accepts it.
    private init(sharing template: WorldTemplate) throws {
        let world = try World(seed: 0, from: template)
        surrey = template.surrey
        gloucester = template.gloucester
        let pairs = [
            (world.surreyOffice, world.gloucestershire, template.gloucester, "Juniper"),
            (world.gloucestershire, world.surreyLaptop, template.surrey, "Hawthorn"),
        ]
        var cases: [CaseRows] = []
        for (sender, receiver, partner, marker) in pairs {
            let rows = try world.openCase(on: sender, marker: marker, naming: partner)
            let referral = try world.refer(rows.id, on: sender, to: partner)
            try world.settle()
            try world.accept(referral, on: receiver)
            try world.settle()
            cases.append(rows)
        }
        sharedCases = cases
        folder = world.folder
    }

    private init() throws {
        sharedCases = []
        folder = try TemporaryFolder()
        let time = ScriptedTime(wall: World.start - 3_600_000)
        let randomness = ScriptedRandomness(seed: 0x7E3)
        let hub = try Hub.create(
            folder: folder.file("hub"), name: "Test hub", network: .reunite, time: time,
            randomness: { randomness.identifier() })
        func partner(_ code: String, _ name: String) throws -> Identifier {
            try hub.addPartner(code: code, name: name) { database, id in
                try database.execute(
                    sql: "INSERT INTO partner(id, code, name, area) VALUES(?, ?, ?, ?)",
                    arguments: [id.sqlBlob, code, name, code])
            }
        }
        surrey = try partner("SRY", "Willow House")
        gloucester = try partner("GLS", "Severn Women's Centre")
        for (name, code, role) in [
            ("surrey-office", "SRY", "office"), ("surrey-laptop", "SRY", "field"),
            ("gloucestershire-office", "GLS", "office"),
        ] {
            let replica = try WorldTemplate.join(
                hub, path: folder.file("\(name).sqlite"), name: name, code: code, role: role, time: time,
                randomness: randomness)
            var wire = Wire(faults: nil)
            _ = try wire.sync(replica, with: hub)
        }
    }

    /// A device joins with a one-time code, as `reunite-sync join` would.
    private static func join(
        _ hub: Hub, path: String, name: String, code: String, role: String, time: ScriptedTime,
        randomness: ScriptedRandomness
    ) throws -> Replica {
        let invitation = try hub.invite(partner: code, name: name, role: role, hours: 1)
        guard let verifier = EnrolmentCode(invitation.code)?.verifier else {
            throw Failure(.badData, what: "Joining", why: "the code cannot be read", remedy: "Mend the test")
        }
        let keys = DeviceKeys.generate()
        var generator = SystemRandomNumberGenerator()
        let request = EnrolRequest(keys: keys.publicKeys, verifier: verifier, using: &generator)
            .encoded(provedWith: verifier)
        let answer = try EnrolAnswer(decoding: try hub.enrol(request), to: request, provedBy: verifier)
        return try Replica.create(
            path: path, network: .reunite, answer: answer, deviceName: name, hubURL: "https://hub.example",
            keys: keys, time: time, randomness: { randomness.identifier() })
    }
}
