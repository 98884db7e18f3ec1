import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// The invariants can fail: one world that is sound, and one thing spoilt behind the engine's back at a time.
@Suite("A world that was tampered with does not pass")
struct CheckerMutantTests {
    private static let need: UInt16 = 14
    private static let detail: UInt8 = 3

    @Test("Nothing is wrong with the world before")
    func sound() throws {
        let stage = try Stage()
        #expect(try stage.complaints().isEmpty)
    }

    @Test("A batch that stands a second time under a new name is found")
    func replayed() throws {
        try expect(
            [8, 19],
            """
            CREATE TEMP TABLE again AS SELECT * FROM hub_batch ORDER BY no DESC LIMIT 1;
            UPDATE again SET no = no + 1, id = zeroblob(32);
            INSERT INTO hub_batch SELECT * FROM again;
            CREATE TEMP TABLE more AS SELECT * FROM hub_op ORDER BY h DESC LIMIT 1;
            UPDATE more SET h = h + 1;
            INSERT INTO hub_op SELECT * FROM more;
            """)
    }

    @Test("A quarantined edit that vanished from the hub is missed")
    func droppedQuarantine() throws {
        try expect([2], "DELETE FROM hub_quarantine")
    }

    @Test("A sibling that is hidden is missed")
    func hiddenSibling() throws {
        try expect([2, 5, 7], "DELETE FROM hub_sibling WHERE h = (SELECT max(h) FROM hub_sibling)")
    }

    @Test("A conflict that was closed by nobody is missed")
    func closedConflict() throws {
        try expect([6], "UPDATE hub_conflict SET closed = 1")
    }

    @Test("A conflict that never was is missed")
    func forgottenConflict() throws {
        try expect([6], "DELETE FROM hub_conflict")
    }

    @Test("A conflict about values that knew of each other is false")
    func falseConflict() throws {
        try expect(
            [7],
            """
            INSERT INTO hub_conflict(id, tbl, key, grp, scope, opened, opened_ms, base)
            SELECT randomblob(16), tbl, (SELECT id FROM need WHERE detail = 'a second thought'), grp, scope, opened,
              opened_ms, base FROM hub_conflict LIMIT 1
            """)
    }

    @Test("A batch whose predecessor is gone breaks its chain")
    func missingParent() throws {
        try expect(
            [2, 13],
            """
            DELETE FROM hub_batch WHERE no = (SELECT a.no FROM hub_batch a JOIN hub_batch b ON b.parent = a.id
              WHERE a.device = (SELECT device FROM hub_batch ORDER BY no DESC LIMIT 1) ORDER BY a.no DESC LIMIT 1)
            """)
    }

    @Test("A verdict that is another than the rules give is found by judging again")
    func changedVerdict() throws {
        try expect([2, 3, 14], "UPDATE need SET detail = 'a forgery' WHERE detail = 'a second thought'")
    }

    @Test("A value that changed at the hub and nowhere else is found")
    func divergence() throws {
        try expect([1], "UPDATE person SET known_as = 'a forgery'")
    }

    @Test("A receipt that says something else than the hub is found")
    func otherReceipt() throws {
        let stage = try Stage()
        try stage.spoil(
            "UPDATE ru_outbox SET receipt = zeroblob(40) WHERE no = 1", in: stage.simulation.world.devices[0].path)
        #expect(try stage.numbers().contains(3))
    }

    @Test("A row that refers to nothing is found")
    func orphan() throws {
        try expect([18], "UPDATE need SET case_id = randomblob(16)")
    }

    @Test("A time out of its window is found")
    func time() throws {
        try expect([22], "UPDATE hub_op SET stamp = 0")
    }

    @Test("Whoever watches a file for writing sees it")
    func watching() throws {
        let stage = try Stage()
        let world = stage.simulation.world
        let (hub, device) = (try world.reader.version(), try world.devices[0].version())
        #expect(try world.reader.version() == hub && world.devices[0].version() == device)
        try world.sync(world.devices[0])
        #expect(try world.reader.version() != hub)
        #expect(try world.devices[0].version() != device)
    }

    @Test("A failure names the invariant, the seed and the command that runs it again")
    func message() throws {
        let stage = try Stage()
        try stage.spoil("DELETE FROM hub_quarantine")
        let report = SimulationTests.report(stage.simulation, try stage.complaints())
        #expect(report.contains("invariant 2 (every edit is in exactly one place)"))
        #expect(report.contains("REUNITE_SEED=3 swift test --filter SimulationTests"))
    }

    /// Spoils the hub's file and looks which invariants notice.
    private func expect(_ numbers: Set<Int>, _ sql: String) throws {
        let stage = try Stage()
        try stage.spoil(sql)
        let found = try stage.numbers()
        #expect(!found.isDisjoint(with: numbers), "noticed by \(found.sorted()), expected one of \(numbers.sorted())")
    }

    /// A world at rest with a conflict, an edit in quarantine, and a second thought.
    private struct Stage {
        let simulation: Simulation

        init() throws {
            simulation = try Simulation(seed: 3)
            let world = simulation.world
            let owner = world.devices[0]
            let other = try #require(world.devices.first { $0.partner != owner.partner })
            let shared = world.sharedCases[0].need
            let own = try world.openCase(on: owner, marker: "stage", naming: other.partner)
            try settle()
            try set(shared, "from the owner", on: owner)
            try set(shared, "from the other", on: other)
            try set(own.need, "a first thought", on: owner)
            try settle()
            try set(own.need, "a second thought", on: owner)
            // Not hers to change: it will wait in quarantine.
            try other.edit { try $0.execute(sql: "UPDATE area SET name = 'X' WHERE code = 'SRY'") }
            try settle()
        }

        private func set(_ need: Identifier, _ word: String, on device: Device) throws {
            let cell = Cell(table: CheckerMutantTests.need, key: need, group: CheckerMutantTests.detail)
            let seen = try #require(try device.text("detail", of: "need", need))
            try device.set("detail", of: "need", need, to: word)
            simulation.history.wrote([.text(word)], over: [.text(seen)], in: cell, on: device.name)
        }

        private func settle() throws {
            for _ in 0..<3 {
                for device in simulation.world.devices {
                    simulation.world.advance(milliseconds: 1_000)
                    var wire = Wire(faults: nil)
                    _ = try wire.sync(device.replica, with: simulation.world.hub)
                    simulation.proofs.formUnion(wire.proofs)
                }
            }
        }

        func spoil(_ sql: String) throws {
            try spoil(sql, in: simulation.world.hubPath)
        }

        func spoil(_ sql: String, in path: String) throws {
            let database = try EngineDatabase.open(path: path, role: .engine, label: "spoiler")
            try database.immediately { try $0.execute(sql: sql) }
            try database.close()
        }

        func complaints() throws -> [String] { try Audit(simulation).complaints() }

        /// The numbers of the invariants that complain.
        func numbers() throws -> Set<Int> {
            let audit = try Audit(simulation)
            return Set(try Checker.all.filter { try !$0.check(audit).isEmpty }.map(\.number))
        }
    }
}
