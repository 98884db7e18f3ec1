import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// The hub makes new keys; devices follow by its word, and old keys go when nobody needs them (decision 69).
@Suite("The hub makes new keys")
struct HubKeyRotationTests {
    private static func world(seed: UInt64) throws -> (world: World, laptop: Device, rows: CaseRows) {
        let world = try World(seed: seed)
        let rows = try world.openCase(on: world.surreyOffice, marker: "hub keys", naming: world.gloucester)
        try world.settle()
        return (world, world.surreyLaptop, rows)
    }

    private func known(_ device: Device) throws -> UInt32 { try device.replica.status().hubKeyNumber }

    private func here(_ hub: Hub) throws -> [UInt32] {
        try hub.keyList().filter { $0.destroyedMilliseconds == nil }.map(\.number)
    }

    @Test("a device three rotations behind catches up in one sync, and what it wrote meanwhile is judged as ever")
    func threeBehind() throws {
        let (world, laptop, rows) = try HubKeyRotationTests.world(seed: 691)
        try laptop.set("detail", of: "need", rows.need, to: "before")
        try laptop.replica.seal()
        for number in 2...4 {
            #expect(try world.hub.rotateKeys().number == UInt32(number))
            try world.surreyOffice.set("known_as", of: "person", rows.person, to: "round \(number)")
            #expect(try world.sync(world.surreyOffice).digest == .match)
            #expect(try known(world.surreyOffice) == UInt32(number))
        }
        try laptop.set("ref", of: "case_file", rows.id, to: "after")
        #expect(try known(laptop) == 1)
        #expect(try world.sync(laptop).digest == .match)
        #expect(try known(laptop) == 4)
        #expect(try laptop.replica.status().hubKeyWords == world.hub.status().keyWords)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "before")
        #expect(try world.reader.text("ref", of: "case_file", rows.id) == "after")
        #expect(try world.reader.quarantined().isEmpty, "what the old keys signed for is proved by them")
        try world.settle()
        try world.restartHub()
        try laptop.restart()
        #expect(try world.sync(laptop).digest == .match)
        #expect(try world.hub.verifyAudit().findings.isEmpty)
        #expect(try world.hub.auditEntries(kind: .hubRekeyed).count == 3)
    }

    @Test("a stick of before is taken after it, both ways, and a file tells of the new keys")
    func sticks() throws {
        let (world, laptop, rows) = try HubKeyRotationTests.world(seed: 692)
        try laptop.set("detail", of: "need", rows.need, to: "in a pocket")
        let up = try laptop.replica.upFile()
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "on the stick")
        try world.sync(world.surreyOffice)
        let down = try world.hub.downFile(for: laptop.id)
        try world.hub.rotateKeys()
        let report = try world.hub.take(upFile: up.bytes)
        #expect(report.isWhole && report.taken == 1 && report.quarantined == 0)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "in a pocket")

