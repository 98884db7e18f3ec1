import Foundation
import Testing

@Suite("The pages, in a real browser", .enabled(if: Chromium.isInstalled, Chromium.missing), .serialized)
struct BrowserTests {
    /// In every text that anybody can type.
    private static let planted = "<script>document.title='x'</script>\"><img src=x onerror=\"alert(1)\">"

    @Test(
        "every page of two desks is read by keyboard, at 400 %, in the dark and by axe; scripts stay text; strangers see nothing"
    )
    func desk() async throws {
        try await Network.run { network in
            try await network.inBrowser(
                "desk_tour.py", network.program, network.folder, network.hubFolder, network.url)
        }
    }

    @Test("a worker writes a note, a consent and a referral and presses Sync now, and the other office has it")
    func work() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let other = try await network.desk("GLS")
            let written = try await office.writeCase("ZQWORK")
            try await office.synced()
            let url = try await network.pages("open", "--replica", office.file)
            try await network.inBrowser("desk_work.py", url, "ZQWORK")
            try await other.synced()
            let arrived = try await other.sql("SELECT count(*) FROM referral WHERE state IN ('SENT', 'RECEIVED')")
            #expect(arrived.contains("1"))
            let note = try await network.atHub(
                "SELECT count(*) FROM case_note WHERE body = 'Typed by keyboard alone' AND case_id = x'\(written.hex)'")
            #expect(note.contains("1"))
        }
    }

    @Test("inside a prison a visit and a note are written with no hub there, and go up later")
    func inside() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let visited = try await office.writeCase("ZQVISITED")
            try await office.writeCase("ZQOTHER")
            try await office.plant(Self.planted)
            // One of the two is of today also when midnight comes in between.
            let now = Int(Date().timeIntervalSince1970 * 1_000)
            let later = now + 6 * 3_600_000
            try await office.sql(
                """
                INSERT INTO visit(case_id, prison, planned_at)
                  VALUES(x'\(visited.hex)', 'BZI', \(now)), (x'\(visited.hex)', 'BZI', \(later));
                INSERT INTO prison_authorisation(partner_id, device_id, prison, governor_ref, valid_to)
                  SELECT (SELECT value FROM ru_meta WHERE name = 'partner'),
                    (SELECT value FROM ru_meta WHERE name = 'device'), 'BZI', 'G-17', '2199-12-31'
                """)
            try await office.synced()
            let url = try await network.pages("open", "--replica", office.file, "--inside", "--prison", "BZI")
            try await network.inBrowser("inside.py", url, "ZQVISITED", "ZQOTHER")
            try await office.synced()
            let visit = try await network.atHub("SELECT count(*) FROM visit WHERE attended = 'YES' AND minutes = 40")
            #expect(visit.contains("1"))
            let note = try await network.atHub("SELECT count(*) FROM case_note WHERE body = 'Written inside'")
            #expect(note.contains("1"))
        }
    }

    @Test(
        "a laptop with nothing but a visit bundle keeps a note sealed, asks for the case, and sends it when it has come"
    )
    func bundleAlone() async throws {
        try await Network.run { network in
            let folder = network.folder + "/bundle"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            try await network.inBrowser("bundle_alone.py", network.program, folder)
        }
    }

    @Test("at the console a stranger to it decides a conflict and takes it back, and both devices hear of it each time")
    func console() async throws {
        try await Network.run { network in
            try await network.inBrowser(
                "console_tour.py", network.program, network.folder, network.hubFolder, network.url)
        }
    }

    @Test("with pages alone: a visit inside and a referral, offline; a sync, a conflict, its decision in both offices")
    func whole() async throws {
        try await Network.run { network in
            // A network of its own, whose hub goes away and comes back.
            let folder = network.folder + "/whole"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
            try await network.inBrowser("whole_journey.py", network.program, folder)
        }
    }
}

extension Desk {
    /// Puts a text behind what stands in every free text of every case.
    func plant(_ text: String) async throws {
        try await sql(
            """
            UPDATE person SET legal_first = legal_first || '\(text.quoted)', known_as = known_as || '\(text.quoted)';
            UPDATE child SET first_name = first_name || '\(text.quoted)';
            UPDATE need SET detail = detail || '\(text.quoted)';
            INSERT INTO case_note(case_id, body) SELECT id, '\(text.quoted)' FROM case_file
            """)
    }
}

extension String {
    /// For a text in SQL.
    fileprivate var quoted: String { replacingOccurrences(of: "'", with: "''") }
}
