import ReUniteSync
import TestSupport
import Testing

@Suite("Some columns are the hub's to write, and some the owner's")
struct WriterTests {
    private let plan = row(1)

    private func insert(_ columns: String, _ values: String, at world: PolicyWorld) -> String {
        "INSERT INTO plan(id, centre_id\(columns)) VALUES(\(literal(plan)), \(world.centreLiteral)\(values));"
    }

    @Test("What only the hub may write is left out of a new row, and said so")
    func newRow() throws {
        let world = try PolicyWorld()
        try world.owner.edit(insert(", reference, note", ", 'A-1', 'kept'", at: world))
        try world.settle()
        #expect(try world.value("SELECT reference FROM plan") == .null)
        #expect(try world.value("SELECT note FROM plan") == .text("kept"))
        #expect(try world.value("SELECT grade FROM plan") == .integer(3))
        #expect(try world.owner.returned() == [.role])
    }

    @Test("A new row that needs another value of the hub's than the default is not taken")
    func newRowRefused() throws {
        let world = try PolicyWorld()
        try world.owner.edit(insert(", grade", ", 5", at: world))
        try world.settle()
        #expect(try world.value("SELECT count(*) FROM plan") == .integer(0))
        #expect(try world.owner.returned() == [.role])
    }

    @Test("A client's change of the hub's column comes back; the hub's own reaches everyone")
    func hubOnly() throws {
        let world = try PolicyWorld()
        try world.owner.edit(insert("", "", at: world))
        try world.settle()
        try world.owner.edit("UPDATE plan SET reference = 'mine', note = 'taken';")
        try world.settle()
        #expect(try world.owner.value("SELECT reference FROM plan") == .null)
        #expect(try world.value("SELECT note FROM plan") == .text("taken"))
        #expect(try world.owner.returned() == [.role])
        let op = Op(
            table: 8, key: plan, kind: .set, groups: 2, stamp: HybridTime(milliseconds: 1), values: [.text("H-7")])
        #expect(try world.submit([op]) == [])
        try world.settle()
        #expect(try world.guest.value("SELECT reference FROM plan") == .text("H-7"))
    }

    @Test("What another than the owner writes waits for the owner as a proposal")
    func ownerOnly() throws {
        let world = try PolicyWorld()
        try world.owner.edit(insert(", aim", ", 'a home'", at: world))
        try world.settle()
        #expect(try world.value("SELECT aim FROM plan") == .text("a home"))
        try world.guest.edit("UPDATE plan SET aim = 'another', note = 'seen';")
        try world.settle()
        #expect(try world.guest.value("SELECT aim FROM plan") == .text("a home"))
        #expect(try world.value("SELECT note FROM plan") == .text("seen"))
        #expect(try world.guest.returned() == [.proposal] && world.quarantined() == [.proposal])
        try world.owner.edit("UPDATE plan SET aim = 'a garden';")
        try world.settle()
        #expect(try world.guest.value("SELECT aim FROM plan") == .text("a garden"))
    }

    @Test("A row with the hub's columns in it is not deleted by others")
    func deletion() throws {
        let world = try PolicyWorld()
        try world.owner.edit(insert("", "", at: world))
        try world.settle()
        try world.owner.edit("DELETE FROM plan;")
        try world.settle()
        #expect(try world.owner.returned() == [.role])
        #expect(try world.owner.value("SELECT count(*) FROM plan") == .integer(1))
    }

    @Test("A new row of another's with the owner's column in it is a proposal; without it, it is a row")
    func ownerOnlyInNewRow() throws {
        let world = try PolicyWorld()
        try world.guest.edit(insert(", aim", ", 'another'", at: world))
        try world.settle()
        #expect(try world.guest.returned() == [.proposal])
        #expect(try world.value("SELECT count(*) FROM plan") == .integer(0))
        try world.guest.edit(
            "INSERT INTO plan(id, centre_id) VALUES(\(literal(row(2))), \(world.centreLiteral));")
        try world.settle()
        #expect(try world.value("SELECT count(*) FROM plan") == .integer(1))
    }

    @Test("A device cannot mark what it writes as withheld, and so hide it from the operator who would release it")
    func withheldMark() throws {
        let world = try PolicyWorld()
        try world.owner.edit(insert(", note", ", 'first'", at: world))
        try world.settle()
        func note(_ flags: Op.Flags, _ text: String) -> Op {
            Op(
                table: 8, key: plan, kind: .set, flags: flags, groups: 1 << 4, stamp: HybridTime(milliseconds: 1),
                values: [.text(text)])
        }
        try world.guest.forge([note(.withheld, "hidden")])
        #expect(try world.value("SELECT note FROM plan") == .text("first"))
        #expect(try world.quarantined() == [.malformed])
    }
}
