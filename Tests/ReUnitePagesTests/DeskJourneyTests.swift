import GRDB
import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("A worker does her day's work on the pages alone")
struct DeskJourneyTests {
    @Test("A case is opened, found by the beginning of a name, by its reference and by a number, and by no address")
    func search() async throws {
        let desk = try CaseDesk()
        try desk.write(
            "INSERT INTO address(case_id, lines, postcode) SELECT id, '7 Hidden Lane', 'GU21 6XX' FROM case_file")
        try desk.write(
            """
            INSERT INTO person_identifier(case_id, person_id, type, value)
            SELECT case_id, id, 'NOMS', 'A1234BC' FROM person
            """)
        let ref = try #require(try desk.text("SELECT ref FROM case_file"))
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            func found(_ text: String) async throws -> Bool {
                let sent = try await browser.post("/search", [("text", text)], from: "/search", cookie: cookie)
                let page = try await browser.get(try #require(sent.headers[.location]), cookie: cookie)
                #expect(page.status == 200)
                return page.text.contains("/case/\(desk.id)")
            }
            for text in ["Mkn", "mKNOWN", "Mfirst Mlast", "mla", ref, ref.lowercased(), "A1234BC", "a1234bc"] {
                #expect(try await found(text), "\(text)")
            }
            for text in ["Hidden", "GU21", "known", "%", "Mkn nobody", "' OR 1=1"] {
                #expect(try await !found(text), "\(text)")
            }
            // What is searched for is never part of an address.
            let asked = try await browser.get("/search?text=Mkn", cookie: cookie).text
            #expect(!asked.contains("/case/\(desk.id)") && !asked.contains("Mkn"))
            let made = try await browser.post(
                "/case/new", [("known_as", "Mnew"), ("date_of_birth", "1991-02-03"), ("interpreter", "no")],
                from: "/case/new", cookie: cookie)
            #expect(made.status == 303)
            #expect(try await browser.get(try #require(made.headers[.location]), cookie: cookie).text.contains("Mnew"))
            let wrong = try await browser.post(
                "/case/new", [("known_as", "Mkept"), ("date_of_birth", "2091-02-03"), ("interpreter", "no")],
                from: "/case/new", cookie: cookie)
            #expect(wrong.status == 422 && wrong.text.contains("Mkept") && wrong.text.contains("in the future"))
        }
    }

    @Test("On a narrow screen each line of a list says what its numbers are, and a child is born once")
    func narrow() async throws {
        let desk = try CaseDesk()
        try desk.write(
            """
            INSERT INTO custody_episode(case_id, prison, release_date) SELECT id, 'BZI', '2027-01-14' FROM case_file
            """)
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let sent = try await browser.post("/search", [("text", "Mkn")], from: "/search", cookie: cookie)
            let search = try #require(sent.headers[.location])
            for path in ["/", search] {
                let page = try await browser.get(path, cookie: cookie).text
                for text in [
                    "1<span class=\"narrow\"> child</span>",
                    "<span class=\"narrow\">Release </span><span class=\"day\">2027-01-14</span>",
                    "<span class=\"narrow\">Owner: </span><bdi>SRY</bdi>",
                ] { #expect(page.contains(text), "\(path): \(text)") }
            }
            try desk.write("DELETE FROM custody_episode")
            try desk.write("INSERT INTO child(case_id, first_name) SELECT id, 'Msecond' FROM case_file")
            let page = try await browser.get("/", cookie: cookie).text
            #expect(page.contains("2<span class=\"narrow\"> children</span>") && !page.contains(">Release </span>"))
            let file = try await browser.get("/case/\(desk.id)", cookie: cookie).text
            #expect(file.contains("<td class=\"day\">2015-06-01</td>") && !file.contains("Born 2015"))
        }
    }

