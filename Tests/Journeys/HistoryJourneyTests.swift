import Foundation
import TestSupport
import Testing

@Suite("Who wrote a record, with the real program")
struct HistoryJourneyTests {
    @Test(
        "Two offices and a laptop: what each is told of the others' edits, what it is not, and that nothing of it is kept"
    )
    func told() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let gloucestershire = try await network.desk("GLS")
            let hers = try await surrey.writeCase("ZQWHO")
            func write(_ text: String, on desk: Desk) async throws {
                try await desk.sql("UPDATE need SET detail = '\(text)' WHERE case_id = x'\(hers.hex)'")
                try await desk.synced()
            }
            try await surrey.sql(
                "INSERT INTO need(case_id, category, detail) VALUES(x'\(hers.hex)', 'HEALTH', 'ZQBEFORE')")
            try await surrey.synced()
            try await write("ZQOLD", on: surrey)
            let referral = try await surrey.refer(hers, to: "GLS")
            for desk in [gloucestershire, surrey, gloucestershire] { try await desk.synced() }
            try await gloucestershire.json("referral", "assess", referral, "--assessor", "Ana Invented")
            try await gloucestershire.json("referral", "accept", referral)
            for desk in [gloucestershire, surrey, gloucestershire] { try await desk.synced() }
            try await write("ZQSHARED", on: surrey)
            try await gloucestershire.synced()
            try await write("ZQTHEIRS", on: gloucestershire)
            try await surrey.synced()
            try await network.put(hers.hex, on: laptop, by: surrey)
            try await laptop.synced()
            let id = try await surrey.sql(
                "SELECT lower(hex(id)) FROM need WHERE category = 'HEALTH' AND case_id = x'\(hers.hex)'")

            func ask(_ desk: Desk) async throws -> (json: JSON, text: String) {
                let ran = try await desk.run("history", "need", uuid(id), "--hub", "--json")
                #expect(ran.status == 0, "\(ran)")
                return (try ran.json(), ran.out)
            }
            // The owner, on another machine than the one that wrote it.
            let owner = try await ask(laptop)
            for text in ["ZQBEFORE", "ZQOLD", "ZQSHARED", "ZQTHEIRS", "SRY office"] {
                #expect(owner.text.contains(text), "\(text)")
            }
            #expect(!owner.text.contains("GLS office"), "which devices the others have is not told")
            #expect(owner.json["hub"]["entries"].items.map { $0["partner"].text } == ["GLS", "SRY", "SRY", "SRY"])
            #expect(owner.json["hub"]["entries"].items.allSatisfy { $0["this_device"] == .bool(false) })
            for text in ["ZQBEFORE", "ZQOLD", "ZQSHARED"] {
                #expect(try FileScan.find([text], ofReplica: laptop.file) == [], "\(text): shown, and not kept")
            }
            // The other side: nothing that was written before it had the case.
            let other = try await ask(gloucestershire)
            #expect(other.text.contains("ZQSHARED") && other.text.contains("ZQTHEIRS"))
            #expect(!other.text.contains("ZQOLD") && !other.text.contains("ZQBEFORE"))
            #expect(other.json["hub"]["entries"].items.count == 4)
            let words = try await gloucestershire.run("history", "need", uuid(id), "--hub")
            #expect(words.out.contains("not told to this device") && words.out.contains("A later edit took its place"))

            // Without --hub no network is used; with it, its absence is said.
            await network.stop()
            let alone = try await gloucestershire.json("history", "need", uuid(id))
            #expect(alone["edits"].items.count == 1 && alone["hub"] == .null)
            #expect(
                alone["fields"].items.contains {
                    $0["column"].text == "category" && $0["written_on"].text == "elsewhere"
                })
            #expect(alone["fields"].items.contains { $0["column"].text == "detail" && $0["written_on"].text == "here" })
            expectRefusal(try await gloucestershire.run("history", "need", uuid(id), "--hub", "--json"), 75)
            try await network.serve()
        }
    }

    private func uuid(_ hex: String) -> String {
        let digits = Array(hex)
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }
}
