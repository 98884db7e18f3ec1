import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A sync by files and a sync over the network are the same sync.
@Suite("Files carry what the network carries")
struct FileSyncTests {
    @Test(
        "A laptop that never has a network gives and gets everything by files, and then agrees with the hub over HTTP")
    func filesAlone() throws {
        let world = try World(seed: 401)
        let laptop = world.surreyLaptop
        let rows = try world.openCase(on: world.surreyOffice, marker: "file", naming: world.gloucester)
        try world.sync(world.surreyOffice)
        for round in 1...3 {
            try laptop.set("detail", of: "need", rows.need, to: "round \(round)")
            try world.surreyOffice.set("known_as", of: "person", rows.person, to: "name \(round)")
            try world.sync(world.surreyOffice)
            let report = try world.take(try laptop.replica.upFile())
            #expect(report.isWhole && report.taken == (round == 1 ? 0 : 1))
            #expect(try laptop.applied(try world.hub.downFile(for: laptop.id)).digestMatches)
            #expect(try laptop.text("known_as", of: "person", rows.person) == "name \(round)")
            if round == 1 { try laptop.set("detail", of: "need", rows.need, to: "round 1") }
        }
        #expect(try laptop.unjudgedOps().isEmpty)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "round 3")
        let outcome = try world.sync(laptop)
        #expect(outcome.digest == .match && outcome.pulledRows == 0 && outcome.pushedEdits == 0)
    }

    @Test("What was handed over by file and is pushed over the network again counts once, and the other way round")
    func onceOnly() throws {
        let world = try World(seed: 402)
        let (laptop, rows) = try world.laptopWithCase()
        try laptop.set("detail", of: "need", rows.need, to: "by both")
        let file = try laptop.replica.upFile()
        #expect(try world.take(file).taken == 1)
        let position = try world.hub.store.position()
        try world.sync(laptop)
        let again = try world.take(file)
        #expect(again.taken == 0 && again.duplicates == 1)
        #expect(try world.hub.store.position() == position)

        try laptop.set("detail", of: "need", rows.need, to: "by both again")
        let second = try laptop.replica.upFile()
        try world.sync(laptop)
        #expect(try world.take(second).duplicates == 1)
        #expect(try world.reader.openConflicts().isEmpty)
        #expect(try world.sync(laptop).digest == .match)
    }