    @Test("Neither the caseload nor the search reads through a table")
    func plans() throws {
        let desk = try CaseDesk()
        let seen = Statements()
        try desk.replica.read("Reading") { database in
            database.trace { seen.add($0.expandedDescription) }
            let marks = try CaseMarks(desk.replica.attention(in: database), partner: TestDesk.room, in: database)
            for text in ["Mkn", "SRY-26-0001-A", "Mfirst Mlast", "A1234BC"] {
                _ = try CaseFiles.lines(try CaseSearch.find(text, in: database), marks, in: database)
            }
            _ = try CaseFiles.page(1, marks, in: database)
            database.trace(options: [])
            let large = [
                "person", "case_file", "person_identifier", "person_alias", "child", "custody_episode", "referral",
            ]
            #expect(seen.all.count > 10)
            for sql in seen.all where sql.uppercased().hasPrefix("SELECT") {
                let steps = try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(sql)").map { $0["detail"] as String }
                for step in steps
                where !sql.contains("count(*) FROM case_file") && !sql.contains("ORDER BY id DESC LIMIT") {
                    let words = step.split(separator: " ")
                    guard words.first == "SCAN", words.count > 1 else { continue }
                    #expect(!large.contains(String(words[1])), "\(step) in \(sql)")
                }
            }
        }
    }

