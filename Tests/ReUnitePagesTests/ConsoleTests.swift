import GRDB
import HTTPTypes
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import Synchronization
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("The console shows who signed in what they may see, and puts on record that they saw it")
struct ConsoleTests {
    static let pages = [
        "/", "/decided", "/parallel", "/quarantine", "/holds", "/duplicates", "/board", "/referrals", "/nights",
        "/reports", "/log", "/sign-out",
    ]

    @Test("Without the printed address nothing is shown, and with it alone only the page to sign in")
    func doors() async throws {
        let world = try ConsoleWorld()
        try await world.visit { browser in
            for path in Self.pages + ["/sign-in"] {
                let page = try await browser.ask(path)
                #expect(page.status == 403 && !page.text.contains("Centre"), "\(path)")
            }
            let cookie = try await browser.open()
            for path in Self.pages {
                let page = try await browser.ask(path, cookie: cookie)
                #expect(page.status == 303 && page.headers[.location] == "/sign-in", "\(path)")
            }
            #expect(try await browser.ask(browser.start).status == 403)
        }
        #expect(try world.entries(.viewed).isEmpty)
    }

    @Test("A wrong code, another's name and a code that was replaced sign nobody in; every sign-in is on record")
    func codes() async throws {
        let world = try ConsoleWorld()
        try await world.visit { browser in
            let cookie = try await browser.open()
            let token = browser.token(cookie)
            let old = world.code
            let new = try world.hub.admit(operator: "Ruth").code
            for (name, code) in [("Ruth", old), ("Ruth", "0000-0000-0000-0000"), ("Rut", new), ("Ruth", ""), ("", new)]
            {
                let answer = try await browser.ask(
                    "/sign-in", ["name": name, "code": code, "form_token": token], cookie: cookie)
                #expect(answer.status == 403 && !answer.text.contains(new))
                #expect(try await browser.ask("/board", cookie: cookie).status == 303)
            }
            #expect(try world.entries(.operatorSignedIn).isEmpty)
            #expect(try world.entries(.operatorSignInRefused).count == 5)
            let form = ["name": "Ruth", "code": new, "form_token": token]
            let early = try await browser.ask("/sign-in", form, cookie: cookie)
            #expect(early.status == 403 && early.text.contains("Wait a minute"))
            #expect(try world.entries(.operatorSignInRefused).count == 5)
            world.clock.withLock { $0 += ConsoleSession.pauseMilliseconds }
            let answer = try await browser.ask(
                "/sign-in", ["name": "Ruth", "code": new.lowercased(), "form_token": token], cookie: cookie)
            #expect(answer.status == 303)
            #expect(try await browser.ask("/board", cookie: cookie).status == 200)
        }
        let person = try #require(try world.hub.operators().first)
        #expect(try world.entries(.operatorSignedIn).map { $0.id(.subject) } == [person.id])
    }

