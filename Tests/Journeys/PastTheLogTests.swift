import Foundation
import TestSupport
import Testing

/// G12. What SQLite lets any program do: leave out the triggers, add an index, and replace rows by their keys.
@Suite("Another program writes into a replica with triggers off")
struct PastTheLogTests {
    /// A case whose row another case took the place of, by its reference, and a child that another was written over, by
    /// its id.
    private struct Damage {
        var old: WrittenCase
        var new: String
        var child: String

        static let references = "SELECT group_concat(id) FROM (SELECT lower(hex(id)) AS id FROM case_file ORDER BY 1)"
        static let names = "SELECT group_concat(name) FROM (SELECT first_name AS name FROM child ORDER BY 1)"

        /// What ``references`` comes to where both cases are.
        var both: String { [old.hex, new].sorted().joined(separator: ",") }
    }

    /// - Parameters:
    ///   - leaving: whether the index stays that made one reference a key.
    ///   - laptop: who holds the case too.
    private func replaceRows(
        on desk: Desk, leaving: Bool, sharedWith laptop: Desk? = nil
    ) async throws -> Damage {
        let old = try await desk.writeCase("ZQVICTIM")
        try await desk.synced()
        if let laptop { try await desk.network.put(old.hex, on: laptop, by: desk) }
        let child = try await desk.sql("SELECT lower(hex(id)) FROM child")
        let new = UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
        try await desk.pastTheLog(
            """
            CREATE UNIQUE INDEX browser_ref ON case_file(ref);
            INSERT OR REPLACE INTO case_file(id, ref, cohort) VALUES(x'\(new)', 'ZQVICTIM', 'PRISON_LEAVER');
            INSERT OR REPLACE INTO child(id, case_id, first_name) VALUES(x'\(child)', x'\(old.hex)', 'ZQTHIEF');
            \(leaving ? "" : "DROP INDEX browser_ref;")
            """)
        #expect(try await desk.sql(Damage.references) == new, "the old row is gone without a trace")
        return Damage(old: old, new: new, child: child)
    }

    /// Both rows and both values are at the hub, one of them as history, and a person is asked about the reference.
    private func expectBoth(_ damage: Damage, at network: Network) async throws {
        #expect(try await network.atHub(Damage.references) == damage.both)
        #expect(try await network.atHub(Damage.names) == "ZQTHIEF")
        #expect(try FileScan.find(["ZQVICTIM-child"], ofHub: network.hubFolder).contains("ZQVICTIM-child in a batch"))
        let clashes = try await network.hub("conflicts", "list", "--json").json()["clashes"].items
        #expect(clashes.count == 1 && clashes.first?["rows"].items.count == 2, "\(clashes)")
        let hub = try await network.hub("verify", "--json")
        #expect(hub.status == 0, "\(hub)")
    }

    @Test("verify makes edits of what it overwrote and slipped in, tells what it wiped, and brings that back")
    func byVerify() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let damage = try await replaceRows(on: desk, leaving: true, sharedWith: laptop)

            let found = try await desk.json("verify", status: 1)
            #expect(found["unlogged"].int == 1, "\(found)")
            #expect(found["missing"].items.map { $0["id"].text } == [damage.old.id])
            #expect(found["drifted"].items.map { $0["table"].text } == ["child"])
            let log = try await desk.json("log", "case_file")["log"].items
            #expect(log.filter { $0["kind"].text == "create" }.count == 2, "\(log)")
            try await desk.synced()
            try await expectBoth(damage, at: network)

            // The index that is still there lets the old row in nowhere. That is said, and nothing is lost by it.
            let before = try await desk.fingerprint()
            let refused = try await desk.run("verify", "--repair", "--json")
            expectRefusal(refused, 78)
            #expect(refused.err.contains("case_file.ref"), "\(refused)")
            #expect(try await desk.fingerprint() == before)
            try await desk.sql("DROP INDEX browser_ref")
            #expect(try await desk.json("verify", "--repair")["digest"].text != "mismatch")
            #expect(try await desk.sql(Damage.references) == damage.both)
            #expect(try await desk.json("verify")["digest"].text == "match")
            try await laptop.synced()
            #expect(try await laptop.sql(Damage.references) == damage.old.hex)
            #expect(try await laptop.sql(Damage.names) == "ZQTHIEF")
            #expect(try await desk.sql("PRAGMA foreign_key_check").isEmpty)
        }
    }

    @Test(
        "a sync does the same by itself within a week, and says each week what is gone until it is brought back",
        .enabled(if: MovedClock.library != nil))
    func bySync() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let damage = try await replaceRows(on: desk, leaving: false)
            for _ in 0..<2 {
                try await network.pass(days: 8)
                let report = try await desk.json("sync", status: 1)
                #expect(report["missing"].int == 1 && report["digest"].text != "mismatch", "\(report)")
                try await expectBoth(damage, at: network)
            }
            #expect(try await desk.json("verify", "--repair")["digest"].text == "repaired")
            #expect(try await desk.sql(Damage.references) == damage.both)
            try await network.pass(days: 8)
            #expect(try await desk.synced()["missing"].int == 0)
        }
    }
}
