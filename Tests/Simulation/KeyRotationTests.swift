import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A device makes new keys and uses them; the hub learns of it by whatever comes next (decision 60).
@Suite("A device makes new keys")
struct KeyRotationTests {
    /// A world with one case that everybody of Surrey has.
    private static func world(seed: UInt64) throws -> (world: World, laptop: Device, rows: CaseRows) {
        let world = try World(seed: seed)
        let rows = try world.openCase(on: world.surreyOffice, marker: "keys", naming: world.gloucester)
        try world.settle()
        return (world, world.surreyLaptop, rows)
    }

    private func number(of device: Device, at hub: Hub) throws -> UInt32? {
        try hub.devices().first { $0.id == device.id.description }?.keyNumber
    }

    @Test("without a connection; what was written before and after arrives, and the hub shows the new number")
    func offline() throws {
        let (world, laptop, rows) = try KeyRotationTests.world(seed: 601)
        try laptop.set("detail", of: "need", rows.need, to: "before")
        let state = try laptop.replica.rotateKeys()
        #expect(state.number == 2 && !state.isKnown && state.sinceMilliseconds == laptop.time.wallMilliseconds)
        try laptop.set("known_as", of: "person", rows.person, to: "after")
        #expect(try number(of: laptop, at: world.hub) == 1)
        #expect(throws: Failure.self, "not twice before the hub knows") { try laptop.replica.rotateKeys() }
        #expect(try world.sync(laptop).digest == .match)
        #expect(try laptop.replica.keyState().isKnown)
        #expect(try number(of: laptop, at: world.hub) == 2)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "before")
        #expect(try world.reader.text("known_as", of: "person", rows.person) == "after")
        #expect(try world.reader.quarantined().isEmpty)
        // Again and again, and never more old keys than two are kept.
        for round in 3...6 {
            try laptop.replica.rotateKeys()
            try laptop.set("detail", of: "need", rows.need, to: "round \(round)")
            #expect(try world.sync(laptop).digest == .match)
            try laptop.restart()
        }
        #expect(try world.reader.text("detail", of: "need", rows.need) == "round 6")
        let ring = try DeviceVault(replicaPath: laptop.path).ring()
        #expect(ring.keys.map(\.number) == [4, 5, 6])
        #expect(try world.hub.verifyAudit().findings.isEmpty)
        try world.settle()
    }

    @Test("what was typed inside and waits for its case is read for ever, however often keys are replaced meanwhile")
    func keptInside() throws {
        let (world, laptop, _) = try KeyRotationTests.world(seed: 612)
        let typed = Array("ZQINSIDE".utf8)
        let file = try laptop.replica.keep(inside: typed)
        for _ in 0..<5 {
            try laptop.replica.rotateKeys()
            #expect(try world.sync(laptop).digest == .match)
            try laptop.restart()
            #expect(laptop.replica.keptInside.files == [file])
            #expect(try laptop.replica.kept(inside: file) == typed)
        }
    }

    @Test("they are made by themselves when the old ones have been in use for ninety days by the hub's clock")
    func byThemselves() throws {
        let (world, laptop, _) = try KeyRotationTests.world(seed: 613)
        #expect(try !laptop.replica.renewKeys(), "the first time it notes from when they are")
        laptop.time.set(wall: laptop.time.wallMilliseconds + 400 * 86_400_000)
        #expect(try !laptop.replica.renewKeys(), "the device's own clock says nothing")
        laptop.time.set(wall: laptop.time.wallMilliseconds - 400 * 86_400_000)
        world.hubTime.advance(milliseconds: 89 * 86_400_000)
        try world.sync(laptop)
        #expect(try !laptop.replica.renewKeys())
        world.hubTime.advance(milliseconds: 2 * 86_400_000)
        try world.sync(laptop)
        #expect(try laptop.replica.renewKeys())
        #expect(try laptop.replica.keyState().number == 2)
        #expect(try !laptop.replica.renewKeys(), "not before the hub knows them")
        #expect(try world.sync(laptop).digest == .match)
        #expect(try number(of: laptop, at: world.hub) == 2)
        #expect(try !laptop.replica.renewKeys())
    }

    @Test(
        "a laptop that made new keys and was revoked before it said so: what it signs with them waits for a person too")
    func revoked() throws {
        for byFile in [false, true] {
            let (world, laptop, rows) = try KeyRotationTests.world(seed: 614)
            try laptop.replica.rotateKeys()
            try laptop.set("detail", of: "need", rows.need, to: "with the new keys")
            _ = try world.hub.revoke(device: laptop.id.description)
            if byFile {
                #expect(try world.take(try laptop.replica.upFile()).isRevoked)
            } else {
                #expect(throws: Failure.self) { try world.sync(laptop) }
            }
            #expect(try world.reader.quarantined() == ["device-revoked"], "by file: \(byFile)")
            #expect(try world.hub.verifyAudit().findings.isEmpty)
        }
    }

