import HTTPTypes
import ReUniteSync
import Testing

@testable import ReUnitePages

@Suite("A form is taken once, and says at its field what is missing")
struct OnceTests {
    @Test("The same form sent twice, one after the other or at once, is one record")
    func twice() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            for (path, fields, count) in [
                (
                    "/case/\(desk.id)/add/case_note", [("kind", "CONTACT"), ("body", "Once")],
                    "SELECT count(*) FROM case_note WHERE body = 'Once'"
                ),
                (
                    "/case/new", [("known_as", "Monce"), ("interpreter", "no")],
                    "SELECT count(*) FROM person WHERE known_as = 'Monce'"
                ),
            ] {
                let page = try await browser.get(path, cookie: cookie).text
                let hidden = page.matches(of: /<input type="hidden" name="(form_[a-z]+)" value="([^"]*)">/)
                    .map { (String($0.1), String($0.2)) }
                #expect(hidden.map(\.0) == ["form_token", "form_id"])
                let sent = hidden + fields
                async let first = browser.post(path, sent, cookie: cookie)
                async let second = browser.post(path, sent, cookie: cookie)
                let third = try await browser.post(path, sent, cookie: cookie)
                let answers = try await [first, second, third]
                #expect(answers.map(\.status) == [303, 303, 303])
                #expect(Set(answers.map { $0.headers[.location] }).count == 1)
                #expect(try desk.count(count) == 1)
                let led = try #require(answers[0].headers[.location]?.split(separator: "#").first.map(String.init))
                #expect(try await browser.get(led, cookie: cookie).text.contains(FormsOnce.before))
                // The next form is another, whatever it says.
                #expect(try await browser.post(path, fields, from: path, cookie: cookie).status == 303)
                #expect(try desk.count(count) == 2)
            }
        }
    }

    @Test("Shown again by Back and sent with other words, it is another form: nothing that was typed is thrown away")
    func otherWords() async throws {
        let desk = try CaseDesk()
        let path = "/case/\(desk.id)/add/case_note"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get(path, cookie: cookie).text
            let hidden = page.matches(of: /<input type="hidden" name="(form_[a-z]+)" value="([^"]*)">/)
                .map { (String($0.1), String($0.2)) }
            for body in ["First words", "Other words", "First words"] {
                let sent = try await browser.post(
                    path, hidden + [("kind", "CONTACT"), ("body", body)], cookie: cookie)
                #expect(sent.status == 303, "\(body)")
            }
            #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'First words'") == 1)
            #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'Other words'") == 1)
        }
    }

    @Test("An empty form makes no record, and what has to be chosen is asked for at its field")
    func empty() async throws {
        let desk = try CaseDesk()
        let referral = try desk.first("referral")
        let forms = [
            ("/case/new", "known_as", [("interpreter", "no")]), ("/case/\(desk.id)/own-note", "body", []),
            ("/case/\(desk.id)/consent", "decision", []), ("/case/\(desk.id)/refer", "to", []),
            ("/case/\(desk.id)/add/address", "form", []), ("/referral/\(referral)/step/withdrawn", "reason", []),
        ]
        let cases = try desk.count("SELECT count(*) FROM case_file")
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            _ = try await browser.post(
                "/referral/\(referral)/step/sent", [], from: "/referral/\(referral)/step/sent", cookie: cookie)
            for (path, field, fields) in forms {
                let page = try await browser.post(path, fields, from: path, cookie: cookie)
                let anchor = field == "form" ? "form" : "field-\(field)"
                #expect(page.status == 422 && page.text.contains("href=\"#\(anchor)\""), "\(path)")
                #expect(field == "form" || page.text.contains("id=\"error-\(field)\""), "\(path)")
                #expect(!page.text.contains("withdraw_reason"), "\(path)")
            }
        }
        #expect(try desk.count("SELECT count(*) FROM case_file") == cases)
        #expect(try desk.count("SELECT count(*) FROM address") == 0)
    }

    @Test("Everything that is wrong with a form is said at once, each at its field, with what was typed")
    func atOnce() async throws {
        let desk = try CaseDesk()
        let referral = try desk.first("referral")
        let forms: [(path: String, typed: [(String, String)], fields: [String])] = [
            (
                "/case/new", [("date_of_birth", "2091-02-03"), ("cohort", "X"), ("interpreter", "no")],
                ["known_as", "date_of_birth", "cohort"]
            ),
            (
                "/case/\(desk.id)/own-note", [("body", ""), ("recorded_for_at", "soon")], ["body", "recorded_for_at"]
            ),
            (
                "/case/\(desk.id)/consent", [("expires_on", "2026-13-01"), ("recorded_for_at", "2031-01-01T10:00")],
                ["decision", "expires_on", "recorded_for_at"]
            ),
            (
                "/case/\(desk.id)/refer", [("release_date", "soon"), ("urgency", "X")],
                ["to", "urgency", "release_date"]
            ),
            (
                "/case/\(desk.id)/refer",
                [("to", "GLS"), ("release_date", "2027-02-02"), ("needed_from", "2027-02-01")], ["needed_from"]
            ),
            (
                "/visits/record", [("visit", "1234"), ("minutes", "ten"), ("at", "late")],
                ["visit", "attended", "at", "minutes"]
            ),
            (
                "/visits/record",
                [("visit", "1234"), ("attended", "YES"), ("reason", "REFUSED"), ("at", "14:05"), ("minutes", "9999")],
                ["visit", "minutes", "reason"]
            ),
            (
                "/referral/\(referral)/step/pre_check", [("bedrooms", "x"), ("step_free", "maybe")],
                [
                    "bedrooms", "step_free",
                ]
            ),
        ]
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            for (path, typed, fields) in forms {
                let page = try await browser.post(path, typed, from: path, cookie: cookie)
                #expect(page.status == 422, "\(path)")
                for field in fields {
                    #expect(page.text.contains("href=\"#field-\(field)\""), "\(path) \(field)")
                    #expect(page.text.contains("id=\"error-\(field)\""), "\(path) \(field)")
                }
                #expect(page.text.matches(of: /href="#field-/).count == fields.count, "\(path)")
                #expect(!page.text.contains("href=\"#form\""), "\(path)")
                for (name, value) in typed where ["at", "minutes", "bedrooms", "visit"].contains(name) {
                    #expect(page.text.contains("value=\"\(value)\""), "\(path) \(name)")
                }
            }
        }
    }

    @Test("The console asks for a choice and a reason at once, and says the way out of what was refused")
    func console() throws {
        let console = Console(session: ConsoleSession(), open: { throw FormRefusal(problems: []) })
        let empty = try console.problems(FormBody([.init(name: "reason", value: "short")]), asks: "choice") {}
        #expect(empty?.map(\.field) == ["choice", "reason"])
        let form = FormBody([
            .init(name: "choice", value: "1"), .init(name: "reason", value: "It is on the certificate"),
        ])
        #expect(try console.problems(form, asks: "choice") {} == nil)
        let refused = try console.problems(form, asks: "choice") {
            throw Failure(
                .badData, what: "Resolving", why: "it is closed already", remedy: "Look at it with 'hub conflicts show'"
            )
        }
        #expect(refused == [FormProblem(field: "", text: "It is closed already. Look at it.")])
    }

    @Test("A yes after she took it back says what it needs before it counts")
    func yesAgain() async throws {
        let desk = try CaseDesk()
        let path = "/case/\(desk.id)/consent"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            func decide(_ decision: String, _ at: String, _ evidence: String = "") async throws -> String {
                let sent = try await browser.post(
                    path,
                    [
                        ("decision", decision), ("purpose", "SHARE_WITH_PARTNER"), ("partner", "GLS"),
                        ("recorded_for_at", at), ("evidence_ref", evidence),
                    ], from: path, cookie: cookie)
                #expect(sent.status == 303)
                return try await browser.get("/case/\(desk.id)", cookie: cookie).text
            }
            #expect(try await !decide("GIVEN", "2026-11-22T08:00").contains("does not count yet"))
            _ = try await decide("WITHDRAWN", "2026-11-22T09:00")
            #expect(try await decide("GIVEN", "2026-11-22T10:00").contains("does not count yet"))
        }
    }
}
