import Foundation
import Testing

@Suite("What was shown, why, and how it is erased, by the commands")
struct ErasureJourneyTests {
    @Test("One command says who was shown what under which referral; another erases it after two people said so")
    func wholeLife() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let gloucestershire = try await network.desk("GLS")
            let hers = try await surrey.writeCase("HERS")
            let kept = try await surrey.writeCase("KEPT")
            let referral = try await surrey.refer(hers, to: "GLS")
            try await gloucestershire.synced()

            let shown = try await network.hub("report", "disclosures", "--case", hers.id, "--json").json()
            // The owner is there too, with what the hub had filled in for it.
            #expect(shown["partners"].items.map { $0["partner"].text } == ["GLS", "SRY"])
            #expect(shown["intact"] == .bool(true))
            let all = shown["lines"].items
            let lines = all.filter { $0["partner"].text == "GLS" }
            #expect(!lines.isEmpty)
            #expect(lines.allSatisfy { $0["referral"].text == referral })
            #expect(lines.contains { $0["table"].text == "Pack" })
            let csv = try await network.hub("report", "disclosures", "--case", hers.id, "--csv")
            #expect(csv.out.split(separator: "\n").count == all.count + 1)

            let why = try await network.hub("case", "why", hers.id, "--partner", "GLS", "--json").json()
            let side = try #require(why["partners"].items.first)
            #expect(side["sees"] == .bool(false))
            #expect(
                side["obstacles"].items.contains { $0.text?.contains("opens the case only from 'Accepted' on") == true }
            )

            try await gloucestershire.json("referral", "accept", referral)
            let preview = try await network.hub("referral", "preview", referral, "--to", "CONSENT_WITHDRAWN", "--json")
                .json()
            #expect(preview["partners"].items.contains { $0["partner"].text == "GLS" })

            let asked = try await network.hub(
                "erase", hers.id, "--reason", "Asked for in writing", "--by", "Ada", "--json"
            ).json()
            let id = try asked.requireText("id")
            #expect(asked["devices"].items.count == 2)
            let twice = try await network.hub(
                "erase", hers.id, "--reason", "Asked for in writing", "--by", "Bea", "--json")
            expectRefusal(twice, 73)
            let another = try await surrey.writeCase("ZQANOTHER")
            try await surrey.synced()
            let told = try await network.hub("erase", another.id, "--reason", "Asked for in writing", "--by", "Ada")
            let hint = try #require(told.out.firstMatch(of: /--confirm (\S+) --by/)).1
            let hinted = try await network.hub("erase", "show", String(hint), "--json").json()
            #expect(hinted["case"].text == another.id, "what is printed names this one alone")
            let same = try await network.hub("erase", "--confirm", id, "--by", "Ada")
            #expect(same.status == 77)
            let hold = try await network.hub(
                "legal-hold", "add", hers.id, "--reason", "A court has asked for it", "--by", "Ada", "--json"
            ).json()
            let held = try await network.hub("erase", "--confirm", id, "--by", "Grace")
            #expect(held.status == 77)
            let lifted = try await network.hub(
                "legal-hold", "lift", try hold.requireText("id"), "--reason", "The court has it now", "--by", "Ada")
            #expect(lifted.status == 0)
            await network.stop()
            let done = try await network.hub("erase", "--confirm", id, "--by", "Grace", "--json")
            #expect(done.status == 0, "\(done)")
            try await network.serve()
            _ = try await network.hub("erase", "show", id)
            for desk in [surrey, gloucestershire] {
                _ = try await desk.run("sync")
                _ = try await desk.run("sync")
                #expect(try await desk.count("case_file WHERE id = x'\(hers.hex)'") == 0)
            }
            #expect(try await surrey.count("case_file WHERE id = x'\(kept.hex)'") == 1)
            #expect(try !surrey.holds("HERS-"))
            let after = try await network.hub("erase", "show", id, "--json")
            #expect(after.status == 0, "\(after)")
            let gone = try await network.hub("case", "why", hers.id, "--json").json()["partners"].items
            #expect(gone.count == 2)
            for side in gone {
                #expect(side["sees"] == .bool(false) && side["grants"].items.allSatisfy { $0["closed"] != .null })
                #expect(side["obstacles"].items.first?.text?.hasPrefix("The case was erased on ") == true)
            }
            let again = try await network.hub("report", "disclosures", "--case", hers.id, "--json").json()
            #expect(again["erased"] == .bool(true))
            #expect(again["lines"].items.allSatisfy { $0["row"] == .null })
        }
    }
}