    @Test("the answer is lost after the hub has taken them: the next sync says so once more, and nothing is lost")
    func lostAnswer() throws {
        let (world, laptop, rows) = try KeyRotationTests.world(seed: 602)
        try laptop.replica.rotateKeys()
        for round in 0..<3 {
            try laptop.set("detail", of: "need", rows.need, to: "lost \(round)")
            var wire = Wire(faults: nil)
            wire.crash = .judged
            #expect(try wire.sync(laptop.replica, with: world.hub) == .crashed)
            try laptop.restart()
            #expect(try number(of: laptop, at: world.hub) == 2)
            #expect(try !laptop.replica.keyState().isKnown)
        }
        #expect(try world.sync(laptop).digest == .match)
        #expect(try laptop.replica.keyState().isKnown)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "lost 2")
        #expect(try world.reader.quarantined().isEmpty)
        #expect(try world.hub.devices().allSatisfy { $0.state == "enrolled" })
    }

    @Test("the program dies between the folder and the file, or after: either the old keys are in use or the new")
    func crashes() throws {
        let (world, laptop, rows) = try KeyRotationTests.world(seed: 603)
        let vault = DeviceVault(replicaPath: laptop.path)
        // The new keys are made, and nothing uses them yet.
        var ring = try vault.ring()
        ring.prepare(.generate(number: 2))
        try vault.store(ring)
        try laptop.restart()
        #expect(try laptop.replica.keyState().number == 1)
        try laptop.set("detail", of: "need", rows.need, to: "still the old")
        #expect(try world.sync(laptop).digest == .match)
        // They are in use by the file, and the folder has not heard.
        let prepared = ring
        try laptop.replica.rotateKeys()
        #expect(try vault.ring().current.publicKeys == prepared.next?.publicKeys, "what was begun is ended")
        try laptop.close()
        try vault.store(prepared)
        try laptop.restart()
        #expect(try laptop.replica.keyState().number == 2)
        try laptop.set("known_as", of: "person", rows.person, to: "by the new")
        #expect(try world.sync(laptop).digest == .match)
        #expect(try number(of: laptop, at: world.hub) == 2)
        #expect(try world.reader.text("known_as", of: "person", rows.person) == "by the new")
    }

    @Test("another program that has the replica open signs with the new keys from that moment on")
    func twoPrograms() throws {
        let (world, laptop, rows) = try KeyRotationTests.world(seed: 604)
        let randomness = ScriptedRandomness(seed: 604)
        let other = try Replica.open(
            path: laptop.path, network: .reunite, time: laptop.time, randomness: { randomness.identifier() })
        try laptop.replica.rotateKeys()
        try laptop.set("detail", of: "need", rows.need, to: "sealed by the other")
        #expect(try other.seal() == 1)
        #expect(try world.sync(laptop).digest == .match)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "sealed by the other")
        #expect(try world.reader.quarantined().isEmpty)
    }

    @Test("what lay in a pocket since before is judged as ever; what a copy signs with the old keys waits for a person")
    func pockets() throws {
        let (world, laptop, rows) = try KeyRotationTests.world(seed: 605)
        try laptop.set("detail", of: "need", rows.need, to: "in a pocket")
        let pocket = try laptop.replica.upFile()
        let twin = try world.clone(laptop)
        try laptop.replica.rotateKeys()
        try laptop.set("known_as", of: "person", rows.person, to: "by the new keys")
        try world.sync(laptop)
        let report = try world.hub.take(upFile: pocket.bytes)
        #expect(report.isWhole && report.quarantined == 0)

        // The copy has the old keys and goes on with them: it is told so, and the device itself is not shut out.
        try twin.set("detail", of: "need", rows.need, to: "by a copy")
        guard case .failed(let failure) = try wireSync(twin, world.hub) else {
            Issue.record("a copy with the old keys was served")
            return
        }
        #expect(failure.code == .notPermitted)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "in a pocket")
        let waiting = try world.hub.quarantine()
        #expect(waiting.map(\.reason) == ["clone"])
        try laptop.set("detail", of: "need", rows.need, to: "goes on")
        #expect(try world.sync(laptop).digest == .match)
        // A person says that it was hers.
        #expect(try world.readmit(laptop) == 1)
        #expect(try world.hub.quarantine().map(\.reason) == [])
        #expect(try world.sync(laptop).digest == .match)
    }

    @Test("by file: the hub hears it from the stick, its answer is for the new keys, and older files still open")
    func byFile() throws {
        let (world, laptop, rows) = try KeyRotationTests.world(seed: 606)
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "to the old keys")
        try world.sync(world.surreyOffice)
        let older = try world.hub.downFile(for: laptop.id)
        try laptop.set("detail", of: "need", rows.need, to: "old")
        try laptop.replica.rotateKeys()
        try laptop.set("detail", of: "need", rows.need, to: "new")
        guard case .applied(let effect) = try laptop.replica.take(file: older.bytes) else {
            Issue.record("a file for the old keys was not applied")
            return
        }
        #expect(effect.digestMatches)
        #expect(try !laptop.replica.keyState().isKnown)

