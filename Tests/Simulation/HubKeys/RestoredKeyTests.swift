import Foundation
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

@Suite("A hub that made new keys is restored from a backup of before")
struct RestoredKeyTests {
    private let world: World
    private let rows: CaseRows
    private let keyPath: String
    private let ledger: String

    init() throws {
        world = try World(seed: 711)
        rows = try world.openCase(on: world.surreyOffice, marker: "hub keys", naming: world.gloucester)
        try world.settle()
        keyPath = world.folder.file("backup-key.txt")
        ledger = world.folder.file("ledger")
        try world.hub.keepLedger(in: ledger)
    }

    private func restore(
        _ file: String, to folder: String, key: OfflineKey? = nil, ledger: String? = nil, lostKeys: Bool = false
    ) throws -> Hub {
        let randomness = ScriptedRandomness(seed: 712)
        _ = try Hub.restore(
            from: file, key: key, folder: folder, ledger: ledger, acceptsLostKeys: lostKeys, network: .reunite,
            time: world.hubTime, randomness: { randomness.identifier() })
        return try Hub.open(
            folder: folder, network: .reunite, time: world.hubTime, randomness: { randomness.identifier() })
    }

    private func sync(_ device: Device, with hub: Hub) throws -> SyncOutcome {
        world.advance(milliseconds: 1_000)
        var wire = Wire(faults: nil)
        switch try wire.sync(device.replica, with: hub) {
        case .finished(let outcome): return outcome
        case .failed(let failure): throw failure
        case .lost, .crashed: throw FormatError(.truncated, "sync")
        }
    }

    /// The office learns of the keys and writes something; the others hear nothing.
    private func rotate() throws {
        try world.hub.rotateKeys()
        try world.sync(world.surreyOffice)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "with the new keys")
        try world.sync(world.surreyOffice)
    }

    @Test("the folder is lost, and the backup has the keys of before: the ledger and the offline key have the others")
    func fromLedger() throws {
        _ = try world.hub.makeBackupKey(to: keyPath, replaces: false)
        let key = try Hub.offlineKey(in: keyPath)
        let backup = world.folder.file("sealed.rub")
        _ = try world.hub.backup(to: backup)
        try rotate()
        let other = world.folder.file("other")
        let hub = try restore(backup, to: other, key: key, ledger: ledger)
        #expect(hub.publicKeys == world.hub.publicKeys && hub.publicKeys.number == 2)
        #expect(try sync(world.surreyOffice, with: hub).digest == .match)
        #expect(try sync(world.surreyLaptop, with: hub).digest == .match, "one that knows the old keys only")
        #expect(try world.surreyLaptop.replica.status().hubKeyNumber == 2)
        #expect(try hub.verifyAudit().findings.isEmpty)
        // Whom the lost life told nobody knows: everybody is waited for.
        #expect(try hub.keyList().map { $0.destroyedMilliseconds == nil } == [true, true])
        try hub.tend()
        #expect(try !hub.keyList()[0].heldBy.isEmpty)
    }

    @Test("the folder has them: whatever the backup knows, they are in use, and everybody goes on")
    func fromFolder() throws {
        let backup = try world.backUpHub()
        try rotate()
        try world.restoreHub(from: backup)
        #expect(world.hub.publicKeys.number == 2)
        for device in world.devices { #expect(try world.sync(device).digest == .match) }
        #expect(try world.reader.text("detail", of: "need", rows.need) == "with the new keys")
        #expect(try world.hub.verifyAudit().findings.isEmpty)
    }

    @Test("nobody has them: it is refused, and says what it needs; who insists goes on with those that never heard")
    func nowhere() throws {
        let folder = world.folder.file("hub")
        let before = try DurableFile.read(folder + "/keys") ?? []
        let backup = try world.backUpHub()
        try rotate()
        try DurableFile.write(before, to: folder + "/keys")
        let failure = #expect(throws: Failure.self) { try restore(backup, to: folder) }
        #expect(failure?.code == .configuration)
        #expect(failure?.remedy.contains("--lost-keys") == true)
        let hub = try restore(backup, to: folder, lostKeys: true)
        #expect(hub.publicKeys.number == 1)
        #expect(try sync(world.surreyLaptop, with: hub).digest == .match)
        // Whoever knows the lost ones is told in plain words.
        let refusal = #expect(throws: Failure.self) { try sync(world.surreyOffice, with: hub) }
        #expect(refusal?.why.contains("keys that this hub does not have") == true)
        #expect(try hub.rotateKeys().number == 2)
        #expect(try sync(world.surreyLaptop, with: hub).digest == .match)
    }

    @Test("keys that were destroyed since come back with a sealed backup of before, for what comes back with it")
    func destroyedSince() throws {
        _ = try world.hub.makeBackupKey(to: keyPath, replaces: false)
        let key = try Hub.offlineKey(in: keyPath)
        let backup = world.folder.file("sealed.rub")
        _ = try world.hub.backup(to: backup)
        try world.hub.rotateKeys()
        for _ in 0..<2 { for device in world.devices { try world.sync(device) } }
        let later = world.folder.file("later.rub")
        _ = try world.hub.backup(to: later)
        try world.hub.tend()
        #expect(try world.hub.keyList().map { $0.destroyedMilliseconds == nil } == [false, true])
        let randomness = ScriptedRandomness(seed: 713)
        _ = try Hub.restore(
            from: backup, key: key, folder: world.folder.file("hub"), acceptsOlder: true, network: .reunite,
            time: world.hubTime, randomness: { randomness.identifier() })
        try world.restartHub()
        #expect(try world.hub.keyList().map { $0.destroyedMilliseconds == nil } == [true, true])
        for device in world.devices { #expect(try world.sync(device).digest == .match) }
    }
}
