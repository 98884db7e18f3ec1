import Foundation
import Testing

@Suite("Prison visits: a laptop for a day, or paper")
struct VisitJourneyTests {
    private let now = Date()

    /// A day from now, by UTC: everything here names its day, so that no test hangs on the time at which it runs.
    private var day: String { String((now + 86_400).ISO8601Format().prefix(10)) }

    /// Noon of that day or of one after it, in milliseconds.
    private func noon(_ days: Int = 0) throws -> Int {
        let date = try Date(day + "T12:00:00Z", strategy: .iso8601)
        return Int(date.timeIntervalSince1970 + Double(days) * 86_400) * 1_000
    }

    /// A woman with a visit and a refuge's address.
    private func plan(_ marker: String, on desk: Desk, prison: String, at time: Int) async throws -> WrittenCase {
        let written = try await desk.writeCase(marker)
        try await desk.sql(
            """
            INSERT INTO visit(case_id, prison, planned_at) VALUES(x'\(written.hex)', '\(prison)', \(time));
            INSERT INTO address(case_id, lines, confidentiality) VALUES(x'\(written.hex)', '\(marker)-REFUGE', 'REFUGE');
            """)
        return written
    }

    private func changed(_ file: String, _ change: (inout Data) -> Void) throws -> String {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        change(&bytes)
        let path = file + ".changed"
        try bytes.write(to: URL(fileURLWithPath: path))
        return path
    }

    @Test("The office packs, the laptop opens it without a hub: that day's woman, in that prison, until it expires")
    func bundle() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let other = try await network.desk("GLS")
            _ = try await plan("ZQMAYA", on: office, prison: "BZI", at: try noon())
            _ = try await plan("ZQNEXT", on: office, prison: "BZI", at: try noon(1))
            _ = try await plan("ZQELSE", on: office, prison: "EWI", at: try noon())
            try await office.synced()
            let add = [
                "visit", "authorisation", "add", "--prison", "bzi", "--device", "SRY field", "--governor-ref", "G-17",
                "--until", String((now + 30 * 86_400).ISO8601Format().prefix(10)),
            ]
            func run(_ desk: Desk, _ arguments: [String]) async throws -> Ran {
                let all = arguments + ["--replica", desk.file, "--json"]
                return try await Running(network.program, all, in: network.folder).finish()
            }
            let file = network.folder + "/TOMORROW.RUB"
            let pack = ["visit", "pack", "--for", "SRY field", "--on", day, "--expires", "96", "--to", file]
            expectRefusal(try await run(office, pack), 77)
            expectRefusal(try await run(laptop, add), 77)
            let added = try await run(office, add)
            try #require(added.status == 0, "\(added)")
            try await office.synced()
            try await laptop.synced()
            await network.stop()

            let packed = try await run(office, pack)
            #expect(packed.status == 1, "a visit without an authorisation needs somebody: \(packed)")
            let report = try packed.json()
            #expect(report["women"].int == 1 && report["visits"].int == 1 && report["verified"] == .bool(true))
            #expect(report["prisons"].items == [.text("BZI")])
            #expect(report["left_out"].items.map { $0["why"].text } == ["no-authorisation"])
            expectRefusal(try await run(office, pack), 73)
            let sealed = try Data(contentsOf: URL(fileURLWithPath: file))
            #expect(sealed.count == report["bytes"].int && sealed.range(of: Data("ZQ".utf8)) == nil)

            let opened = try await laptop.run("visit", "open", file, "--prison", "BZI", "--json")
            try #require(opened.status == 0, "\(opened)")
            let words = try await laptop.run("visit", "open", file, "--prison", "BZI")
            for ran in [opened, words] {
                #expect(ran.out.contains("ZQMAYA-known") && ran.out.contains("ZQMAYA-child"), "\(ran)")
                for marker in ["ZQNEXT", "ZQELSE", "REFUGE", "ZQMAYA-note", "ZQMAYA-need"] {
                    #expect(!ran.out.contains(marker), "\(marker) in \(ran)")
                }
            }
            #expect(words.out.hasPrefix("INSIDE "))
            #expect(try laptop.holds("ZQMAYA") == false, "nothing of it is stored")

            expectRefusal(try await run(laptop, ["visit", "open", file, "--prison", "EWI"]), 77)
            expectRefusal(try await run(office, ["visit", "open", file, "--prison", "BZI"]), 65)
            expectRefusal(try await run(other, ["visit", "open", file, "--prison", "BZI"]), 65)
            expectRefusal(try await run(laptop, ["bundle", "import", file]), 65)
            expectRefusal(try await network.hub("bundle", "import", file, "--json"), 65)
            expectRefusal(try await run(laptop, ["visit", "open", file + "x", "--prison", "BZI"]), 66)
            let flipped = try changed(file) { $0[$0.count / 2] ^= 1 }
            expectRefusal(try await run(laptop, ["visit", "open", flipped, "--prison", "BZI"]), 65)
            let cut = try changed(file) { $0.removeLast() }
            expectRefusal(try await run(laptop, ["visit", "open", cut, "--prison", "BZI"]), 65)

