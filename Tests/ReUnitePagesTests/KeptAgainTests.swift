import HTTPTypes
import Hummingbird
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub
@testable import ReUnitePages

@Suite("A kept form is the one that it was, however often it is kept, and only its own sending settles it")
struct KeptAgainTests {
    private func note(_ text: String) -> [(String, String)] {
        [("kind", "VISIT"), ("body", text), ("at", "2026-11-22T09:15")]
    }

    @Test("A form that locks twice comes back with its newer words, and is one kept form")
    func locksTwice() async throws {
        let world = try InsideWorld()
        let path = "/visit/\(try world.desk.first("visit"))/note"
        try await world.visit { browser in
            let cookie = try await browser.signIn()
            var page = try await browser.get(path, cookie: cookie).text
            for text in ["Some words", "Some words, and more", "Some words, and more, and the end"] {
                world.clock.pass(180_000)
                let sent = try await browser.post(path, world.hidden(page) + note(text), cookie: cookie)
                #expect(sent.headers[.location] == "/unlock")
                page = try await browser.get(try await world.unlock(browser, cookie), cookie: cookie).text
                #expect(page.contains(">\(text)</textarea>"))
                let kept = try await browser.get("/kept", cookie: cookie).text
                #expect(kept.matches(of: /<article/).count == 1 && kept.contains("<bdi>\(text)</bdi>"))
            }
            // What is wrong is said above the same form, which is still that one.
            let wrong = try await browser.post(
                path, world.hidden(page) + [("kind", "VISIT"), ("body", "Some words, no time")], cookie: cookie)
            #expect(wrong.status == 422)
            let saved = try await browser.post(path, world.hidden(wrong.text) + note("Put right"), cookie: cookie)
            #expect(saved.status == 303)
            #expect(try await !browser.get("/", cookie: cookie).text.contains("href=\"/kept\""))
            #expect(try world.desk.count("SELECT count(*) FROM case_note WHERE body LIKE 'Some%'") == 0)
        }
    }

