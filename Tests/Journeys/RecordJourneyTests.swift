import Foundation
import Testing

@Suite("Existing records in and out, with the real program")
struct RecordJourneyTests {
    private func write(_ text: String, _ name: String, in network: Network) throws -> String {
        let path = network.folder + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("A register says what is wrong with it, comes in mended, syncs, and goes out for its owner's eyes only")
    func register() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            try await office.synced()
            let map = try write(
                "heading,column,value,meaning\nSurname,person.legal_last\nDOB,date_of_birth\nKid,child.first_name\n",
                "map.csv", in: network)
            let lines = "Legal first name;Surname;DOB;Kid\r\nZqada;Zqlane;%;Zqkid\r\nZqeve;Zqhill;1/2/1991;\r\n"
            let bad = try write(lines.replacingOccurrences(of: "%", with: "30/02/1990"), "bad.csv", in: network)
            let good = try write(lines.replacingOccurrences(of: "%", with: "28.2.90"), "good.csv", in: network)

            for extra in [["--dry-run"], []] {
                let arguments = ["import", "person", bad, "--map", map, "--replica", office.file, "--json"] + extra
                let ran = try await Running(network.program, arguments, in: network.folder).finish()
                #expect(ran.status == 65)
                let report = try ran.json()
                #expect(report["error"]["code"].text == "bad-data")
                let error = try #require(report["errors"].items.first)
                #expect(error["line"].int == 2 && error["column"].text == "C" && error["heading"].text == "DOB")
                #expect(!ran.out.contains("Zq") && !ran.err.contains("Zq"))
            }
            let told = try await office.run("import", "person", bad, "--map", map)
            #expect(told.status == 65 && told.out.contains("line 2, column C (DOB): there is no such day."))
            #expect(try await office.count("case_file") == 0)

            let tried = try await office.json("import", "person", good, "--map", map, "--dry-run")
            #expect(tried["rows"]["person"].int == 2 && tried["dry_run"] == .bool(true))
            #expect(try await office.count("person") == 0)
            #expect(try await office.json("status")["unsent"]["edits"].int == 0)
            try await office.json("import", "person", good, "--map", map)
            #expect(try await office.count("case_file WHERE ref LIKE 'SRY-%'") == 2)
            #expect(try await office.count("child") == 1)
            try await office.synced()
            let again = try await office.run("import", "person", good, "--map", map, "--json")
            let duplicates = try again.json()["duplicates"].items
            #expect(again.status == 65 && duplicates.count == 2)

            let file = network.folder + "/out.csv"
            let wrote = try await office.json("export", "person", file, "--labels")
            #expect(wrote["rows"].int == 2 && wrote["withheld"].int == 0)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            #expect(text.hasPrefix("id,Case,Legal first name,") && text.contains("Zqada,Zqlane"))
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            expectRefusal(try await office.run("export", "person", file, "--json"), 73)
            expectRefusal(try await office.run("export", "safeguarding_concern", file + "2", "--json"), 77)
            expectRefusal(try await office.run("export", "nothing", file + "2", "--json"), 66)
            expectRefusal(try await office.run("import", "person", file + "2", "--json"), 66)
            expectRefusal(try await office.run("import", "referral", good, "--json"), 65)
            #expect(!FileManager.default.fileExists(atPath: file + "2"))

            // That it was exported is a row, which reaches the hub and its audit log like any other.
            #expect(try await office.count("data_export WHERE what = 'person' AND rows = 2 AND withheld = 0") == 1)
            let before = try await network.hub("audit", "list", "--kind", "verdict", "--json").json()["entries"].items
            try await office.synced()
            let after = try await network.hub("audit", "list", "--kind", "verdict", "--json").json()["entries"].items
            #expect(after.count > before.count)
        }
    }
}
