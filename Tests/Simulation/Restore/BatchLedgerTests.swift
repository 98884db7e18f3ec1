import Foundation
import GRDB
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// What is in the ledger of batches is as safe as what is in a backup, and nobody reads it (decision 70).
@Suite("A hub that writes what it takes into a ledger on another disk")
struct BatchLedgerTests {
    private let world: World
    private let rows: CaseRows
    private let backup: String

    init() throws {
        world = try World(seed: 701)
        rows = try world.openCase(on: world.surreyOffice, marker: "before", naming: world.gloucester)
        try world.settle()
        backup = try world.keepLedger()
    }

    private func waits(_ device: Device) throws -> String? { try device.replica.status().wipeWaitsFor }

    @Test("loses its disk after devices let go, and has all of it again from last week's backup, without any of them")
    func lostDisk() throws {
        let office = world.surreyOffice
        try office.set("detail", of: "need", rows.need, to: "first")
        try world.sync(office)
        #expect(try waits(office) == nil, "at once, without a backup since")
        try world.surreyLaptop.set("known_as", of: "person", rows.person, to: "by the laptop")
        let later = try world.openCase(on: office, marker: "later", naming: world.gloucester)
        try world.settle()
        // Two people at once: the conflict comes back as well. And a case that leaves an office.
        try office.set("detail", of: "need", later.need, to: "by the office")
        try world.settle()
        try office.set("known_as", of: "person", rows.person, to: "by the office")
        try world.surreyLaptop.set("known_as", of: "person", rows.person, to: "by the laptop again")
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "second")
        try world.give(later.id, to: world.gloucester)
        try world.settle()
        let receipts = try world.hubReceipts()
        let position = try world.hub.status().position
        let conflicts = try world.hub.conflicts().map(\.id)
        let quarantined = try world.hub.quarantine().map(\.id)
        #expect(try world.devices.allSatisfy { try waits($0) == nil })
        #expect(try !office.outboxHolds("by the office"))

        try world.loseHubDisk()
        let restored = try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        try world.reopenReader()
        #expect(restored.replayed > 0 && restored.differing == 0)
        #expect(restored.position == position && restored.reached == position, "nothing is lost")
        #expect(try world.hubReceipts() == receipts, "the same verdicts at the same positions in the same order")
        #expect(try world.reader.text("detail", of: "need", rows.need) == "second")
        #expect(try world.reader.text("detail", of: "need", later.need) == "by the office")
        #expect(restored.recovery.bars.isEmpty, "what batches closed they have closed again")

