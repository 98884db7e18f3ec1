import HTTPTypes
import ReUniteSync
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("Whoever goes back is shown the page again, and sends no form again")
struct BackTests {
    @Test("A search leads to a page of its own, which the address tells nothing of and no other session is shown")
    func search() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            var pages: [String] = []
            for text in ["Mkn", "Nobody", "Nobody"] {
                let sent = try await browser.post("/search", [("text", text)], from: "/search", cookie: cookie)
                #expect(sent.status == 303 && sent.text.isEmpty)
                pages.append(try #require(sent.headers[.location]))
            }
            // Asked for once more it is the same page; another search has another, and both can be gone back to.
            #expect(pages == ["/search/1", "/search/2", "/search/2"])
            for _ in 0..<2 {
                let found = try await browser.get("/search/1", cookie: cookie)
                #expect(found.status == 200 && found.text.contains("/case/\(desk.id)") && found.text.contains("Mkn"))
                #expect(try await browser.get("/search/2", cookie: cookie).text.contains("Nothing here fits"))
            }
            for path in ["/search/3", "/search/0", "/search/-1", "/search/Mkn"] {
                let none = try await browser.get(path, cookie: cookie)
                #expect(none.status == 303 && none.headers[.location] == "/search", "\(path)")
            }
            #expect(try await browser.get("/search/1").status == 403)
            #expect(try await !browser.get("/search", cookie: cookie).text.contains("Mkn"))
        }
    }

    @Test("The console shows what was asked for at an address of its own, to whoever asked for it")
    func console() async throws {
        let world = try ConsoleWorld()
        let other = Identifier(high: 3, low: 4).description
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            let form = ["form_token": browser.token(cookie)]
            let id = Identifier(high: 1, low: 2).description
            for path in ["/conflict/\(id)", "/quarantine/\(id)", "/pair/\(id)/\(other)"] {
                let sent = try await browser.ask("\(path)/names", form, cookie: cookie)
                let page = try #require(sent.headers[.location])
                #expect(sent.status == 303 && page.hasPrefix("\(path)/names/"))
                // Nobody asked for these: the page without names.
                for elsewhere in ["\(path)/names/99", "/conflict/\(Identifier(high: 1, low: 3))/names/1"] {
                    let none = try await browser.ask(elsewhere, cookie: cookie)
                    let plain = elsewhere.split(separator: "/").dropLast(2).map { "/\($0)" }.joined()
                    #expect(none.status == 303 && none.headers[.location] == plain, "\(elsewhere)")
                }
                #expect(try await browser.ask(page, cookie: cookie).status == 404)
            }
            let none = try await browser.ask("/reports/disclosures/1", cookie: cookie)
            #expect(none.status == 303 && none.headers[.location] == "/reports")
        }
    }

    @Test("So many things are kept, for one reader at a time")
    func kept() {
        let asked = AskedFor<String>()
        let numbers = (1...150).map { asked.keep("word \($0)", for: "one") }
        #expect(numbers == Array(1...150))
        #expect(asked.what("50", for: "one") == nil && asked.what("51", for: "one") == "word 51")
        #expect(asked.what("150", for: "two") == nil)
        #expect(asked.keep("word 150", for: "two") == 151 && asked.what("150", for: "one") == nil)
        #expect(asked.what("9223372036854775808", for: "two") == nil && asked.what(nil, for: "two") == nil)
    }
}
