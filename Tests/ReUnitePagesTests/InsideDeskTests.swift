import Foundation
import GRDB
import HTTPTypes
import ReUnitePages
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import Synchronization
import TestSupport
import Testing

@Suite("Inside a prison the pages show the day's women and nobody else, and lock themselves")
struct InsideDeskTests {
    private let world: InsideWorld
    private var desk: CaseDesk { world.desk }
    private var clock: InsideWorld.Clock { world.clock }
    private var server: InsideServer { world.server }

    init() throws { world = try InsideWorld() }

    private func visit(_ body: @Sendable (Browser) async throws -> Void) async throws { try await world.visit(body) }

    @Test("The banner is on every page, the day's woman is shown, no other, and nothing of the desk besides")
    func onlyToday() async throws {
        let visitID = try desk.first("visit")
        try await visit { browser in
            let cookie = try await browser.signIn()
            for path in ["/", "/visit/\(visitID)", "/visit/\(visitID)/record", "/visit/\(visitID)/note"] {
                let page = try await browser.get(path, cookie: cookie)
                #expect(page.status == 200, "\(path)")
                #expect(page.text.contains("class=\"banner\"") && page.text.contains("Inside "), "\(path)")
                #expect(page.text.contains("No network.") && page.text.contains("Mknown"), "\(path)")
                #expect(!page.text.contains("Mother") && !page.text.contains("Mnote"), "\(path)")
            }
            let person = try desk.first("person")
            for path in [
                "/row/person/\(person)/history", "/case/\(desk.id)", "/search", "/sync", "/replica", "/returned",
                "/visit/\(desk.id)",
            ] {
                #expect(try await browser.get(path, cookie: cookie).status == 404, "\(path)")
            }
        }
    }