        for device in world.devices {
            let outcome = try world.sync(device)
            #expect(outcome.pushedEdits == 0 && outcome.digest != .mismatch, "\(device.name)")
        }
        try world.settle()
        #expect(try world.hubReceipts() == receipts)
        let recovery = try world.hub.recovery()
        #expect(recovery.missing == 0 && recovery.salvage == 0)
        #expect(try world.hub.conflicts().map(\.id) == conflicts)
        #expect(try world.hub.quarantine().map(\.id) == quarantined)
        #expect(try world.hub.holds().isEmpty)
        #expect(try !office.holds("need", later.need), "what was closed stays closed")
        #expect(try world.gloucestershire.text("detail", of: "need", later.need) == "by the office")
        // What is typed now is safe again once there is a backup of this life.
        try office.set("detail", of: "need", rows.need, to: "third")
        try world.sync(office)
        #expect(try waits(office)?.hasPrefix("a backup of the hub") == true)
        #expect(try world.hub.status().ledger?.trouble?.contains("backup") == true)
        _ = try world.backUpHub()
        try world.sync(office)
        #expect(try waits(office) == nil)
        #expect(try world.hub.status().ledger?.trouble == nil)
    }

    @Test("can be restored from the same backup and ledger as often as its disk dies")
    func twice() throws {
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "in the ledger")
        try world.settle()
        for life in 2...3 {
            try world.loseHubDisk()
            #expect(try world.restoreHub(from: backup, ledger: world.ledgerFolder).epoch >= 2)
            try world.reopenReader()
            #expect(try world.reader.text("detail", of: "need", rows.need) == "in the ledger", "life \(life)")
            try world.surreyOffice.set("known_as", of: "person", rows.person, to: "life \(life)")
            try world.settle()
        }
        #expect(try world.reader.text("known_as", of: "person", rows.person) == "life 3")
    }

    @Test("takes what comes once more, on a stick or from a replica, for what it is")
    func onceMore() throws {
        let office = world.surreyOffice
        try office.set("detail", of: "need", rows.need, to: "on the stick too")
        _ = try office.replica.seal()
        let batches = try sealedBatches(of: office.replica).map(\.signed)
        try world.settle()
        let receipts = try world.hubReceipts()
        try world.loseHubDisk()
        try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        try world.reopenReader()
        let record = try #require(try world.hub.store.device(office.id))
        let tally = try world.hub.take(batches, basedOn: [], from: record)
        #expect(tally.duplicates == batches.count && tally.taken == 0)
        try world.settle()
        #expect(try world.hubReceipts() == receipts)
    }

    @Test("goes on when the other disk is gone: nothing is safe meanwhile, which is said, and nothing is missing later")
    func goneDisk() throws {
        let (office, ledger) = (world.surreyOffice, world.ledgerFolder)
        try office.set("detail", of: "need", rows.need, to: "before")
        try world.sync(office)
        try FileManager.default.moveItem(atPath: ledger, toPath: ledger + ".away")
        try Data().write(to: URL(fileURLWithPath: ledger))
        try office.set("detail", of: "need", rows.need, to: "meanwhile")
        let later = try world.openCase(on: office, marker: "later", naming: world.gloucester)
        try world.settle()
        // A closing too.
        try world.give(later.id, to: world.gloucester)
        try world.settle()
        #expect(try !office.holds("need", later.need))
        #expect(try waits(office)?.hasPrefix("a backup of the hub that holds") == true)
        #expect(try world.hub.status().ledger?.trouble?.contains("disk") == true)
        // What is safe by a backup is so all the same.
        let newer = try world.backUpHub()
        try world.settle()
        #expect(try waits(office) == nil)
        try office.set("detail", of: "need", rows.need, to: "after it")
        try world.settle()
        #expect(try waits(office) != nil)

        try FileManager.default.removeItem(atPath: ledger)
        try FileManager.default.moveItem(atPath: ledger + ".away", toPath: ledger)
        try world.settle()
        #expect(try waits(office) == nil)
        #expect(try world.hub.status().ledger?.trouble == nil)
        let receipts = try world.hubReceipts()
        try world.loseHubDisk()
        let restored = try world.restoreHub(from: newer, ledger: ledger)
        try world.reopenReader()
        #expect(try world.hubReceipts() == receipts && restored.recovery.bars.isEmpty)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "after it")
        try world.settle()
        #expect(try !office.holds("need", later.need))
    }

    @Test("without the ledger, or with an older backup than it follows, is not restored unless somebody says so")
    func promises() throws {
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "freed")
        try world.settle()
        let older = backup
        let newer = try world.backUpHub()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "freed too")
        try world.settle()
        try FileManager.default.moveItem(atPath: world.ledgerFolder, toPath: world.ledgerFolder + ".away")
        #expect { try world.restoreHub(from: newer) } throws: {
            ($0 as? Failure)?.code == .noInput && "\($0)".contains("--ignore-batches")
        }
        try FileManager.default.moveItem(atPath: world.ledgerFolder + ".away", toPath: world.ledgerFolder)
        #expect { try world.restoreHub(from: older, acceptsOlder: true) } throws: {
            ($0 as? Failure)?.code == .badData && "\($0)".contains("later backup")
        }
        world.offlineKey = nil
        #expect { try world.restoreHub(from: newer) } throws: { ($0 as? Failure)?.code == .usage }
        #expect(world.hub.epoch.number == 1)
        // A database that somebody copied into place by hand is not served.
        world.offlineKey = try Hub.offlineKey(in: world.folder.file("backup-key.txt"))
        try world.restoreHub(from: older, acceptsOlder: true, ignoresBatches: true)
        try world.settle()
        #expect(try world.surreyOffice.replica.status().hubEpoch == 2)
    }

    @Test("refuses a database that was copied into place and is older than its ledger")
    func copiedByHand() throws {
        let copy = world.folder.file("copy.sqlite")
        _ = try world.hub.backup(to: copy, isPlain: true, counts: false)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "in the ledger")
        try world.settle()
        try world.hub.close()
        for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: world.hubPath + suffix) }
        try FileManager.default.removeItem(atPath: world.hubPath)
        try FileManager.default.copyItem(atPath: copy, toPath: world.hubPath)
        #expect { try world.restartHub() } throws: {
            ($0 as? Failure)?.code == .configuration && "\($0)".contains("hub restore")
        }
        try world.restoreHub(from: copy)
        try world.reopenReader()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "in the ledger")
    }

    @Test("knows who joined since the backup, of which partner, and has what they wrote")
    func joined() throws {
        let laptop = try #require(world.devices.first { !$0.isOffice })
        try laptop.replica.rotateKeys()
        let partner = try world.hub.addPartner(code: "NEW", name: "New project") { database, id in
            try database.execute(
                sql: "INSERT INTO partner(id, code, name, area) VALUES(?, 'NEW', 'New project', 'NEW')",
                arguments: [id.sqlBlob])
        }
        try laptop.set("detail", of: "need", rows.need, to: "with new keys")
        try world.settle()
        let time = ScriptedTime(wall: world.hubTime.wallMilliseconds)
        let invitation = try world.hub.invite(partner: "NEW", name: "New office", role: "office", hours: 1)
        let replica = try Replica.join(
            path: world.folder.file("new.sqlite"), name: "New office", code: invitation.code, network: .reunite,
            time: time, randomness: ScriptedRandomness(seed: 7011), enrol: world.hub.enrol)
        func sync() throws -> SyncOutcome? {
            time.advance(milliseconds: 1_000)
            var wire = Wire(faults: nil)
            guard case .finished(let outcome) = try wire.sync(replica, with: world.hub) else { return nil }
            return outcome
        }
        #expect(try sync()?.digest == .match)
        try replica.edit("UPDATE partner SET name = 'Renamed' WHERE code = 'NEW'")
        #expect(try sync() != nil)
        #expect(try replica.status().wipeWaitsFor == nil)
        let receipts = try world.hubReceipts()
        try world.loseHubDisk()
        let restored = try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        #expect(restored.differing == 0)
        #expect(try world.hub.partners().first { $0.code == "NEW" }?.id == partner.description)
        #expect(try world.hubReceipts() == receipts)
        let outcome = try sync()
        #expect(outcome?.pushedEdits == 0 && outcome?.digest != .mismatch)
        try world.settle()
    }
}