    @Test("A form without its token, from another site or under another name changes nothing")
    func forms() async throws {
        let world = try ConsoleWorld()
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            let token = browser.token(cookie)
            let forms: [(form: [String: String], host: String?, more: [(String, String)], status: Int)] = [
                ([:], nil, [], 403), (["form_token": "0"], nil, [], 403),
                (["form_token": token], nil, [("Origin", "http://evil.example")], 403),
                (["form_token": token], nil, [("Sec-Fetch-Site", "cross-site")], 403),
                (["form_token": token], "evil.example", [], 421),
            ]
            for form in forms {
                let answer = try await browser.ask("/sign-out", form.form, cookie: cookie, host: form.host, form.more)
                #expect(answer.status == form.status)
                #expect(try await browser.ask("/board", cookie: cookie).status == 200, "signed out by a stranger")
            }
            #expect(try await browser.ask("/sign-out", ["form_token": token], cookie: cookie).status == 303)
            #expect(try await browser.ask("/board", cookie: cookie).status == 303)
        }
        let person = try #require(try world.hub.operators().first)
        #expect(try world.entries(.operatorSignedOut).map { $0.id(.subject) } == [person.id])
    }

    @Test(
        "A clock that a device claimed to an older hub, however wrong, is shown on the board",
        arguments: [
            Int64.min, .min + 1, .max,
        ])
    func clocks(skew: Int64) async throws {
        let world = try ConsoleWorld()
        try await DatabaseQueue(path: world.folder.file("hub/hub.sqlite")).write {
            try $0.execute(sql: "UPDATE hub_device SET skew_ms = ?, state = 1", arguments: [skew])
        }
        try await world.visit { browser in
            let page = try await browser.ask("/board", cookie: try await browser.signIn(world))
            #expect(page.status == 200 && page.text.contains("Clock is wrong"))
        }
    }

    @Test("The work-list and what was not applied say when the network's officer is next in, and nobody's name")
    func officer() async throws {
        let world = try ConsoleWorld()
        try await DatabaseQueue(path: world.folder.file("hub/hub.sqlite")).write {
            try $0.execute(
                sql: """
                    INSERT INTO staff_user(partner_id, display_name, role, working_days, based_in)
                    SELECT id, 'Robin', 'NETWORK_OFFICER', 3, ? FROM partner
                    """, arguments: ["Leeds \(ConsoleWorld.planted)"])
        }
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            for path in ["/", "/quarantine"] {
                let page = try await browser.ask(path, cookie: cookie).text
                #expect(page.contains("The network officer, Leeds "), "\(path)")
                #expect(page.contains("is next in on Monday ") || page.contains("is next in on Tuesday "), "\(path)")
                #expect(!page.contains("Robin") && !page.contains(ConsoleWorld.planted), "\(path)")
            }
            #expect(try await !browser.ask("/decided", cookie: cookie).text.contains("next in on"))
        }
    }

    @Test("Whoever does nothing for a quarter of an hour, or was ended, signs in again")
    func ends() async throws {
        let world = try ConsoleWorld()
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            for _ in 0..<3 {
                world.clock.withLock { $0 += ConsoleSession.idleMilliseconds }
                #expect(try await browser.ask("/board", cookie: cookie).status == 200)
            }
            world.clock.withLock { $0 += ConsoleSession.idleMilliseconds + 1 }
            #expect(try await browser.ask("/board", cookie: cookie).headers[.location] == "/sign-in")
            _ = try await browser.ask(
                "/sign-in", ["name": "Ruth", "code": world.code, "form_token": browser.token(cookie)], cookie: cookie)
            #expect(try await browser.ask("/board", cookie: cookie).status == 200)
            _ = try world.hub.end(operator: "Ruth")
            #expect(try await browser.ask("/board", cookie: cookie).headers[.location] == "/sign-in")
        }
    }

    @Test("Every page answers, keeps nothing and holds no script, whatever partners and devices are called")
    func planted() async throws {
        let world = try ConsoleWorld()
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            for path in Self.pages {
                let page = try await browser.ask(path, cookie: cookie)
                #expect(page.status == 200, "\(path)")
                #expect(!page.text.contains("<script") && !page.text.contains("<img"), "\(path)")
                #expect(!Browser.withoutData(page.text).contains("&lt;script"), "\(path)")
                #expect(page.headers[.cacheControl] == "no-store")
                let policy = HTTPField.Name("Content-Security-Policy").flatMap { page.headers[$0] } ?? ""
                #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe"))
            }
            #expect(try await browser.ask("/board", cookie: cookie).text.contains("Centre &lt;script&gt;"))
        }
    }

    @Test("What takes a terminal is said with who has one")
    func whomToAsk() async throws {
        let world = try ConsoleWorld(isEmpty: true)
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            for (path, command) in [("/log", "audit verify"), ("/board", "partner add")] {
                let page = try await browser.ask(path, cookie: cookie).text
                let sentence = try #require(page.firstMatch(of: #/Whoever looks after the hub's machine can [^<]*/#)?.0)
                #expect(sentence.hasSuffix(": reunite-sync hub \(command)"), "\(path): \(sentence)")
            }
        }
    }

    @Test("Each page is on record, with who saw it")
    func record() async throws {
        let world = try ConsoleWorld()
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            for path in Self.pages { _ = try await browser.ask(path, cookie: cookie) }
        }
        let person = try #require(try world.hub.operators().first)
        let seen = try world.entries(.viewed)
        #expect(seen.allSatisfy { $0.id(.subject) == person.id })
        let pages = seen.flatMap { record in
            record.facts.compactMap { if case .word(_, let word) = $0 { word } else { nil } }
        }
        #expect(
            pages == [
                "work-list", "work-list", "parallel-edits", "quarantine", "held", "duplicates", "devices",
                "referrals", "nights", "reports", "log",
            ])
        let report = try world.hub.verifyAudit()
        #expect(report.isConsistent, "\(report.findings)")
    }

    @Test("Who decided about an edit or a clash is on the log by her id, and the log's page names her")
    func deciders() async throws {
        let world = try ConsoleWorld()
        let partner = try #require(try world.hub.partners().first.flatMap { Identifier($0.id) })
        try world.hub.insert("Setting up") { database, _ in
            for _ in 0..<2 {
                try database.execute(
                    sql: "INSERT INTO case_file(ref, owner_partner_id) VALUES('SRY-26-0042-D', ?)",
                    arguments: [partner.sqlBlob])
            }
        }
        let clash = try #require(try world.hub.clashes().first)
        try world.hub.submit([
            Op(
                table: 10, key: Identifier(high: 7, low: 7), kind: .set, groups: 1 << 1,
                stamp: HybridTime(milliseconds: world.hub.now), values: [.blob(partner.bytes)])
        ])
        let edit = try #require(try world.hub.quarantine().first)
        let page = Mutex("")
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            func post(_ path: String, _ form: [String: String]) async throws {
                let form = form.merging(["form_token": browser.token(cookie)]) { first, _ in first }
                #expect(try await browser.ask(path, form, cookie: cookie).status == 303, "\(path)")
            }
            try await post("/clash/\(clash.id)", ["reason": "Both were given out"])
            try await post("/quarantine/\(edit.id)", ["choice": "refuse", "reason": "No such record"])
            let log = try await browser.ask("/log", cookie: cookie).text
            page.withLock { $0 = log }
        }
        let person = try #require(try world.hub.operators().first)
        for kind in [AuditKind.clashKept, .editRefused] {
            #expect(try world.entries(kind).map { $0.id(.actor) } == [person.id], "\(kind)")
            let line = try #require(
                page.withLock { $0 }.split(separator: "<tr>").first { $0.contains(LogView.said(kind.word)) })
            #expect(line.contains("Ruth"), "\(kind)")
        }
        let report = try world.hub.verifyAudit()
        #expect(report.isConsistent, "\(report.findings)")
    }

    @Test("What is not there is not found: conflicts, edits, pairs")
    func missing() async throws {
        let world = try ConsoleWorld()
        let id = Identifier(high: 1, low: 2).description
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            for path in ["/conflict/\(id)", "/quarantine/\(id)", "/pair/\(id)/\(id)", "/clash/\(id)", "/conflict/x"] {
                #expect(try await browser.ask(path, cookie: cookie).status == 404, "\(path)")
            }
        }
    }
}

