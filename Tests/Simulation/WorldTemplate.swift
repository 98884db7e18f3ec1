import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// The world before anything happened, made once and then copied: hub, partners, enrolled devices, first sync.
struct WorldTemplate: Sendable {
    let folder: TemporaryFolder
    let shape: WorldShape
    let partners: [Identifier]
    let sharedCases: [CaseRows]

    /// What the scenarios begin with.
    static let small = Result { try WorldTemplate(shape: .small) }
    static let third = Result { try WorldTemplate(shape: .third) }
    /// What the simulations take their part of: every partner and device, and cases that two of them work on.
    static let large = Result {
        try WorldTemplate(sharing: try WorldTemplate(shape: WorldShape(devices: [3, 3, 3, 3])))
    }

    /// Partners refer cases to each other, and the others accept them.
    private init(sharing template: WorldTemplate) throws {
        let world = try World(seed: 0, shape: template.shape, from: template)
        shape = template.shape
        partners = template.partners
        // Every world has partners 0 and 1; the others have worked with those before them.
        let pairs = [(0, 1, "Juniper"), (1, 0, "Hawthorn"), (1, 2, "Rowan"), (2, 0, "Alder"), (2, 3, "Maple")]
        func office(_ partner: Int) throws -> Device {
            try world.device(WorldShape.name(of: .init(partner: partner, device: 0)))
        }
        let offices = try (0..<4).map(office)
        func settle() throws {
            for _ in 0..<2 { for device in offices { try world.sync(device) } }
        }
        var cases: [CaseRows] = []
        var referrals: [(Identifier, Int)] = []
        for (sender, receiver, marker) in pairs {
            let rows = try world.openCase(on: offices[sender], marker: marker, naming: partners[receiver])
            referrals.append((try world.refer(rows.id, on: offices[sender], to: partners[receiver]), receiver))
            cases.append(rows)
        }
        try settle()
        for (place, (referral, receiver)) in referrals.enumerated() {
            try world.accept(referral, on: offices[receiver])
            try world.putOnLaptops(cases[place].id, by: offices[receiver])
        }
        try settle()
        for device in world.devices { try world.sync(device) }
        sharedCases = cases
        try world.close()
        folder = world.folder
    }

    private init(shape: WorldShape) throws {
        self.shape = shape
        sharedCases = []
        folder = try TemporaryFolder()
        let time = ScriptedTime(wall: World.start - 3_600_000)
        let randomness = ScriptedRandomness(seed: 0x7E3)
        let hub = try Hub.create(
            folder: folder.file("hub"), name: "Test hub", network: .reunite, time: time,
            randomness: { randomness.identifier() })
        partners = try WorldShape.partners.prefix(shape.devices.count).map { partner in
            try hub.addPartner(code: partner.code, name: partner.name) { database, id in
                try database.execute(
                    sql: "INSERT INTO partner(id, code, name, area) VALUES(?, ?, ?, ?)",
                    arguments: [id.sqlBlob, partner.code, partner.name, partner.code])
            }
        }
        for place in shape.places {
            let name = WorldShape.name(of: place)
            let invitation = try hub.invite(
                partner: WorldShape.partners[place.partner].code, name: name,
                role: WorldShape.machines[place.device].role, hours: 1)
            let replica = try Replica.join(
                path: folder.file("\(name).sqlite"), name: name, code: invitation.code, network: .reunite, time: time,
                randomness: randomness, enrol: hub.enrol)
            var wire = Wire(faults: nil)
            _ = try wire.sync(replica, with: hub)
            try replica.database.close()
        }
    }
}
