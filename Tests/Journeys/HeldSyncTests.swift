import Foundation
import TestSupport
import Testing

@Suite("What is held at the hub is said, by network as by file")
struct HeldSyncTests {
    @Test("a sync whose edits are all held there ends with status 1, and again until a person releases them")
    func held() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            try await office.writeCase("ZQHELD")
            #expect(try await office.synced()["held"].int == 0)
            // The hub forgets what came before, as one that was restored without its ledger has.
            _ = try await Shell.run(
                "UPDATE hub_batch SET id = randomblob(32); UPDATE hub_branch SET head = randomblob(32)",
                file: network.hubFile, in: network.folder)
            try await office.sql("UPDATE need SET detail = 'ZQLATER'")
            for _ in 0..<2 {
                let report = try await office.json("sync", status: 1)
                #expect(report["held"].int == 1 && report["digest"].text == "match", "\(report)")
            }
            let told = try await office.run("sync")
            #expect(told.status == 1 && told.out.contains("1 edit is held at the hub"), "\(told)")
            #expect(!told.out.contains("Sync again"))
            let held = try await network.hub("hold", "list", "--json").json()["held"].items
            #expect(held.count == 1)
            let released = try await network.hub(
                "hold", "release", try #require(held.first).requireText("id"), "--by", "Ada", "--reason",
                "The predecessor is lost", "--json")
            #expect(released.status == 0, "\(released)")
            #expect(try await office.synced()["held"].int == 0)
            #expect(try await network.atHub("SELECT detail FROM need") == "ZQLATER")
        }
    }
}
