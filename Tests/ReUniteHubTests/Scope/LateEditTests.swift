import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What was written before a closing and arrives after it")
struct LateEditTests {
    /// The guest writes offline; then its grant closes, and later it syncs.
    private func world(
        closingFirst: Bool = false, strict: Bool = false, _ write: (ScopeWorld) throws -> Void
    ) throws -> ScopeWorld {
        let world = try ScopeWorld()
        try world.owner.edit(
            "INSERT INTO plan(id, centre_id, aim) VALUES(\(literal(row(1))), \(literal(world.centre)), 'first')")
        try world.settle()
        if strict { try world.hubSets(1, try #require(world.partners["GST"]), groups: 8, [.integer(1)]) }
        if !closingFirst { try write(world) }
        try world.guest.replica.seal()
        world.time.advance(milliseconds: 60_000)
        try world.setActive(false, "GST")
        world.time.advance(milliseconds: 60_000)
        if closingFirst { try write(world) }
        try world.settle()
        return world
    }

    private func addRemark(_ world: ScopeWorld) throws {
        try world.guest.edit("INSERT INTO remark(centre_id, said) VALUES(\(literal(world.centre)), 'seen her')")
        try date(world)
    }

    /// The triggers take the time from SQLite; the script's clock dates the marks.
    private func date(_ world: ScopeWorld) throws {
        try world.guest.replica.edit("Dating") {
            try $0.execute(sql: "UPDATE ru_journal SET ms = ?", arguments: [world.time.wallMilliseconds])
        }
    }

    @Test("A row that was added before is taken, and does not come back to its author")
    func added() throws {
        let world = try world(addRemark)
        #expect(try world.count("remark") == 1)
        #expect(try world.owner.value("SELECT said FROM remark") == .text("seen her"))
        #expect(try world.guest.value("SELECT count(*) FROM remark") == .integer(0))
        #expect(try world.guest.returned().isEmpty)
        #expect(try world.hub.quarantine().isEmpty)
    }

    @Test("A child of a row in the same scope still finds it, and a child of a new row finds that")
    func children() throws {
        let world = try world { world in
            let centre = literal(world.centre)
            try world.guest.edit(
                """
                INSERT INTO item(centre_id, plan_id, what) VALUES(\(centre), \(literal(row(1))), 'of theirs');
                INSERT INTO plan(id, centre_id, aim) VALUES(\(literal(row(2))), \(centre), 'mine');
                INSERT INTO item(centre_id, plan_id, what) VALUES(\(centre), \(literal(row(2))), 'of mine');
                """)
            try date(world)
        }
        #expect(try world.count("item") == 2)
        #expect(try world.count("plan") == 2)
        #expect(try world.guest.value("SELECT count(*) FROM item") == .integer(0))
    }

    @Test("A row that was added after the closing waits, and so does a change of a row that was there")
    func refused() throws {
        let after = try world(closingFirst: true, addRemark)
        #expect(try after.count("remark") == 0)
        #expect(try after.hub.quarantine().map(\.reason) == ["late"])
        let changed = try world { world in
            try world.guest.edit("UPDATE plan SET aim = 'better' WHERE id = \(literal(row(1)))")
            try date(world)
        }
        #expect(try changed.text("SELECT aim FROM plan") == "first")
        #expect(try changed.hub.quarantine().map(\.reason) == ["late"])
        #expect(try changed.guest.replica.inbox().map(\.value) == [[:]], "what it says is nobody's there any more")
    }

    @Test("After a strict closing nothing late is taken")
    func strict() throws {
        let world = try world(strict: true, addRemark)
        #expect(try world.count("remark") == 0)
        #expect(try world.hub.quarantine().map(\.reason) == ["late"])
    }

    @Test("A clock that cannot be trusted proves nothing")
    func suspect() throws {
        let world = try world { world in
            try world.guest.edit("INSERT INTO remark(centre_id, said) VALUES(\(literal(world.centre)), 'when?')")
            try world.guest.replica.edit("Dating") { try $0.execute(sql: "UPDATE ru_journal SET ms = 1000") }
        }
        #expect(try world.count("remark") == 0)
        #expect(try world.hub.quarantine().map(\.reason) == ["late"])
    }

    @Test("The owner is asked: takes one, leaves another, and the author hears of both without their content")
    func proposals() throws {
        let world = try world { world in
            try world.guest.edit("UPDATE plan SET aim = 'better' WHERE id = \(literal(row(1)))")
            try date(world)
        }
        try world.owner.edit(
            "INSERT INTO plan(id, centre_id, aim) VALUES(\(literal(row(9))), \(literal(world.centre)), 'other')")
        try world.settle()
        let values = "SELECT values_json FROM proposal"
        #expect(try world.owner.value(values) == .text("{\"aim\":\"better\"}"))
        #expect(try world.owner.value("SELECT reason FROM proposal") == .text("late"))
        #expect(try world.guest.value("SELECT count(*) FROM proposal") == .integer(0))
        try world.owner.edit("UPDATE proposal SET state = 'TAKEN'")
        try world.settle()
        #expect(try world.text("SELECT aim FROM plan WHERE id = \(literal(row(1)))") == "better")
        #expect(try world.guest.replica.inbox().map(\.state) == [.released])
        #expect(try world.hub.quarantine().isEmpty)

        // Once more: open, written, closed; and left this time.
        try world.setActive(true, "GST")
        try world.settle()
        try world.guest.edit("UPDATE plan SET aim = 'worse' WHERE id = \(literal(row(1)))")
        try world.setActive(false, "GST")
        try world.settle()
        let id = try #require(try world.hub.quarantine().first?.id)
        try world.owner.edit("UPDATE proposal SET state = 'LEFT', answer = 'No longer true' WHERE state = 'OPEN'")
        try world.settle()
        #expect(try world.text("SELECT aim FROM plan WHERE id = \(literal(row(1)))") == "better")
        let decided = try world.hub.quarantined(id)
        #expect(decided.edit.state == "refused" && decided.decidedWhy == "No longer true")
        #expect(decided.decidedBy == "the owner, OWN")
        #expect(try world.guest.replica.inbox().map(\.state) == [.released, .refused])
        #expect(try world.guest.replica.inbox().allSatisfy { $0.value.isEmpty })
    }

    @Test("What an operator decides first is settled for the owner, and nobody else may make a proposal")
    func operatorFirst() throws {
        let world = try world { world in
            try world.guest.edit("UPDATE plan SET aim = 'better' WHERE id = \(literal(row(1)))")
            try date(world)
        }
        let edit = try #require(try world.hub.quarantine().first)
        _ = try world.hub.release(quarantined: edit.id, by: "Ada", reason: "Asked the owner by telephone")
        try world.settle()
        #expect(try world.owner.value("SELECT state FROM proposal") == .text("SETTLED"))
        #expect(try world.text("SELECT aim FROM plan WHERE id = \(literal(row(1)))") == "better")
        try world.owner.edit(
            """
            INSERT INTO proposal(centre_id, tbl, row_id, kind, columns_json, values_json, author_partner_id, reason,
              written_at)
            VALUES(\(literal(world.centre)), 'plan', \(literal(row(1))), 'set', '[]', '{}', \(literal(row(1))), 'late', 1)
            """)
        try world.settle()
        #expect(try world.owner.returned() == [.role])
        #expect(try world.count("proposal") == 1)
    }
}
