import Foundation
import TestSupport
import Testing

@Suite("A laptop and a stick come back after a year", .enabled(if: MovedClock.library != nil))
struct YearLaterTests {
    private func stick(_ network: Network) throws -> String {
        let path = network.folder + "/stick"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// The laptop's lease has long ended: the hub takes what it brings, and gives it nothing until an operator says who has
    /// it.
    private func comesBack(_ laptop: Desk, _ network: Network, bringing rows: String) async throws -> JSON {
        expectRefusal(try await laptop.run("sync", "--json"), 77)
        #expect(try await network.atHub("SELECT count(*) FROM \(rows)") == "1", "saved before anything is served")
        #expect(try await network.atHub("SELECT count(*) FROM hub_hold") == "0")
        let renewed = try await network.hub(
            "device", "renew", "SRY field", "--by", "Operator", "--reason", "It was in a drawer at the office", "--json"
        )
        try #require(renewed.status == 0, "\(renewed)")
        return try await laptop.synced(status: 1)
    }

    /// G15.
    @Test("somebody was erased meanwhile: not one byte of hers comes back to the hub, and the rest of the work arrives")
    func erasedMeanwhile() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let hers = try await office.writeCase("ZQHERS")
            let other = try await office.writeCase("ZQOTHER")
            for written in [hers, other] { try await network.put(written.hex, on: laptop, by: office) }
            try await laptop.synced()
            // On the stick: what the hub had for the laptop, and what the laptop had for the hub; the note is long enough
            // to go up in pieces later.
            let stick = try stick(network)
            try await office.sql("UPDATE need SET detail = 'ZQHERS needs' WHERE case_id = x'\(hers.hex)'")
            try await office.synced()
            let down = try await network.hub("bundle", "export", "--device", "SRY field", "--to", stick, "--json")
                .json().requireText("file")
            try await laptop.sql(
                """
                UPDATE need SET detail = 'ZQLATE' WHERE case_id = x'\(hers.hex)';
                INSERT INTO case_note(case_id, body) VALUES(x'\(hers.hex)', 'ZQLATE ' || hex(randomblob(9000)));
                INSERT INTO child(case_id, first_name) VALUES(x'\(hers.hex)', 'ZQLATE boy');
                UPDATE need SET detail = 'ZQKEPT' WHERE case_id = x'\(other.hex)';
                """)
            let up = try await laptop.json("bundle", "export", "--to", stick).requireText("file")
            // And what is on no stick.
            try await laptop.sql(
                """
                UPDATE person SET known_as = 'ZQLATE' WHERE case_id = x'\(hers.hex)';
                UPDATE child SET first_name = 'ZQLATE girl' WHERE first_name = 'ZQLATE boy';
                INSERT INTO case_note(case_id, body) VALUES(x'\(other.hex)', 'ZQKEPT note');
                """)

            let asked = try await network.hub(
                "erase", hers.id, "--reason", "Asked for in writing", "--by", "Ada", "--json")
            let erasure = try asked.json().requireText("id")
            let erased = try await network.hub("erase", "--confirm", erasure, "--by", "Grace", "--json")
            try #require(erased.status == 0 || erased.status == 1, "\(erased)")
            try await office.synced()
            await network.stop()
            network.clock.days += 366
            // What was owed while the hub served is done now.
            try #require(try await network.hub("erase", "--confirm", erasure, "--by", "Grace").status == 0)
            try await network.serve()
            func expectNothing(_ when: String) throws {
                #expect(try FileScan.find(["ZQHERS", "ZQLATE"], ofHub: network.hubFolder).isEmpty, "\(when)")
            }
            try expectNothing("after the erasure")

            let came = try await network.hub("bundle", "import", up, "--json")
            #expect(try came.json()["quarantined"].int == 3, "\(came)")
            try expectNothing("after the stick")
            #expect(try await network.atHub("SELECT count(*) FROM need WHERE detail = 'ZQKEPT'") == "1")

            // The laptop is given its year-old file first, which tells it of her once more.
            #expect(try await laptop.json("bundle", "import", down)["applied"] == .bool(true))
            let home = try await comesBack(laptop, network, bringing: "case_note WHERE body = 'ZQKEPT note'")
            #expect(home["left"].items == [.text(hers.id)])
            try expectNothing("after the laptop")
            #expect(try await network.atHub("SELECT count(*) FROM case_note WHERE body = 'ZQKEPT note'") == "1")
            let waiting = try await network.hub("quarantine", "list", "--json").json()["quarantine"].items
            #expect(waiting.count == 5 && waiting.allSatisfy { $0["reason"].text == "erased" }, "\(waiting)")
            #expect(try FileScan.find(["ZQHERS", "ZQLATE"], ofReplica: laptop.file).isEmpty)
            #expect(try await laptop.sql("SELECT group_concat(detail) FROM need") == "ZQKEPT")

            // Both once more, and nothing changes; then the laptop has signed that nothing is left.
            _ = try await laptop.run("bundle", "import", down)
            _ = try await network.hub("bundle", "import", up)
            try await laptop.synced(status: 1)
            #expect(try FileScan.find(["ZQHERS", "ZQLATE"], ofReplica: laptop.file).isEmpty)
            try expectNothing("after all of it came again")
            let shown = try await network.hub("erase", "show", erasure, "--json")
            #expect(shown.status == 0, "\(shown)")
            for command in [["verify"], ["audit", "verify"]] {
                let ran = try await network.running(
                    network.program, ["hub"] + command + ["--hub-dir", network.hubFolder]
                ).finish()
                #expect(ran.status == 0, "\(ran)")
            }
            await network.stop()
            try expectNothing("when the hub has stopped")
            try await network.serve()
        }
    }

    /// G17.
    @Test("after 400 days its edits are judged by what it had seen, what left is gone, and it holds what others hold")
    func fourHundredDays() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let shared = try await office.writeCase("ZQSHARED")
            let back = try await office.writeCase("ZQBACK")
            let gone = try await office.writeCase("ZQGONE")
            for written in [shared, back, gone] { try await network.put(written.hex, on: laptop, by: office) }
            try await laptop.synced()

            try await laptop.sql(
                """
                UPDATE need SET detail = 'ZQOLD' WHERE case_id = x'\(shared.hex)';
                UPDATE person SET known_as = 'ZQALONE' WHERE case_id = x'\(shared.hex)';
                UPDATE person SET nationality = 'ZQFIRST' WHERE case_id = x'\(shared.hex)';
                UPDATE need SET detail = 'ZQDEAD' WHERE case_id = x'\(back.hex)';
                INSERT INTO case_note(case_id, body) VALUES(x'\(back.hex)', 'ZQWRITTEN');
                INSERT INTO child(case_id, first_name) VALUES(x'\(shared.hex)', 'ZQBOY');
                """)
            // Sealed on what it had seen by then.
            try await laptop.json("bundle", "export", "--to", try stick(network))
            // A year goes by at the hub: a row dies, two cases leave the laptop, one of them comes back.
            let device = try await laptop.sql("SELECT lower(hex(value)) FROM ru_meta WHERE name = 'device'")
            for round in 1...5 {
                try await network.pass(days: 80)
                try await office.sql(
                    "UPDATE need SET detail = 'day \(round * 80)' WHERE case_id = x'\(shared.hex)'")
                if round == 1 {
                    try await office.sql("DELETE FROM need WHERE case_id = x'\(back.hex)'")
                    for written in [back, gone] {
                        let ran = try await office.run("caseload", "remove", written.hex, "--device", device)
                        try #require(ran.status == 0, "\(ran)")
                    }
                }
                if round == 2 {
                    try await office.sql(
                        "UPDATE person SET nationality = 'ZQSECOND' WHERE case_id = x'\(shared.hex)'")
                }
                if round == 3 { try await network.put(back.hex, on: laptop, by: office) }
                let report = try await office.json("sync")
                #expect(report["digest"].text != "mismatch", "\(report)")
            }
            // The day it comes back it writes once more, on the same old base.
            try await laptop.sql("UPDATE child SET first_name = 'ZQGIRL' WHERE first_name = 'ZQBOY'")
            #expect(try await laptop.unsent() == 6)

            let home = try await comesBack(laptop, network, bringing: "child WHERE first_name = 'ZQGIRL'")
            #expect(home["left"].items == [.text(gone.id)])
            #expect(home["returned"].int == 1)
            // Concurrent, each beside the other; alone, accepted; later, in force; dead, returned.
            let conflicts = try await network.hub("conflicts", "list", "--json").json()["conflicts"].items
            let standing = conflicts.map { $0["values"].items.compactMap { $0["value"]["detail"].text }.sorted() }
            #expect(standing == [["ZQOLD", "day 400"]], "\(conflicts)")
            #expect(
                try await network.atHub(
                    "SELECT known_as, nationality FROM person WHERE case_id = x'\(shared.hex)'")
                    == "ZQALONE|ZQSECOND")
            #expect(
                try await network.atHub("SELECT body FROM case_note WHERE body LIKE 'ZQWRITTEN%'") == "ZQWRITTEN")
            #expect(try await network.atHub("SELECT count(*) FROM child WHERE first_name = 'ZQGIRL'") == "1")
            let waiting = try await network.hub("quarantine", "list", "--json").json()["quarantine"].items
            #expect(waiting.map { $0["reason"].text } == ["row-deleted"], "\(waiting)")

            // What left is gone with all its bytes, and a row that died while its case was away is not there.
            #expect(try FileScan.find(["ZQGONE", "ZQDEAD", "ZQBACK-need"], ofReplica: laptop.file).isEmpty)
            #expect(try await laptop.sql("SELECT count(*) FROM need WHERE case_id = x'\(back.hex)'") == "0")
            #expect(try await laptop.json("verify")["digest"].text == "match")
            _ = try await office.json("sync", status: 1)
            let devices = try await network.hub("device", "list", "--json").json()["devices"].items
            #expect(devices.map { $0["digest"].text } == ["match", "match"])
            // Its clock was right all the time: nobody takes it for wrong.
            guard case .number(let skew) = try await laptop.json("status")["clock_skew_seconds"] else {
                throw JSON.Unexpected(description: "no clock skew")
            }
            #expect(abs(skew) < 3_600)
        }
    }
}
