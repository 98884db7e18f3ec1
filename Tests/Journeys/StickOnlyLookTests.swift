import Foundation
import Testing

@Suite("A laptop that only ever has sticks looks at its file as one with a network does")
struct StickOnlyLookTests {
    @Test(
        "before a bundle is written, once a week: rows that no trigger saw go into it, and what is gone is said",
        .enabled(if: MovedClock.library != nil))
    func weekly() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            await network.stop()
            let stick = network.folder + "/stick"
            try FileManager.default.createDirectory(atPath: stick, withIntermediateDirectories: true)
            let written = try await office.writeCase("ZQSTICK")
            let id = try await laptop.sql("SELECT lower(hex(value)) FROM ru_meta WHERE name = 'device'")
            let ran = try await office.run("caseload", "add", written.hex, "--device", id)
            try #require(ran.status == 0, "\(ran)")
            func carry(from desk: Desk, status: Int32 = 0) async throws -> JSON {
                let up = try await desk.json("bundle", "export", "--to", stick, status: status)
                let came = try await network.hub("bundle", "import", try up.requireText("file"), "--json")
                #expect(came.status == 0, "\(came)")
                return up
            }
            func insert(_ name: String) async throws {
                try await laptop.pastTheLog(
                    """
                    INSERT INTO child(id, case_id, first_name, lives_with)
                    VALUES(randomblob(16), x'\(written.hex)', '\(name)', 'an aunt')
                    """)
            }
            _ = try await carry(from: office)
            let down = try await network.hub("bundle", "export", "--device", "SRY field", "--to", stick, "--json")
                .json()
            _ = try await laptop.json("bundle", "import", try down.requireText("file"))

            try await insert("ZQFIRST")
            let first = try await carry(from: laptop)
            #expect(first["missing"].int == 0 && first["damaged"] == .bool(false))
            #expect(first["comparison_due"] == .bool(false), "\(first)")
            let atHub = "SELECT count(*) FROM child WHERE first_name IN ('ZQFIRST', 'ZQSECOND')"
            #expect(try await network.atHub(atHub) == "1")
            // It was looked at just now.
            try await insert("ZQSECOND")
            _ = try await carry(from: laptop)
            #expect(try await network.atHub(atHub) == "1")
            try await laptop.pastTheLog("DELETE FROM case_note")
            try await network.pass(days: 8)
            let later = try await carry(from: laptop, status: 1)
            #expect(later["missing"].int == 1, "\(later)")
            #expect(try await network.atHub(atHub) == "2")
            let status = try await laptop.json("status")
            #expect(status["repairs"].items.map { $0["what"].text } == ["unlogged"], "\(status)")
            #expect(status["repairs"].items.map { $0["table"].text } == ["child"])
            #expect(status["repair_incidents"].int == 1)
        }
    }
}
