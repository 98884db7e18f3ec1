import Foundation
import TestSupport
import Testing

@Suite("The hub's new keys, with real processes")
struct HubKeyJourneyTests {
    @Test("rotate-keys while the hub serves: devices follow, old keys go, and whoever comes from before goes on")
    func rotate() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let away = try await network.desk("GLS")
            let written = try await desk.writeCase("ZQHUBKEYS")
            for one in [desk, away] { try await one.synced() }
            let copy = network.folder + "/before.sqlite"
            for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: desk.file + suffix) {
                try FileManager.default.copyItem(atPath: desk.file + suffix, toPath: copy + suffix)
            }
            for number in 2...4 {
                let made = try await network.hub("rotate-keys", "--json")
                try #require(made.status == 0, "\(made)")
                #expect(try made.json()["number"].int == number)
                try await desk.sql("UPDATE need SET detail = 'ZQ\(number)' WHERE case_id = x'\(written.hex)'")
                try await desk.synced()
                let state = try await desk.json("status")
                #expect(state["hub_key_number"].int == number)
                #expect(try state["hub_key_words"].text == made.json()["words"].text)
            }
            let held = try await network.hub("keys", "list", "--json").json()["keys"].items
            #expect(held.map { $0["number"].int } == [1, 2, 3, 4])
            let waited = held[0]["held_by"].items.filter { $0["reason"].text == "not-seen" }
            #expect(waited.map { $0["name"].text } == ["GLS office"])
            #expect(held[3]["replaced"] == .null && held[3]["held_by"].items.isEmpty)
            for _ in 0..<2 { try await away.synced() }
            #expect(try await away.json("status")["hub_key_number"].int == 4)

            try await desk.synced()
            let backup = try await network.hub("backup", network.folder + "/backup.sqlite", "--json")
            try #require(backup.status == 0, "\(backup)")
            #expect(try await network.hub("tend", "--json").status == 0)
            let left = try await network.hub("keys", "--json").json()["keys"].items
            #expect(left.filter { $0["destroyed"] == .null }.map { $0["number"].int } == [4])
            expectRefusal(
                try await network.hub(
                    "keys", "write-off", "SRY office", "--by", "A. Mensah", "--reason", "It is lost for good"), 77)

            // Its file and its folder say nothing of newer keys, and much waits: the hub names them by itself.
            for suffix in ["", "-wal", "-shm", ".device/hub-keys"] {
                try? FileManager.default.removeItem(atPath: desk.file + suffix)
            }
            for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: copy + suffix) {
                try FileManager.default.copyItem(atPath: copy + suffix, toPath: desk.file + suffix)
            }
            let long = String(repeating: "ZQLONG ", count: 400)
            try await desk.sql(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
                INSERT INTO need(case_id, category, detail)
                SELECT x'\(written.hex)', 'OTHER', '\(long)' || hex(randomblob(600)) FROM n
                """)
            try await desk.synced()
            #expect(try await desk.json("status")["hub_key_number"].int == 4)
            #expect(try await network.atHub("SELECT count(*) FROM need WHERE detail LIKE 'ZQLONG%'") == "40")
        }
    }
}
