import Foundation
import Testing

@Suite struct RelayJourneyTests {
    private func stick(_ network: Network) throws -> String {
        let path = network.folder + "/stick"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Every byte of an office's mailbox.
    private func mailbox(_ desk: Desk) throws -> Data {
        var all = Data()
        for folder in ["/up", "/down", "/asked", "/refused"] {
            let path = desk.file + ".relay" + folder
            for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
                all += try Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
            }
        }
        return all
    }

    @Test("an office brings its laptop's sealed files to the hub and the answers back, and reads neither")
    func bothWays() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let stick = try stick(network)
            // The laptop writes a case of its own, and there is one for it.
            let own = try await laptop.writeCase("ZQLAPTOP")
            let other = try await office.writeCase("ZQOFFICE")
            try await network.put(other.hex, on: laptop, by: office)
            try await laptop.json("bundle", "export", "--to", stick)

            let taken = try await office.json("relay", "import", stick)
            #expect(taken["taken"].items.count == 1)
            #expect(try await office.json("relay", "import", stick)["here"].items.count == 1)
            #expect(try await office.json("relay", "list")["to_hub"].items.count == 1)
            #expect(try !office.holds("ZQLAPTOP") && mailbox(office).range(of: Data("ZQLAPTOP".utf8)) == nil)
            let relay = try await office.synced()["relay"]
            #expect(relay["sent"].int == 1 && relay["received"].int == 1 && relay["refused"].items.isEmpty)
            #expect(try mailbox(office).count > 0 && mailbox(office).range(of: Data("ZQOFFICE".utf8)) == nil)
            #expect(try await network.atHub("SELECT count(*) FROM case_file WHERE id = x'\(own.hex)'") == "1")

