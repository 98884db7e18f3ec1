import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// The centre's jobs stand for what must not be seen: their class is secret here.
@Suite("Values of a secret class are withheld wherever they are not at home")
struct WithheldTests {
    private static let network = NetworkSchema(
        migrations: ScopeNetwork.network.migrations + [
            .init(
                name: "secret",
                sql: """
                    INSERT INTO ru_class(bit, code, label, secret) VALUES (2, 'SECRET', 'Secret', 1);
                    UPDATE ru_table SET class = 'SECRET' WHERE name = 'job';
                    DROP VIEW ru_grant_source;
                    CREATE VIEW ru_grant_source(partner, scope, relation, read_mask, write_mask, why) AS
                      SELECT o.id, c.id, o.relation, 7, 7, 'works there' FROM office o, centre c WHERE o.active = 1;
                    CREATE VIEW ru_natural_key(tbl, name, cols) AS VALUES ('job', 'label', 'label');
                    """)
        ])

    private func world() throws -> (world: ScopeWorld, conflict: OpenConflict) {
        let world = try ScopeWorld(WithheldTests.network)
        let job = try world.job(1, label: "MARKED-0")
        try world.settle()
        for (office, name) in [(world.owner, "MARKED-a"), (world.guest, "MARKED-b")] {
            try office.edit("UPDATE job SET label = '\(name)' WHERE id = \(literal(job))")
        }
        try world.settle()
        return (world, try #require(try world.hub.conflicts().first))
    }

    @Test("A conflict shows who wrote what when, not what, and is decided by its number all the same")
    func conflicts() throws {
        let (world, conflict) = try world()
        let detail = try world.hub.conflict(conflict.id)
        #expect(!"\(conflict) \(detail)".contains("MARKED"))
        #expect(conflict.isWithheld && conflict.values.map(\.device) == ["owner", "guest"])
        #expect(conflict.values.allSatisfy { $0.value == ["label": nil] && $0.writtenMilliseconds > 0 })
        #expect(detail.base == ["label": nil])
        _ = try world.hub.resolve(conflict.id, .keep(1), by: "Ada", reason: "Confirmed by telephone")
        #expect(try world.text("SELECT label FROM job") == "MARKED-a")
        #expect(!"\(try world.hub.conflicts(.all))".contains("MARKED"))
    }

    @Test("Neither an edit in quarantine nor one that came back shows what was typed, and both can be written again")
    func quarantine() throws {
        let (world, _) = try world()
        try world.job(2, label: "MARKED-2")
        try world.settle()
        try world.owner.edit("UPDATE job SET state = 'HELD' WHERE id = \(literal(row(2)))")
        try world.settle()
        // Both take steps that cross; and a row goes that somebody else was changing.
        try world.guest.edit("UPDATE job SET label = 'MARKED-3' WHERE id = \(literal(row(2)))")
        try world.owner.edit("DELETE FROM job WHERE id = \(literal(row(2)))")
        try world.sync(world.owner)
        try world.settle()
        let edits = try world.hub.quarantine()
        #expect(!edits.isEmpty)
        for edit in edits {
            let detail = try world.hub.quarantined(edit.id)
            #expect(detail.isWithheld && !"\(detail)".contains("MARKED"))
        }
        let inbox = try world.guest.replica.inbox()
        #expect(!inbox.isEmpty && !"\(inbox)".contains("MARKED"))
    }

    @Test("Rows that clash name their kind and their makers, not the value that they share")
    func clashes() throws {
        let (world, _) = try world()
        try world.job(5, label: "MARKED-5")
        try world.job(6, label: "MARKED-5")
        try world.settle()
        let clash = try #require(try world.hub.clashes().first)
        #expect(clash.isWithheld && clash.rows.count == 2 && !"\(clash)".contains("MARKED"))
    }
}
