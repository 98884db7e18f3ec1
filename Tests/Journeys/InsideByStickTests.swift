import Foundation
import Testing

@Suite("What is typed inside a prison reaches the hub though the laptop never has a network")
struct InsideByStickTests {
    /// Signs in at the pages, and writes a note in the one visit there is.
    private static let note = """
        import http.cookiejar, re, sys, urllib.error, urllib.parse, urllib.request
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        browser = urllib.request.build_opener(jar)
        start, at, body = sys.argv[1:]
        home = browser.open(start).read().decode()
        path = re.search(r'href="(/visit/[0-9a-z-]+)"', home)[1] + "/note"
        address = urllib.parse.urljoin(start, path)
        page = browser.open(address).read().decode()
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
        fields += [("kind", "VISIT"), ("at", at), ("body", body)]
        try: print(browser.open(address, urllib.parse.urlencode(fields).encode()).status)
        except urllib.error.HTTPError as error: print("refused", error.code, error.read().decode())
        """

    private func london(_ time: Date, _ form: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "Europe/London")
        formatter.dateFormat = form
        return formatter.string(from: time)
    }

    @Test("A note typed on a laptop that holds a visit bundle alone is written when its case comes on a stick")
    func byStick() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let maya = try await office.writeCase("ZQMAYA")
            try await office.synced()
            let now = Date()
            let day = london(now, "yyyy-MM-dd")
            let planned = Int(now.timeIntervalSince1970) * 1_000
            try await office.sql(
                "INSERT INTO visit(case_id, prison, planned_at) VALUES(x'\(maya.hex)', 'BZI', \(planned))")
            _ = try await office.json(
                "visit", "authorisation", "add", "--prison", "BZI", "--device", "SRY field", "--governor-ref", "G-17",
                "--until", london(now + 30 * 86_400, "yyyy-MM-dd"))
            try await office.synced()
            try await laptop.synced()
            let sheet = network.folder + "/SHEET.RUB"
            let packed = try await office.run("visit", "pack", "--for", "SRY field", "--on", day, "--to", sheet)
            try #require(packed.status == 0, "\(packed)")
            await network.stop()

            let url = try await network.pages(
                "open", "--inside", "--prison", "BZI", sheet, "--replica", laptop.file)
            let typed = try await network.running(
                Python.path, ["-c", Self.note, url, london(now, "yyyy-MM-dd'T'HH:mm"), "ZQINSIDE she asked"]
            ).finish()
            try #require(typed.out == "200\n", "\(typed)")
            #expect(try await laptop.json("status")["wipe_waits_for"].text?.contains("not on this laptop") == true)

            // The question goes by stick, and so do the answer and the case.
            try await network.carry(from: laptop, named: "ASKED.RUB")
            try await network.bring(to: office, named: "OFFICE.RUB")
            let given = try await office.run("caseload", "add", maya.hex, "--device", try await laptop.device())
            try #require(given.status == 0, "\(given)")
            try await network.carry(from: office, named: "GIVEN.RUB")
            try await network.bring(to: laptop, named: "CASE.RUB")
            #expect(try await laptop.sql("SELECT body FROM case_note WHERE body LIKE 'ZQINSIDE%'") != "")
            #expect(try FileManager.default.contentsOfDirectory(atPath: laptop.file + ".inside").isEmpty)
            try await network.carry(from: laptop, named: "NOTE.RUB")
            #expect(try await network.atHub("SELECT body FROM case_note WHERE body LIKE 'ZQINSIDE%'") != "")
        }
    }
}

extension Network {
    /// A device's own file, by stick to the hub.
    fileprivate func carry(from desk: Desk, named name: String) async throws {
        let file = folder + "/" + name
        _ = try await desk.json("bundle", "export", "--to", file)
        let taken = try await hub("bundle", "import", file, "--json")
        try #require(taken.status == 0, "\(taken)")
    }

    /// The hub's file for a device, by stick to it.
    fileprivate func bring(to desk: Desk, named name: String) async throws {
        let file = folder + "/" + name
        let written = try await hub("bundle", "export", "--device", try await desk.device(), "--to", file, "--json")
        try #require(written.status == 0, "\(written)")
        _ = try await desk.json("bundle", "import", file)
    }
}

extension Desk {
    /// This device's id, as commands take it.
    fileprivate func device() async throws -> String {
        try await json("status").requireText("device")
    }
}