        let file = try laptop.replica.upFile()
        for _ in 0..<2 { #expect(try world.hub.take(upFile: file.bytes).passedOver == 0) }
        #expect(try number(of: laptop, at: world.hub) == 2)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "new")
        guard case .applied = try laptop.replica.take(file: try world.hub.downFile(for: laptop.id).bytes) else {
            Issue.record("the answer was not applied")
            return
        }
        #expect(try laptop.replica.keyState().isKnown)
        #expect(try world.sync(laptop).digest == .match)
    }

    @Test("a delivery that waited for the old keys is made anew")
    func waiting() throws {
        let (world, laptop, rows) = try KeyRotationTests.world(seed: 607)
        try world.surreyOffice.writeMuch(in: rows, seed: 607)
        try world.sync(world.surreyOffice)
        var wire = Wire(faults: nil)
        wire.crash = .page
        #expect(try wire.sync(laptop.replica, with: world.hub) == .crashed)
        try laptop.restart()
        try laptop.replica.rotateKeys()
        #expect(try world.sync(laptop).digest == .match)
        #expect(
            try laptop.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM need WHERE category = 'OTHER'") } == 8)
        #expect(try laptop.replica.keyState().isKnown)
    }

    @Test("a file that was put back from a copy of before uses the keys that are beside it")
    func putBack() throws {
        let (world, laptop, rows) = try KeyRotationTests.world(seed: 608)
        let copy = world.folder.file("before.sqlite")
        try laptop.replica.database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO '\(copy)'") }
        try laptop.replica.rotateKeys()
        try world.sync(laptop)
        try laptop.putBack(from: copy)
        try laptop.set("detail", of: "need", rows.need, to: "after it was put back")
        #expect(try world.sync(laptop).digest == .match)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "after it was put back")
        #expect(try world.reader.quarantined().isEmpty)
        #expect(try world.hub.devices().allSatisfy { $0.state == "enrolled" })
    }

    @Test("two copies both make new keys: the second is noticed, and neither is served before a person decides")
    func bothRotate() throws {
        let (world, laptop, rows) = try KeyRotationTests.world(seed: 609)
        let twin = try world.clone(laptop)
        try laptop.replica.rotateKeys()
        try world.sync(laptop)
        try twin.replica.rotateKeys()
        try twin.set("detail", of: "need", rows.need, to: "the twin's")
        guard case .failed(let failure) = try wireSync(twin, world.hub) else {
            Issue.record("a copy with keys of its own was served")
            return
        }
        #expect(failure.code == .notPermitted)
        #expect(try world.hub.devices().contains { $0.state == "suspended" })
        #expect(try world.reader.text("detail", of: "need", rows.need) != "the twin's")
    }

    @Test("keys that somebody else names for a device are refused, and nothing changes")
    func forged() throws {
        let (world, laptop, _) = try KeyRotationTests.world(seed: 610)
        let facts = try laptop.replica.facts()
        let (thief, new) = (DeviceKeys.generate(), DeviceKeys.generate(number: 2))
        let word = try KeySuccession(
            hub: facts.hub, owner: laptop.id, replaced: 1, keys: new.publicKeys, lastBatch: 0, milliseconds: 0
        ).signed(with: thief, and: new)
        var request = try laptop.replica.nextRequest(after: 0, limit: 1_000).request
        request.successions = [word.bytes]
        let sealed = try laptop.replica.seal(request)
        let signed = Hub.SignedRequest(
            device: sealed.device, keyNumber: sealed.keyNumber, ticket: try laptop.replica.ticket(), body: sealed.body)
        #expect(throws: Failure.self) { try world.hub.sync(signed) }
        #expect(try number(of: laptop, at: world.hub) == 1)
        #expect(try world.sync(laptop).digest == .match)
    }

    @Test(
        "a hub that is restored to before learns of them from its ledger, or else from the device",
        arguments: [true, false])
    func restoredHub(hasLedger: Bool) throws {
        let (world, laptop, rows) = try KeyRotationTests.world(seed: 611)
        let backup = try world.backUpHub()
        try laptop.replica.rotateKeys()
        try laptop.set("detail", of: "need", rows.need, to: "with new keys")
        try world.sync(laptop)
        if !hasLedger { try FileManager.default.removeItem(atPath: world.folder.file("hub/closings")) }
        try world.restoreHub(from: backup)
        #expect(try number(of: laptop, at: world.hub) == (hasLedger ? 2 : 1))
        #expect(try world.sync(laptop).digest == .match)
        #expect(try number(of: laptop, at: world.hub) == 2)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "with new keys")
        #expect(try world.hub.verifyAudit().findings.isEmpty)
    }

    private func wireSync(_ device: Device, _ hub: Hub) throws -> Ending {
        var wire = Wire(faults: nil)
        return try wire.sync(device.replica, with: hub)
    }
}
