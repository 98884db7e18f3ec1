import Foundation
import Testing

@Suite("A laptop's caseload, with the real program")
struct CaseloadJourneyTests {
    @Test("a laptop asks for a case by its whole id, the office says yes and later no, and the list tells of it")
    func askAndAnswer() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let written = try await office.writeCase("ZQLOAD")
            try await office.synced()
            try await laptop.synced()
            #expect(try await laptop.count("case_file") == 0)

            expectRefusal(try await laptop.run("caseload", "add", "ZQLOAD", "--json"), 66)
            expectRefusal(try await office.run("caseload", "add", "ZQLOAD", "--json"), 64)
            let asked = try await laptop.json("caseload", "add", written.id)
            #expect(asked["status"].text == "ASKED" && asked["case_id"].text == written.id)
            try await laptop.synced()
            try await office.synced()
            let waiting = try await office.json("caseload", "list")["caseloads"].items
            #expect(waiting.map { $0["status"].text } == ["ASKED"] && waiting[0]["ref"].text == "ZQLOAD")

            try await network.put("ZQLOAD", on: laptop, by: office)
            try await laptop.synced()
            #expect(try await laptop.count("case_file") == 1)
            #expect(try laptop.holds("ZQLOAD-need"))
            try await laptop.sql("UPDATE need SET detail = 'ZQLOAD-typed-away'")

            let device = try asked.requireText("device_id")
            let removed = try await office.json("caseload", "remove", "ZQLOAD", "--device", device)
            #expect(removed["status"].text == "OFF")
            try await office.synced()
            try await laptop.synced()
            #expect(try await laptop.count("case_file") == 0)
            #expect(try await laptop.count("need") == 0)
            try await office.synced()
            #expect(try await office.sql("SELECT detail FROM need") == "ZQLOAD-typed-away")
            let words = try await office.run("caseload", "list")
            #expect(words.status == 0 && words.out.contains("OFF"))
        }
    }
}