    @Test("An old file moves nothing back that the hub knows of the device")
    func oldClaims() throws {
        let world = try World(seed: 403)
        let (laptop, rows) = try world.laptopWithCase()
        let old = try laptop.replica.upFile()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "since then")
        try world.settle()
        let before = try #require(try world.hub.devices().first { $0.id == laptop.id.description })
        try world.take(old)
        let after = try #require(try world.hub.devices().first { $0.id == laptop.id.description })
        #expect(after == before)
        // Its answer begins further back than it must, and does no harm.
        #expect(try laptop.replica.take(file: try world.hub.downFile(for: laptop.id).bytes) == .old)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "newer")
        try world.sync(world.surreyOffice)
        let file = try world.hub.downFile(for: laptop.id)
        #expect(file.label.from < (try laptop.replica.facts().cursor))
        #expect(try laptop.applied(file).digestMatches)
        #expect(try laptop.text("detail", of: "need", rows.need) == "newer")
        #expect(try world.sync(laptop).digest == .match)
    }

    @Test("The same file from the hub twice, an old one, and one with a gap change nothing and say why")
    func positions() throws {
        let world = try World(seed: 404)
        let (laptop, rows) = try world.laptopWithCase()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "first")
        try world.sync(world.surreyOffice)
        let first = try world.hub.downFile(for: laptop.id)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "second")
        try world.sync(world.surreyOffice)
        let second = try world.hub.downFile(for: laptop.id)
        _ = try laptop.applied(second)
        let held = try laptop.replica.facts()
        #expect(try laptop.replica.take(file: second.bytes) == .old)
        #expect(try laptop.replica.take(file: first.bytes) == .old)
        #expect(try laptop.replica.facts() == held)
        #expect(try laptop.text("detail", of: "need", rows.need) == "second")

        // The hub hears how far it is, and goes on from there; a copy of yesterday has not come so far.
        let yesterday = world.folder.file("yesterday")
        try laptop.image(at: yesterday)
        try world.take(try laptop.replica.upFile())
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "third")
        try world.sync(world.surreyOffice)
        _ = try laptop.applied(try world.hub.downFile(for: laptop.id))
        try world.take(try laptop.replica.upFile())
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "fourth")
        try world.sync(world.surreyOffice)
        let fourth = try world.hub.downFile(for: laptop.id)
        try laptop.restore(from: yesterday)
        guard case .gap(let failure) = try laptop.replica.take(file: fourth.bytes) else {
            Issue.record("a file with a gap before it was not passed over")
            return
        }
        #expect(failure.why.contains(String(fourth.label.from.rawValue)))
        #expect(try laptop.text("detail", of: "need", rows.need) == "second")
        // As it says: a new file, and the answer to that.
        try world.take(try laptop.replica.upFile())
        #expect(try laptop.applied(try world.hub.downFile(for: laptop.id)).digestMatches)
        #expect(try laptop.text("detail", of: "need", rows.need) == "fourth")
        #expect(try world.sync(laptop).digest == .match)
    }

    @Test("A whole file makes a replica that has nothing, or has lost something, hold what the hub holds")
    func whole() throws {
        let world = try World(seed: 405)
        let (laptop, rows) = try world.laptopWithCase()
        try laptop.set("detail", of: "need", rows.need, to: "its own words")
        try world.settle()
        // Somebody's program takes rows out past the triggers.
        try laptop.replica.database.writeWithoutTransaction {
            try $0.execute(sql: "DELETE FROM need WHERE id = ?", arguments: [rows.need.sqlBlob])
        }
        try world.take(try laptop.replica.upFile(whole: true))
        let file = try world.hub.downFile(for: laptop.id)
        #expect(file.label.kind == .resync && file.label.from == .zero)
        #expect(try laptop.applied(file).digestMatches)
        #expect(try laptop.text("detail", of: "need", rows.need) == "its own words")
        // Once more does no harm.
        #expect(try laptop.applied(file).digestMatches)
        #expect(try world.sync(laptop).digest == .match)
    }

    @Test("Receipts alone keep batches from going again, show nothing, and leave what was typed on display")
    func receipts() throws {
        let world = try World(seed: 406)
        let (laptop, rows) = try world.laptopWithCase()
        try laptop.set("detail", of: "need", rows.need, to: "ZQRECEIPT")
        try world.take(try laptop.replica.upFile())
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "ZQHIDDEN")
        try world.sync(world.surreyOffice)
        let before = try laptop.replica.facts()
        let file = try world.hub.downFile(for: laptop.id, .receipts)
        #expect(file.label.kind == .receipt)
        #expect(try laptop.replica.take(file: file.bytes) == .receipts(1))
        #expect(try laptop.replica.take(file: file.bytes) == .receipts(0))
        #expect(try laptop.replica.facts() == before)
        #expect(try laptop.replica.status().unsentEdits == 0)
        #expect(try laptop.replica.upFile().batches == 0)
        #expect(try laptop.text("detail", of: "need", rows.need) == "ZQRECEIPT")
        #expect(try laptop.unjudgedOps().count == 1)
        try world.settle()
        #expect(try laptop.unjudgedOps().isEmpty)
        #expect(try laptop.text("known_as", of: "person", rows.person) == "ZQHIDDEN")
    }

    @Test("The file of a copied device waits until one is let in again, that of a revoked one for a person")
    func shutOut() throws {
        let world = try World(seed: 407)
        let (laptop, rows) = try world.laptopWithCase()
        let twin = try world.clone(laptop)
        try laptop.set("detail", of: "need", rows.need, to: "from the laptop")
        try world.sync(laptop)
        try twin.set("detail", of: "need", rows.need, to: "from its twin")
        #expect(throws: Failure.self) { try world.sync(twin) }
        let file = try twin.replica.upFile()
        try twin.set("known_as", of: "person", rows.person, to: "from its twin")
        let later = try twin.replica.upFile()
        #expect(try world.take(file).duplicates == 1)
        #expect(try world.take(later).quarantined == 1)
        #expect(try world.reader.quarantined() == ["clone", "clone"])
        let refusal = #expect(throws: Failure.self) { try world.hub.downFile(for: laptop.id) }
        #expect(refusal?.code == .notPermitted && refusal?.remedy.contains("'hub device readmit'") == true)
        #expect(try world.readmit(twin) == 2)
        #expect(try world.reader.text("known_as", of: "person", rows.person) == "from its twin")
        try twin.set("known_as", of: "person", rows.person, to: "too late")
        let last = try twin.replica.upFile()
        _ = try world.hub.revoke(device: laptop.id.description)
        let report = try world.take(last)
        #expect(report.isRevoked && report.quarantined == 1)
        #expect(try world.reader.quarantined() == ["clone", "clone", "device-revoked"])
        #expect { try world.hub.downFile(for: laptop.id) } throws: { ($0 as? Failure)?.code == .notPermitted }
    }

    @Test("What leaves goes by file as over the network, and the receipt for it comes back in a file")
    func leaving() throws {
        let world = try World(seed: 408)
        let (laptop, rows) = try world.laptopWithCase()
        try world.take(rows.id, off: laptop, by: world.surreyOffice)
        try world.sync(world.surreyOffice)
        let effect = try laptop.applied(try world.hub.downFile(for: laptop.id))
        #expect(effect.left.contains(rows.id))
        #expect(try !laptop.holds("need", rows.need))
        #expect(try world.hub.purges().contains { $0.device == laptop.id.description })
        try world.take(try laptop.replica.upFile())
        #expect(try !world.hub.purges().contains { $0.device == laptop.id.description })
        #expect(try world.sync(laptop).digest == .match)
    }

    @Test("A file that shows a case is on record, and the device that was handed it is asked to purge it")
    func handedOut() throws {
        let world = try World(seed: 409)
        let rows = try world.openCase(on: world.surreyOffice, marker: "ledger", naming: world.gloucester)
        try world.sync(world.surreyOffice)
        let laptop = world.surreyLaptop
        let file = try world.hub.downFile(for: laptop.id)
        let shown = try world.hub.store.disclosures(of: [rows.id])
        #expect(shown.contains { $0.device == laptop.id.description })
        // It leaves again before the stick arrives: nobody knows whether it did.
        try world.take(rows.id, off: laptop, by: world.surreyOffice)
        try world.sync(world.surreyOffice)
        #expect(try world.hub.purges().contains { $0.device == laptop.id.description })
        _ = try laptop.applied(file)
        #expect(try laptop.holds("need", rows.need))
        try world.settle()
        #expect(try !laptop.holds("need", rows.need))
        #expect(try world.hub.purges().isEmpty)
    }

    @Test("An answer stands until something is closed to its device, and only its own partner may ask")
    func standing() throws {
        let world = try World(seed: 411)
        let (laptop, rows) = try world.laptopWithCase()
        let office = world.surreyOffice
        try office.set("detail", of: "need", rows.need, to: "as it was")
        try world.sync(office)
        let label = try world.hub.downFile(for: laptop.id).label
        func stands(
            _ label: BundleLabel, inLife salt: Identifier? = nil, for device: Device? = nil, by carrier: Device? = nil
        ) throws -> Bool {
            try world.hub.stands(
                answerUpTo: label.to, inLife: salt ?? label.epoch.salt, for: (device ?? laptop).id,
                carriedBy: (carrier ?? office).id)
        }
        #expect(try stands(label))
        // What is only changed comes with the next answer.
        try office.set("detail", of: "need", rows.need, to: "as it is")
        try world.sync(office)
        #expect(try stands(label))
        #expect(try !stands(label, inLife: laptop.id))
        for (device, carrier) in [(laptop, world.gloucestershire), (world.gloucestershire, office)] {
            #expect { try stands(label, for: device, by: carrier) } throws: {
                ($0 as? Failure)?.code == .notPermitted
            }
        }
        try world.take(rows.id, off: laptop, by: office)
        try world.sync(office)
        #expect(try !stands(label))
        let later = try world.hub.downFile(for: laptop.id).label
        #expect(try stands(later))
        _ = try world.hub.revoke(device: laptop.id.description)
        #expect(try !stands(later))
    }

    @Test("What a device asks for by stick is asked for, though its clock was put back since its last file")
    func wholeAfterAClockWasPutBack() throws {
        let world = try World(seed: 412)
        let (laptop, _) = try world.laptopWithCase()
        try world.take(try laptop.replica.upFile())
        #expect(try world.hub.downFile(for: laptop.id).label.kind == .down)
        laptop.time.set(wall: laptop.time.wallMilliseconds - 40 * 86_400_000)
        try laptop.restart()
        try world.take(try laptop.replica.upFile(whole: true))
        #expect(try world.hub.downFile(for: laptop.id).label.kind == .resync)
    }

    @Test("Of two files what either asks for is asked for, whichever of them seems to be the older")
    func olderFile() throws {
        let world = try World(seed: 413)
        let (laptop, _) = try world.laptopWithCase()
        let whole = try laptop.replica.upFile(whole: true)
        laptop.time.advance(milliseconds: 1_000)
        try world.take(try laptop.replica.upFile())
        try world.take(whole)
        #expect(try world.hub.downFile(for: laptop.id).label.kind == .resync)
        // The next one takes the place of both.
        laptop.time.advance(milliseconds: 1_000)
        try world.take(try laptop.replica.upFile())
        #expect(try world.hub.downFile(for: laptop.id).label.kind == .down)
    }

    @Test("A file that goes ahead tells what was judged also where nothing was closed, and says how much")
    func ahead() throws {
        let world = try World(seed: 414)
        let (laptop, rows) = try world.laptopWithCase()
        try laptop.set("detail", of: "need", rows.need, to: "by stick")
        try world.take(try laptop.replica.upFile())
        let file = try world.hub.downFile(for: laptop.id, .closings)
        #expect(file.receipts == 1)
        #expect(try laptop.replica.status().unsentEdits == 1)
        guard case .applied(let effect) = try laptop.replica.take(file: file.bytes) else {
            Issue.record("it was not applied")
            return
        }
        #expect(effect.rows == 0)
        #expect(try laptop.replica.status().unsentEdits == 0)
    }

    @Test("A stick's time on the way is not taken for an error of the device's clock")
    func clock() throws {
        let world = try World(seed: 410)
        let (laptop, rows) = try world.laptopWithCase()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "a week ago")
        try world.sync(world.surreyOffice)
        let file = try world.hub.downFile(for: laptop.id)
        world.advance(milliseconds: 7 * 86_400_000)
        _ = try laptop.applied(file)
        #expect(try abs(laptop.replica.facts().skewMilliseconds) < 60_000)
        // A clock that shows an earlier time than the file's is behind.
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "now")
        try world.sync(world.surreyOffice)
        let newer = try world.hub.downFile(for: laptop.id)
        laptop.time.set(wall: 0)
        _ = try laptop.applied(newer)
        #expect(try laptop.replica.facts().skewMilliseconds < -1_000_000_000)
    }
}

extension World {
    @discardableResult
    func take(_ file: Replica.UpFile) throws -> Hub.UpReport { try hub.take(upFile: file.bytes) }

    /// A laptop that holds a case of its office.
    func laptopWithCase() throws -> (laptop: Device, rows: CaseRows) {
        let rows = try openCase(on: surreyOffice, marker: "file", naming: gloucester)
        try settle()
        return (surreyLaptop, rows)
    }
}

extension Device {
    /// Applies a file that must be applied.
    func applied(_ file: Hub.DownFile) throws -> DeliveryEffect {
        switch try replica.take(file: file.bytes) {
        case .applied(let effect): return effect
        case let other:
            throw Failure(
                .internalFault, what: "Applying a file", why: "it was not applied: \(other)", remedy: "Mend the test")
        }
    }
}
