import Foundation
import Testing

@Suite struct BundleJourneyTests {
    /// A folder that stands for a stick.
    private func stick(_ network: Network, _ name: String = "stick") throws -> String {
        let path = network.folder + "/" + name
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    @Test("a case is written on one machine and read on another though neither ever had a network again")
    func byStick() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            await network.stop()
            let stick = try stick(network)
            let written = try await office.writeCase("ZQSTICK")
            let id = try await laptop.sql("SELECT lower(hex(value)) FROM ru_meta WHERE name = 'device'")
            let ran = try await office.run("caseload", "add", written.hex, "--device", id)
            try #require(ran.status == 0, "\(ran)")

            let up = try await office.json("bundle", "export", "--to", stick)
            let file = try up.requireText("file")
            #expect(file.wholeMatch(of: /.*\/UP[0-9A-F]{6}\.RUB/) != nil)
            #expect(up["verified"] == .bool(true) && up["kind"].text == "up")
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)).range(of: Data("ZQSTICK".utf8)) == nil)
            let came = try await network.hub("bundle", "import", file, "--json")
            #expect(came.status == 0, "\(came)")
            #expect(try came.json()["taken"].int == up["batches"].int)
            let again = try await network.hub("bundle", "import", file, "--json").json()
            #expect(again["taken"].int == 0 && again["duplicates"].int == up["batches"].int)

            let down = try await network.hub("bundle", "export", "--device", "SRY field", "--to", stick, "--json")
                .json()
            let answer = try down.requireText("file")
            #expect(try Data(contentsOf: URL(fileURLWithPath: answer)).range(of: Data("ZQSTICK".utf8)) == nil)
            let applied = try await laptop.json("bundle", "import", answer)
            let keys: Set<String> = [
                "hub_epoch", "cursor", "pushed", "pulled", "entered", "left", "conflicts", "returned", "digest",
                "round_trips", "seconds",
            ]
            #expect(applied.keys.isSuperset(of: keys))
            #expect(applied["applied"] == .bool(true) && applied["digest"].text == "match")
            #expect(applied["round_trips"].int == 0)
            #expect(try await laptop.sql("SELECT body FROM case_note") == "ZQSTICK-note")
            let twice = try await laptop.json("bundle", "import", answer)
            #expect(twice["applied"] == .bool(false) && twice["ignored"].text != nil)

            // And the network agrees: what the office sends once more, for it has heard nothing yet, is there already.
            try await network.serve()
            let batches = "SELECT count(*) FROM hub_batch"
            let before = try await network.atHub(batches)
            try await office.synced()
            #expect(try await laptop.synced()["pushed"]["edits"].int == 0)
            #expect(try await network.atHub(batches) == before)
        }
    }

    @Test("a device joins, fetches everything and hands in its own work by files alone")
    func joinedByStick() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let written = try await office.writeCase("ZQJOIN")
            try await office.synced()
            let code = try await network.code(for: "SRY")
            let (url, file) = (network.url, network.folder + "/new.sqlite")
            await network.stop()
            let stick = try stick(network)
            let join = ["join", url, "--code", code, "--replica", file, "--json"]
            func run(_ more: String...) async throws -> Ran {
                try await Running(network.program, join + more, in: network.folder).finish()
            }
            let asked = try await run("--request", stick)
            #expect(asked.status == 0, "\(asked)")
            let request = try asked.json().requireText("file")
            #expect(request.hasSuffix("/JOIN.REQ"))
            let admitted = try await network.hub("device", "admit", request, "--to", stick, "--json")
            #expect(admitted.status == 0, "\(admitted)")
            let answer = try admitted.json().requireText("file")
            let words = try admitted.json().requireText("words")
            // An answer that was changed proves nothing.
            let changed = stick + "/CHANGED.ANS"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: answer))
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: URL(fileURLWithPath: changed))
            expectRefusal(try await run("--answer", changed), 65)
            #expect(!FileManager.default.fileExists(atPath: file))
            let joined = try await run("--answer", answer)
            #expect(joined.status == 0, "\(joined)")
            #expect(try joined.json()["words"].items.compactMap(\.text).joined(separator: " ") == words)
            let device = try joined.json().requireText("device")
            expectRefusal(try await run("--request", stick + "/again.req"), 73)

            let desk = Desk(network: network, file: file)
            let down = try await network.hub("bundle", "export", "--device", device, "--to", stick, "--json").json()
            #expect(down["kind"].text == "resync")
            let applied = try await desk.json("bundle", "import", try down.requireText("file"))
            #expect(applied["digest"].text == "match")
            #expect(try await desk.sql("SELECT body FROM case_note WHERE case_id = x'\(written.hex)'") == "ZQJOIN-note")
            try await desk.sql("UPDATE need SET detail = 'by stick alone'")
            let up = try await desk.json("bundle", "export", "--to", stick).requireText("file")
            #expect(try await network.hub("bundle", "import", up).status == 0)
            try await network.serve()
            try await office.synced()
            #expect(try await office.sql("SELECT detail FROM need") == "by stick alone")
            try await desk.synced()
        }
    }

    /// G13.
    @Test("of a file that was pulled out at 40 % the whole batches count once, and the network brings the rest")
    func pulledStick() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let mate = try await network.desk("SRY", role: "field")
            let written = try await desk.writeCase("ZQPULL")
            try await network.put(written.hex, on: mate, by: desk)
            let stick = try stick(network)
            for number in 0..<12 {
                try await desk.sql(
                    """
                    INSERT INTO case_note(case_id, body)
                    VALUES(x'\(written.hex)', 'ZQPULL \(number) ' || hex(randomblob(6000)))
                    """)
                // Each goes into a batch of its own.
                try await desk.json("bundle", "export", "--to", stick + "/\(number).rub")
            }
            let file = stick + "/11.rub"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            let cut = stick + "/CUT.RUB"
            try bytes.prefix(bytes.count * 4 / 10).write(to: URL(fileURLWithPath: cut))
            let refused = try await network.hub("bundle", "import", cut, "--json")
            expectRefusal(refused, 65)
            #expect(refused.err.contains("have been taken"))
            let notes = "SELECT count(*), count(DISTINCT body) FROM case_note WHERE body LIKE 'ZQPULL %'"
            let part = try await network.atHub(notes)
            #expect(!part.hasPrefix("0|") && !part.hasPrefix("12|"))
            expectRefusal(try await network.hub("bundle", "import", cut), 65)
            #expect(try await network.atHub(notes) == part)

            let down = try await network.hub("bundle", "export", "--device", "SRY field", "--to", stick, "--json")
            let whole = try down.json().requireText("file")
            let half = try Data(contentsOf: URL(fileURLWithPath: whole))
            try half.prefix(half.count * 4 / 10).write(to: URL(fileURLWithPath: cut))
            let before = try await mate.fingerprint()
            expectRefusal(try await mate.run("bundle", "import", cut, "--json"), 65)
            #expect(try await mate.fingerprint() == before)

            try await desk.synced()
            try await mate.synced()
            #expect(try await network.atHub(notes) == "12|12")
            #expect(try await mate.sql(notes) == "12|12")
            #expect(try await network.atHub("SELECT count(*) FROM hub_quarantine") == "0")
        }
    }

    /// G4.
    @Test("a laptop is put back from an image, and the stick with its other future arrives later: nothing is lost")
    func imageAndStick() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let written = try await desk.writeCase("ZQIMAGE")
            try await desk.synced()
            let parts = ["", "-wal", ".device"]
            let image = network.folder + "/image"
            let files = FileManager.default
            for part in parts where files.fileExists(atPath: desk.file + part) {
                try files.copyItem(atPath: desk.file + part, toPath: image + part)
            }
            let stick = try stick(network)
            try await desk.sql("UPDATE need SET detail = 'on the stick'")
            try await desk.json("bundle", "export", "--to", stick + "/first.rub")
            try await desk.sql("UPDATE person SET known_as = 'also on the stick'")
            let file = try await desk.json("bundle", "export", "--to", stick + "/second.rub").requireText("file")
            for part in parts + ["-shm"] {
                try? files.removeItem(atPath: desk.file + part)
                if files.fileExists(atPath: image + part) {
                    try files.copyItem(atPath: image + part, toPath: desk.file + part)
                }
            }
            try await desk.sql("UPDATE need SET detail = 'after the image'")
            try await desk.synced()
            let came = try await network.hub("bundle", "import", file, "--json")
            #expect(try came.json()["taken"].int == 2, "\(came)")
            try await desk.synced(status: 1)
            #expect(
                try await network.atHub(
                    "SELECT count(*) FROM hub_branch WHERE device IN "
                        + "(SELECT id FROM hub_device)") == "2")
            #expect(try await desk.sql("SELECT known_as FROM person") == "also on the stick")
            // Written by one author, and yet neither has seen the other.
            let conflicts = try await network.hub("conflicts", "list", "--json").json()["conflicts"].items
            let standing = conflicts.map { $0["values"].items.compactMap { $0["value"]["detail"].text } }
            #expect(standing.map(Set.init) == [["on the stick", "after the image"]], "\(conflicts)")
            #expect(try await network.atHub("SELECT known_as FROM person") == "also on the stick")
            #expect(try await network.atHub("SELECT count(*) FROM hub_quarantine") == "0")
            #expect(try await desk.count("case_file WHERE id = x'\(written.hex)'") == 1)
            let devices = try await network.hub("device", "list", "--json").json()["devices"].items
            #expect(devices.map { $0["digest"].text } == ["match"])
        }
    }

    @Test("wrong sticks, damaged ones and no sticks are refused with their status, and change nothing")
    func refusals() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let other = try await network.desk("GLS")
            try await office.writeCase("ZQWRONG")
            let stick = try stick(network)
            let up = try await office.json("bundle", "export", "--to", stick).requireText("file")
            let down = try await network.hub("bundle", "export", "--device", "SRY office", "--to", stick, "--json")
                .json().requireText("file")
            let hubBefore = try await network.hubFingerprint()
            let before = try await other.fingerprint()
            let garbage = stick + "/garbage.rub"
            try Data((0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }).write(to: URL(fileURLWithPath: garbage))
            let large = stick + "/large.rub"
            _ = try await network.tool("truncate", "-s", "70M", large)
            let changed = stick + "/changed.rub"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: up))
            bytes[bytes.count - 100] ^= 1
            try bytes.write(to: URL(fileURLWithPath: changed))

            for file in [up, down, garbage, large] {
                expectRefusal(try await other.run("bundle", "import", file, "--json"), 65)
            }
            for file in [down, garbage, large, changed] {
                expectRefusal(try await network.hub("bundle", "import", file, "--json"), 65)
            }
            for file in [garbage, large] {
                expectRefusal(try await other.run("bundle", "inspect", file, "--json"), 65)
            }
            expectRefusal(try await network.hub("bundle", "inspect", changed), 65)
            expectRefusal(try await other.run("bundle", "import", stick + "/none.rub"), 66)
            expectRefusal(try await office.run("bundle", "export", "--to", up), 73)
            expectRefusal(try await office.run("bundle", "export", "--to", stick + "/no/such/folder/x.rub"), 73)
            expectRefusal(try await network.hub("bundle", "export", "--device", "nobody", "--to", stick), 66)
            #expect(try await network.hubFingerprint() == hubBefore)
            #expect(try await other.fingerprint() == before)

            let id = try await office.sql("SELECT lower(hex(value)) FROM ru_meta WHERE name = 'device'")
            let devices = try await network.hub("device", "list", "--json").json()["devices"].items
            let device = try #require(
                devices.compactMap { $0["device"].text }.first { $0.replacingOccurrences(of: "-", with: "") == id })
            #expect(try await network.hub("device", "revoke", device).status == 0)
            expectRefusal(
                try await network.hub("bundle", "export", "--device", device, "--to", stick + "/x.rub", "--json"), 77)
            let late = try await network.hub("bundle", "import", up, "--json")
            #expect(late.status == 1)
            #expect(try late.json()["revoked"] == .bool(true))
        }
    }

    @Test("a file is inspected without any key, and shows no content")
    func inspect() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            try await office.writeCase("ZQINSPECT")
            let stick = try stick(network)
            let up = try await office.json("bundle", "export", "--to", stick).requireText("file")
            let blind = try await network.reunite("bundle", "inspect", up, "--json")
            #expect(blind.status == 0, "\(blind)")
            let report = try blind.json()
            #expect(report["kind"].text == "up" && report["signature"].text == "unchecked")
            #expect(report["chunks"]["good"] == .null)
            let own = try await office.json("bundle", "inspect", up)
            #expect(own["signature"].text == "good" && own["sender_is"].text == "this device")
            let hub = try await network.hub("bundle", "inspect", up, "--json").json()
            #expect(hub["signature"].text == "good" && hub["chunks"]["good"] == hub["chunks"]["count"])
            #expect(hub["sender_is"].text == "SRY office of SRY")
        }
    }

    @Test("a stick that is full is told as such with 74, and no file is left on it")
    func fullStick() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let written = try await desk.writeCase("ZQFULL")
            try await desk.sql(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
                INSERT INTO case_note(case_id, body) SELECT x'\(written.hex)', hex(randomblob(5000)) FROM n
                """)
            // Sealed first: the limit is on every file, and the replica's must not grow under it.
            let stick = try stick(network)
            try await desk.json("bundle", "export", "--to", stick + "/first.rub")
            try FileManager.default.removeItem(atPath: stick + "/first.rub")
            // SQLite's shared memory is 32 KiB.
            for limit in ["40000", "100000"] {
                let ran = try await network.tool(
                    Python.path, "-c", Python.limited, limit, network.program, "bundle", "export", "--to", stick,
                    "--replica", desk.file, "--json")
                expectRefusal(ran, 74)
                #expect(try FileManager.default.contentsOfDirectory(atPath: stick).isEmpty)
            }
            try await desk.json("bundle", "export", "--to", stick)
            #expect(try FileManager.default.contentsOfDirectory(atPath: stick).count == 1)
        }
    }
}
