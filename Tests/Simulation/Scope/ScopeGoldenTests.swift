import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Named stories about scope on the folders; each says where it ends.
@Suite("A scope that moves ends where its story says")
struct ScopeGoldenTests {
    @Test("G6: withdrawn, a row deleted at the hub, let in again, one pull: the row is not there")
    func deletedWhileOutOfScope() throws {
        let story = try Story()
        try story.grant(15)
        try story.sync(story.guest)
        let need = try #require(try story.keys("need", on: story.guest).first)
        try story.grant(0)
        try story.world.hub.submit([story.op(.delete, ScopeNetwork.need, need)])
        try story.grant(15)
        let outcome = try story.sync(story.guest)
        #expect(outcome.entered.isEmpty, "it never left, as far as this replica was told")
        #expect(try !story.keys("need", on: story.guest).contains(need))
        #expect(try story.keys("risk", on: story.guest).count == 4, "two of each folder")
        try story.expectSound()
    }

    @Test("A grant whose row is deleted is closed, and what it let in leaves")
    func deletedGrant() throws {
        let story = try Story()
        try story.grant(15)
        try story.sync(story.guest)
        #expect(try story.guest.count("need") == 2)
        try story.owner.edit { try $0.execute(sql: "DELETE FROM access") }
        try story.sync(story.owner)
        #expect(try story.sync(story.guest).left == [story.folder])
        #expect(try story.guest.count("need") == 1)
        try story.expectSound()
    }

    @Test("A grant whose row is moved to another scope closes the one and opens the other")
    func movedGrant() throws {
        let story = try Story()
        try story.grant(15)
        try story.sync(story.guest)
        let other = story.world.folders[1].id
        try story.owner.edit { try $0.execute(sql: "UPDATE access SET folder = ?", arguments: [other.sqlBlob]) }
        try story.sync(story.owner)
        let outcome = try story.sync(story.guest)
        #expect(outcome.left == [story.folder] && outcome.entered == [other])
        try story.expectSound()
    }

