import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Two offices that do anything, offline, in any order")
struct RandomPolicyTests {
    private static let ranks = ["LOW": 1, "MEDIUM": 2, "HIGH": 3]

    @Test("Counts add up, protection only rises, and everyone ends alike", arguments: [UInt64(201), 202, 203])
    func anything(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let world = try PolicyWorld()
        try world.owner.edit(
            """
            INSERT INTO tally(id, centre_id, calls) VALUES(\(literal(row(1))), \(world.centreLiteral), 0);
            INSERT INTO risk(id, centre_id, level) VALUES(\(literal(row(1))), \(world.centreLiteral), 'LOW');
            INSERT INTO stay(id, centre_id) VALUES(\(literal(row(1))), \(world.centreLiteral));
            """)
        try world.settle()
        var counted: Int64 = 0
        var raised = 1
        for _ in 0..<30 {
            world.time.advance(milliseconds: Int64.random(in: 1_000...900_000, using: &random))
            let office = world.offices(swapped: Bool.random(using: &random))[0]
            switch Int.random(in: 0..<8, using: &random) {
            case 0, 1:
                let delta = Int64.random(in: -50...50, using: &random)
                counted += delta
                try office.edit("UPDATE tally SET calls = calls + \(delta);")
            case 2:
                // Sealed at once: a value that its own author wrote over before it left was nobody's.
                let (level, rank) =
                    RandomPolicyTests.ranks.sorted { $0.key < $1.key }.randomElement(using: &random) ?? ("LOW", 1)
                try office.edit("UPDATE risk SET level = '\(level)';")
                raised = max(raised, rank)
                try office.send()
            case 3:
                let tag = literal(row(UInt64.random(in: 1...3, using: &random)))
                try office.edit(
                    """
                    DELETE FROM tag WHERE id = \(tag);
                    INSERT INTO tag(id, centre_id, word) VALUES(\(tag), \(world.centreLiteral), '\(seed)');
                    """)
            case 4:
                try office.edit("DELETE FROM tag WHERE id = \(literal(row(UInt64.random(in: 1...3, using: &random))));")
            case 5:
                let state = ["ASKED", "WAITLISTED", "OFFERED"].randomElement(using: &random) ?? "ASKED"
                try office.edit("UPDATE stay SET state = '\(state)';")
            default: try office.sync()
            }
        }
        try world.settle()
        #expect(try world.value("SELECT calls FROM tally") == .integer(counted), "seed \(seed)")
        guard case .text(let level) = try world.value("SELECT level FROM risk") else {
            Issue.record("seed \(seed): no level")
            return
        }
        #expect(RandomPolicyTests.ranks[level] == raised, "seed \(seed)")
        // A cell waits for a person exactly while different values stand in it.
        let differing = try world.read { database in
            try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM (SELECT 1 FROM hub_sibling WHERE tbl = 4 AND key = ? AND grp = 1
                      GROUP BY key HAVING count(DISTINCT val) > 1)
                    """, arguments: [row(1).sqlBlob])
        }
        let open = try world.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM hub_conflict WHERE tbl = 4 AND closed IS NULL")
        }
        #expect(differing == open, "seed \(seed)")
    }
}