        // One that tells of the new keys.
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "told by file")
        try world.sync(world.surreyOffice)
        let telling = try world.hub.downFile(for: laptop.id)
        for (file, isNews) in [(down, false), (telling, true)] {
            guard case .applied = try laptop.replica.take(file: file.bytes) else {
                Issue.record("a file was not applied")
                return
            }
            #expect(try known(laptop) == (isNews ? 2 : 1))
        }
        // Of whatever kind, once or again, and cut short it changes nothing but that.
        let other = world.gloucestershire
        for content in [Hub.DownContent.receipts, .closings, .news] {
            let file = try world.hub.downFile(for: other.id, content)
            #expect(throws: Failure.self) { try other.replica.take(file: Array(file.bytes.dropLast(7))) }
            _ = try other.replica.take(file: file.bytes)
            #expect(try known(other) == 2)
            #expect(try other.replica.inspect(file: BundleSource(file.bytes)).signature == .good)
        }
        // What it seals now is for the new keys, and says that it knows them.
        let answer = try laptop.replica.upFile()
        #expect(try SealedBundle.readHeader(answer.bytes).recipients == [world.hub.publicKeys.id])
        #expect(try world.hub.take(upFile: answer.bytes).isWhole)
        #expect(try world.hub.downFile(for: laptop.id).parcel.label.hub == world.hub.id)
        #expect(try world.sync(laptop).digest == .match)
    }

    @Test("what the replaced keys sign after that is nobody's: no file, no receipts, no checkpoint of theirs counts")
    func stolenKeys() throws {
        let (world, laptop, _) = try HubKeyRotationTests.world(seed: 693)
        let stolen = world.hub.keys
        try world.hub.rotateKeys()
        try world.settle()
        let facts = try laptop.replica.facts()
        let device = try DeviceVault(replicaPath: laptop.path).keys().publicKeys
        func label(_ kind: BundleLabel.Kind, to position: Position) -> BundleLabel {
            BundleLabel(
                id: world.newID(), kind: kind, hub: facts.hub, epoch: facts.epoch, sender: facts.hub,
                from: facts.cursor, to: position, createdMilliseconds: world.hubTime.wallMilliseconds)
        }
        let later = Position(facts.cursor.rawValue + 1)
        let checkpoint = try Checkpoint(
            hub: facts.hub, epoch: facts.epoch, device: facts.device, position: later,
            issuedMilliseconds: world.hubTime.wallMilliseconds, digest: facts.digest
        ).signed(with: stolen)
        let forged = Delivery(from: facts.cursor, checkpoint: checkpoint).encodedHead(pages: 0)
        let receipts = ReceiptList(receipts: []).encoded()
        for (kind, content, position) in [
            (BundleLabel.Kind.down, forged, later), (.urgent, forged, later), (.receipt, receipts, .zero),
        ] {
            let file = try SealedBundle.seal(
                content: content, label: label(kind, to: position), to: [device], signedWith: stolen)
            #expect(throws: Failure.self, "\(kind)") { try laptop.replica.take(file: file) }
        }
        #expect(throws: Failure.self) { try laptop.replica.apply(forged, hubMilliseconds: 0) }
        #expect(!world.hub.chain.signed(checkpoint))
        #expect(try laptop.replica.facts() == facts)
    }

    @Test("keys that somebody else names for the hub are refused, whatever brings them, and nothing changes")
    func forged() throws {
        let (world, laptop, _) = try HubKeyRotationTests.world(seed: 694)
        let facts = try laptop.replica.facts()
        let (thief, new) = (DeviceKeys.generate(), DeviceKeys.generate(number: 2))
        let word = try KeySuccession(
            hub: facts.hub, owner: facts.hub, replaced: 1, keys: new.publicKeys, lastBatch: 0, milliseconds: 0
        ).signed(with: thief, and: new)
        #expect(throws: Failure.self) { try laptop.replica.follow(hubKeys: [word.bytes]) }
        #expect(throws: Failure.self) { try laptop.replica.follow(refusal: SuccessionList.encode([word.bytes])) }
        #expect(try !laptop.replica.follow(refusal: Array("<html>Conflict</html>".utf8)), "whoever says 409 in between")
        #expect(try laptop.replica.facts() == facts)
        #expect(try world.sync(laptop).digest == .match)
        #expect(try known(laptop) == 1)
    }

    @Test("another program that has the hub open speaks with the new keys from that moment on")
    func twoPrograms() throws {
        let (world, laptop, rows) = try HubKeyRotationTests.world(seed: 695)
        let serving = world.hub
        try world.restartHub()
        try world.hub.rotateKeys()
        var wire = Wire(faults: nil)
        try laptop.set("detail", of: "need", rows.need, to: "to the one that serves")
        guard case .finished = try wire.sync(laptop.replica, with: serving) else {
            Issue.record("it was not served")
            return
        }
        #expect(try known(laptop) == 2)
        #expect(serving.publicKeys == world.hub.publicKeys)
    }

    @Test("a program that dies over it, before or after the moment, leaves what the next one ends")
    func crashes() throws {
        let (world, laptop, _) = try HubKeyRotationTests.world(seed: 696)
        let files = HubFiles(folder: world.folder.file("hub"))
        // The new keys are made, and nothing uses them yet: what was begun is ended.
        var prepared = try files.ring()
        prepared.prepare(.generate(number: 2))
        try files.store(prepared)
        try world.restartHub()
        #expect(world.hub.publicKeys == prepared.next?.publicKeys)
        #expect(try world.sync(laptop).digest == .match)
        // They are in use by the database, and the file has not heard.
        try files.store(prepared)
        try world.restartHub()
        #expect(world.hub.publicKeys == prepared.next?.publicKeys)
        #expect(try files.ring().inUse == 2)
        #expect(try world.sync(laptop).digest == .match && known(laptop) == 2)
        // A folder with the keys of before alone opens nothing.
        let first = KeyRing(try #require(prepared.keys.first))
        try files.store(first)
        let failure = #expect(throws: Failure.self) { try world.restartHub() }
        #expect(failure?.code == .configuration)
    }

    // MARK: The end of old keys

    @Test("whoever was put back to before keys that are gone is told of the later ones in plain, and goes on")
    func putBack() throws {
        let (world, laptop, rows) = try HubKeyRotationTests.world(seed: 697)
        let copy = world.folder.file("before.sqlite")
        try laptop.replica.database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO '\(copy)'") }
        for _ in 0..<3 {
            try world.hub.rotateKeys()
            try world.settle()
            try world.settle()
        }
        _ = try world.backUpHub()
        try world.hub.tend()
        #expect(try here(world.hub) == [4])
        // The file alone: the folder beside it knows.
        try laptop.putBack(from: copy)
        #expect(try known(laptop) == 4)
        // Both: the hub says.
        try FileManager.default.removeItem(atPath: laptop.path + ".device/hub-keys")
        try laptop.putBack(from: copy)
        #expect(try known(laptop) == 1)
        let file = try laptop.replica.upFile()
        let failure = #expect(throws: Failure.self) { try world.hub.take(upFile: file.bytes) }
        #expect(failure?.why.contains("destroyed") == true)
        try laptop.set("detail", of: "need", rows.need, to: "after all")
        #expect(try world.sync(laptop).digest == .match)
        #expect(try known(laptop) == 4)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "after all")
    }

    @Test("old keys are destroyed exactly when nobody can need them, in any order of syncs", arguments: 0..<12)
    func condition(seed: Int) throws {
        let (world, _, rows) = try HubKeyRotationTests.world(seed: UInt64(7_000 + seed))
        var random = SeededGenerator(seed: UInt64(7_100 + seed))
        var model = KeyModel(devices: world.devices.count)
        for step in 0..<40 {
            let place = Int(random.next() % UInt64(world.devices.count))
            let device = world.devices[place]
            switch random.next() % 9 {
            case 0 where model.inUse < 5: model.inUse = try world.hub.rotateKeys().number
            case 1, 2:
                try device.set("detail", of: "need", rows.need, to: "step \(step)")
                try device.replica.seal()
            case 3:
                _ = try world.backUpHub()
                model.backedUp = try world.hub.status().position
            case 4:
                _ = try world.hub.take(upFile: try device.replica.upFile().bytes)
                model.shown(by: place, at: try world.hub.status().position)
            default:
                let before = try world.hub.status().position
                let isFirst = model.pinned[place] < model.inUse
                let trips = try world.sync(device).roundTrips
                let after = try world.hub.status().position
                model.shown(by: place, at: after == before ? before : after)
                if isFirst { model.told(place) }
                if trips > 1 { model.shown(by: place, at: after) }
            }
            try world.hub.tend()
            #expect(try here(world.hub) == model.needed(), "seed \(seed), step \(step)")
        }
        #expect(try world.hub.verifyAudit().findings.isEmpty)
    }

    /// Who needs which keys, as the rule says it.
    private struct KeyModel {
        var inUse: UInt32 = 1
        var backedUp: Int64 = -1
        var pinned: [UInt32]
        private var given: [Set<UInt32>]
        /// At which positions each had shown which, with everything here.
        private var clean: [[UInt32: Int64]]
        private var gone = Set<UInt32>()

        init(devices: Int) {
            pinned = Array(repeating: 1, count: devices)
            given = Array(repeating: [1], count: devices)
            clean = Array(repeating: [:], count: devices)
        }

        mutating func told(_ device: Int) {
            given[device].insert(inUse)
            pinned[device] = inUse
        }

        mutating func shown(by device: Int, at position: Int64) {
            // While there is one pair, nothing hangs on it.
            guard inUse > 1, clean[device][pinned[device]] == nil else { return }
            clean[device][pinned[device]] = position
        }

        mutating func needed() -> [UInt32] {
            for number in 1..<inUse where !gone.contains(number) {
                let isHeld = given.indices.contains { device in
                    given[device].contains(number)
                        && !clean[device].contains { $0.key > number && $0.value <= backedUp }
                }
                if !isHeld { gone.insert(number) }
            }
            return (1...inUse).filter { !gone.contains($0) }
        }
    }

    @Test("one device holds them back, and says why; a person's word, or its revocation, frees them")
    func writeOff() throws {
        let (world, laptop, rows) = try HubKeyRotationTests.world(seed: 698)
        let hub = world.hub
        try hub.set(leaseDays: 10, by: "The board", reason: "Ten days are enough")
        try hub.rotateKeys()
        let others = world.devices.filter { $0.id != laptop.id }
        for device in others { for _ in 0..<2 { try world.sync(device) } }
        func reasons() throws -> [Hub.KeyHolder.Reason] { try hub.keyList()[0].heldBy.map(\.reason) }
        #expect(try Set(reasons()) == [.backup, .notSeen])
        _ = try world.backUpHub()
        try hub.tend()
        #expect(try hub.keyList()[0].heldBy.map(\.device) == [laptop.id.description])
        #expect(try here(hub) == [1, 2])
        #expect(throws: Failure.self, "it is served") {
            try hub.writeOff(keysOf: laptop.id.description, by: "Operator", reason: "It is lost for good")
        }
        world.advance(milliseconds: 11 * 86_400_000)
        for device in others {
            _ = try hub.renew(device: device.id.description, days: 30, by: "Operator", reason: "They are in use")
        }
        #expect(try reasons() == [.leaseOver])
        #expect(try hub.writeOff(keysOf: laptop.id.description, by: "Operator", reason: "It is lost for good") == 1)
        try hub.tend()
        #expect(try here(hub) == [2])
        // It comes back after all: what it wrote is read, for it is sealed anew.
        try laptop.set("detail", of: "need", rows.need, to: "back after all")
        _ = try hub.renew(device: laptop.id.description, days: 10, by: "Operator", reason: "It was found again")
        #expect(try world.sync(laptop).digest == .match)
        #expect(try known(laptop) == 2)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "back after all")

        try hub.rotateKeys()
        for device in others { for _ in 0..<2 { try world.sync(device) } }
        _ = try world.backUpHub()
        try hub.tend()
        #expect(try here(hub) == [2, 3])
        _ = try hub.revoke(device: laptop.id.description)
        try hub.tend()
        #expect(try here(hub) == [3])
        #expect(try hub.auditEntries(kind: .hubKeysDestroyed).count == 2)
        #expect(try hub.verifyAudit().findings.isEmpty)
    }

    /// Whether any file of a hub's folder beside its database, which is never given them, holds these bytes.
    private func holds(_ secret: Data, in folder: String) throws -> Bool {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { !$0.hasPrefix("hub.sqlite") }
            .contains { FileManager.default.contents(atPath: "\(folder)/\($0)")?.range(of: secret) != nil }
    }

    @Test("keys that are destroyed are in no file of the hub's folder; what they signed is proved still")
    func destroyed() throws {
        let (world, laptop, _) = try HubKeyRotationTests.world(seed: 699)
        let folder = world.folder.file("hub")
        let secret = Data(try HubFiles(folder: folder).ring().current.exportSecret().suffix(64))
        #expect(try holds(secret, in: folder))
        try world.hub.rotateKeys()
        #expect(try holds(secret, in: folder))
        for _ in 0..<2 { for device in world.devices { try world.sync(device) } }
        _ = try world.backUpHub()
        try world.hub.tend()
        #expect(try here(world.hub) == [2])
        #expect(try !holds(secret, in: folder))
        // Documents that they signed are proved still.
        try world.restartHub()
        #expect(world.hub.chain.keys(numbered: 1) != nil)
        #expect(try world.sync(laptop).digest == .match)
    }
}
