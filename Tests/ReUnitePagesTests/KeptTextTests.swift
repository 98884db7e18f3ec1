import HTTPTypes
import ReUniteSync
import Synchronization
import Testing

@testable import ReUniteHub
@testable import ReUnitePages

@Suite("What was typed is on the page that cannot take it, or comes back to whoever typed it")
struct KeptTextTests {
    @Test("A case leaves while a form of it is open: the page says so, and holds what was typed")
    func caseLeaves() async throws {
        let desk = try CaseDesk()
        let forms: [(path: String, fields: [(String, String)])] = [
            ("add/case_note", [("kind", "CONTACT"), ("body", "An hour's <note>")]),
            ("own-note", [("kind", "CONTACT"), ("body", "An hour's <note>")]),
            ("consent", [("decision", "GIVEN"), ("evidence_ref", "An hour's <note>")]),
            ("refer", [("to", "GLS"), ("reason_for_area", "An hour's <note>")]),
        ]
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get("/case/\(desk.id)/add/case_note", cookie: cookie).text
            let token = String(try #require(page.firstMatch(of: /name="form_token" value="([^"]*)"/)).1)
            try desk.write("UPDATE case_file SET id = zeroblob(16)")
            for (path, fields) in forms {
                let refused = try await browser.post(
                    "/case/\(desk.id)/\(path)", [("form_token", token)] + fields, cookie: cookie)
                #expect(refused.status == 409, "\(path)")
                for text in ["An hour&#39;s &lt;note&gt;", "left while you typed", "href=\"/sync\""] {
                    #expect(refused.text.contains(text), "\(path): \(text)")
                }
                #expect(!refused.text.contains(token), "\(path)")
            }
        }
    }

    @Test("A refusal has the way on, and its sentences begin as sentences do")
    func wayOn() async throws {
        let desk = try CaseDesk()
        let id = Identifier(high: 1, low: 2)
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            for path in ["/nowhere", "/case/\(id)", "/row/person/\(id)/change", "/case/\(id)/add/nothing"] {
                let page = try await browser.get(path, cookie: cookie)
                #expect(page.status == 404, "\(path)")
                #expect(page.text.contains("<a href=\"/\">Caseload</a>") && page.text.contains("<nav"), "\(path)")
                #expect(page.text.firstMatch(of: /<p>[a-z]/) == nil, "\(path)")
            }
            let stranger = try await browser.get("/nowhere")
            #expect(stranger.status == 403 && !stranger.text.contains("<nav"))
        }
    }

    @Test("Signed out meanwhile, an operator finds the form again after signing in, and nobody else does")
    func signedOut() async throws {
        let world = try ConsoleWorld()
        let other = try world.hub.admit(operator: "Sam").code
        let path = "/conflict/\(Identifier(high: 1, low: 2))"
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            let token = browser.token(cookie)
            let form = ["form_token": token, "choice": "1", "reason": "She showed the letter"]
            world.clock.withLock { $0 += ConsoleSession.idleMilliseconds + 1 }
            #expect(try await browser.ask(path, form, cookie: cookie).headers[.location] == "/sign-in")
            let sam = try await browser.ask(
                "/sign-in", ["name": "Sam", "code": other, "form_token": token], cookie: cookie)
            #expect(sam.headers[.location] == "/")
            let page = try await browser.ask("/sign-in", cookie: cookie)
            #expect(page.status == 303)
            let now = try await browser.ask("/sign-out", cookie: cookie).text
            let new = String(try #require(now.firstMatch(of: /name="form_token" value="([^"]*)"/)).1)
            #expect(new != token)
            let ruth = try await browser.ask(
                "/sign-in", ["name": "Ruth", "code": world.code, "form_token": new], cookie: cookie)
            #expect(ruth.headers[.location] == path + "?kept=1")
        }
    }

    @Test("A form that one operator left open is not taken under the name of the next; its words are shown")
    func anotherOperator() async throws {
        let world = try ConsoleWorld()
        let other = try world.hub.admit(operator: "Sam").code
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            let token = browser.token(cookie)
            _ = try await browser.ask("/sign-out", ["form_token": token], cookie: cookie)
            _ = try await browser.ask(
                "/sign-in", ["name": "Sam", "code": other, "form_token": token], cookie: cookie)
            let path = "/conflict/\(Identifier(high: 1, low: 2))"
            let form = ["form_token": token, "choice": "1", "reason": "Ruth typed this"]
            let sent = try await browser.ask(
                path, form, cookie: cookie, [("Origin", "http://127.0.0.1:\(browser.port)")])
            #expect(sent.status == 403 && sent.text.contains("Ruth typed this"))
            let elsewhere = try await browser.ask(path, form, cookie: cookie, [("Origin", "http://evil.example")])
            #expect(elsewhere.status == 403 && !elsewhere.text.contains("Ruth typed this"))
            #expect(try await browser.ask("/board", cookie: cookie).text.contains("Sam"))
        }
    }

    @Test("A mistyped reference stays in its field, above the other reports")
    func reports() async throws {
        let world = try ConsoleWorld()
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            for typed in ["SRY-00-0000-Z", "zz", ""] {
                let page = try await browser.ask(
                    "/reports/disclosures", ["case": typed, "form_token": browser.token(cookie)], cookie: cookie)
                #expect(page.status == 422 && page.text.contains("value=\"\(typed)\""), "\(typed)")
                #expect(page.text.contains("href=\"#field-case\"") && page.text.contains("figures"), "\(typed)")
            }
        }
    }

    @Test("What a session keeps for one operator it gives to no other, and keeps until it is taken")
    func session() {
        let session = ConsoleSession(clock: { 0 })
        let people = (1...2).map {
            Hub.Operator(
                id: Identifier(high: 0, low: UInt64($0)), name: "P\($0)", addedMilliseconds: 0)
        }
        let form = FormBody([.init(name: "reason", value: "Typed")])
        #expect(session.signIn(people[0]) == nil)
        session.signOut()
        session.keep(form, page: "/conflict/x", sentTo: "/conflict/x")
        #expect(session.signIn(people[1]) == nil)
        #expect(session.show("/conflict/x", to: people[1].id) == nil)
        session.settle(form, sentTo: "/conflict/x", by: people[1].id)
        #expect(session.signIn(people[0]) == "/conflict/x?kept=1")
        for _ in 1...2 { #expect(session.show("/conflict/x", to: people[0].id)?.form == form) }
        let right = FormBody.Field(name: "reason", value: "Put right")
        session.settle(FormBody([right]), sentTo: "/conflict/x", by: people[0].id)
        #expect(session.show("/conflict/x", to: people[0].id)?.form == form)
        let number = FormBody.Field(name: PageFrame.keptField, value: "1")
        session.settle(FormBody([right, number]), sentTo: "/conflict/x", by: people[0].id)
        #expect(session.show("/conflict/x", to: people[0].id) == nil)
    }
}