@Suite("Pictures say what their numbers say")
struct ChartTests {
    @Test("The highest bar is as high as the picture, others in proportion, and what is there is seen")
    func bars() {
        let chart = BarChart(id: "x", title: "X", days: ["a", "b", "c", "d"], values: [0, 1, 500, 1_000]) { "\($0)" }
        #expect(chart.bars.map(\.height) == ["0", "2", "60", "120"])
        #expect(chart.bars.map(\.y) == ["120", "118", "60", "0"])
        #expect(chart.bars.map(\.x) == ["14", "154", "294", "434"])
        #expect(chart.most == "1000" && chart.summary.contains("1501 in all"))
    }

    @Test("A chart of nothing has no bar and divides by nothing")
    func nothing() {
        #expect(BarChart(id: "x", title: "X", days: [], values: []) { "\($0)" }.bars.isEmpty)
        #expect(BarChart(id: "x", title: "X", days: ["a"], values: [0]) { "\($0)" }.bars.map(\.height) == ["0"])
    }

    @Test(
        "Times and sizes are worded in the largest unit that says enough",
        arguments: [
            (Int64(0), "under a minute"), (60_000, "1 minute"), (7_200_000, "2 hours"), (172_800_000, "2 days"),
        ])
    func spans(milliseconds: Int64, words: String) {
        #expect(ConsoleWords.span(milliseconds) == words)
    }

    @Test("Bytes are rounded, not cut off")
    func bytes() {
        #expect(
            [999, 1_499, 1_500, 1_949_999, 1_950_000].map { ConsoleWords.bytes($0) } == [
                "999 B", "1 kB", "2 kB", "1.9 MB", "2.0 MB",
            ])
    }
}
