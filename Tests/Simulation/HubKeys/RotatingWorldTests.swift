import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// What happens to the hub's keys in a random world.
enum KeyTrouble: Sendable {
    /// They are destroyed when the hub's rule says so.
    case rule
    /// Mutant: they are destroyed as soon as there are newer ones.
    case tooEarly
}

extension Simulation {
    /// The hub makes new keys, old ones go, a device is written off, or a case leaves a laptop on which somebody writes.
    /// Returns whether anything was done.
    func actOnHubKeys() throws -> Bool {
        switch random(12) {
        case 0:
            let key = try world.hub.rotateKeys()
            meet("keys rotated")
            note("the hub's keys are number \(key.number)")
        case 1: try destroy()
        case 2: try writeOff()
        case 3: try leaveWithEdits()
        default: return false
        }
        return true
    }

    private func here() throws -> [UInt32] {
        try world.hub.keyList().filter { $0.destroyedMilliseconds == nil }.map(\.number)
    }

    private func destroy() throws {
        if backups == nil, random(2) == 0 { _ = try world.backUpHub() }
        let before = try here()
        if keyTrouble == .tooEarly {
            let files = HubFiles(folder: world.folder.file("hub"))
            var ring = try files.ring()
            for number in before where number < ring.inUse { ring.destroy(number) }
            try files.store(ring)
            for number in before where number < ring.inUse {
                try world.hub.store.note(destroyed: number, atMilliseconds: world.hubTime.wallMilliseconds)
            }
            try world.restartHub()
        } else {
            try world.hub.tend()
        }
        let gone = Set(before).subtracting(try here())
        if !gone.isEmpty { meet("keys destroyed") }
        note("tended, \(gone.count) pairs of keys gone")
    }

    /// Somebody answers for a device that is done with the hub's former keys, although the hub cannot know it.
    private func writeOff() throws {
        let held = Set(try world.hub.keyList().flatMap(\.heldBy).map(\.device))
        let able = try world.devices.filter { device in
            try held.contains(device.id.description)
                && !device.read {
                    try Int.fetchOne($0, sql: "SELECT 1 FROM ru_outbox WHERE state < 2 AND sealed IS NOT NULL LIMIT 1")
                        == 1
                }
        }
        guard !able.isEmpty else { return note("nobody to write off") }
        let device = able[random(able.count)]
        // Only for one that is not served any more; it comes back after all.
        try lease(of: device, 1)
        _ = try world.hub.writeOff(keysOf: device.id.description, by: "Operator", reason: "Nothing is awaited of it")
        try lease(of: device, nil)
        meet("written off")
        note("\(device.name) is written off")
    }

    private func lease(of device: Device, _ end: Int64?) throws {
        let database = try EngineDatabase.open(path: world.hubPath, role: .engine, label: "operator")
        try database.immediately {
            try $0.execute(
                sql: "UPDATE hub_device SET lease_ms = ? WHERE id = ?", arguments: [end, device.id.sqlBlob])
        }
        try database.close()
    }

    /// A laptop hears that a case has left it while somebody writes in it, and its answer never arrives: what was written
    /// can be opened with the hub's present keys alone from now on.
    private func leaveWithEdits() throws {
        let laptops = world.devices.filter { !$0.isOffice && !$0.isRetired }
        guard !laptops.isEmpty else { return note("no laptop") }
        let laptop = laptops[random(laptops.count)]
        guard let office = world.devices.first(where: { $0.partner == laptop.partner && $0.isOffice && !$0.isRetired })
        else { return note("no office") }
        let held = try laptop.read {
            try Row.fetchAll(
                $0, sql: "SELECT id, case_id FROM need WHERE case_id IN (SELECT id FROM ru_scope) ORDER BY id")
        }
        guard !held.isEmpty else { return note("no case") }
        let row = held[random(held.count)]
        let caseID = row.identifier("case_id")
        _ = try? world.take(caseID, off: laptop, by: office)
        guard try healed(office) != nil else { return }
        let need = row.identifier("id")
        var wire = Wire(faults: nil)
        wire.crash = .applied
        wire.meanwhile = { [self] in
            guard let seen = try laptop.text("detail", of: "need", need) else { return }
            serial += 1
            try laptop.set("detail", of: "need", need, to: "left\(serial)")
            history.wrote(
                [.text("left\(serial)")], over: [.text(seen)], in: Cell(table: 14, key: need, group: 3), on: laptop.name
            )
        }
        watch(&wire, laptop)
        _ = try wire.sync(laptop.replica, with: world.hub)
        proofs.formUnion(wire.proofs)
        try laptop.restart()
        let withheld = try laptop.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM ru_outbox WHERE state < 2 AND sealed IS NOT NULL")
        }
        if withheld ?? 0 > 0 { meet("sealed to the hub") }
        note("a case leaves \(laptop.name), \(withheld ?? 0) batches wait sealed")
    }
}

/// The random worlds once more, with a hub that makes new keys again and again.
@Suite("Random worlds in which the hub's keys change come to rest with nothing lost")
struct RotatingWorldTests {
    static let seeds = RandomWorlds.seeds(8)
    private static let tally = RandomWorlds.Tally()

    private static func run(_ seed: UInt64, _ trouble: KeyTrouble) throws -> (Simulation, complaints: [String]) {
        let simulation = try Simulation(seed: seed)
        simulation.keyTrouble = trouble
        if seed.isMultiple(of: 2) { simulation.loseHubs() }
        try simulation.run(steps: RandomWorlds.steps(70))
        return (simulation, simulation.complaints + (try Audit(simulation).complaints()))
    }

    @Test("whatever is sealed to whichever keys is read, and every edit is accounted for", arguments: seeds)
    func convergence(seed: UInt64) throws {
        let (simulation, complaints) = try Self.run(seed, .rule)
        #expect(complaints.isEmpty, "\(SimulationTests.report(simulation, complaints, by: "RotatingWorldTests"))")
        guard let met = Self.tally.add(simulation.met, of: Self.seeds.count), Self.seeds.count > 1 else { return }
        print("\(Self.seeds.count) rotating worlds met", met.sorted { $0.key < $1.key })
        for what in [
            "keys rotated", "keys destroyed", "written off", "sealed to the hub", "hub restored", "keys regained",
        ] {
            #expect(met[what, default: 0] > 0, "no world met '\(what)': they prove nothing about it")
        }
    }

    @Test("a hub that destroys its keys too early is caught by them")
    func mutant() throws {
        let isCaught = (1...12 as ClosedRange<UInt64>).contains { seed in
            do {
                return try !Self.run(2 * seed + 1, .tooEarly).complaints.isEmpty
            } catch {
                return true
            }
        }
        #expect(isCaught)
    }
}