/// What lies on the other disk.
@Suite("The ledger of batches on its disk")
struct BatchLedgerFileTests {
    private let world: World
    private let rows: CaseRows
    private let backup: String

    init() throws {
        world = try World(seed: 702)
        rows = try world.openCase(on: world.surreyOffice, marker: "Planted-ledger", naming: world.gloucester)
        try world.settle()
        backup = try world.keepLedger()
        for word in ["Planted-first", "Planted-second", "Planted-third"] {
            try world.surreyOffice.set("detail", of: "need", rows.need, to: word)
            try world.sync(world.surreyOffice)
        }
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    @Test("one record holds a whole exchange; no byte of a case can be read without the key that is elsewhere")
    func sealed() throws {
        let groups = try world.ledgerGroups()
        #expect(groups.count == 3)
        #expect(groups.map(\.batches.count) == [1, 1, 1])
        #expect(zip(groups, groups.dropFirst()).allSatisfy { $0.to == $1.from })
        let held = groups.flatMap(\.batches).map(\.batch.ops)
        let values = held.map { (try? OpCodec.decode($0, expecting: 1))?.first?.values }
        #expect(values.contains([.text("Planted-third")]))
        for path in try world.ledgerFiles() {
            #expect(try bytes(path).range(of: Data("Planted".utf8)) == nil)
        }
        // Several batches of one exchange, and what the hub does about them, are one record.
        for word in ["one", "two"] {
            try world.surreyLaptop.set("detail", of: "need", rows.need, to: word)
            _ = try world.surreyLaptop.replica.seal()
        }
        try world.sync(world.surreyLaptop)
        #expect(try world.ledgerGroups().count == 4)
    }

    @Test(
        "a record that was being written is passed over and cut; one byte changed anywhere is refused", arguments: 0..<6
    )
    func damaged(round: Int) throws {
        let path = try #require(try world.ledgerFiles().first)
        var content = try bytes(path)
        let whole = content
        var generator = SeededGenerator(seed: UInt64(7020 + round))
        switch round {
        case 0: content.removeLast(20)
        case 1: content.append(contentsOf: whole.prefix(30))
        case 2: content.append(contentsOf: Array(repeating: 0, count: 300))
        case 3: content[8] ^= 1
        default: content[Int(generator.next() % UInt64(content.count))] ^= UInt8(1 << (round % 8))
        }
        try content.write(to: URL(fileURLWithPath: path))
        if round > 2 {
            #expect { try world.restoreHub(from: backup) } throws: {
                ($0 as? Failure)?.code == .badData && "\($0)".contains("--ignore-batches")
            }
            try world.restoreHub(from: backup, ignoresBatches: true)
            try world.settle()
            #expect(try world.hub.salvage().isEmpty || world.hub.salvage().map(\.values) == [["Planted-third"]])
            return
        }
        // The hub goes on from what is whole, and writes the rest from its database.
        try world.restartHub()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "Planted-last")
        try world.sync(world.surreyOffice)
        #expect(try world.ledgerGroups().flatMap(\.batches).count == 4)
        let receipts = try world.hubReceipts()
        try world.loseHubDisk()
        try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        try world.reopenReader()
        #expect(try world.hubReceipts() == receipts)
    }

    @Test("a hub that finds it damaged writes it anew")
    func mended() throws {
        let path = try #require(try world.ledgerFiles().first)
        var content = try bytes(path)
        content[10] ^= 4
        try content.write(to: URL(fileURLWithPath: path))
        try world.restartHub()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "Planted-last")
        try world.sync(world.surreyOffice)
        #expect(try world.ledgerGroups().flatMap(\.batches).count == 4)
        #expect(try world.ledgerFiles() != [path])
    }

    @Test("what a newer backup holds goes from it")
    func covered() throws {
        let newer = try world.backUpHub()
        #expect(try world.ledgerFiles().isEmpty)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "since")
        try world.sync(world.surreyOffice)
        #expect(try world.ledgerGroups().flatMap(\.batches).count == 1)
        try world.loseHubDisk()
        try world.restoreHub(from: newer, ledger: world.ledgerFolder)
        try world.reopenReader()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "since")
    }

    @Test("holds nothing of an erased person any more, and brings nothing of her back")
    func erased() throws {
        let other = try world.openCase(on: world.surreyOffice, marker: "other", naming: world.gloucester)
        try world.settle()
        let scopes = try world.hub.read("Finding her scopes") { try CaseScopes.of(rows.id, in: $0) }
        let request = try world.hub.requestErasure(
            of: scopes.all, touching: scopes.links, code: "SUBJECT_REQUEST", by: "Ada", reason: "Asked for in writing")
        let before = try world.ledgerFiles()
        #expect(try world.hub.confirmErasure(request.id, by: "Grace").isScrubbed)
        #expect(try Set(world.ledgerFiles()).isDisjoint(with: before))
        for batch in try world.ledgerGroups().flatMap(\.batches) {
            let ops = try OpCodec.decode(batch.batch.ops, expecting: Int(batch.receipt.opCount))
            #expect(!"\(ops)".contains("Planted-"))
        }
        try world.settle()
        try world.loseHubDisk()
        try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        try world.reopenReader()
        try world.settle()
        #expect(try FileScan.find(["Planted-"], ofHub: world.folder.file("hub")) == [])
        #expect(try world.reader.text("detail", of: "need", other.need) == "other need")
    }

    @Test("opens with the key of the backup that it follows: another key counts from the next backup on")
    func otherKey() throws {
        let path = world.folder.file("second-key.txt")
        _ = try world.hub.makeBackupKey(to: path, replaces: true)
        try world.settle()
        #expect(try world.ledgerGroups().flatMap(\.batches).count == 3)
        world.offlineKey = try Hub.offlineKey(in: path)
        _ = try world.backUpHub()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "under the second key")
        try world.settle()
        #expect(try !world.ledgerGroups().flatMap(\.batches).isEmpty)
    }

    @Test("waits for a backup key and a first backup, and says so")
    func without() throws {
        let world = try World(seed: 703)
        let rows = try world.openCase(on: world.surreyOffice, marker: "kept", naming: world.gloucester)
        try world.hub.keepLedger(in: world.ledgerFolder)
        try world.settle()
        #expect(try world.hub.status().ledger?.trouble?.contains("backup-key") == true)
        _ = try world.hub.makeBackupKey(to: world.folder.file("key.txt"), replaces: false)
        try world.settle()
        #expect(try world.hub.status().ledger?.trouble?.contains("'hub backup'") == true)
        #expect(try world.surreyOffice.replica.status().wipeWaitsFor != nil)
        _ = try world.backUpHub()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "safe")
        try world.settle()
        #expect(try world.hub.status().ledger?.trouble == nil)
        #expect(try world.surreyOffice.replica.status().wipeWaitsFor == nil)
    }
}