    @Test("An answer that was overtaken never takes a replica back, and brings back nothing that left")
    func overtaken() throws {
        let story = try Story()
        try story.grant(15)
        try story.sync(story.guest)
        _ = try story.world.read(story.guest, whole: true, withBatches: true)
        let late = try #require(story.guest.flights.last)
        try story.grant(0)
        try story.sync(story.guest)
        guard case .delivery(let bytes) = late.answer.body else { throw Surprise() }
        #expect(throws: Failure.self) {
            _ = try story.guest.replica.apply(bytes, hubMilliseconds: late.answer.hubMilliseconds)
        }
        #expect(try story.guest.count("need") == 1)
        try story.expectSound()
    }

    @Test("A row that was made here and judged leaves with its class, though the hub never sent it")
    func madeHereAndHidden() throws {
        let story = try Story()
        try story.grant(15)
        try story.sync(story.guest)
        let risk = RowKey(table: ScopeNetwork.risk, key: story.world.newID())
        try story.guest.edit { database in
            try ScopeWorld.insert(risk, into: story.folder, database) { _ in "made here" }
        }
        _ = try story.world.push(story.guest, isLost: true, limit: 65_536)
        try story.grant(7)
        _ = try story.world.read(story.guest, whole: false, withBatches: false)
        _ = try story.world.applyNewest(story.guest, losingWitness: false)
        #expect(try !story.keys("risk", on: story.guest).contains(risk.key))
        #expect(try story.keys("risk", on: story.owner).contains(risk.key) == false)
        try story.sync(story.owner)
        #expect(try story.keys("risk", on: story.owner).contains(risk.key))
        try story.expectSound()
    }

    @Test("A row that moves while a long delivery is fetched comes with the next one")
    func movedWhilePaging() throws {
        let story = try Story()
        try story.fill()
        try story.grant(15)
        let (id, bytes) = try story.askForFile()
        let first = try #require(try story.world.hub.page(of: id, from: 0, for: story.guest.id))
        #expect(first.count < bytes)
        let need = try #require(try story.keys("need", on: story.owner).first { try story.isHere($0) })
        try story.world.hub.submit([story.op(.set, ScopeNetwork.need, need, group: 1, "moved meanwhile")])
        let rest = try #require(try story.world.hub.page(of: id, from: first.count, for: story.guest.id))
        let delivery = try story.guest.replica.open(delivery: first + rest, id: id)
        let effect = try story.guest.replica.apply(delivery, hubMilliseconds: story.world.hubTime.wallMilliseconds)
        #expect(effect.digestMatches)
        #expect(try story.guest.text("detail", of: "need", need) != "moved meanwhile")
        try story.sync(story.guest)
        #expect(try story.guest.text("detail", of: "need", need) == "moved meanwhile")
        try story.expectSound()
    }

    @Test("A closing makes a delivery void that is being fetched")
    func closedWhilePaging() throws {
        let story = try Story()
        try story.fill()
        try story.grant(15)
        let (id, _) = try story.askForFile()
        let first = try #require(try story.world.hub.page(of: id, from: 0, for: story.guest.id))
        try story.grant(0)
        #expect(try story.world.hub.page(of: id, from: first.count, for: story.guest.id) == nil)
        #expect(try story.world.hub.page(of: id, from: 0, for: story.guest.id) == nil)
        let outcome = try story.sync(story.guest)
        #expect(outcome.entered.isEmpty)
        #expect(try story.guest.count("entry") == 1)
        try story.expectSound()
    }

    private struct Surprise: Error {}

    /// The first folder of the first team, and a guest of another.
    private struct Story {
        let world: ScopeWorld
        var owner: ScopeDevice { world.devices[0] }
        var guest: ScopeDevice { world.devices[1] }
        var folder: Identifier { world.folders[0].id }

        init() throws {
            world = try ScopeWorld(seed: 6)
        }

        /// The owner lets the guest's team in, and the hub hears of it.
        func grant(_ mask: Int64) throws {
            try owner.edit { database in
                try database.execute(
                    sql: """
                        INSERT INTO access(id, owner, folder, team, read_mask, write_mask)
                        SELECT ?, ?, ?, ?, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM access)
                        """,
                    arguments: [world.newID().sqlBlob, owner.partner.sqlBlob, folder.sqlBlob, guest.partner.sqlBlob])
                try database.execute(sql: "UPDATE access SET read_mask = ?1, write_mask = ?1", arguments: [mask])
            }
            _ = try world.push(owner, isLost: false, limit: 1 << 20)
        }

        @discardableResult
        func sync(_ device: ScopeDevice) throws -> SyncOutcome {
            let outcome = try #require(try world.syncWhole(device))
            #expect(outcome.digest == .match)
            return outcome
        }

        /// Writes so much into the folder that a delivery of it needs two pages.
        func fill() throws {
            var generator = SeededGenerator(seed: 77)
            try owner.edit { database in
                for _ in 0..<2_200 {
                    let row = RowKey(table: ScopeNetwork.entry, key: world.newID())
                    try ScopeWorld.insert(row, into: folder, database) { _ in
                        (0..<32).map { _ in String(generator.next(), radix: 36) }.joined()
                    }
                }
            }
            try sync(owner)
        }

        /// What the guest is told to fetch.
        func askForFile() throws -> (id: Identifier, bytes: Int) {
            _ = try world.read(guest, whole: false, withBatches: true)
            guard case .fetch(let id, let bytes, _)? = guest.flights.popLast()?.answer.body else { throw Surprise() }
            return (id, Int(bytes))
        }

        func op(
            _ kind: Op.Kind, _ table: UInt16, _ key: Identifier, group: UInt8? = nil, _ text: String? = nil
        ) -> Op {
            Op(
                table: table, key: key, kind: kind, groups: group.map { 1 << UInt64($0) } ?? 0,
                stamp: HybridTime(milliseconds: world.hubTime.wallMilliseconds), values: text.map { [.text($0)] } ?? [])
        }

        func keys(_ table: String, on device: ScopeDevice) throws -> [Identifier] {
            try device.read {
                try Row.fetchAll($0, sql: "SELECT id FROM \(table) ORDER BY id").map { $0.identifier("id") }
            }
        }

        /// Whether a need is of the folder that the guest is let into.
        func isHere(_ need: Identifier) throws -> Bool {
            try owner.read {
                try Row.fetchOne($0, sql: "SELECT folder_id FROM need WHERE id = ?", arguments: [need.sqlBlob])
            }?.identifier("folder_id") == folder
        }

        /// Everyone syncs, and every invariant holds.
        func expectSound() throws {
            for _ in 0..<2 { for device in world.devices { try sync(device) } }
            let complaints = try world.complaints + world.audit(isWhole: true)
            #expect(complaints.isEmpty, "\(complaints)")
        }
    }
}

extension ScopeDevice {
    fileprivate func text(_ column: String, of table: String, _ id: Identifier) throws -> String? {
        try read {
            try String.fetchOne($0, sql: "SELECT \(column) FROM \(table) WHERE id = ?", arguments: [id.sqlBlob])
        }
    }
}
