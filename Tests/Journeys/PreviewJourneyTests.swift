import Foundation
import TestSupport
import Testing

@Suite("A preview before a step, with the real program")
struct PreviewJourneyTests {
    /// How many rows of cases a file holds.
    private func caseRows(_ desk: Desk) async throws -> Int {
        var sum = 0
        for table in try await desk.sql("SELECT name FROM ru_table WHERE scope_kind = 'case'").split(separator: "\n") {
            sum += try await desk.count(String(table))
        }
        return sum
    }

    @Test("before accepting and before handing over a worker reads how much will move, and so much moves")
    func previewed() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let gloucestershire = try await network.desk("GLS")
            let hers = try await surrey.writeCase("ZQSEEN")
            try await surrey.sql(
                "INSERT INTO address(case_id, lines, confidentiality) VALUES(x'\(hers.hex)', 'ZQREFUGE', 'REFUGE')")
            try await network.put(hers.hex, on: laptop, by: surrey)
            try await laptop.synced()
            let referral = try await surrey.refer(hers, to: "GLS")
            for desk in [gloucestershire, surrey, laptop, gloucestershire] { try await desk.synced() }

            // Asked, nothing is done; both commands say the same.
            let here = try await gloucestershire.fingerprint()
            let told = try await gloucestershire.json("referral", "preview", referral, "--to", "accepted")
            #expect(try await gloucestershire.json("referral", "accept", referral, "--preview") == told)
            #expect(told["from"].text == "RECEIVED" && told["to"].text == "ACCEPTED")
            #expect(told["referral"].text == referral && told["case"].text == hers.id)
            #expect(told["leaves"]["rows"].int == 0 && told["enters"]["devices"].int == 1)
            #expect(told["unsent"].int == 0 && told["unsent_here"].int == 0)
            let atHub = try await network.hub("referral", "preview", referral, "--to", "DECLINED", "--json").json()
            #expect(told.keys.isSuperset(of: atHub.keys))
            #expect(try await gloucestershire.fingerprint() == here)

            let refused = try await gloucestershire.run("referral", "preview", referral, "--to", "HANDOVER", "--json")
            expectRefusal(refused, 65)
            #expect(refused.out.contains("ACCEPTED, ") && refused.out.contains("WITHDRAWN"))

            try await gloucestershire.json("referral", "assess", referral, "--assessor", "Housing worker")
            let edits = try await gloucestershire.json("referral", "accept", referral, "--preview")
            #expect(edits["unsent_here"].int ?? 0 > 0, "the assessment has not left")
            try await gloucestershire.json("referral", "accept", referral)
            for desk in [gloucestershire, surrey, gloucestershire] { try await desk.synced() }
            #expect(try await caseRows(gloucestershire) == told["enters"]["rows"].int)

            // Before the handover: what Surrey will lose, on which of its machines.
            let leaving = try await surrey.json("referral", "handover", referral, "--preview")
            #expect(leaving["to"].text == "TRANSFERRED" && leaving["leaves"]["devices"].int == 2)
            let held = try await caseRows(surrey)
            #expect(leaving["leaves"]["rows"].int == held)
            let words = try await surrey.run("referral", "handover", referral, "--preview")
            #expect(words.status == 0 && words.out.contains("SRY would lose") && words.out.contains("SRY field"))
            #expect(!words.out.contains("GLS office"), "which devices the others have is not told")
            #expect(try await surrey.sql("SELECT state FROM referral") == "ACCEPTED")
            for desk in [surrey, gloucestershire] {
                try await desk.json(
                    "referral", "handover", referral, "--risk-call", "DONE", "--children-plan", "DONE",
                    "--duty-to-refer", "DONE", "--transport", "DONE")
                for desk in [surrey, gloucestershire, surrey, laptop] { try await desk.synced() }
            }
            for desk in [surrey, laptop] { #expect(try await caseRows(desk) == 0) }
            let purges = try await network.hub("purge", "list", "--all", "--json").json()["purges"].items
            let gone = purges.filter { $0["scope"].text == hers.id }.compactMap { $0["rows"].int }
            #expect(gone == [leaving["leaves"]["rows"].int, leaving["leaves"]["rows"].int])

            // Without a hub there is no preview, and the step does not need one.
            await network.stop()
            let alone = try await gloucestershire.run("referral", "preview", referral, "--to", "COMPLETED", "--json")
            expectRefusal(alone, 75)
            #expect(alone.out.contains("The step itself can be taken without a connection"))
            try await network.serve()
        }
    }
}
