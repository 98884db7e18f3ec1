import HTTPTypes
import ReUnitePages
import TestSupport
import Testing

@Suite("A form counts only when a page of this desk sent it")
struct ForgedFormTests {
    @Test("Without the hidden token, with a wrong one, from another site or as another type nothing is written")
    func refused() async throws {
        let desk = try CaseDesk()
        let add = "/case/\(desk.id)/add/case_note"
        let fields = [("kind", "CONTACT"), ("body", "Forged")]
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let origin = "http://127.0.0.1:\(browser.port)"
            var answers = [
                try await browser.post(add, fields, cookie: cookie),
                try await browser.post(
                    add, fields + [("form_token", String(repeating: "0", count: 64))], cookie: cookie),
                try await browser.post(add, fields, from: add),
                try await browser.post(add, fields, from: add, cookie: cookie, type: "text/plain"),
                try await browser.post(add, fields, from: add, cookie: cookie, type: "multipart/form-data; boundary=x"),
            ]
            for header in [
                ("Origin", "http://evil.example"), ("Origin", "null"), ("Origin", "https://127.0.0.1:\(browser.port)"),
                ("Origin", "http://127.0.0.1:1"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"),
                ("Sec-Fetch-Site", "none"),
            ] {
                answers.append(try await browser.post(add, fields, from: add, cookie: cookie, headers: [header]))
            }
            #expect(answers.map(\.status) == Array(repeating: 403, count: answers.count))
            let named = try await browser.post(add, fields, from: add, cookie: cookie, host: "evil.example")
            #expect(named.status == 421)
            #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'Forged'") == 0)
            let own = try await browser.post(
                add, fields, from: add, cookie: cookie,
                headers: [("Origin", origin), ("Sec-Fetch-Site", "same-origin")])
            #expect(own.status == 303)
            #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'Forged'") == 1)
        }
    }

    @Test("A form that is too large, or not one, is refused and changes nothing")
    func oversized() async throws {
        let desk = try CaseDesk()
        let add = "/case/\(desk.id)/add/case_note"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let long = [("kind", "CONTACT"), ("body", String(repeating: "a", count: 300_000))]
            let refused = try await browser.post(add, long, from: add, cookie: cookie)
            #expect(refused.status == 413 && refused.text.contains("256 kilobytes"))
            let nul = [("kind", "CONTACT"), ("body", "a\u{0}b")]
            #expect(try await browser.post(add, nul, from: add, cookie: cookie).status == 400)
            #expect(try desk.count("SELECT count(*) FROM case_note") == 1)
        }
    }
}
