import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A single row that is hidden is signed for, like a whole case that leaves")
struct HiddenRowTests {
    /// Joint work on a case with addresses that endanger nobody: Gloucestershire reads them.
    private func jointWork(
        _ lines: [String], seed: UInt64, shape: WorldShape = .small
    ) throws -> (world: World, addresses: [Identifier]) {
        let world = try World(seed: seed, shape: shape)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Mistletoe", naming: world.gloucester)
        let addresses = lines.map { _ in world.newID() }
        try world.surreyOffice.edit { database in
            for (id, text) in zip(addresses, lines) {
                try database.execute(
                    sql: "INSERT INTO address(id, case_id, lines, confidentiality) VALUES(?, ?, ?, 'NORMAL')",
                    arguments: [id.sqlBlob, rows.id.sqlBlob, text])
            }
        }
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester, kind: "REFER_SHARED")
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        return (world, addresses)
    }

    private func raise(_ address: Identifier, in world: World) throws {
        try world.surreyOffice.set("confidentiality", of: "address", address, to: "REFUGE")
        try world.sync(world.surreyOffice)
    }

    private func purges(_ world: World, all: Bool = false) throws -> [String] {
        try world.hub.purges(all: all).map { "\($0.deviceName) \($0.state) \($0.hiddenRows)" }
    }

    @Test("Who holds a hidden row is on the list until it has signed that nothing is left, and only who held it")
    func hidden() throws {
        let (world, addresses) = try jointWork(["1 Oldbrick Terrace", "2 Oldbrick Terrace"], seed: 221)
        try raise(addresses[0], in: world)
        try raise(addresses[1], in: world)
        #expect(try purges(world) == Array(repeating: "gloucestershire-office owed 1", count: 2))
        #expect(try world.hub.status().purgesOwed == 2)
        try world.settle()
        #expect(try purges(world) == [])
        let done = try world.hub.purges(all: true).filter { $0.hiddenRows > 0 }
        #expect(done.count == 2 && done.allSatisfy { $0.state == "purged" && $0.isClean == true })
        #expect(done.allSatisfy { $0.deviceName == "gloucestershire-office" && $0.rows == 2 })
        #expect(try FileScan.find(["Oldbrick"], ofReplica: world.gloucestershire.path) == [])
        #expect(try FileScan.find(["Oldbrick"], ofReplica: world.surreyOffice.path) != [])
    }

    @Test("While another program reads the file nothing is signed, and the hub goes on waiting")
    func busy() throws {
        let (world, addresses) = try jointWork(["1 Oldbrick Terrace"], seed: 222)
        try raise(addresses[0], in: world)
        let reader = try DatabaseQueue(path: world.gloucestershire.path)
        try reader.inDatabase { database in
            try database.execute(sql: "BEGIN; SELECT count(*) FROM need")
            try world.sync(world.gloucestershire)
            try world.sync(world.gloucestershire)
            #expect(try purges(world) == ["gloucestershire-office owed 1"])
            try database.execute(sql: "COMMIT")
        }
        try world.sync(world.gloucestershire)
        #expect(try purges(world, all: true).contains("gloucestershire-office purged 1"))
    }

    @Test("A hidden row that came back and went again before the device spoke is owed all the same")
    func backAndGone() throws {
        let (world, addresses) = try jointWork(["1 Oldbrick Terrace"], seed: 223)
        try raise(addresses[0], in: world)
        let scope = try #require(try world.hubCase())
        try world.give(scope, to: world.gloucester)
        #expect(try !purges(world).contains("gloucestershire-office owed 1"), "its owner reads the row again")
        try world.give(scope, to: world.surrey)
        #expect(try purges(world).contains { $0.hasPrefix("gloucestershire-office owed") })
        try world.settle()
        #expect(try purges(world) == [])
        #expect(try FileScan.find(["Oldbrick"], ofReplica: world.gloucestershire.path) == [])
    }

    @Test("A row that was hidden while its whole case went and came back is signed for too")
    func swept() throws {
        let (world, addresses) = try jointWork(["1 Oldbrick Terrace", "2 Newharbour Mews"], seed: 227, shape: .third)
        let scope = try #require(try world.hubCase())
        try raise(addresses[0], in: world)
        try world.give(scope, to: world.derby.partner)
        try world.give(scope, to: world.surrey)
        #expect(try purges(world).contains("gloucestershire-office owed 1"))
        #expect(try world.gloucestershire.holds("address", addresses[0]), "it has heard of nothing")
        try world.settle()
        #expect(try !world.gloucestershire.holds("address", addresses[0]))
        #expect(try world.gloucestershire.holds("address", addresses[1]))
        let hidden = try world.hub.purges(all: true).filter { $0.hiddenRows > 0 }
        #expect(hidden.map(\.state) == ["purged"] && hidden.map(\.rows) == [1] && hidden.map(\.isClean) == [true])
        #expect(try FileScan.find(["Oldbrick"], ofReplica: world.gloucestershire.path) == [])
    }

    @Test("A row that is deleted is asked of nobody, and what devices say of it is not kept")
    func deleted() throws {
        let (world, addresses) = try jointWork(["1 Oldbrick Terrace"], seed: 224)
        let before = try purges(world, all: true)
        try world.surreyOffice.edit {
            try $0.execute(sql: "DELETE FROM address WHERE id = ?", arguments: [addresses[0].sqlBlob])
        }
        try world.settle()
        #expect(try !world.gloucestershire.holds("address", addresses[0]))
        #expect(try purges(world, all: true) == before)
        #expect(try world.gloucestershire.replica.status().purgesOwed == 0)
    }

    @Test("A delivery that waits half fetched is void when a row of it is hidden")
    func voidDelivery() throws {
        let (world, addresses) = try jointWork(["1 Oldbrick Terrace"], seed: 225)
        var generator = SeededGenerator(seed: 225)
        try world.surreyOffice.set("lines", of: "address", addresses[0], to: "2 Newharbour Terrace")
        try world.surreyOffice.edit { database in
            for _ in 0..<320 {
                let text = String(
                    decoding: (0..<2_000).map { _ in UInt8.random(in: 33...122, using: &generator) }, as: UTF8.self)
                try database.execute(
                    sql: "INSERT INTO need(id, case_id, category, detail) SELECT ?, id, 'HEALTH', ? FROM case_file",
                    arguments: [world.newID().sqlBlob, text])
            }
        }
        try world.sync(world.surreyOffice)
        world.advance(milliseconds: 1_000)
        var wire = Wire(faults: nil)
        var pages = 0
        wire.afterPage = {
            pages += 1
            if pages == 1 { try raise(addresses[0], in: world) }
        }
        guard case .finished(let outcome) = try wire.sync(world.gloucestershire.replica, with: world.hub) else {
            Issue.record("the sync did not finish")
            return
        }
        #expect(pages >= 1 && outcome.digest == .match)
        #expect(try FileScan.find(["Oldbrick", "Newharbour"], ofReplica: world.gloucestershire.path) == [])
        // What was built before the flag arrived never did.
        #expect(try world.hub.purges(all: true).contains { $0.hiddenRows == 1 })
    }

    @Test("A revoked device holds what it held until it is written off, and then nothing more is asked of it")
    func revoked() throws {
        let (world, addresses) = try jointWork(["1 Oldbrick Terrace"], seed: 226)
        let device = world.gloucestershire
        #expect(throws: Failure.self) {
            try world.hub.writeOff(device: device.id.description, by: "Ada", reason: "It still works")
        }
        _ = try world.hub.revoke(device: device.id.description)
        let listed = try world.hub.purges()
        #expect(listed.map(\.deviceName) == [device.name] && listed.allSatisfy { $0.isRevoked && $0.scope == nil })
        // It asks once more, is told that it was revoked, and says that it owes nothing: that proves nothing.
        _ = try? world.sync(device)
        #expect(try purges(world) == ["gloucestershire-office owed 0"])
        try raise(addresses[0], in: world)
        #expect(try purges(world).count == 2)
        #expect(throws: Failure.self) {
            try world.hub.writeOff(device: device.id.description, by: "Ada", reason: "gone")
        }
        #expect(
            try world.hub.writeOff(device: device.id.description, by: "Ada", reason: "Shredded, certificate 114") == 2)
        #expect(try purges(world) == [])
        let written = try world.hub.purges(all: true).filter { $0.state == "written-off" }
        #expect(written.count == 2 && written.allSatisfy { $0.decidedBy == "Ada" && $0.reason != nil })
        try world.give(try #require(try world.hubCase()), to: world.gloucester)
        #expect(try purges(world).allSatisfy { !$0.hasPrefix("gloucestershire") })
    }
}

extension World {
    /// The one case of this world.
    fileprivate func hubCase() throws -> Identifier? {
        try reader.read { try Row.fetchOne($0, sql: "SELECT id FROM case_file") }?.identifier("id")
    }
}