    @Test("Without her case what is typed is kept sealed, asked for, and written when the case has come")
    func bundleAlone() async throws {
        let visitID = try desk.first("visit")
        let path = "/visit/\(visitID)"
        // As on a laptop that holds the bundle alone: her case is away, and comes back later.
        let caseID = try #require(Identifier(desk.id))
        let replica = desk.replica
        try desk.write(
            "UPDATE case_file SET id = zeroblob(16) WHERE id = ?", [caseID.sqlBlob])
        try await visit { browser in
            let cookie = try await browser.signIn()
            #expect(try await browser.get(path, cookie: cookie).text.contains("Her case is not on this laptop"))
            let note = try await browser.post(
                "\(path)/note", [("kind", "VISIT"), ("body", "Said inside"), ("at", "2026-11-22T09:15")],
                from: "\(path)/note", cookie: cookie)
            #expect(note.status == 303)
            let another = try await browser.post(
                "\(path)/another", [("at", "2026-11-22T09:00"), ("minutes", "30"), ("note", "Unplanned")],
                from: "\(path)/another", cookie: cookie)
            #expect(another.status == 303)
            let wrong = try await browser.post(
                "\(path)/note", [("kind", "VISIT"), ("body", "")], from: "\(path)/note", cookie: cookie)
            #expect(wrong.status == 422 && wrong.text.contains("href=\"#field-body\""))
        }
        #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'Said inside'") == 0)
        let files = replica.keptInside.files
        #expect(files.count == 2)
        for file in files {
            let bytes = try CarrierFile.read(file)
            #expect(!String(decoding: bytes, as: UTF8.self).contains("inside"))
        }
        #expect(try replica.status().wipeWaitsFor?.contains("2 entries typed inside") == true)
        let now = try replica.knownTime().now
        #expect(try InsideEntry.settle(replica, now: now) == 0)
        #expect(InsideEntry.waiting(replica).map(\.caseFile) == [desk.id, desk.id])
        try desk.write("UPDATE case_file SET id = ? WHERE id = zeroblob(16)", [caseID.sqlBlob])
        #expect(try InsideEntry.settle(replica, now: now) == 2)
        #expect(replica.keptInside.files.isEmpty)
        let nine = CivilTime.londonInstant(date: "2026-11-22", minutes: 540)
        #expect(try desk.count("SELECT count(*) FROM visit WHERE recorded_for_at = \(nine) AND minutes = 30") == 1)
        #expect(
            try desk.count(
                "SELECT count(*) FROM case_note WHERE body = 'Said inside' AND recorded_for_at = \(nine + 900_000)")
                == 1)
        // Once written, never again.
        #expect(try InsideEntry.settle(replica, now: now) == 0)
    }

    @Test("Of an outcome that is kept sealed the pages say that it is recorded, and when the visit was: nothing else")
    func recordedSealed() async throws {
        let path = "/visit/\(try desk.first("visit"))"
        let caseID = try #require(Identifier(desk.id))
        try desk.write("UPDATE case_file SET id = zeroblob(16) WHERE id = ?", [caseID.sqlBlob])
        try await visit { browser in
            let cookie = try await browser.signIn()
            #expect(try await !browser.get("/", cookie: cookie).text.contains("Recorded,"))
            let record = try await browser.post(
                "\(path)/record", [("attended", "LATE"), ("at", "13:40"), ("minutes", "17"), ("note", "Sealed words")],
                from: "\(path)/record", cookie: cookie)
            #expect(record.status == 303)
            for shown in ["/", path] {
                let page = try await browser.get(shown, cookie: cookie).text
                #expect(page.contains("Recorded, 13:40"), "\(shown)")
                #expect(!page.contains("Sealed words") && !page.contains("Late"), "\(shown)")
            }
        }
    }

    @Test("A script in every text of the day's women stays text on each page inside")
    func planted() async throws {
        let text = "<script>alert(1)</script>"
        for (table, column) in [
            ("person", "known_as"), ("person", "legal_first"), ("person", "legal_last"), ("person", "language"),
            ("child", "first_name"), ("person_identifier", "value"), ("case_file", "ref"),
            ("prison_authorisation", "governor_ref"), ("prison_authorisation", "device_serial"),
            ("prison_authorisation", "media_serial"),
        ] { _ = try desk.plant(text, in: table, column) }
        try desk.write(
            """
            INSERT INTO contact_restriction(case_id, subject_id, kind, other_party, from_on)
            SELECT case_id, id, 'NON_MOLESTATION', ?, '2026-01-01' FROM person
            """, [text])
        try desk.write("UPDATE code_value SET label = ?", [text])
        try desk.write("UPDATE ru_column SET label = ?", [text])
        let replica = desk.replica
        let now = try replica.knownTime().now
        let sheet = try replica.read("Packing") {
            try VisitPacking(day: "2026-11-22", device: TestDesk.device, now: now).pack(in: $0).sheet
        }
        let clock = clock
        let server = InsideServer(replica: replica, sheet: sheet, prison: "BZI", logger: Browser.silent) { clock.now }
        let visit = "/visit/\(try desk.first("visit"))"
        let serving: @Sendable (@escaping @Sendable (String) -> Void) async throws -> Void = {
            try await server.run(host: "127.0.0.1", port: 0, ready: $0)
        }
        try await Browser.visit(serving) { browser in
            let cookie = try await browser.signIn()
            for path in ["/", visit, "\(visit)/record", "\(visit)/note", "\(visit)/another", "/unlock"] {
                let page = try await browser.get(path, cookie: cookie)
                #expect(page.status == 200 && !page.text.contains("<script"), "\(path)")
                #expect(path == "/unlock" || page.text.contains("&lt;script&gt;"), "\(path)")
            }
        }
    }

    @Test("The desk packs chosen visits: counted before, refused in words, made once, and opened by the same rules")
    func packed() async throws {
        let replica = desk.replica
        let later = CivilTime.londonInstant(date: "2026-11-22", minutes: 960)
        try desk.write(
            "INSERT INTO visit(case_id, prison, planned_at) SELECT id, 'EWI', \(later) FROM case_file LIMIT 1")
        let visits = try replica.read("Reading") {
            try DayVisit.planned(on: "2026-11-22", in: $0).map { ($0.prison, $0.id.description) }
        }
        let inside = try #require(visits.first { $0.0 == "BZI" }).1
        let folder = try TemporaryFolder()
        let path = "/visits/pack?on=2026-11-22"
        let place = folder.path
        @Sendable func fields(_ changed: [(String, String)]) -> [(String, String)] {
            let usual = [
                ("on", "2026-11-22"), ("visits", inside), ("prison", ""), ("device", "self"), ("hours", "48"),
                ("folder", place),
            ]
            return usual.map { field in changed.first { $0.0 == field.0 } ?? field }
        }
        let wrong: [(field: (String, String), said: String)] = [
            (("visits", ""), "No visit was chosen"), (("hours", "169"), "The hours are not a number from 1 to 168"),
            (("hours", "1"), "The bundle would have expired before the last visit"),
            (("prison", "EWI"), "No visit without an outcome is planned"),
            (("visits", try #require(visits.first { $0.0 == "EWI" }).1), "No authorisation for that device"),
            (("device", "nowhere"), "This partner has no device of that name"),
        ]
        let all = visits.map(\.1).joined(separator: ",")
        try await Browser.visit(replica) { browser in
            let cookie = try await browser.signIn()
            #expect(try await browser.get("/visits?on=2026-11-22", cookie: cookie).text.contains(path))
            let form = try await browser.get(path, cookie: cookie).text
            #expect(form.contains("Mknown") && form.contains("Pack the visits of 2026-11-22"))
            for (field, said) in wrong {
                let page = try await browser.post("/visits/pack", fields([field]), from: path, cookie: cookie)
                #expect(page.status == 422 && page.text.contains(said), "\(said)")
                #expect(!page.text.contains("visit pack") && !page.text.contains("--"), "\(said)")
            }
            let chosen = try await browser.post("/visits/pack", fields([("visits", all)]), from: path, cookie: cookie)
            #expect(chosen.status == 303)
            let counted = try await browser.get(try #require(chosen.headers[.location]), cookie: cookie)
            #expect(counted.status == 200 && counted.text.contains("1 woman, 1 visit, "))
            #expect(counted.text.contains("No authorisation for that laptop") && counted.text.contains("Bronzefield"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
            let nowhere = try await browser.post(
                "/visits/pack/make", fields([("folder", place + "/none")]), from: path, cookie: cookie)
            #expect(nowhere.status == 422 && nowhere.text.contains("There is no such folder"))
            let made = try await browser.post("/visits/pack/make", fields([]), from: path, cookie: cookie)
            #expect(made.status == 303 && made.headers[.location] == "/visits?on=2026-11-22")
            let told = try await browser.get("/visits?on=2026-11-22", cookie: cookie).text
            #expect(told.contains("copied and verified") && told.contains(place))
        }
        let file = try #require(try FileManager.default.contentsOfDirectory(atPath: place).first)
        let opened = try replica.open(visit: try CarrierFile.read("\(place)/\(file)")) { _ in [] }
        let sheet = try VisitSheet(decoding: opened)
        #expect(sheet.visits.map(\.id) == [inside] && sheet.prisons.map(\.code) == ["BZI"])
    }

    @Test("A machine that stops between writing and taking the file away has written each entry once")
    func stopsBetween() throws {
        let caseID = try #require(Identifier(desk.id))
        let replica = desk.replica
        let now = try replica.knownTime().now
        let visit = try #require(
            try replica.read("Packing") {
                try VisitPacking(day: "2026-11-22", device: TestDesk.device, now: now).pack(in: $0).sheet.visits.first
            })
        try desk.write("UPDATE case_file SET id = zeroblob(16) WHERE id = ?", [caseID.sqlBlob])
        let entries: [(InsideEntry.Kind, [String: String])] = [
            (.note, ["kind": "VISIT", "body": "Said inside", "at": "2026-11-22T09:15"]),
            (.another, ["at": "2026-11-22T09:00", "minutes": "30", "note": "Unplanned"]),
            (.record, ["attended": "LATE", "at": "13:40", "minutes": "20", "note": "She came late"]),
        ]
        for (kind, typed) in entries {
            let entry = InsideEntry(kind, typed, visit, prison: "BZI", day: "2026-11-22")
            #expect(try entry.save(in: replica, now: now) == .kept)
        }
        try desk.write("UPDATE case_file SET id = ? WHERE id = zeroblob(16)", [caseID.sqlBlob])
        func counts() throws -> [Int] {
            try [
                "case_note WHERE body = 'Said inside'", "visit WHERE minutes = 30",
                "case_note WHERE body = 'Unplanned'",
                "visit WHERE attended = 'LATE'", "case_note WHERE body = 'She came late'",
            ].map { try desk.count("SELECT count(*) FROM \($0)") }
        }
        let before = try counts()
        #expect(before == [0, 0, 0, 0, 0])
        // It stops before any file is away; somebody corrects what was written; and it starts again.
        #expect(try InsideEntry.settle(replica, now: now, removing: { _ in }) == 3)
        #expect(replica.keptInside.files.count == 3)
        try desk.write("UPDATE visit SET minutes = 25 WHERE attended = 'LATE'")
        #expect(try InsideEntry.settle(replica, now: now) == 0)
        #expect(replica.keptInside.files.isEmpty)
        #expect(try counts() == [1, 1, 1, 1, 1])
        #expect(try desk.count("SELECT count(*) FROM ru_meta WHERE name GLOB 'inside *'") == 3)
        // The notes go once the files are gone; and the same words typed again are another entry.
        #expect(try InsideEntry.settle(replica, now: now) == 0)
        #expect(try desk.count("SELECT count(*) FROM ru_meta WHERE name GLOB 'inside *'") == 0)
        #expect(try counts() == [1, 1, 1, 1, 1])
    }

    @Test("A visit and a note are added with the time at which they happened")
    func quickAdd() async throws {
        let path = "/visit/\(try desk.first("visit"))"
        try await visit { browser in
            let cookie = try await browser.signIn()
            let note = try await browser.post(
                "\(path)/note", [("kind", "VISIT"), ("body", "Said inside"), ("at", "2026-11-22T09:15")],
                from: "\(path)/note", cookie: cookie)
            #expect(note.status == 303)
            let another = try await browser.post(
                "\(path)/another", [("at", "2026-11-22T09:00"), ("minutes", "30"), ("note", "Unplanned")],
                from: "\(path)/another", cookie: cookie)
            #expect(another.status == 303)
            let record = try await browser.post(
                "\(path)/record", [("attended", "LATE"), ("at", "13:40"), ("minutes", "20")], from: "\(path)/record",
                cookie: cookie)
            #expect(record.status == 303)
            for shown in ["/", path] {
                #expect(try await browser.get(shown, cookie: cookie).text.contains("Recorded, 13:40"), "\(shown)")
            }
            let wrong = try await browser.post(
                "\(path)/note", [("kind", "VISIT"), ("body", "")], from: "\(path)/note", cookie: cookie)
            #expect(wrong.status == 422 && wrong.text.contains("href=\"#field-body\""))
            let nine = CivilTime.londonInstant(date: "2026-11-22", minutes: 540)
            #expect(try desk.count("SELECT count(*) FROM visit WHERE recorded_for_at = \(nine) AND minutes = 30") == 1)
            #expect(
                try desk.count(
                    "SELECT count(*) FROM case_note WHERE body = 'Said inside' AND recorded_for_at = \(nine + 900_000)")
                    == 1)
            #expect(try desk.count("SELECT count(*) FROM visit WHERE attended = 'LATE' AND minutes = 20") == 1)
        }
    }

    @Test("After three minutes nothing is shown or written until the code is typed, and what was typed is kept")
    func locks() async throws {
        let path = "/visit/\(try desk.first("visit"))"
        try await visit { browser in
            let cookie = try await browser.signIn()
            clock.pass(179_000)
            #expect(try await browser.get("/", cookie: cookie).status == 200)
            let form = try await browser.get("\(path)/note", cookie: cookie).text
            #expect(form.contains("class=\"shroud\"") && !form.contains("http-equiv=\"refresh\""))
            let list = try await browser.get("/", cookie: cookie).text
            #expect(list.contains("class=\"shroud\"") && !list.contains("http-equiv=\"refresh\""))
            let token = try #require(form.firstMatch(of: /name="form_token" value="([^"]*)"/)).1
            clock.pass(180_000)
            let sent = try await browser.post(
                "\(path)/note", [("form_token", String(token)), ("kind", "VISIT"), ("body", "Typed slowly")],
                cookie: cookie)
            #expect(sent.status == 303 && sent.headers[.location] == "/unlock")
            #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'Typed slowly'") == 0)
            for shown in ["/", path, "\(path)/note"] {
                let page = try await browser.get(shown, cookie: cookie)
                #expect(page.status == 303 && page.headers[.location] == "/unlock", "\(shown)")
            }
            let locked = try await browser.get("/unlock", cookie: cookie).text
            #expect(!locked.contains("Mknown") && !locked.contains("Typed slowly"))
            let wrong = try await browser.post("/unlock", [("code", "AAAA-AAAA")], from: "/unlock", cookie: cookie)
            #expect(wrong.status == 422)
            let right = try await browser.post(
                "/unlock", [("code", server.code.lowercased())], from: "/unlock", cookie: cookie)
            #expect(right.status == 303 && right.headers[.location] == "\(path)/note?kept=1")
            for _ in 1...2 {
                #expect(try await browser.get("\(path)/note", cookie: cookie).text.contains("Typed slowly"))
            }
            let kept = try await browser.get("/kept", cookie: cookie)
            #expect(kept.status == 200 && kept.text.contains("Typed slowly") && kept.text.contains("class=\"banner\""))
            #expect(kept.text.contains("href=\"\(path)/note?kept=1\"") && kept.text.contains("class=\"shroud\""))
            let saved = try await browser.post(
                "\(path)/note", [("kind", "VISIT"), ("body", "Typed slowly, put right"), ("at", "2026-11-22T09:15")],
                from: "\(path)/note", cookie: cookie)
            #expect(saved.status == 303)
            #expect(try await !browser.get("\(path)/note", cookie: cookie).text.contains("Typed slowly"))
            #expect(try await browser.get("/", cookie: cookie).text.contains("Mknown"))
        }
    }

    @Test("Every form that was sent while it was locked is there after the code, and a button leads nowhere")
    func keepsEach() async throws {
        let path = "/visit/\(try desk.first("visit"))"
        try await visit { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get("\(path)/note", cookie: cookie).text
            let token = String(try #require(page.firstMatch(of: /name="form_token" value="([^"]*)"/)).1)
            func unlock() async throws -> String? {
                try await browser.post("/unlock", [("code", server.code)], from: "/unlock", cookie: cookie)
                    .headers[.location]
            }
            // The button alone has nothing to come back to.
            clock.pass(180_000)
            #expect(try await browser.post("/lock", [("form_token", token)], cookie: cookie).status == 303)
            #expect(try await unlock() == "/")
            clock.pass(180_000)
            for (form, fields) in [
                ("note", [("kind", "VISIT"), ("body", "First kept")]),
                ("note", [("kind", "VISIT"), ("body", "Second kept")]),
                ("another", [("at", "2026-11-22T09:00"), ("note", "Third kept")]), ("", []),
            ] {
                let sent = form.isEmpty ? "/lock" : "\(path)/\(form)"
                let answer = try await browser.post(sent, [("form_token", token)] + fields, cookie: cookie)
                #expect(answer.headers[.location] == "/unlock")
            }
            #expect(try await unlock() == "\(path)/another?kept=3")
            #expect(try await browser.get("\(path)/another", cookie: cookie).text.contains("Third kept"))
            for text in ["First kept", "Second kept"] {
                #expect(try await browser.get("/", cookie: cookie).text.contains("href=\"/kept\""))
                #expect(try await browser.get("\(path)/note", cookie: cookie).text.contains(text))
                let saved = try await browser.post(
                    "\(path)/note", [("kind", "VISIT"), ("body", text), ("at", "2026-11-22T09:15")],
                    from: "\(path)/note", cookie: cookie)
                #expect(saved.status == 303)
            }
            let last = try await browser.get("/kept", cookie: cookie).text
            #expect(last.contains("Third kept") && !last.contains("Second kept"))
            let number = try #require(last.firstMatch(of: /kept\/([0-9]+)\/let-go/)).1
            _ = try await browser.post("/kept/\(number)/let-go", [("form_token", token)], cookie: cookie)
            #expect(try await !browser.get("/", cookie: cookie).text.contains("href=\"/kept\""))
            #expect(try await !browser.get("\(path)/another", cookie: cookie).text.contains("Third kept"))
        }
    }

    @Test("Five wrong codes, and it stays locked")
    func guessed() async throws {
        try await visit { browser in
            let cookie = try await browser.signIn()
            #expect(try await browser.post("/lock", [], from: "/", cookie: cookie).status == 303)
            for _ in 0..<5 {
                let wrong = try await browser.post("/unlock", [("code", "WRONG")], from: "/unlock", cookie: cookie)
                #expect(wrong.status == 422)
            }
            let late = try await browser.post("/unlock", [("code", server.code)], from: "/unlock", cookie: cookie)
            #expect(late.status == 422 && late.text.contains("Too many wrong codes"))
            #expect(try await browser.get("/", cookie: cookie).headers[.location] == "/unlock")
        }
    }

    @Test("Five wrong codes while something typed is kept: it waits a minute, and nothing of it is lost")
    func waits() async throws {
        let path = "/visit/\(try desk.first("visit"))/note"
        try await visit { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get(path, cookie: cookie).text
            let token = String(try #require(page.firstMatch(of: /name="form_token" value="([^"]*)"/)).1)
            clock.pass(180_000)
            _ = try await browser.post(
                path, [("form_token", token), ("kind", "VISIT"), ("body", "Kept all along")], cookie: cookie)
            func unlock(_ code: String) async throws -> Browser.Page {
                try await browser.post("/unlock", [("code", code)], from: "/unlock", cookie: cookie)
            }
            for _ in 1...2 {
                for _ in 0..<4 { #expect(try await unlock("WRONG").text.contains("That is not the code")) }
                #expect(try await unlock("WRONG").text.contains("Wait a minute"))
                #expect(try await unlock(server.code).text.contains("what you typed before is kept"))
                clock.pass(60_000)
            }
            #expect(try await unlock(server.code).headers[.location] == path + "?kept=1")
            #expect(try await browser.get(path, cookie: cookie).text.contains("Kept all along"))
        }
    }

    @Test("The code opens as often as it is typed, also into a page that was shown before")
    func unlocksAgain() async throws {
        try await visit { browser in
            let cookie = try await browser.signIn()
            let list = try await browser.get("/", cookie: cookie).text
            let token = String(try #require(list.firstMatch(of: /name="form_token" value="([^"]*)"/)).1)
            _ = try await browser.post("/lock", [("form_token", token)], cookie: cookie)
            let page = try await browser.get("/unlock", cookie: cookie).text
            let once = String(try #require(page.firstMatch(of: /name="form_id" value="([^"]*)"/)).1)
            for _ in 1...2 {
                let fields = [("form_token", token), ("form_id", once), ("code", server.code)]
                #expect(try await browser.post("/unlock", fields, cookie: cookie).headers[.location] == "/")
                #expect(try await browser.get("/", cookie: cookie).text.contains("Mknown"))
                _ = try await browser.post("/lock", [("form_token", token)], cookie: cookie)
            }
        }
    }

    @Test("When its hours are over it shows nothing")
    func expires() async throws {
        let time = desk.desk.time
        try await visit { browser in
            let cookie = try await browser.signIn()
            time.advance(milliseconds: 49 * 3_600_000)
            let page = try await browser.get("/", cookie: cookie)
            #expect(page.status == 403 && page.text.contains("expired") && !page.text.contains("Mknown"))
        }
    }

    @Test("Without a session nothing is shown, and no form of another page is taken")
    func guarded() async throws {
        let path = "/visit/\(try desk.first("visit"))"
        try await visit { browser in
            for shown in ["/", path, "/unlock", "\(path)/note"] {
                #expect(try await browser.get(shown).status == 403, "\(shown)")
            }
            let cookie = try await browser.signIn()
            let forged = try await browser.post(
                "\(path)/note", [("kind", "VISIT"), ("body", "Forged")], cookie: cookie)
            #expect(forged.status == 403)
            let guessed = try await browser.post("/unlock", [("code", server.code)], cookie: cookie)
            #expect(guessed.status == 403)
        }
    }
}