    @Test(
        "A referral goes from the draft to the sent pack, station by station, and what is not open is refused in words")
    func referral() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let refer = "/case/\(desk.id)/refer"
            let none = try await browser.post(refer, [("to", "")], from: refer, cookie: cookie)
            #expect(none.status == 422 && none.text.contains("To: it is missing. Choose one."))
            let wrong = try await browser.post(
                refer,
                [
                    ("to", "GLS"), ("kind", "REFER_HOUSE"), ("urgency", "ROUTINE"), ("release_date", "2027-02-02"),
                    ("needed_from", "2027-02-01"),
                ], from: refer, cookie: cookie)
            #expect(wrong.status == 422 && wrong.text.contains("before the release date"))
            let made = try await browser.post(
                refer,
                [("to", "GLS"), ("kind", "REFER_HOUSE"), ("urgency", "ROUTINE"), ("release_date", "2027-02-02")],
                from: refer, cookie: cookie)
            #expect(made.status == 303)
            let path = try #require(made.headers[.location])
            let draft = try await browser.get(path, cookie: cookie).text
            for text in ["Referral from SRY to GLS", "Draft", "step/sent", "step/pre_check", "aria-current=\"step\""] {
                #expect(draft.contains(text), "\(text)")
            }
            // The receiver's step is not the sender's.
            let theirs = try await browser.get("\(path)/step/accepted", cookie: cookie)
            #expect(theirs.status == 403 && theirs.text.contains("cannot take that step"))
            let forced = try await browser.post(
                "\(path)/step/accepted", [], from: "\(path)/step/sent", cookie: cookie)
            #expect(forced.status == 422 && forced.text.contains("cannot take it to \u{2018}Accepted"))
            let send = "\(path)/step/sent"
            #expect(try await browser.post(send, [], from: send, cookie: cookie).status == 303)
            let sent = try await browser.get(path, cookie: cookie).text
            for text in ["Sent", "What the receiver was told", "Mfirst", "GLS: Received", "step/withdrawn"] {
                #expect(sent.contains(text), "\(text)")
            }
            #expect(!sent.contains("step/sent\""))
            #expect(try await browser.get("/referrals", cookie: cookie).text.contains("To GLS"))
            #expect(try await browser.get("/?show=leaving", cookie: cookie).text.contains("/case/\(desk.id)"))
            #expect(try await !browser.get("/?show=arriving", cookie: cookie).text.contains("/case/\(desk.id)"))
            // She takes her consent back on the consent's own page, and the referral ends with it.
            let consent = "/case/\(desk.id)/consent"
            let back = try await browser.post(
                consent,
                [
                    ("decision", "WITHDRAWN"), ("purpose", "SHARE_WITH_PARTNER"), ("partner", "GLS"),
                    ("recorded_for_at", "2026-11-22T10:00"),
                ], from: consent, cookie: cookie)
            #expect(back.status == 303)
            #expect(try await browser.get(path, cookie: cookie).text.contains("Consent withdrawn"))
        }
    }

    @Test("A draft whose release date is long past is doubted when it is saved")
    func doubtedReferral() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let refer = "/case/\(desk.id)/refer"
            for (release, isDoubted) in [("2020-01-01", true), ("2027-02-02", false)] {
                let made = try await browser.post(
                    refer, [("to", "GLS"), ("kind", "REFER_HOUSE"), ("urgency", "ROUTINE"), ("release_date", release)],
                    from: refer, cookie: cookie)
                #expect(made.status == 303)
                let saved = try await browser.get(try #require(made.headers[.location]), cookie: cookie).text
                #expect(saved.contains("A draft, which nobody else sees"))
                #expect(saved.contains("Look at this. Referral") == isDoubted, "\(release)")
            }
        }
    }

    @Test("An edit that came back says why, goes again or is let go, once")
    func returned() async throws {
        let desk = try CaseDesk()
        try desk.replica.seal()
        try desk.write(
            """
            INSERT INTO ru_returned(batch, idx, tbl, key, reason, groups, at_ms)
            SELECT o.id, 1, 11, p.id, \(Reason.late.rawValue), 4194302, 1795262400000 FROM ru_outbox o, person p LIMIT 1
            """)
        let number = try desk.count("SELECT id FROM ru_returned")
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            #expect(try await browser.get("/", cookie: cookie).text.contains("Came back"))
            let page = try await browser.get("/returned", cookie: cookie).text
            #expect(page.contains("Let go") && page.contains("Woman"))
            let go = "/returned/\(number)/let-go"
            #expect(try await browser.post(go, [], from: "/returned", cookie: cookie).status == 303)
            #expect(try desk.count("SELECT state FROM ru_returned") == 2)
            let twice = try await browser.post(go, [], from: "/sync", cookie: cookie)
            #expect(twice.status == 403 || twice.status == 422)
            #expect(try await browser.get("/returned", cookie: cookie).text.contains("None wait for you"))
        }
    }

    @Test("Sync now shows how far it has come, says how it ended, and a page without a line to the hub has no button")
    func sync() async throws {
        let desk = try CaseDesk()
        let (gate, open) = AsyncStream<Void>.makeStream()
        let runner = SyncRunner { progress in
            progress(.init(sentEdits: 7, receivedBytes: 250_000, expectedBytes: 1_000_000))
            for await _ in gate { break }
            // As the hub would send it: another case with each sync.
            let number = String(Int.random(in: 0x1000...0xFFFF), radix: 16)
            try desk.write("INSERT OR REPLACE INTO case_file(id) VALUES(x'0190000000007000800000000000\(number)')")
            var outcome = SyncOutcome()
            outcome.pushedEdits = 7
            return outcome
        }
        try await Browser.visit(desk.replica, syncing: runner) { browser in
            let cookie = try await browser.signIn()
            #expect(try await browser.get("/sync", cookie: cookie).text.contains("Sync now"))
            #expect(try await browser.post("/sync", [], from: "/sync", cookie: cookie).status == 303)
            // A page that is asked for while it runs is written until it has ended.
            var followed = ""
            var patience = Duration.milliseconds(100)
            while true {
                async let page = browser.get("/sync", cookie: cookie).text
                try await Task.sleep(for: patience)
                open.yield()
                followed = try await page
                if followed.contains("25 per cent") { break }
                patience *= 2
                #expect(try await browser.post("/sync", [], from: "/sync", cookie: cookie).status == 303)
            }
            #expect(followed.contains("Sent 7 edits") && followed.contains("It has ended"))
            #expect(followed.contains("</html>") && !followed.contains("http-equiv=\"refresh\""))
            var done = ""
            while !done.contains("Done: sent 7 edits") {
                open.yield()
                done = try await browser.get("/sync", cookie: cookie).text
            }
            #expect(done.contains("Sync now"))
            // The case that was opened here before is not new to anybody.
            #expect(done.contains("1 case is new here.") && !done.contains("no longer here"))
        }
        let leaving = SyncRunner { _ in
            try desk.write("DELETE FROM case_file WHERE hex(id) LIKE '0190000000007000%'")
            return SyncOutcome()
        }
        let came = try desk.count("SELECT count(*) FROM case_file WHERE hex(id) LIKE '0190000000007000%'")
        let gone = try #require(SyncView.sentence(came, 0, "no longer here").first)
        try await Browser.visit(desk.replica, syncing: leaving) { browser in
            let cookie = try await browser.signIn()
            _ = try await browser.post("/sync", [], from: "/sync", cookie: cookie)
            var done = ""
            while !done.contains("Done: sent") { done = try await browser.get("/sync", cookie: cookie).text }
            #expect(done.contains(gone) && !done.contains("new here"))
        }
        #expect(
            SyncView.sentence(2, 1, "new here") == ["2 cases and 1 referral are new here."]
                && SyncView.sentence(0, 1, "new here") == ["1 referral is new here."]
                && SyncView.sentence(0, 0, "new here").isEmpty)
        let failing = SyncRunner { _ in
            throw Failure(.tryLater, what: "Syncing", why: "the hub cannot be reached", remedy: "Try later")
        }
        try await Browser.visit(desk.replica, syncing: failing) { browser in
            let cookie = try await browser.signIn()
            _ = try await browser.post("/sync", [], from: "/sync", cookie: cookie)
            var failed = ""
            while !failed.contains("did not get through") {
                failed = try await browser.get("/sync", cookie: cookie).text
            }
            #expect(failed.contains("The hub cannot be reached."))
        }
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            #expect(try await !browser.get("/sync", cookie: cookie).text.contains("Sync now"))
        }
    }

    @Test("A planned visit is printed, and typed in from the paper with the time at which it happened")
    func paper() async throws {
        let desk = try CaseDesk()
        let planned = CivilTime.londonInstant(date: "2026-11-22", minutes: 600)
        try desk.write(
            "INSERT INTO visit(case_id, prison, planned_at) SELECT id, 'BZI', \(planned) FROM case_file")
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let day = try await browser.get("/visits?on=2026-11-22", cookie: cookie).text
            let code = try #require(day.firstMatch(of: /record\?code=([0-9A-Z-]+)/)).1
            let sheet = try await browser.get("/visits/forms?on=2026-11-22", cookie: cookie)
            #expect(sheet.status == 200 && sheet.text.contains("Visit \(code)") && !sheet.text.contains("<style"))
            #expect(sheet.text.contains("href=\"/visits?on=2026-11-22\""))
            for none in ["/visits/forms", "/visits/forms?on="] {
                let forms = try await browser.get(none, cookie: cookie)
                #expect(forms.status == 303 && forms.headers[.location] == "/visits", "\(none)")
            }
            let path = "/visits/record"
            let fields = [
                ("visit", String(code)), ("attended", "YES"), ("at", "10:05"), ("minutes", "40"), ("note", "On paper"),
            ]
            for wrong in ["1234", "zz", "1111-1111-F", ""] {
                let page = try await browser.post(
                    path, [("visit", wrong)] + fields.dropFirst(), from: path, cookie: cookie)
                #expect(page.status == 422 && page.text.contains("On paper"), "\(wrong)")
                #expect(page.text.contains("href=\"#field-visit\"") && page.text.contains("error-visit"), "\(wrong)")
            }
            #expect(try await browser.post(path, fields, from: path, cookie: cookie).status == 303)
            #expect(try desk.count("SELECT minutes FROM visit WHERE recorded_for_at = \(planned + 300_000)") == 40)
            #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'On paper' AND kind = 'VISIT'") == 1)
            let other = try await browser.post(
                path, [("visit", String(code)), ("attended", "NO"), ("at", "10:05")], from: path, cookie: cookie)
            #expect(other.status == 422 && other.text.contains("Another outcome is on record"))
        }
    }
}

/// The statements that a connection ran.
private final class Statements: @unchecked Sendable {
    // Only the thread that holds the connection calls it.
    private(set) var all: [String] = []

    func add(_ sql: String) { all.append(sql) }
}