            // The hub was heard five days later; the laptop's own clock says otherwise, as one that was put back does.
            try await laptop.sql("UPDATE ru_meta SET value = value + 5 * 86400000 WHERE name = 'last_hub_ms'")
            expectRefusal(try await run(laptop, ["visit", "open", file, "--prison", "BZI"]), 77)
        }
    }

    @Test("A bundle opens on the laptop though the office has new keys: whether made before it packed, or after")
    func newKeys() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            _ = try await plan("ZQMAYA", on: office, prison: "BZI", at: try noon())
            try await office.synced()
            try await office.json(
                "visit", "authorisation", "add", "--prison", "BZI", "--device", "SRY field", "--governor-ref", "G-17",
                "--until", String((now + 30 * 86_400).ISO8601Format().prefix(10)))
            try await office.synced()
            try await laptop.synced()
            func pack(_ name: String) async throws -> String {
                let file = network.folder + "/" + name
                try await office.json("visit", "pack", "--for", "SRY field", "--on", day, "--to", file)
                return file
            }
            func opens(_ file: String) async throws {
                let ran = try await laptop.run("visit", "open", file, "--prison", "BZI", "--json")
                #expect(ran.status == 0 && ran.out.contains("ZQMAYA-known"), "\(ran)")
            }
            let before = try await pack("BEFORE.RUB")
            try await office.json("device", "rotate-keys")
            // The laptop has not heard of them, and the hub neither: the bundle brings the word.
            let after = try await pack("AFTER.RUB")
            // Nobody else's word is taken for the office's.
            let changed = try changed(after) { $0[60] ^= 1 }
            expectRefusal(try await laptop.run("visit", "open", changed, "--prison", "BZI", "--json"), 65)
            try await opens(after)
            try await office.synced()
            try await laptop.synced()
            try await opens(before)
            try await opens(try await pack("LATER.RUB"))
        }
    }

    @Test(
        "A visit that was written on paper arrives with the time at which it happened, and merges with the plan's edit")
    func paper() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let maya = try await plan("ZQMAYA", on: office, prison: "BZI", at: try noon())
            _ = try await plan("ZQROSE", on: office, prison: "BZI", at: try noon() + 3_600_000)
            try await network.put(maya.hex, on: laptop, by: office)
            try await laptop.synced()

            let form = network.folder + "/forms.html"
            let printed = try await office.json("visit", "form", "--on", day, "--to", form)
            #expect(printed["pages"].int == 2)
            let html = try String(contentsOfFile: form, encoding: .utf8)
            let codes = html.matches(of: /<h1>Visit ([0-9-]+-[A-Z])<\/h1>/).map { String($0.1) }
            try #require(codes.count == 2)
            #expect(html.contains("ZQMAYA-known") && !html.contains("REFUGE") && !html.contains("ZQMAYA-note"))

            // The laptop types in what the paper says, twice; the office changes the plan, and types in the other paper.
            let at = (now - 3_600).ISO8601Format()
            let record = ["visit", "record", codes[0], "--attended", "LATE", "--at", at, "--minutes", "35"]
            let typed = try await network.run(record + ["--note", "ZQPAPER she asked"], on: laptop)
            #expect(typed.status == 0, "\(typed)")
            let edits = try await laptop.unsent()
            let again = try await network.run(record + ["--note", "ZQPAPER she asked"], on: laptop)
            #expect(try again.json()["new"].int == 0)
            #expect(try await laptop.unsent() == edits)
            try await office.sql("UPDATE visit SET type = 'LEGAL' WHERE case_id = x'\(maya.hex)'")
            let lines = network.folder + "/lines.txt"
            try """
            # From the paper
            \(codes[1]) --attended NO --reason LOGISTICS --at \(at) --note "Lock-down, she says"

            """.write(toFile: lines, atomically: true, encoding: .utf8)
            #expect(try await office.json("visit", "record", "--from", lines)["new"].int == 1)

            try await laptop.synced()
            try await office.synced()
            try await laptop.synced()
            let outcome =
                "SELECT type, attended, minutes, recorded_for_at FROM visit WHERE case_id = x'\(maya.hex)'"
            let happened = Int(try Date(at, strategy: .iso8601).timeIntervalSince1970) * 1_000
            let expected = "LEGAL|LATE|35|\(happened)"
            #expect(try await network.atHub(outcome) == expected)
            #expect(try await office.sql(outcome) == expected)
            #expect(try await laptop.sql(outcome) == expected)
            let note = "SELECT body, recorded_for_at, entered_at > recorded_for_at FROM case_note WHERE kind = 'VISIT'"
            #expect(
                try await network.atHub(note + " ORDER BY body")
                    == "Lock-down, she says|\(happened)|1\nZQPAPER she asked|\(happened)|1")
            #expect(try await network.hub("conflicts", "list", "--json").json()["conflicts"].items.isEmpty)

            // The same paper at another desk that knows of it already.
            let twice = try await network.run(record, on: office)
            #expect(try twice.json()["new"].int == 0)

            // One wrong line, and none of them is written.
            try
                "\(codes[0]) --attended LATE --at \(at) --minutes 36 --correct\n\(codes[1]) --attended MAYBE --at 09:00\n"
                .write(toFile: lines, atomically: true, encoding: .utf8)
            let before = try await office.fingerprint()
            let refused = try await office.run("visit", "record", "--from", lines, "--json")
            expectRefusal(refused, 65)
            #expect(refused.err.contains("line 2"), "\(refused)")
            #expect(try await office.fingerprint() == before)
            expectRefusal(try await office.run("visit", "record", codes[0], "--attended", "YES", "--json"), 64)
        }
    }
}

extension Network {
    fileprivate func run(_ arguments: [String], on desk: Desk) async throws -> Ran {
        try await Running(program, arguments + ["--replica", desk.file, "--json"], in: folder).finish()
    }
}
