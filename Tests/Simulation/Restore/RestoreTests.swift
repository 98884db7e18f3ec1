import Foundation
import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// What a hub that was restored from a backup gets back, and what it does not show again.
@Suite("A hub that was restored from a backup")
struct RestoreTests {
    /// A world whose hub was backed up after one case had reached everybody.
    private static func backedUp(seed: UInt64) throws -> (world: World, rows: CaseRows, backup: String) {
        let world = try World(seed: seed)
        let rows = try world.openCase(on: world.surreyOffice, marker: "restored", naming: world.gloucester)
        try world.settle()
        return (world, rows, try world.backUpHub())
    }

    @Test("gets back what it had judged since, and what nobody had sent yet")
    func everything() throws {
        let (world, rows, backup) = try RestoreTests.backedUp(seed: 501)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "judged and lost")
        let later = try world.openCase(on: world.surreyOffice, marker: "later", naming: world.gloucester)
        try world.settle()
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "never sent")
        let restored = try world.restoreHub(from: backup)
        #expect(restored.epoch == 2 && restored.reached > restored.position)
        #expect(try world.reader.text("detail", of: "need", rows.need) != "judged and lost")

        try world.sync(world.surreyOffice)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "judged and lost")
        #expect(try world.reader.text("known_as", of: "person", rows.person) == "never sent")
        #expect(try world.reader.text("detail", of: "need", later.need) == "later need")
        #expect(try world.surreyOffice.text("known_as", of: "person", rows.person) == "never sent")
        #expect(try world.surreyOffice.holds("need", later.need), "a case that is new to the hub stays on its desk")
        #expect(try world.surreyOffice.unjudgedOps().isEmpty)
        #expect(try world.sync(world.surreyOffice).pushedEdits == 0)
        #expect(try world.hub.recovery().recalled > 0)
    }

    @Test("judges edits on top of each other as such, whichever comes back first", arguments: [false, true])
    func onTopOfEachOther(laptopFirst: Bool) throws {
        let (world, rows, backup) = try RestoreTests.backedUp(seed: 502)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "first")
        try world.settle()
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "second")
        try world.settle()
        try world.restoreHub(from: backup)
        try world.syncSurrey(laptopFirst: laptopFirst)
        try world.settle()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "second")
        #expect(try world.hub.conflicts().isEmpty)
        for device in world.surreyDevices { #expect(try device.text("detail", of: "need", rows.need) == "second") }
    }

    @Test("opens the conflict again that two people had, and one with who edited the restored value")
    func besideEachOther() throws {
        let (world, rows, backup) = try RestoreTests.backedUp(seed: 503)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "by the office")
        try world.sync(world.surreyOffice)
        try world.restoreHub(from: backup)
        // The laptop never knew of it, and takes the restored value for what stands.
        try world.sync(world.surreyLaptop)
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "by the laptop")
        try world.sync(world.surreyLaptop)
        try world.sync(world.surreyOffice)
        try world.settle()
        let siblings = try world.reader.siblings("need", rows.need, column: "detail")
        #expect(Set(siblings) == [[.text("by the office")], [.text("by the laptop")]])
        #expect(try world.hub.conflicts().count == 1)
    }

    @Test("lists what only others' replicas know, until its author comes back")
    func salvage() throws {
        let (world, rows, backup) = try RestoreTests.backedUp(seed: 504)
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "the laptop's")
        try world.settle()
        try world.restoreHub(from: backup)
        try world.sync(world.surreyOffice)
        #expect(try world.hub.salvage().map(\.values) == [["the laptop's"]])
        #expect(try world.reader.text("detail", of: "need", rows.need) == "restored need", "nothing merges by itself")
        try world.sync(world.surreyLaptop)
        #expect(try world.hub.salvage().isEmpty)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "the laptop's")
    }

    @Test(
        "makes again the rows that it makes itself: none is twice, and none is left to be decided",
        arguments: [true, false])
    func ownRows(officeFirst: Bool) throws {
        let (world, _, backup) = try RestoreTests.backedUp(seed: 512)
        let rows = try world.openCase(on: world.surreyLaptop, marker: "opened later", naming: world.gloucester)
        try world.settle()
        let lines = "SELECT id FROM caseload WHERE case_id = \(literal(rows.id))"
        let before = try world.surreyOffice.read { try Row.fetchAll($0, sql: lines) }.map { $0.identifier("id") }
        #expect(before.count == 1)
        try world.restoreHub(from: backup)
        try world.syncSurrey(laptopFirst: !officeFirst)
        try world.settle()
        #expect(try world.hub.salvage().map(\.table) == [])
        for device in world.surreyDevices {
            #expect(try device.read { try Row.fetchAll($0, sql: lines) }.map { $0.identifier("id") } == before)
        }
    }

    @Test("keeps nothing of an erased person among what replicas brought back")
    func erasedSalvage() throws {
        let (world, rows, backup) = try RestoreTests.backedUp(seed: 511)
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "Planted-salvage")
        try world.settle()
        try world.restoreHub(from: backup)
        try world.sync(world.surreyOffice)
        let folder = world.folder.file("hub")
        #expect(try world.hub.salvage().map(\.values) == [["Planted-salvage"]])
        #expect(try FileScan.find(["Planted-salvage"], ofHub: folder) != [])
        let scopes = try world.hub.read("Finding her scopes") { try CaseScopes.of(rows.id, in: $0) }
        let request = try world.hub.requestErasure(
            of: scopes.all, touching: scopes.links, code: "SUBJECT_REQUEST", by: "Ada", reason: "Asked for in writing")
        #expect(try world.hub.confirmErasure(request.id, by: "Grace").isScrubbed)
        #expect(try world.hub.salvage().isEmpty)
        #expect(try FileScan.find(["Planted-salvage"], ofHub: folder) == [])
        try world.settle()
        #expect(try FileScan.find(["Planted-salvage"], ofHub: folder) == [], "nor when the laptop brings it once more")
    }

    @Test("gives an operator what a lost device had written, as an edit of the hub's own")
    func takenSalvage() throws {
        let (world, rows, backup) = try RestoreTests.backedUp(seed: 505)
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "the laptop's")
        try world.settle()
        try world.restoreHub(from: backup)
        try world.sync(world.surreyOffice)
        let value = try #require(try world.hub.salvage().first)
        _ = try world.hub.take(salvage: value.id, by: "Operator", reason: "The laptop is at the bottom of a canal")
        #expect(try world.hub.salvage().isEmpty)
        try world.sync(world.surreyOffice)
        #expect(try world.surreyOffice.text("detail", of: "need", rows.need) == "the laptop's")
    }

    @Test("shows nothing again to whom it had been closed, and no more than before until it is opened")
    func closings() throws {
        let world = try World(seed: 506)
        let rows = try world.openCase(on: world.surreyOffice, marker: "restored", naming: world.gloucester)
        let other = try world.openCase(on: world.surreyOffice, marker: "other", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        #expect(try world.gloucestershire.holds("need", rows.need))
        let backup = try world.backUpHub()
        try world.withdraw(referral, on: world.surreyOffice)
        let second = try world.refer(other.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.accept(second, on: world.gloucestershire)
        try world.settle()
        #expect(try !world.gloucestershire.holds("need", rows.need) && world.gloucestershire.holds("need", other.need))

        #expect(try !world.restoreHub(from: backup).recovery.bars.isEmpty)
        try world.sync(world.gloucestershire)
        #expect(try !world.gloucestershire.holds("need", rows.need))
        // Surrey brings the withdrawal back: from then on the rows say it themselves.
        try world.sync(world.surreyOffice)
        #expect(try world.hub.recovery().bars.isEmpty)
        try world.sync(world.gloucestershire)
        #expect(try !world.gloucestershire.holds("need", rows.need))
        // The other case was accepted in the lost life: nobody is shown it before the hub is opened.
        try world.sync(world.surreyOffice)
        #expect(try !world.gloucestershire.holds("need", other.need))
        #expect(try world.hub.recovery().heldScopes > 0)
        #expect(try world.hub.quarantine().isEmpty, "the acceptance counts all the same")
        _ = try world.hub.openRestored(by: "Operator", reason: "Everybody has come back")
        try world.settle()
        #expect(try world.gloucestershire.holds("need", other.need))
        #expect(try !world.gloucestershire.holds("need", rows.need))
    }

    @Test("keeps a bar whose closing never comes back, until an operator lets go of it")
    func keptBar() throws {
        let world = try World(seed: 507)
        let rows = try world.openCase(on: world.surreyOffice, marker: "restored", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        let backup = try world.backUpHub()
        try world.withdraw(referral, on: world.surreyOffice)
        try world.settle()
        try world.restoreHub(from: backup)
        _ = try world.hub.openRestored(by: "Operator", reason: "Surrey's office has burnt down")
        try world.sync(world.gloucestershire)
        #expect(try !world.gloucestershire.holds("need", rows.need))
        let bars = try world.hub.recovery().bars
        #expect(!bars.isEmpty && bars.allSatisfy { $0.partner == "GLS" })
        for bar in bars { try world.hub.allow(bar: bar.id) }
        try world.sync(world.gloucestershire)
        #expect(try world.gloucestershire.holds("need", rows.need))
    }

    @Test("knows devices that were revoked or joined after the backup, and takes no code a second time")
    func devices() throws {
        let world = try World(seed: 508)
        let invited = try world.hub.invite(partner: "SRY", name: "Second office", role: "office", hours: 24)
        let backup = try world.backUpHub()
        let path = world.folder.file("second.sqlite")
        let second = try Replica.join(
            path: path, name: "Second office", code: invited.code, network: .reunite, time: world.hubTime,
            randomness: ScriptedRandomness(seed: 9), enrol: world.hub.enrol)
        _ = try world.hub.revoke(device: world.surreyLaptop.id.description)
        try world.restoreHub(from: backup)
        #expect(throws: Failure.self) { try world.sync(world.surreyLaptop) }
        #expect(throws: Failure.self) {
            _ = try Replica.join(
                path: world.folder.file("third.sqlite"), name: "Thief", code: invited.code, network: .reunite,
                time: world.hubTime, randomness: ScriptedRandomness(seed: 10), enrol: world.hub.enrol)
        }
        var wire = Wire(faults: nil)
        guard case .finished(let outcome) = try wire.sync(second, with: world.hub) else {
            Issue.record("who joined after the backup can go on")
            return
        }
        #expect(outcome.digest == .match)
        #expect(try world.hub.verifyAudit().findings.isEmpty)
    }

    @Test("takes in a device that was invited and joined after the backup, and its log says so")
    func newcomer() throws {
        let world = try World(seed: 513)
        let backup = try world.backUpHub()
        let invited = try world.hub.invite(partner: "SRY", name: "Third laptop", role: "field", hours: 24)
        let newcomer = try Replica.join(
            path: world.folder.file("third.sqlite"), name: "Third laptop", code: invited.code, network: .reunite,
            time: world.hubTime, randomness: ScriptedRandomness(seed: 9), enrol: world.hub.enrol)
        try world.restoreHub(from: backup)
        var wire = Wire(faults: nil)
        guard case .finished(let outcome) = try wire.sync(newcomer, with: world.hub) else {
            Issue.record("who joined after the backup can go on")
            return
        }
        #expect(outcome.digest == .match)
        #expect(try world.hub.verifyAudit().findings == [])
    }

    @Test("is noticed when a database is put back by hand, and begins a new life all the same")
    func byHand() throws {
        let (world, rows, backup) = try RestoreTests.backedUp(seed: 509)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "judged and lost")
        try world.settle()
        try world.putBackByHand(backup, leavingWitness: true)
        #expect(world.hub.epoch.number == 2)
        try world.settle()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "judged and lost")
        #expect(try world.surreyOffice.replica.status().hubEpoch == 2)
    }

    @Test("is not made of another hub's backup, nor of a damaged one, and what was there stays")
    func refused() throws {
        let world = try World(seed: 510)
        let backup = try world.backUpHub()
        #expect { try world.hub.backup(to: backup) } throws: { ($0 as? Failure)?.code == .cannotCreate }
        let damaged = world.folder.file("damaged.sqlite")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: backup))
        for place in stride(from: 8_192, to: bytes.count, by: 4_096) { bytes[place] ^= 0xFF }
        try bytes.write(to: URL(fileURLWithPath: damaged))
        #expect { try world.restoreHub(from: damaged) } throws: { $0 is Failure }
        try world.restartHub()
        #expect(world.hub.epoch.number == 1)
        #expect { try world.restoreHub(from: world.folder.file("none")) } throws: {
            ($0 as? Failure)?.code == .noInput
        }
    }

    @Test("can be lost again before everybody has come back")
    func twice() throws {
        let (world, rows, backup) = try RestoreTests.backedUp(seed: 511)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "the office's")
        try world.surreyLaptop.set("known_as", of: "person", rows.person, to: "the laptop's")
        try world.settle()
        try world.restoreHub(from: backup)
        try world.sync(world.surreyOffice)
        let restored = try world.restoreHub(from: backup)
        #expect(restored.epoch == 3)
        try world.sync(world.surreyLaptop)
        try world.settle()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "the office's")
        #expect(try world.reader.text("known_as", of: "person", rows.person) == "the laptop's")
        #expect(try world.hub.conflicts().isEmpty)
    }
}
