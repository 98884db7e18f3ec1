import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import ReUniteTransport
import TestSupport
import Testing

/// A new laptop is enrolled in the morning, and its worker writes before it has ever synced.
@Suite("What a device wrote before its first sync")
struct BeforeFirstSyncTests {
    /// A device that has joined and never synced.
    private func join(_ role: String, _ name: String, in world: World) throws -> Device {
        let code = world.surreyOffice.partnerCode
        let invitation = try world.hub.invite(partner: code, name: name, role: role, hours: 1)
        let time = ScriptedTime(wall: world.hubTime.wallMilliseconds)
        let randomness = ScriptedRandomness(seed: world.generator.next())
        let path = world.folder.file("\(name).sqlite")
        let replica = try Replica.join(
            path: path, name: name, code: invitation.code, network: .reunite, time: time, randomness: randomness,
            enrol: world.hub.enrol)
        try replica.database.close()
        return try Device(
            name: name, path: path, partner: world.surrey, partnerCode: code, time: time, randomness: randomness)
    }

    /// Somebody new, and a check of them that refers to the row.
    @discardableResult
    private func addStaff(_ login: String, on device: Device, in world: World) throws -> (
        user: Identifier, check: Identifier
    ) {
        let (user, check) = (world.newID(), world.newID())
        try device.edit {
            try $0.execute(
                sql: "INSERT INTO staff_user(id, partner_id, login, display_name) VALUES(?, ?, ?, ?)",
                arguments: [user.sqlBlob, device.partner.sqlBlob, login, login])
            try $0.execute(
                sql:
                    "INSERT INTO staff_check(id, partner_id, staff_id, kind, done_on) VALUES(?, ?, ?, 'DBS', '2026-02-01')",
                arguments: [check.sqlBlob, device.partner.sqlBlob, user.sqlBlob])
        }
        return (user, check)
    }

    @Test(
        "A member of staff, what refers to her, what is changed of both and a case: all taken in one go, over a real line",
        arguments: ["office", "field"])
    func taken(_ role: String) async throws {
        let world = try World(seed: 31)
        try world.settle()
        let device = try join(role, "new-\(role)", in: world)
        let (user, check) = try addStaff("jo", on: device, in: world)
        let rows = try world.openCase(on: device, marker: "Foxglove", naming: world.gloucester, onLaptops: false)
        try device.replica.seal()
        // In another batch, still before the first sync.
        try device.set("display_name", of: "staff_user", user, to: "Jo Field")
        try device.set("detail", of: "need", rows.need, to: "on the wing")
        try await world.served { url in
            let client = try HubClient(url: url)
            let outcome = try await HTTPSync(replica: device.replica, client: client).run()
            await client.close()
            #expect(outcome.digest == .match && outcome.returned == 0)
        }
        #expect(try world.reader.quarantined() == [])
        #expect(try device.returned() == [])
        try world.settle()
        let office = world.surreyOffice
        #expect(try office.text("display_name", of: "staff_user", user) == "Jo Field")
        #expect(try office.holds("staff_check", check))
        #expect(try office.text("detail", of: "need", rows.need) == "on the wing")
        #expect(try device.text("detail", of: "need", rows.need) == "on the wing")
        #expect(
            try !world.gloucestershire.holds("staff_user", user) && !world.gloucestershire.holds("case_file", rows.id))
    }

    @Test("A row that it cannot have seen, named by its id, is not touched")
    func othersRows() throws {
        let world = try World(seed: 32)
        let (user, _) = try addStaff("jo", on: world.surreyOffice, in: world)
        try world.settle()
        let device = try join("office", "new", in: world)
        try device.edit {
            try $0.execute(
                sql: "INSERT INTO staff_user(id, partner_id, login, display_name) VALUES(?, ?, 'jo', 'Somebody else')",
                arguments: [user.sqlBlob, device.partner.sqlBlob])
        }
        try world.sync(device)
        #expect(try world.reader.quarantined() == ["not-in-scope"])
        #expect(try world.reader.text("display_name", of: "staff_user", user) == "jo")
        #expect(try device.text("display_name", of: "staff_user", user) == "jo")
    }

    @Test("It never reaches a scope that was opened after the device had joined")
    func openedSince() throws {
        let world = try World(seed: 33)
        try world.settle()
        let device = try join("office", "new", in: world)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Foxglove", naming: world.gloucester)
        try world.settle()
        let note = world.newID()
        // The case is not here, so only a program that checks no references writes this.
        let written = try ForeignClient.shell(
            """
            INSERT INTO case_note(id, case_id, body, recorded_for_at, entered_at)
            VALUES(\(literal(note)), \(literal(rows.id)), 'x', 1, 1);
            """, on: device.path)
        #expect(written.succeeded, "\(written.errors)")
        try world.sync(device)
        #expect(try world.reader.quarantined() == ["not-in-scope"])
    }

    /// Random orders of joining, writing, syncing, and of the partner being closed and opened again, against the rule in
    /// words: a new row is taken at once where the partner's right was there when the device joined and has been since.
    @Test("Entitled when it joined, and without a break until it is judged", arguments: RandomWorlds.seeds(12))
    func model(seed: UInt64) throws {
        let world = try World(seed: seed &+ 7_000)
        try world.settle()
        var generator = SeededGenerator(seed: seed)
        var isActive = true
        var closings = 0
        struct Pending {
            let device: Device
            let joined: (isActive: Bool, closings: Int)
            var rows: [(row: Identifier, isClosedSince: Bool)] = []
        }
        var waiting: [Pending] = []
        var met: [String: Int] = [:]
        for step in 0..<RandomWorlds.steps(24) {
            world.advance(milliseconds: 60_000)
            for pending in waiting { pending.device.time.advance(milliseconds: 60_000) }
            switch Int.random(in: 0..<6, using: &generator) {
            case 0:
                isActive.toggle()
                if !isActive { closings += 1 }
                try world.hubSets(3, world.surrey, groups: 2, [.null, .integer(isActive ? 1 : 0)])
            case 1:
                let role = Bool.random(using: &generator) ? "office" : "field"
                let device = try join(role, "new-\(step)", in: world)
                waiting.append(Pending(device: device, joined: (isActive, closings)))
            case 2, 3, 4:
                guard let place = waiting.indices.randomElement(using: &generator) else { continue }
                let id = world.newID()
                try waiting[place].device.edit {
                    try $0.execute(
                        sql: "INSERT INTO staff_user(id, partner_id, login, display_name) VALUES(?, ?, ?, 'x')",
                        arguments: [id.sqlBlob, world.surrey.sqlBlob, "s\(step)"])
                }
                waiting[place].rows.append((id, closings > waiting[place].joined.closings))
            default:
                guard let place = waiting.indices.randomElement(using: &generator) else { continue }
                let pending = waiting.remove(at: place)
                try world.sync(pending.device)
                for (row, isClosedSince) in pending.rows {
                    // What was written before a closing is taken after it too, as from every other device.
                    let isTaken = pending.joined.isActive && !isClosedSince
                    let stands = try world.reader.text("display_name", of: "staff_user", row) != nil
                    #expect(stands == isTaken, "seed \(seed), step \(step)")
                    met[
                        isTaken ? (isActive && closings == pending.joined.closings ? "open" : "late") : "not",
                        default: 0] += 1
                }
            }
        }
        if let sums = BeforeFirstSyncTests.tally.add(met, of: RandomWorlds.seeds(12).count) {
            for what in ["open", "late", "not"] { #expect(sums[what, default: 0] > 0, "\(what)") }
        }
    }

    private static let tally = RandomWorlds.Tally()
}