    @Test("Of two kept forms of one page each opens by itself, and another window's form settles neither")
    func twoOfOnePage() async throws {
        let world = try InsideWorld()
        let path = "/visit/\(try world.desk.first("visit"))/note"
        try await world.visit { browser in
            let cookie = try await browser.signIn()
            let windows = [
                try await browser.get(path, cookie: cookie).text, try await browser.get(path, cookie: cookie).text,
                try await browser.get(path, cookie: cookie).text,
            ]
            world.clock.pass(180_000)
            for (window, text) in zip(windows, ["First", "Second"]) {
                _ = try await browser.post(path, world.hidden(window) + note(text), cookie: cookie)
            }
            let there = try await world.unlock(browser, cookie)
            #expect(try await browser.get(there, cookie: cookie).text.contains(">Second</textarea>"))
            let links = try await browser.get("/kept", cookie: cookie).text.matches(of: /class="button" href="([^"]*)"/)
                .map { String($0.1) }
            #expect(links.count == 2)
            var forms: [String] = []
            for (link, text) in zip(links, ["First", "Second"]) {
                forms.append(try await browser.get(link, cookie: cookie).text)
                #expect(forms.last?.contains(">\(text)</textarea>") == true)
            }
            // Another note, of a window that was open before: it is neither of them.
            let other = try await browser.post(path, world.hidden(windows[2]) + note("Third"), cookie: cookie)
            #expect(other.status == 303)
            var kept = try await browser.get("/kept", cookie: cookie).text
            #expect(kept.contains("<bdi>First</bdi>") && kept.contains("<bdi>Second</bdi>"))
            let second = try await browser.post(
                path, world.hidden(forms[1]) + note("Second, put right"), cookie: cookie)
            #expect(second.status == 303)
            kept = try await browser.get("/kept", cookie: cookie).text
            #expect(kept.contains("<bdi>First</bdi>") && !kept.contains("<bdi>Second</bdi>"))
            // Sent again as it was, by Back: every word of it is written.
            let first = try await browser.post(path, world.hidden(windows[0]) + note("First"), cookie: cookie)
            #expect(first.status == 303)
            #expect(try await !browser.get("/", cookie: cookie).text.contains("href=\"/kept\""))
            #expect(
                try world.desk.count(
                    "SELECT count(*) FROM case_note WHERE body IN ('First', 'Second, put right', 'Third')") == 3)
        }
    }

    @Test("What was kept is read and saved also when the hours of the visit are over; nothing else is shown")
    func expired() async throws {
        let world = try InsideWorld()
        let visit = "/visit/\(try world.desk.first("visit"))"
        let path = visit + "/note"
        try await world.visit { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get(path, cookie: cookie).text
            let open = try await browser.get(path, cookie: cookie).text
            world.clock.pass(180_000)
            _ = try await browser.post(path, world.hidden(page) + note("Typed in time"), cookie: cookie)
            world.desk.desk.time.advance(milliseconds: 49 * 3_600_000)
            let there = try await world.unlock(browser, cookie)
            for shown in ["/kept", there] {
                let page = try await browser.get(shown, cookie: cookie)
                #expect(page.status == 200 && page.text.contains("Typed in time"), "\(shown)")
                #expect(!page.text.contains("Mknown"), "\(shown)")
            }
            #expect(try await browser.get("/kept", cookie: cookie).text.contains("href=\"\(there)\""))
            for shown in ["/", visit, visit + "/record"] {
                #expect(try await browser.get(shown, cookie: cookie).status == 403, "\(shown)")
            }
            // A form that was open since before is taken as well, and what is wrong with it is said.
            let wrong = try await browser.post(
                path, world.hidden(open) + [("kind", "VISIT"), ("body", "")], cookie: cookie)
            #expect(wrong.status == 422 && !wrong.text.contains("Mknown"))
            for (form, text) in [
                (wrong.text, "Typed late"), (try await browser.get(there, cookie: cookie).text, "Typed in time"),
            ] {
                let saved = try await browser.post(path, world.hidden(form) + note(text), cookie: cookie)
                #expect(saved.status == 303)
                let count = try world.desk.count("SELECT count(*) FROM case_note WHERE body = '\(text)'")
                #expect(count == 1, "\(text)")
            }
            let empty = try await browser.get("/kept", cookie: cookie).text
            #expect(empty.contains("There is none.") && empty.contains("Saved on this laptop"))
        }
    }

    @Test("At the console a reason that timed out twice comes back with its newer words, under one number")
    func consoleTwice() async throws {
        let session = ConsoleSession(clock: { 0 })
        let person = Identifier(high: 0, low: 1)
        _ = session.signIn(.init(id: person, name: "P", addedMilliseconds: 0))
        let path = "/conflict/x"
        session.keep(FormBody([.init(name: "reason", value: "A")]), page: path, sentTo: path)
        let shown = try #require(session.show(path, to: person))
        let carried = FormBody(shown.filled.fields.filter { $0.name == PageFrame.keptField })
        session.keep(FormBody(carried.fields + [.init(name: "reason", value: "A and B")]), page: path, sentTo: path)
        #expect(session.kept(for: person).map { $0.form["reason"] } == ["A and B"])
        // The first number once more, from another window: both stay.
        session.keep(FormBody(carried.fields + [.init(name: "reason", value: "A and C")]), page: path, sentTo: path)
        #expect(session.kept(for: person).map { $0.form["reason"] } == ["A and B", "A and C"])
    }

    @Test("A form that was refused and led to what is kept was not taken: sent again, nobody is told that it was")
    func refusedIsNotTaken() async throws {
        let world = try ConsoleWorld()
        let refusing: @Sendable (Router<PageContext>) -> Void = { router in
            router.post("/conflict/closed") { _, _ in Response.seeOther(KeptView.path) }
        }
        try await world.visit(adding: refusing) { browser in
            let cookie = try await browser.signIn(world)
            let form = ["form_token": browser.token(cookie), "form_id": "once", "reason": "Typed"]
            for _ in 1...2 {
                let sent = try await browser.ask("/conflict/closed", form, cookie: cookie)
                #expect(sent.headers[.location] == "/kept")
            }
            #expect(try await !browser.ask("/kept", cookie: cookie).text.contains(FormsOnce.before))
        }
    }

    @Test("A form of an operator who was ended meanwhile is there when the same one is let in again")
    func ended() async throws {
        let world = try ConsoleWorld()
        let path = "/conflict/\(Identifier(high: 1, low: 2))"
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            let token = browser.token(cookie)
            _ = try world.hub.end(operator: "Ruth")
            let form = ["form_token": token, "choice": "1", "reason": "Typed before the end"]
            #expect(try await browser.ask(path, form, cookie: cookie).headers[.location] == "/sign-in")
            let again = try world.hub.admit(operator: "Ruth").code
            let signed = try await browser.ask(
                "/sign-in", ["name": "Ruth", "code": again, "form_token": token], cookie: cookie)
            #expect(signed.headers[.location]?.hasPrefix(path) == true)
            #expect(try await browser.ask("/kept", cookie: cookie).text.contains("Typed before the end"))
        }
    }
}
