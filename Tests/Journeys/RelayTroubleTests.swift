import Foundation
import TestLine
import Testing

@Suite("A mailbox in which something goes wrong")
struct RelayTroubleTests {
    private func stick(_ network: Network) throws -> String {
        let path = network.folder + "/stick"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    private func export(_ desk: Desk, to stick: String) async throws -> String {
        try await desk.json("bundle", "export", "--to", stick).requireText("file")
    }

    /// Changes a byte in the middle of a file.
    private func alter(_ path: String) throws {
        let url = URL(fileURLWithPath: path)
        var bytes = try Data(contentsOf: url)
        bytes[bytes.count / 2] ^= 4
        try bytes.write(to: url)
    }

    private func alterWaiting(_ office: Desk) throws {
        let folder = office.file + ".relay/up"
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        try alter(folder + "/" + name)
    }

    @Test("a file that the hub refused is kept with the reason, and shown until a later one of its device gets through")
    func refused() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let id = try await laptop.json("status").requireText("device")
            let stick = try stick(network)
            try await laptop.writeCase("ZQREFUSED")
            try await office.json("relay", "import", try await export(laptop, to: stick))
            try alterWaiting(office)
            #expect(try await office.json("sync", status: 1)["relay"]["refused"].items.count == 1)
            // The night's sync said it to nobody: it is there in the morning.
            try await office.synced()
            let listed = try await office.json("relay", "list")
            #expect(listed["to_hub"].items.isEmpty)
            let refused = try #require(listed["refused"].items.first)
            #expect(refused["device"].text == id && refused["why"].text?.isEmpty == false)
            let name = try refused.requireText("name")
            #expect(try await office.run("relay", "list").out.contains("refused by the hub"))
            #expect(try await office.json("status")["relay"]["refused"].int == 1)
            #expect(try await office.run("status").out.contains("THE HUB REFUSED 1 FILE"))

            expectRefusal(try await office.run("relay", "drop", "nothing"), 66)
            // What was typed on the laptop is in its next file too.
            try await office.json("relay", "import", try await export(laptop, to: stick))
            #expect(try await office.synced()["relay"]["sent"].int == 1)
            #expect(try await office.json("relay", "list")["refused"].items.isEmpty)
            #expect(try await network.atHub("SELECT count(*) FROM case_file WHERE ref = 'ZQREFUSED'") == "1")
            #expect(try FileManager.default.contentsOfDirectory(atPath: office.file + ".relay/refused").isEmpty)
            expectRefusal(try await office.run("relay", "drop", name), 66)
        }
    }

    @Test("a refused file is struck off by whoever has seen to it")
    func dropped() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            try await office.json("relay", "import", try await export(laptop, to: try stick(network)))
            try alterWaiting(office)
            try await office.json("sync", status: 1)
            let name = try #require(try await office.json("relay", "list")["refused"].items.first).requireText("name")
            #expect(try await office.json("relay", "drop", String(name.prefix(8)))["dropped"].text == name)
            #expect(try await office.json("status")["relay"]["refused"].int == 0)
        }
    }

    @Test("a file that was altered or cut short on the stick is refused there, while its worker stands beside it")
    func alteredOnTheStick() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            // The office hears of the laptop's keys.
            try await office.synced()
            let stick = try stick(network)
            try await laptop.writeCase("ZQSTICK")
            let up = try await export(laptop, to: stick)
            let true1 = try Data(contentsOf: URL(fileURLWithPath: up))
            try alter(up)
            expectRefusal(try await office.run("relay", "import", up, "--json"), 65)
            try true1.prefix(true1.count / 2).write(to: URL(fileURLWithPath: up))
            expectRefusal(try await office.run("relay", "import", up), 65)
            #expect(try await office.json("relay", "list")["to_hub"].items.isEmpty)
            try true1.write(to: URL(fileURLWithPath: up))
            try await office.json("relay", "import", up)
            #expect(try await office.synced()["relay"]["sent"].int == 1)
        }
    }

    @Test("of a folder everything is taken that can be, and what cannot be is named")
    func folder() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let stick = try stick(network)
            let up = try await export(laptop, to: stick)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: up))
            func put(_ bytes: Data, _ name: String) throws {
                try bytes.write(to: URL(fileURLWithPath: stick + "/" + name))
            }
            try put(bytes + Data(count: 9 << 20), "AALARGE.RUB")
            try put(Data(repeating: 7, count: 900), "UP000001.RUB")
            try put(Data(repeating: 7, count: 900), "OTHER.RUB")
            let ran = try await office.run("relay", "import", stick)
            expectRefusal(ran, 65)
            #expect(ran.err.contains("AALARGE.RUB") && ran.err.contains("UP000001.RUB"), "\(ran)")
            #expect(!ran.err.contains("OTHER.RUB"), "\(ran)")
            #expect(try await office.json("relay", "list")["to_hub"].items.count == 1)
            expectRefusal(try await office.run("relay", "import", stick, "--json"), 65)
            #expect(try await office.synced()["relay"]["sent"].int == 1)
        }
    }

    @Test("other devices' files are carried also where the office's own sync fails, which is said as ever")
    func ownSyncFails() async throws {
        try await Network.run { network in
            let proxy = try await network.proxy()
            let office = try await network.desk("SRY", via: proxy.url)
            let laptop = try await network.desk("SRY", role: "field")
            try await laptop.writeCase("ZQCARRIED")
            try await office.json("relay", "import", try await export(laptop, to: try stick(network)))
            try proxy.set("no-sync")
            let ran = try await office.run("sync", "--patience", "0")
            #expect(ran.status == 75 && ran.err.contains("Carried 1 file") && ran.out.isEmpty, "\(ran)")
            #expect(try await network.atHub("SELECT count(*) FROM case_file WHERE ref = 'ZQCARRIED'") == "1")
            #expect(try await office.json("relay", "list")["from_hub"].items.count == 1)
            try proxy.set("pass")
            try await office.synced()
        }
    }

    @Test("a file that does not get through holds up no other, and what waits is named")
    func oneWaits() async throws {
        try await Network.run { network in
            let proxy = try await network.proxy()
            let office = try await network.desk("SRY", via: proxy.url)
            let laptop = try await network.desk("SRY", role: "field")
            let other = try await network.desk("GLS", role: "field")
            let id = try await laptop.json("status").requireText("device")
            let stick = try stick(network)
            let written = try await laptop.writeCase("ZQLARGE")
            try await laptop.sql(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15)
                INSERT INTO case_note(case_id, body) SELECT x'\(written.hex)', hex(randomblob(4000)) FROM n
                """)
            try await office.json("relay", "import", try await export(laptop, to: stick))
            try await other.writeCase("ZQSMALL")
            try await office.json("relay", "import", try await export(other, to: stick))
            try proxy.set("no-large")
            let relay = try await office.json("sync", "--patience", "0")["relay"]
            #expect(relay["sent"].int == 1 && relay["waiting"].int == 1, "\(relay)")
            let waits = try #require(relay["waiting_files"].items.first)
            #expect(waits["device"].text == id && waits["why"].text?.isEmpty == false)
            #expect(try await network.atHub("SELECT count(*) FROM case_file WHERE ref = 'ZQSMALL'") == "1")
            #expect(try await office.json("status")["relay"]["to_hub"].int == 1)
            try proxy.set("pass")
            #expect(try await office.synced()["relay"]["sent"].int == 1)
            #expect(try await network.atHub("SELECT count(*) FROM case_file WHERE ref = 'ZQLARGE'") == "1")
        }
    }

    @Test("an answer counts as handed over once its very bytes are on the stick")
    func verified() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let stick = try stick(network)
            try await office.json("relay", "import", try await export(laptop, to: stick))
            try await office.synced()
            func handOver() async throws -> String {
                let files = try await office.json("relay", "export", "--to", stick)["files"].items
                return try #require(files.first).requireText("file")
            }
            let file = try await handOver()
            let whole = try Data(contentsOf: URL(fileURLWithPath: file))
            for damaged in [whole.prefix(40), whole.dropLast(), whole.dropLast(50) + Data(count: 50)] {
                try Data(damaged).write(to: URL(fileURLWithPath: file))
                #expect(try await handOver() == file)
                #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == whole)
            }
            #expect(try await laptop.json("bundle", "import", file)["applied"] == .bool(true))
            // Another bundle that has the name by chance is somebody's.
            let other = try Data(contentsOf: URL(fileURLWithPath: try await export(laptop, to: stick)))
            try other.write(to: URL(fileURLWithPath: file))
            expectRefusal(try await office.run("relay", "export", "--to", stick), 73)
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == other)
        }
    }

    @Test("a file and an answer larger than what goes through between two cuts get through in the end, both ways")
    func cutLine() async throws {
        try await Network.run { network in
            let port = try #require(network.url.split(separator: ":").last.flatMap { Int($0) })
            let proxy = try FaultProxy(target: port)
            defer { proxy.close() }
            let office = try await network.desk("SRY", via: proxy.url)
            let laptop = try await network.desk("SRY", role: "field")
            let stick = try stick(network)
            func note(_ written: WrittenCase, _ marker: String, on desk: Desk) async throws {
                try await desk.sql(
                    """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
                    INSERT INTO case_note(case_id, body)
                    SELECT x'\(written.hex)', '\(marker)-' || hex(randomblob(4000)) FROM n
                    """)
            }
            let down = try await office.writeCase("ZQDOWN")
            try await note(down, "ZQDOWN", on: office)
            try await network.put(down.hex, on: laptop, by: office)
            let up = try await laptop.writeCase("ZQUP")
            try await note(up, "ZQUP", on: laptop)
            try await office.json("relay", "import", try await export(laptop, to: stick))

            var shape = LineShape()
            shape.bytesPerSecond = 400_000
            shape.cut = .afterBytes(60_000)
            proxy.set(shape)
            let relay = try await office.json("sync", "--patience", "600")["relay"]
            #expect(relay["sent"].int == 1 && relay["received"].int == 1 && relay["waiting"].int == 0, "\(relay)")
            let file = try #require(try await office.json("relay", "export", "--to", stick)["files"].items.first)
            for (bytes, way) in [(proxy.count.up, "up"), (proxy.count.down, "down")] {
                #expect(bytes > 150_000, "\(way): \(proxy.count)")
            }
            #expect(try #require(file["bytes"].int) > 120_000)
            #expect(try await network.atHub("SELECT count(*) FROM case_note WHERE body LIKE 'ZQUP-%'") == "41")
            #expect(
                try await laptop.json("bundle", "import", try file.requireText("file"))["digest"].text == "match")
            #expect(try await laptop.count("case_note WHERE body LIKE 'ZQDOWN-%'") == 41)
        }
    }

    @Test("an answer that shows what is closed while it is fetched is thrown away, and its place taken by another")
    func closedMeanwhile() async throws {
        try await Network.run { network in
            let proxy = try await network.proxy()
            let office = try await network.desk("SRY", via: proxy.url)
            let laptop = try await network.desk("SRY", role: "field")
            let id = try await laptop.json("status").requireText("device")
            let stick = try stick(network)
            for marker in ["ZQCLOSED", "ZQKEPT"] {
                try await network.put(try await office.writeCase(marker).hex, on: laptop, by: office)
            }
            try await office.json("relay", "import", try await export(laptop, to: stick))
            try proxy.set("cut-carried")
            #expect(try await office.json("sync", "--patience", "0")["relay"]["waiting"].int == 1)
            #expect(try !FileManager.default.contentsOfDirectory(atPath: office.file + ".relay/coming").isEmpty)
            try proxy.set("pass")
            let ran = try await office.run("caseload", "remove", "ZQCLOSED", "--device", id)
            try #require(ran.status == 0, "\(ran)")
            #expect(try await office.synced()["relay"]["received"].int == 1)
            let files = try await office.json("relay", "export", "--to", stick)["files"].items
            try await laptop.json("bundle", "import", try #require(files.first).requireText("file"))
            #expect(try laptop.holds("ZQKEPT-note") && !laptop.holds("ZQCLOSED"))
        }
    }

    @Test("an office whose hub is older brings files in one piece, as it did")
    func olderHub() async throws {
        try await Network.run { network in
            let proxy = try await network.proxy()
            let office = try await network.desk("SRY", via: proxy.url)
            let laptop = try await network.desk("SRY", role: "field")
            let stick = try stick(network)
            try proxy.set("older-hub")
            let written = try await laptop.writeCase("ZQOLDER")
            try await laptop.sql(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15)
                INSERT INTO case_note(case_id, body) SELECT x'\(written.hex)', hex(randomblob(4000)) FROM n
                """)
            try await office.json("relay", "import", try await export(laptop, to: stick))
            let relay = try await office.synced()["relay"]
            #expect(relay["sent"].int == 1 && relay["received"].int == 1)
            #expect(try await network.atHub("SELECT count(*) FROM case_file WHERE ref = 'ZQOLDER'") == "1")
            try await office.json("relay", "import", try await export(laptop, to: stick))
            try alterWaiting(office)
            #expect(try await office.json("sync", status: 1)["relay"]["refused"].items.count == 1)
            #expect(try await office.json("relay", "list")["refused"].items.count == 1)
        }
    }
}
