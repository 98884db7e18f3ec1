import GRDB
import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("A desk that may show nothing any more still keeps what is typed, and says how it stands")
struct ClosedDeskTests {
    private static let markers = ["Mfirst", "Mlast", "Mknown", "Mchild", "Mneed", "Mnote", "Mquestion"]

    /// What a browser has on its screen: the hidden fields of a form.
    private static func open(
        _ path: String, _ browser: Browser, _ cookie: String
    ) async throws -> [(String, String)] {
        let page = try await browser.get(path, cookie: cookie)
        #expect(page.status == 200, "\(path)")
        return page.text.matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/).map {
            (String($0.1), String($0.2))
        }
    }

    private static func showsNothing(_ page: Browser.Page, _ typed: [String] = []) -> Bool {
        !ClosedDeskTests.markers.contains { !typed.contains($0) && page.text.contains($0) }
    }

    /// The forms of a desk with an open visit and an enquiry, and what is typed into each.
    private static func forms(_ desk: CaseDesk) throws -> [(path: String, fields: [(String, String)], kept: String)] {
        let planned = CivilTime.londonInstant(date: "2026-11-22", minutes: 930)
        try desk.write("INSERT INTO visit(case_id, prison, planned_at) SELECT id, 'BZI', \(planned) FROM case_file")
        let code = VisitCode(of: try #require(Identifier(try desk.first("visit")))).description
        let (case_, need) = ("/case/\(desk.id)", try desk.first("need"))
        let (referral, question) = (try desk.first("referral"), try desk.first("conflict_question"))
        return [
            (
                "\(case_)/add/case_note",
                [("kind", "CONTACT"), ("body", "Tnote"), ("recorded_for_at", "2026-11-22T09:15")],
                "SELECT count(*) FROM case_note WHERE body = 'Tnote'"
            ),
            (
                "/row/need/\(need)/change", [("category", "ACCOMMODATION"), ("detail", "Tneed")],
                "SELECT count(*) FROM need WHERE detail = 'Tneed'"
            ),
            (
                "\(case_)/own-note", [("kind", "CONTACT"), ("body", "Town"), ("recorded_for_at", "2026-11-22T09:15")],
                "SELECT count(*) FROM own_note WHERE body = 'Town'"
            ),
            (
                "\(case_)/consent",
                [
                    ("decision", "GIVEN"), ("purpose", "SHARE_WITH_PARTNER"), ("partner", "GLS"),
                    ("method", "SIGNED_FORM"), ("evidence_ref", "Tdrawer"), ("recorded_for_at", "2026-11-22T09:15"),
                ], "SELECT count(*) FROM consent WHERE evidence_ref = 'Tdrawer'"
            ),
            (
                "/visits/record", [("visit", code), ("attended", "YES"), ("at", "13:30"), ("note", "Tvisit")],
                "SELECT count(*) FROM case_note WHERE body = 'Tvisit'"
            ),
            (
                "\(case_)/refer",
                [("to", "GLS"), ("kind", "REFER_HOUSE"), ("urgency", "ROUTINE"), ("release_date", "2027-02-02")],
                "SELECT count(*) FROM referral WHERE release_date = '2027-02-02'"
            ),
            (
                "/referral/\(referral)/step/sent", [],
                "SELECT count(*) FROM referral WHERE state <> 'DRAFT'"
            ),
            (
                "/questions/\(question)", [("answer", "Tanswer")],
                "SELECT count(*) FROM conflict_answer WHERE text = 'Tanswer'"
            ),
        ]
    }

    /// Opens every form, closes the desk, sends them, and looks at what is said.
    private static func typedLate(
        saying words: String, _ close: @escaping @Sendable (CaseDesk) throws -> Void
    ) async throws {
        let desk = try CaseDesk()
        let forms = try forms(desk)
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            var hidden: [[(String, String)]] = []
            for form in forms { hidden.append(try await open(form.path, browser, cookie)) }
            try close(desk)
            for (form, carried) in zip(forms, hidden) {
                #expect(try desk.count(form.kept) == 0, "\(form.path)")
                let sent = try await browser.post(form.path, form.fields + carried, cookie: cookie)
                #expect(sent.status == 303, "\(form.path) \(sent.status) \(sent.text)")
                #expect(try desk.count(form.kept) == 1, "\(form.path)")
                let told = try await browser.get(try #require(sent.headers[.location]), cookie: cookie)
                #expect(told.status == 200 && told.text.contains(words), "\(form.path): \(told.text)")
                #expect(showsNothing(told), "\(form.path)")
                // It is not offered anew.
                let anew = try await browser.get(form.path, cookie: cookie)
                #expect(anew.status == 403 && showsNothing(anew), "\(form.path)")
            }
        }
    }

    @Test("What was being typed when the lease ended is saved, and nothing of a case is shown")
    func leaseOver() async throws {
        try await ClosedDeskTests.typedLate(saying: "Saved here. This device&#39;s lease has ended: sync.") {
            try $0.write("UPDATE ru_meta SET value = ? WHERE name = 'lease_ms'", [CaseDesk.noon])
        }
    }

    @Test("What was being typed when the hub ended the device is kept here, and the page says whom to ring")
    func revoked() async throws {
        try await ClosedDeskTests.typedLate(saying: "Saved here, and kept here") {
            try $0.replica.note(standingIn: .revoked)
        }
    }

    @Test("A form that cannot be taken as it is shows what was typed, and does not say that it is both lost and not")
    func wrong() async throws {
        let desk = try CaseDesk()
        let need = "/row/need/\(try desk.first("need"))"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let note = "/case/\(desk.id)/add/case_note"
            let carried = try await ClosedDeskTests.open(note, browser, cookie)
            let changing = try await ClosedDeskTests.open("\(need)/change", browser, cookie)
            let child = "/row/child/\(try desk.first("child"))/delete"
            let deleting = try await ClosedDeskTests.open(child, browser, cookie)
            try desk.write("UPDATE ru_meta SET value = ? WHERE name = 'lease_ms'", [CaseDesk.noon])
            for (path, fields) in [
                (note, [("kind", "CONTACT"), ("body", "Tnote"), ("recorded_for_at", "1026-11-22T09:15")] + carried),
                // Somebody else changed the record meanwhile.
                (
                    "\(need)/change",
                    [("category", "ACCOMMODATION"), ("detail", "Tnote"), ("row_version", "another")]
                        + changing.filter { $0.0 != "row_version" }
                ),
            ] {
                let page = try await browser.post(path, fields, cookie: cookie)
                #expect(page.status == 422 && page.text.contains("Tnote"), "\(path) \(page.status)")
                #expect(page.text.contains("It was not saved, and is kept nowhere."))
                #expect(!page.text.contains("othing is lost") && !page.text.contains("goes out with the next sync"))
                #expect(ClosedDeskTests.showsNothing(page), "\(path)")
            }
            #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'Tnote'") == 0)
            let gone = try await browser.post(child, deleting, cookie: cookie)
            #expect(gone.status == 403 && !gone.text.contains("othing is lost"))
            #expect(try desk.count("SELECT count(*) FROM child") == 1)
        }
    }

    @Test("Every page of a revoked device says that it is, promises no sync, and shows no case")
    func banner() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica, syncing: SyncRunner { _ in SyncOutcome() }) { browser in
            let cookie = try await browser.signIn()
            let heading = "This device is revoked."
            #expect(try await browser.get("/sync", cookie: cookie).text.contains("Sync now"))
            #expect(try await !browser.get("/replica", cookie: cookie).text.contains(heading))
            try desk.replica.note(standingIn: .revoked)
            for path in ["/", "/case/\(desk.id)", "/search", "/referrals", "/visits", "/questions", "/organisation"] {
                let page = try await browser.get(path, cookie: cookie)
                #expect(page.status == 403 && page.text.contains(heading), "\(path)")
                #expect(ClosedDeskTests.showsNothing(page), "\(path)")
            }
            for path in ["/sync", "/replica", "/case/new"] {
                let page = try await browser.get(path, cookie: cookie)
                #expect(page.status == 200 && page.text.contains(heading), "\(path)")
                #expect(page.text.contains("Ring the operator of <bdi>"), "\(path)")
                #expect(!page.text.contains("Sync now") && !page.text.contains("with the next sync"), "\(path)")
            }
            let made = try await browser.post(
                "/case/new", [("known_as", "Tnew"), ("interpreter", "no"), ("cohort", "PRISON_LEAVER")],
                from: "/case/new", cookie: cookie)
            let told = try await browser.get(try #require(made.headers[.location]), cookie: cookie).text
            #expect(told.contains("Saved here, and kept here") && !told.contains("with the next sync"))
            #expect(try desk.count("SELECT count(*) FROM person WHERE known_as = 'Tnew'") == 1)
        }
    }

    @Test("A desk whose hub shut it out says so, and that what is typed waits")
    func suspended() async throws {
        let desk = try CaseDesk()
        try desk.replica.note(standingIn: .suspended)
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get("/", cookie: cookie)
            #expect(page.status == 200 && page.text.contains("This device is shut out."))
            let add = "/case/\(desk.id)/add/case_note"
            let sent = try await browser.post(
                add, [("kind", "CONTACT"), ("body", "Tnote"), ("recorded_for_at", "2026-11-22T09:15")], from: add,
                cookie: cookie)
            #expect(sent.status == 303)
            let told = try await browser.get("/case/\(desk.id)", cookie: cookie).text
            #expect(told.contains("Saved here. It waits here until") && !told.contains("with the next sync"))
        }
    }

    @Test("A replica that is not there any more is not made anew, empty, by a form")
    func away() async throws {
        let desk = try CaseDesk()
        let path = "/case/\(desk.id)/add/case_note"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let carried = try await ClosedDeskTests.open(path, browser, cookie)
            try DurableFile.move(desk.replica.path, to: desk.replica.path + ".away")
            let page = try await browser.post(
                path, [("kind", "CONTACT"), ("body", "Tnote"), ("recorded_for_at", "2026-11-22T09:15")] + carried,
                cookie: cookie)
            #expect(page.status == 409 && page.text.contains("Tnote"), "\(page.status) \(page.text)")
            #expect(page.text.contains("is not there") && page.text.contains("Is its drive in?"))
            #expect(page.text.contains("The file "), "a sentence does not begin with a path")
            #expect(!DurableFile.exists(desk.replica.path))
            try DurableFile.move(desk.replica.path + ".away", to: desk.replica.path)
            #expect(try await browser.get("/case/\(desk.id)", cookie: cookie).status == 200)
        }
    }
}
