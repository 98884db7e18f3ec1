import Foundation
import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("A form that met the lock outlives the program: sealed, to be saved or let go")
struct InsideDraftTests {
    private func note(_ text: String) -> [(String, String)] {
        [("kind", "VISIT"), ("body", text), ("at", "2026-11-22T09:15")]
    }

    /// Types notes in as many windows, and sends them after the lock has closed.
    private func locked(_ world: InsideWorld, _ texts: String...) async throws {
        let path = "/visit/\(try world.desk.first("visit"))/note"
        try await world.visit { browser in
            let cookie = try await browser.signIn()
            var windows: [String] = []
            for _ in texts { windows.append(try await browser.get(path, cookie: cookie).text) }
            world.clock.pass(180_000)
            for (window, text) in zip(windows, texts) {
                let sent = try await browser.post(path, world.hidden(window) + note(text), cookie: cookie)
                #expect(sent.headers[.location] == "/unlock")
            }
        }
    }

    @Test("Opened once more it is there and is saved once; on the disk nobody reads it, and the machine is not wiped")
    func again() async throws {
        let world = try InsideWorld()
        let (desk, path) = (world.desk, "/visit/\(try world.desk.first("visit"))/note")
        try await locked(world, "Sealed words")
        let file = try #require(desk.replica.keptInside.files.first)
        #expect(desk.replica.keptInside.files.count == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)).range(of: Data("Sealed words".utf8)) == nil)
        #expect(try #require(try desk.replica.status().wipeWaitsFor).contains("typed while the pages locked"))
        try await world.visit(world.opened()) { browser in
            let cookie = try await browser.signIn()
            let list = try await browser.get("/kept", cookie: cookie).text
            #expect(list.contains("<bdi>Sealed words</bdi>"))
            let link = String(try #require(list.firstMatch(of: /class="button" href="([^"]*)"/)).1)
            let page = try await browser.get(link, cookie: cookie).text
            #expect(page.contains(">Sealed words</textarea>"))
            let saved = try await browser.post(path, world.hidden(page) + note("Sealed words"), cookie: cookie)
            #expect(saved.status == 303)
            #expect(try await !browser.get("/", cookie: cookie).text.contains("href=\"/kept\""))
        }
        #expect(desk.replica.keptInside.files.isEmpty)
        #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'Sealed words'") == 1)
        #expect(try desk.replica.status().wipeWaitsFor?.contains("typed inside") != true)
    }

    @Test("No sync writes what nobody saved: the desk outside shows it, to be put right or let go")
    func outside() async throws {
        let world = try InsideWorld()
        let desk = world.desk
        try await locked(world, "First words", "Second words")
        #expect(try InsideEntry.settle(desk.replica, now: try desk.replica.knownTime().now) == 0)
        #expect(try desk.count("SELECT count(*) FROM case_note WHERE body LIKE '%words'") == 0)
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let list = try await browser.get("/visits", cookie: cookie).text
            #expect(list.contains("It was typed while the pages locked"))
            let links = list.matches(of: /href="(\/visits\/inside\/[^"]*)"/).map { String($0.1) }
            #expect(links.count == 2)
            let (first, second) = (try #require(links.first), try #require(links.last))
            #expect(try await browser.get(first, cookie: cookie).text.contains("First words"))
            let saved = try await browser.post(first, note("First words, put right"), from: first, cookie: cookie)
            #expect(saved.status == 303)
            let gone = try await browser.post("\(second)/let-go", [], from: "\(second)/let-go", cookie: cookie)
            #expect(gone.status == 303)
        }
        #expect(desk.replica.keptInside.files.isEmpty)
        #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'First words, put right'") == 1)
        #expect(try desk.count("SELECT count(*) FROM case_note WHERE body LIKE 'Second%'") == 0)
    }

    @Test("What was saved, let go, or typed on leaves no older words on the disk")
    func tidied() async throws {
        let world = try InsideWorld()
        let (desk, path) = (world.desk, "/visit/\(try world.desk.first("visit"))/note")
        try await world.visit { browser in
            let cookie = try await browser.signIn()
            var page = try await browser.get(path, cookie: cookie).text
            for text in ["Some words", "Some words, and more"] {
                world.clock.pass(180_000)
                _ = try await browser.post(path, world.hidden(page) + note(text), cookie: cookie)
                page = try await browser.get(try await world.unlock(browser, cookie), cookie: cookie).text
                #expect(desk.replica.keptInside.files.count == 1)
            }
            #expect(InsideEntry.drafts(desk.replica).map(\.entry.typed["body"]) == ["Some words, and more"])
            let list = try await browser.get("/kept", cookie: cookie).text
            let number = String(try #require(list.firstMatch(of: /\/kept\/([0-9]+)\/let-go/)).1)
            _ = try await browser.post("/kept/\(number)/let-go", [], from: "/kept", cookie: cookie)
            #expect(desk.replica.keptInside.files.isEmpty)
        }
    }

    @Test("Of a case that is not on the laptop it is asked for, and shown when it has come")
    func withoutCase() async throws {
        let world = try InsideWorld()
        let desk = world.desk
        let now = try desk.replica.knownTime().now
        var visit = try #require(
            try desk.replica.read("Packing") {
                try VisitPacking(day: "2026-11-22", device: TestDesk.device, now: now).pack(in: $0).sheet.visits.first
            })
        visit.woman.caseFile = "00000000-0000-7000-8000-000000000001"
        try desk.write("UPDATE ru_meta SET value = 'field' WHERE name = 'role'")
        let typed = ["body": "Sealed words", "at": "2026-11-22T09:15"]
        let entry = InsideEntry(.note, typed, visit, prison: "BZI", day: "2026-11-22")
        _ = try entry.keepDraft(in: desk.replica)
        #expect(try desk.text("SELECT status FROM caseload") == "ASKED")
        #expect(try InsideEntry.stuck(desk.replica).isEmpty)
        #expect(try InsideEntry.settle(desk.replica, now: CaseDesk.noon) == 0)
        #expect(InsideEntry.waiting(desk.replica).count == 1 && InsideEntry.recorded(desk.replica).isEmpty)
    }
}
