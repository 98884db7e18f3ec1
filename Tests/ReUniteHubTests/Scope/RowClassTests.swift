import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A row that carries its own class is shown to whoever may read that class, and to nobody else")
struct RowClassTests {
    private typealias Network = ClassNetwork

    /// The first society reads everything, the second all but the vault, the third only what is open.
    private func world() throws -> ClassWorld {
        try ClassWorld(masks: [
            Network.all, Network.stock | Network.open | Network.secret, Network.stock | Network.open,
        ])
    }

    private func counts(_ world: ClassWorld) throws -> [Int] {
        try world.offices.map { try world.papers(on: $0).count }
    }

    @Test("A new row is shown by what it says of itself, and what says nothing is kept closest")
    func byItsValue() throws {
        let world = try world()
        try world.add(row(1), "OPEN", body: "one", on: world.offices[0])
        try world.add(row(2), "SECRET", body: "two", on: world.offices[0])
        try world.offices[0].edit("INSERT INTO paper(room_id, body) VALUES(\(literal(world.room)), 'three')")
        try world.offices[0].edit(
            "INSERT INTO paper(room_id, secrecy, body) VALUES(\(literal(world.room)), 'UNHEARD OF', 'four')")
        try world.syncAll()
        #expect(try counts(world) == [4, 2, 1])
        for number in 0..<3 { #expect(try world.papers(on: world.offices[number]) == world.papers(for: number)) }
    }

    @Test("Raised, the row leaves whoever may not read it any more; decided down, it comes back whole")
    func raisedAndLowered() throws {
        let world = try world()
        try world.add(row(1), "OPEN", body: "marked", on: world.offices[0])
        try world.syncAll()
        #expect(try counts(world) == [1, 1, 1])
        // Another column changes first, so that what comes back later is more than what changed last.
        try world.offices[2].edit("UPDATE paper SET title = 'a title of its own'")
        try world.syncAll()
        try world.offices[1].edit("UPDATE paper SET secrecy = 'SECRET'")
        try world.syncAll()
        #expect(try counts(world) == [1, 1, 0])
        #expect(try !world.mentions("marked", on: world.offices[2]))
        #expect(try !world.mentions("a title of its own", on: world.offices[2]))
        try world.resolve(row(1), to: "OPEN")
        try world.syncAll()
        #expect(try counts(world) == [1, 1, 1])
        for office in world.offices { #expect(try world.papers(on: office) == world.papers(for: 0)) }
    }

    @Test("A lowering stands beside what protects more: nobody gains the row before a person decides")
    func loweringWaits() throws {
        let world = try world()
        try world.add(row(1), "SECRET", body: "marked", on: world.offices[0])
        try world.syncAll()
        try world.offices[1].edit("UPDATE paper SET secrecy = 'OPEN'")
        try world.syncAll()
        #expect(try counts(world) == [1, 1, 0])
        #expect(
            try world.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hub_conflict WHERE closed IS NULL") } == 1)
        #expect(try world.offices[1].value("SELECT secrecy FROM paper") == .text("SECRET"))
        try world.resolve(row(1), to: "OPEN")
        try world.syncAll()
        #expect(try counts(world) == [1, 1, 1])
    }

    @Test("What held for one op of a batch only is in nobody's feed")
    func afterTheWholeBatch() throws {
        let world = try world()
        try world.add(row(1), "OPEN", body: "marked", on: world.offices[0])
        try world.offices[0].replica.seal()
        try world.offices[0].edit("UPDATE paper SET secrecy = 'VAULT'")
        // The hub takes a paper and its raise in one batch of its own.
        let ops = [("OPEN", Op.Kind.create), ("VAULT", .set)].map { secrecy, kind in
            Op(
                table: Network.paper, key: row(2), kind: kind,
                groups: kind == .create ? 0b100111 : 0b10, stamp: HybridTime(milliseconds: 1),
                values: kind == .create
                    ? [.blob(world.room.bytes), .text(secrecy), .text("t"), .text("b")] : [.text(secrecy)])
        }
        #expect(try world.hub.submit(ops).flatMap(\.exceptions).isEmpty)
        let mentions = """
            SELECT count(*) FROM hub_feed f JOIN hub_partner p ON p.sub = f.sub
            WHERE f.tbl = 3 AND p.code = 'S2'
            """
        #expect(try world.read { try Int.fetchOne($0, sql: mentions) } == 0)
        try world.syncAll()
        #expect(try counts(world) == [2, 0, 0])
        #expect(try world.read { try Int.fetchOne($0, sql: mentions) } == 0)
    }

    @Test("A row is written by the right to its present class, a new one by the right to its table's")
    func rightToWrite() throws {
        let world = try world()
        try world.add(row(1), "OPEN", body: "shared", on: world.offices[0])
        try world.syncAll()
        try world.offices[2].edit("UPDATE paper SET body = 'from the third'")
        try world.syncAll()
        #expect(try world.offices[0].value("SELECT body FROM paper") == .text("from the third"))
        try world.add(row(2), "OPEN", body: "new", on: world.offices[2])
        try world.syncAll()
        #expect(try world.offices[2].returned() == [.mask] || world.offices[2].returned() == [.notInScope])
        #expect(try counts(world) == [1, 1, 1])
    }

    @Test("A raise made where the row is lost by it is accepted, and the row goes")
    func raisedByWhoLosesIt() throws {
        let world = try world()
        try world.add(row(1), "OPEN", body: "marked", on: world.offices[0])
        try world.syncAll()
        try world.offices[2].edit("UPDATE paper SET secrecy = 'VAULT', title = 'changed too'")
        try world.syncAll()
        #expect(try counts(world) == [1, 0, 0])
        #expect(try world.offices[0].value("SELECT title FROM paper") == .text("changed too"))
        #expect(try world.offices[2].returned() == [])
        #expect(try !world.mentions("marked", on: world.offices[2]))
    }

    @Test("An edit made before its author lost the row's class waits for a person")
    func lateEdit() throws {
        let world = try world()
        try world.add(row(1), "OPEN", body: "marked", on: world.offices[0])
        try world.syncAll()
        try world.offices[2].edit("UPDATE paper SET body = 'typed on the road'")
        try world.offices[0].edit("UPDATE paper SET secrecy = 'SECRET'")
        try world.offices[0].sync()
        try world.syncAll()
        #expect(try world.offices[0].value("SELECT body FROM paper") == .text("marked"))
        #expect(try world.offices[2].returned().count == 1)
        #expect(try counts(world) == [1, 1, 0])
    }

    @Test("A device that asks for everything anew does not even hear of hidden rows")
    func fromTheBeginning() throws {
        let world = try world()
        try world.add(row(1), "OPEN", body: "marked", on: world.offices[0])
        try world.syncAll()
        try world.offices[0].edit("UPDATE paper SET secrecy = 'VAULT'")
        try world.syncAll()
        let device = try #require(try world.hub.store.device(try world.offices[2].replica.facts().device))
        let content = try world.hub.store.delivery(for: device, after: .zero, want: [], echoes: true)
        #expect(!content.tombstones.contains { $0.key == row(1) } && !content.rows.contains { $0.key == row(1) })
    }
}
