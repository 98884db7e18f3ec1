import Foundation
import Testing

@Suite("A drawer of sticks, brought in any order")
struct DrawerOfSticksTests {
    @Test("the newest first, older ones after it, one twice, one to a strange hub: everything counts once")
    func anyOrder() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let written = try await office.writeCase("ZQDRAWER")
            try await network.put(written.hex, on: laptop, by: office)
            try await laptop.synced()
            let stick = network.folder + "/stick"
            try FileManager.default.createDirectory(atPath: stick, withIntermediateDirectories: true)
            var up: [String] = []
            var down: [String] = []
            for number in 1...3 {
                try await laptop.sql(
                    "INSERT INTO case_note(case_id, body) VALUES(x'\(written.hex)', 'ZQUP \(number)');"
                        + "UPDATE need SET detail = 'laptop \(number)'")
                up.append(
                    try await laptop.json("bundle", "export", "--to", stick + "/up\(number).rub").requireText("file"))
                try await office.sql(
                    "INSERT INTO case_note(case_id, body) VALUES(x'\(written.hex)', 'ZQDOWN \(number)')")
                try await office.synced()
                let ran = try await network.hub(
                    "bundle", "export", "--device", "SRY field", "--to", stick + "/down\(number).rub", "--json")
                down.append(try ran.json().requireText("file"))
            }

            // Another network's hub takes none of them, and is as before.
            let strange = network.folder + "/strange"
            let made = try await network.reunite("hub", "init", "--name", "Another network", "--hub-dir", strange)
            try #require(made.status == 0, "\(made)")
            func batches() async throws -> String {
                try await Shell.run("SELECT count(*) FROM hub_batch", file: strange + "/hub.sqlite", in: network.folder)
            }
            let before = try await batches()
            expectRefusal(
                try await network.reunite("hub", "bundle", "import", up[2], "--hub-dir", strange, "--json"), 65)
            #expect(try await batches() == before)

            var counts: [[Int?]] = []
            for file in [up[2], up[0], up[1], up[2]] {
                let report = try await network.hub("bundle", "import", file, "--json").json()
                counts.append([report["taken"].int, report["duplicates"].int])
            }
            #expect(counts == [[3, 0], [0, 1], [0, 2], [0, 3]], "\(counts)")
            let notes =
                "SELECT count(*), count(DISTINCT body) FROM case_note WHERE body LIKE 'ZQ%P %' OR body LIKE 'ZQDOWN %'"
            #expect(try await network.atHub(notes) == "6|6")
            #expect(try await network.atHub("SELECT detail FROM need") == "laptop 3")

            // The newest answer alone brings everything; the older ones and itself once more bring nothing back.
            var applied: [JSON] = []
            for file in [down[2], down[0], down[1], down[2]] {
                applied.append(try await laptop.json("bundle", "import", file)["applied"])
            }
            #expect(applied == [.bool(true), .bool(false), .bool(false), .bool(false)])
            #expect(try await laptop.sql(notes) == "6|6")
            #expect(try await laptop.sql("SELECT detail FROM need") == "laptop 3", "its own words stay over older ones")

            try await laptop.synced()
            try await office.synced()
            for desk in [office, laptop] {
                #expect(try await desk.sql(notes) == "6|6")
                #expect(try await desk.sql("SELECT detail FROM need") == "laptop 3")
                #expect(try await desk.unsent() == 0)
            }
            #expect(
                try await network.atHub(
                    "SELECT count(*) FROM hub_branch b JOIN hub_device d ON d.id = b.device WHERE d.role = 'field'")
                    == "1")
            #expect(try await network.atHub("SELECT count(*) FROM hub_quarantine") == "0")
        }
    }
}
