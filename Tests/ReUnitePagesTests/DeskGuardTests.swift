import HTTPTypes
import ReUnitePages
import Testing

@Suite("The desk lets in the browser that was given its address, and nobody else")
struct DeskGuardTests {
    @Test("Without a session, or with a wrong one, nothing is shown")
    func noSession() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            for path in ["/", "/replica", "/case/\(desk.id)", "/nothing", "/start/", "/start/00", "/start/../"] {
                for cookie in [nil, "reunite_\(browser.port)=wrong", "reunite_\(browser.port)="] {
                    let page = try await browser.get(path, cookie: cookie)
                    #expect(page.status == 403, "\(path)")
                    #expect(!page.text.contains("Mknown") && !page.text.contains("SRY"))
                }
            }
        }
    }

    @Test("The printed address works once, and a wrong one does not use it up")
    func once() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            #expect(try await browser.get("/start/" + String(repeating: "0", count: 64)).status == 403)
            let first = try await browser.get(browser.start)
            #expect(first.status == 303 && first.headers[.location] == "/")
            let cookie = try #require(first.headers[.setCookie])
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && cookie.contains("Path=/"))
            #expect(!browser.start.contains(cookie.split(separator: ";")[0].split(separator: "=")[1]))
            let again = try await browser.get(browser.start)
            #expect(again.status == 403 && again.headers[.setCookie] == nil)
            let session = String(cookie.split(separator: ";")[0])
            #expect(try await browser.get("/", cookie: session).status == 200)
        }
    }

    @Test("Another name for this address is refused, session or not")
    func wrongHost() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            for host in [
                "evil.example", "evil.example:\(browser.port)", "127.0.0.1", "127.0.0.1:1", "127.0.0.2:\(browser.port)",
                "localhost.evil.example:\(browser.port)", "127.0.0.1:\(browser.port).evil.example",
                "[::1]:\(browser.port)",
            ] {
                let page = try await browser.get("/", cookie: cookie, host: host)
                #expect(page.status == 421, "\(host)")
                #expect(!page.text.contains("Mknown"))
            }
            #expect(try await browser.get("/", cookie: cookie, host: "LocalHost:\(browser.port)").status == 200)
        }
    }

    @Test("Every answer tells the browser to run, keep, frame and fetch nothing")
    func headers() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let pages = [
                try await browser.get("/", cookie: cookie), try await browser.get("/style.css"),
                try await browser.get("/case/\(desk.id)", cookie: cookie), try await browser.get("/"),
                try await browser.get("/nothing", cookie: cookie), try await browser.get("/", host: "evil.example"),
            ]
            #expect(pages.map(\.status) == [200, 200, 200, 403, 404, 421])
            for page in pages {
                func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { page.headers[$0] } }
                #expect(
                    header("Content-Security-Policy")
                        == "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
                )
                #expect(header("Referrer-Policy") == "same-origin")
                #expect(header("Cache-Control") == "no-store")
                #expect(header("X-Content-Type-Options") == "nosniff")
                #expect(header("Content-Type")?.contains("charset=utf-8") == true)
            }
        }
    }

    @Test("Only loopback addresses count as this machine")
    func loopback() {
        for host in ["127.0.0.1", "127.8.9.1", "::1", "localhost", "LOCALHOST"] {
            #expect(ListenAddress.isLoopback(host), "\(host)")
        }
        for host in ["0.0.0.0", "192.168.1.4", "::", "127.0.0.1.example", "127.example.0.1", "127.0.0", "localhost.x"] {
            #expect(!ListenAddress.isLoopback(host), "\(host)")
        }
    }
}