            let files = try await office.json("relay", "export", "--to", stick)["files"].items
            let file = try #require(files.first).requireText("file")
            // Nobody but the laptop can open it.
            expectRefusal(try await office.run("bundle", "import", file, "--json"), 65)
            let applied = try await laptop.json("bundle", "import", file)
            #expect(applied["digest"].text == "match" && applied["applied"] == .bool(true))
            #expect(
                try await laptop.sql("SELECT body FROM case_note WHERE case_id = x'\(other.hex)'") == "ZQOFFICE-note")
            #expect(try await laptop.unsent() == 0)
            // Synced without anything to carry, it says nothing of it.
            #expect(try await office.synced()["relay"] == .null)
            #expect(try await laptop.synced()["pushed"]["edits"].int == 0)
        }
    }

    @Test("what lies in the mailbox for a device that was revoked since is handed to nobody", arguments: [false, true])
    func revoked(hasSecondFile: Bool) async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let id = try await laptop.json("status").requireText("device")
            let stick = try stick(network)
            try await office.synced()
            let written = try await office.writeCase("ZQLOST")
            try await network.put(written.hex, on: laptop, by: office)
            let up = try await laptop.json("bundle", "export", "--to", stick).requireText("file")
            try await office.json("relay", "import", up)
            try await office.synced()
            #expect(try await office.json("relay", "list")["from_hub"].items.count == 1)
            let ran = try await network.hub(
                "device", "revoke", id, "--by", "Ada", "--reason", "It was left in a train", "--json")
            #expect(ran.status == 0, "\(ran)")
            if hasSecondFile {
                // The hub has no answer for it any more, and the one of before still lies there.
                let second = try await laptop.json("bundle", "export", "--to", stick).requireText("file")
                #expect(try await office.run("relay", "import", second).out.hasPrefix("Took 1 file along"))
            }
            #expect(try await office.synced()["relay"]["withdrawn"].int == 1)
            #expect(try mailbox(office).isEmpty)
            let handed = try await office.json("relay", "export", "--to", stick)
            #expect(handed["files"].items.isEmpty && handed["withdrawn"].items.isEmpty, "\(handed)")
        }
    }

    @Test("an office that hears of a revocation from a stick throws away what lies in its mailbox")
    func revokedByStick() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let id = try await laptop.json("status").requireText("device")
            let stick = try stick(network)
            let up = try await laptop.json("bundle", "export", "--to", stick).requireText("file")
            try await office.json("relay", "import", up)
            try await office.synced()
            let ran = try await network.hub(
                "device", "revoke", id, "--by", "Ada", "--reason", "It was left in a train", "--json")
            #expect(ran.status == 0, "\(ran)")
            let down = try await network.hub("bundle", "export", "--device", "SRY office", "--to", stick, "--json")
                .json().requireText("file")
            try await office.json("bundle", "import", down)
            let handed = try await office.json("relay", "export", "--to", stick)
            #expect(handed["files"].items.isEmpty && handed["withdrawn"].items.map(\.text) == [id], "\(handed)")
            #expect(try await office.json("relay", "export", "--to", stick)["withdrawn"].items.isEmpty)
            #expect(try mailbox(office).isEmpty)
        }
    }

    @Test(
        "an answer with a case that was closed since is thrown away, and asked for anew unless it was handed over",
        arguments: [false, true])
    func closedSince(wasHandedOver: Bool) async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let id = try await laptop.json("status").requireText("device")
            let stick = try stick(network)
            for marker in ["ZQCLOSED", "ZQKEPT"] {
                try await network.put(try await office.writeCase(marker).hex, on: laptop, by: office)
            }
            func carry() async throws -> JSON {
                let up = try await laptop.json("bundle", "export", "--to", stick).requireText("file")
                try await office.json("relay", "import", up)
                return try await office.synced()["relay"]
            }
            func handOver() async throws -> [String] {
                try await office.json("relay", "export", "--to", stick)["files"].items.map {
                    try $0.requireText("file")
                }
            }
            #expect(try await carry()["received"].int == 1)
            let early = wasHandedOver ? try await handOver() : []
            let ran = try await office.run("caseload", "remove", "ZQCLOSED", "--device", id)
            try #require(ran.status == 0, "\(ran)")
            let relay = try await office.synced()["relay"]
            #expect(relay["withdrawn"].int == 1)
            #expect(relay["received"].int == (wasHandedOver ? 0 : 1))
            #expect(try await office.synced()["relay"] == .null)

            let late = try await handOver()
            #expect(late.count == (wasHandedOver ? 0 : 1))
            for file in early + late { try await laptop.json("bundle", "import", file) }
            #expect(try laptop.holds("ZQKEPT-note"))
            #expect(try laptop.holds("ZQCLOSED") == wasHandedOver)
            #expect(try await carry()["withdrawn"].int == 0)
            let last = try await laptop.json("bundle", "import", try #require(try await handOver().first))
            #expect(last["digest"].text == "match")
            #expect(try laptop.holds("ZQKEPT-note") && !laptop.holds("ZQCLOSED"))
        }
    }

    @Test("an office of another partner carries too, and is given receipts only")
    func stranger() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let laptop = try await network.desk("GLS", role: "field")
            let stick = try stick(network)
            try await laptop.writeCase("ZQFAR")
            let up = try await laptop.json("bundle", "export", "--to", stick).requireText("file")
            try await surrey.json("relay", "import", up)
            #expect(try await surrey.synced()["relay"]["received"].int == 1)
            let letters = try await surrey.json("relay", "list")["from_hub"].items
            #expect(letters.map { $0["kind"].text } == ["receipt"])
            #expect(try !surrey.holds("ZQFAR"))
            #expect(try mailbox(surrey).range(of: Data("ZQFAR".utf8)) == nil)
            let files = try await surrey.json("relay", "export", "--to", stick)["files"].items
            let receipt = try await laptop.json("bundle", "import", try #require(files.first).requireText("file"))
            #expect(receipt["kind"].text == "receipt" && (receipt["receipts"].int ?? 0) > 0)
            #expect(try await laptop.unsent() == 0)
            #expect(try await laptop.synced()["digest"].text == "match")
        }
    }

    @Test("a file that was altered in the mailbox is refused by the hub, and the next copy brings everything")
    func altered() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let stick = try stick(network)
            try await laptop.writeCase("ZQALTER")
            let up = try await laptop.json("bundle", "export", "--to", stick).requireText("file")
            try await office.json("relay", "import", up)
            let folder = office.file + ".relay/up"
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
            let path = URL(fileURLWithPath: folder + "/" + name)
            var bytes = try Data(contentsOf: path)
            bytes[bytes.count / 2] ^= 4
            try bytes.write(to: path)
            let before = try await network.atHub("SELECT count(*) FROM hub_batch")
            let relay = try await office.json("sync", status: 1)["relay"]
            #expect(relay["sent"].int == 0 && relay["refused"].items.count == 1)
            #expect(try await network.atHub("SELECT count(*) FROM hub_batch") == before)
            #expect(try await office.synced()["relay"] == .null)

            // The stick still has the true one. While the hub is away it waits.
            try await office.json("relay", "import", up)
            await network.stop()
            expectRefusal(try await office.run("sync"), 75)
            #expect(try await office.json("relay", "list")["to_hub"].items.count == 1)
            try await network.serve()
            #expect(try await office.synced()["relay"]["sent"].int == 1)
            #expect(try await network.atHub("SELECT count(*) FROM case_file WHERE ref = 'ZQALTER'") == "1")

            // An answer that is altered in the mailbox is refused by the laptop.
            let down = office.file + ".relay/down"
            let answer = URL(
                fileURLWithPath: down + "/"
                    + (try #require(try FileManager.default.contentsOfDirectory(atPath: down).first)))
            var letter = try Data(contentsOf: answer)
            letter[letter.count - 80] ^= 1
            try letter.write(to: answer)
            let file = try #require(try await office.json("relay", "export", "--to", stick)["files"].items.first)
            let held = try await laptop.fingerprint()
            expectRefusal(try await laptop.run("bundle", "import", try file.requireText("file"), "--json"), 65)
            #expect(try await laptop.fingerprint() == held)
        }
    }

    @Test("what is no file for this hub is not taken along, and nobody hands one in without a signature")
    func refused() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let stick = try stick(network)
            let garbage = stick + "/garbage.rub"
            try Data(repeating: 7, count: 900).write(to: URL(fileURLWithPath: garbage))
            expectRefusal(try await office.run("relay", "import", garbage, "--json"), 65)
            expectRefusal(try await office.run("relay", "import", stick), 66)
            expectRefusal(try await office.run("relay", "export", "--to", stick + "/none"), 66)
            let down = try await network.hub("bundle", "export", "--device", "SRY office", "--to", stick, "--json")
                .json().requireText("file")
            expectRefusal(try await office.run("relay", "import", down), 65)
            let answer = try await network.tool(
                Python.path, "-c", Python.post, "POST", network.url + "/v1/relay", "1000")
            #expect(answer.out.hasPrefix("400 "), "\(answer)")
            let asked = try await network.tool(
                Python.path, "-c", Python.post, "GET", network.url + "/v1/relay/00/00/7", "0")
            #expect(asked.out.hasPrefix("400 "), "\(asked)")
            let large = try await network.tool(
                Python.path, "-c", Python.post, "POST", network.url + "/v1/relay", String(9 << 20))
            #expect(large.out.hasPrefix("400 "), "\(large)")
        }
    }
}
