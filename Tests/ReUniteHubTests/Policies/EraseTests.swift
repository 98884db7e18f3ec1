import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What is erased is gone for ever")
struct EraseTests {
    private let plan = row(1)
    private var erasure: Op {
        Op(table: 8, key: plan, kind: .erase, groups: 0, stamp: HybridTime(milliseconds: 1), values: [])
    }

    private func world() throws -> PolicyWorld {
        let world = try PolicyWorld()
        try world.owner.edit(
            "INSERT INTO plan(id, centre_id, note) VALUES(\(literal(plan)), \(world.centreLiteral), 'secret one');")
        try world.settle()
        return world
    }

    @Test("The row, its siblings, its history and its conflict's beginning leave the hub's tables and the replicas")
    func removes() throws {
        let world = try world()
        try world.owner.edit("UPDATE plan SET note = 'secret two';")
        try world.guest.edit("UPDATE plan SET note = 'secret three';")
        try world.settle()
        #expect(try world.openConflicts() == 1)
        #expect(try world.submit([erasure]) == [])
        try world.settle()
        for office in [world.owner, world.guest] {
            #expect(try office.value("SELECT count(*) FROM plan") == .integer(0))
        }
        #expect(try world.openConflicts() == 0)
        for (table, column) in [("plan", "id"), ("hub_sibling", "key"), ("hub_history", "key")] {
            let sql = "SELECT count(*) FROM \(table) WHERE \(column) = \(literal(plan))"
            #expect(try world.value(sql) == .integer(0), "\(table)")
        }
        #expect(try world.value("SELECT count(*) FROM hub_conflict WHERE base IS NOT NULL") == .integer(0))
        #expect(try world.value("SELECT life FROM hub_row WHERE key = \(literal(plan))") == .integer(2))
    }

    @Test("An edit from before it, and a row made anew with its id, wait in quarantine")
    func absorbs() throws {
        let world = try world()
        try world.guest.edit("UPDATE plan SET note = 'late';")
        try world.guest.replica.seal()
        #expect(try world.submit([erasure]) == [])
        try world.settle()
        #expect(try world.guest.returned() == [.erased])
        // Now both know that it is gone; it comes back all the same not.
        try world.owner.edit(
            "INSERT INTO plan(id, centre_id, note) VALUES(\(literal(plan)), \(world.centreLiteral), 'again');")
        try world.settle()
        #expect(try world.owner.returned() == [.erased])
        #expect(try world.owner.value("SELECT count(*) FROM plan") == .integer(0))
        let again = Op(
            table: 8, key: plan, kind: .create, groups: 0b11111, stamp: HybridTime(milliseconds: 1),
            values: [.blob(world.centre.bytes), .null, .integer(3), .null, .null])
        #expect(try world.submit([again, erasure]) == [.erased, .covered])
    }

    @Test("A row that was deleted before is erased as well")
    func deletedBefore() throws {
        let world = try PolicyWorld()
        let insert = "INSERT INTO tally(id, centre_id) VALUES(\(literal(row(2))), \(world.centreLiteral));"
        try world.owner.edit(insert)
        try world.settle()
        try world.owner.edit("DELETE FROM tally;")
        try world.settle()
        let erasure = Op(
            table: 3, key: row(2), kind: .erase, groups: 0, stamp: HybridTime(milliseconds: 1), values: [])
        #expect(try world.submit([erasure]) == [])
        try world.owner.edit(insert)
        try world.settle()
        #expect(try world.owner.returned() == [.erased])
        #expect(try world.owner.value("SELECT count(*) FROM tally") == .integer(0))
    }

    @Test("Only the hub erases, whatever a device signs")
    func onlyTheHub() throws {
        let world = try world()
        try world.owner.forge([erasure])
        #expect(try world.quarantined() == [.role])
        #expect(try world.value("SELECT note FROM plan") == .text("secret one"))
    }
}
