import HTTPTypes
import ReUniteSync
import Synchronization
import Testing

@testable import ReUnitePages

@Suite("What was kept of a form stays until it is taken, and there is no more of it than fits")
struct KeptFormsTests {
    private func form(_ text: String, id: String = "1") -> FormBody {
        FormBody([.init(name: "form_id", value: id), .init(name: "body", value: text)])
    }

    @Test("Shown as often as it is asked for; taken, that one is gone and no other")
    func settles() {
        var kept = KeptForms<Int>()
        kept.keep(form("A"), of: 1, page: "/p", sentTo: "/p")
        kept.keep(form("B"), of: 1, page: "/p", sentTo: "/p")
        kept.keep(form("A", id: "2"), of: 1, page: "/p", sentTo: "/p")
        #expect(kept.all(of: 1).count == 2 && kept.all(of: 2).isEmpty)
        // Other words, and no number: neither of them was sent, whatever was shown.
        kept.settle(form("C"), of: 1, sentTo: "/p")
        #expect(kept.all(of: 1).count == 2)
        for _ in 1...2 { #expect(kept.show(on: "/p", to: 1)?.form == form("A")) }
        #expect(kept.show(on: "/p", number: 2, to: 1)?.form == form("B"))
        #expect(kept.show(on: "/p", number: 2, to: 2) == nil && kept.show(on: "/q", number: 2, to: 1) == nil)
        // The same words, sent again by "Back": that one was sent.
        kept.settle(form("B", id: "9"), of: 1, sentTo: "/p")
        #expect(kept.all(of: 1).map(\.form) == [form("A")])
        let right = FormBody([.init(name: PageFrame.keptField, value: "1"), .init(name: "body", value: "A, put right")])
        kept.settle(right, of: 1, sentTo: "/elsewhere")
        kept.settle(right, of: 2, sentTo: "/p")
        kept.settle(form("A, put right"), of: 1, sentTo: "/p")
        #expect(kept.all(of: 1).count == 1)
        kept.settle(right, of: 1, sentTo: "/p")
        #expect(kept.all(of: 1).isEmpty)
    }

    @Test("The newest twenty are kept")
    func bounded() {
        var kept = KeptForms<Int>()
        for number in 1...50 { kept.keep(form("\(number)"), of: 1, page: "/p", sentTo: "/p") }
        #expect(kept.all(of: 1).map(\.number) == Array(31...50))
        kept.letGo(40, of: 2)
        kept.letGo(41, of: 1)
        #expect(kept.all(of: 1).count == 19)
    }

    @Test("Only a form of a page that may exist is kept, under its one address")
    func paths() {
        let id = Identifier(high: 1, low: 2).description
        #expect(Console.page(of: "/conflict/\(id)") == "/conflict/\(id)")
        #expect(Console.page(of: "/conflict/\(id)/reopen") == "/conflict/\(id)")
        #expect(Console.page(of: "/conflict/\(id)/ask") == "/conflict/\(id)/ask")
        #expect(Console.page(of: "/pair/\(id)/\(id)") == "/pair/\(id)/\(id)")
        for path in [
            "//conflict/\(id)", "/conflict//\(id)", "/conflict/\(id)/", "/conflict/none", "/quarantine/none", "/",
            "", "/conflict", "/pair/\(id)", "/pair/\(id)/x", "/conflict/\(id)/names", "/quarantine/\(id)/ask",
            "/sign-in", "conflict/\(id)", "/conflict/\(id)/ask/x",
        ] { #expect(Console.page(of: path) == nil, "\(path)") }
        for path in ["//visit/v/note", "/visit//note", "/visit/w/note", "/visit/v/note/", "/visit/v/x", "/visit/v"] {
            #expect(!InsideDesk.isForm(path, of: ["v"]), "\(path)")
        }
        #expect(InsideDesk.isForm("/visit/v/note", of: ["v"]))
    }

    @Test("At the console a kept form stays till it is taken or let go, also where its page is gone")
    func console() async throws {
        let world = try ConsoleWorld()
        let path = "/conflict/\(Identifier(high: 1, low: 2))"
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            let token = browser.token(cookie)
            world.clock.withLock { $0 += ConsoleSession.idleMilliseconds + 1 }
            let once = PageSecret.new()
            for action in [path, path + "/reopen"] {
                let form = ["form_token": token, "form_id": once, "choice": "1", "reason": "Typed for \(action)"]
                #expect(try await browser.ask(action, form, cookie: cookie).headers[.location] == "/sign-in")
            }
            #expect(try await browser.ask("/quarantine/none", ["form_token": token], cookie: cookie).status == 303)
            let ruth = try await browser.ask(
                "/sign-in", ["name": "Ruth", "code": world.code, "form_token": token], cookie: cookie)
            #expect(ruth.headers[.location] == path + "?kept=2")
            // The conflict is not there: what was typed is.
            for _ in 1...2 {
                #expect(try await browser.ask(path, cookie: cookie).headers[.location] == "/kept")
                let page = try await browser.ask("/kept", cookie: cookie)
                #expect(page.status == 200 && page.text.contains("Typed for \(path)<"))
                #expect(page.text.contains("Typed for \(path)/reopen<") && page.text.contains("cannot be shown"))
                #expect(!page.text.contains(once) && page.text.contains("href=\"\(path)?kept=1\""))
            }
            // A form that led to the sign-in was not taken: sent again it is asked what it says.
            let again = ["form_token": token, "form_id": once, "choice": "1", "reason": "Typed for \(path)"]
            #expect(try await browser.ask(path, again, cookie: cookie).status != 303)
            #expect(try await browser.ask("/board", cookie: cookie).text.contains("href=\"/kept\""))
            for number in [1, 2] {
                _ = try await browser.ask("/kept/\(number)/let-go", ["form_token": token], cookie: cookie)
            }
            #expect(try await !browser.ask("/board", cookie: cookie).text.contains("href=\"/kept\""))
        }
    }
}
