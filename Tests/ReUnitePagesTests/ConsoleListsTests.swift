import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("A list of the console that is too long for a page has several, and says how much there is")
struct ConsoleListsTests {
    private static let many = Console.most + 30

    /// A hub where so many records have a reference that another one has too, and where so many edits were not applied.
    private func world() throws -> ConsoleWorld {
        let world = try ConsoleWorld()
        let partner = try #require(try world.hub.partners().first.flatMap { Identifier($0.id) })
        try world.hub.insert("Setting up") { database, _ in
            for number in 0..<Self.many * 2 {
                try database.execute(
                    sql: "INSERT INTO case_file(ref, owner_partner_id) VALUES('SRY-20-' || ?, ?)",
                    arguments: [number / 2, partner.sqlBlob])
            }
        }
        try world.hub.submit(
            (0..<Self.many).map {
                Op(
                    table: 10, key: Identifier(high: 7, low: UInt64($0)), kind: .set, groups: 1 << 1,
                    stamp: HybridTime(milliseconds: world.hub.now), values: [.blob(partner.bytes)])
            })
        return world
    }

    /// The ids that a page links to, in its order.
    private func ids(_ page: String, _ path: String) -> [String] {
        page.matches(of: #/href="\/([a-z]+)\/([0-9a-f-]{36})"/#).filter { $0.1 == path }.map { String($0.2) }
    }

    @Test("What clashes, and what was not applied: each entry is on one page, and there is a way from page to page")
    func pages() async throws {
        let world = try world()
        let clashes = try world.hub.clashes().map(\.id)
        let edits = try world.hub.quarantine().map(\.id)
        try #require(clashes.count == Self.many && edits.count == Self.many)
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            func page(_ path: String) async throws -> String {
                let answer = try await browser.ask(path, cookie: cookie)
                #expect(answer.status == 200, "\(path)")
                return answer.text
            }
            for (path, name, kind, whole, words) in [
                ("/", "alike", "clash", clashes, "130 questions open, the oldest first"),
                ("/quarantine", "page", "quarantine", edits, "130 edits not applied, the oldest first"),
            ] {
                let first = try await page(path)
                let second = try await page("\(path)?\(name)=2")
                #expect(ids(first, kind) == Array(whole.prefix(Console.most)), "\(path)")
                #expect(ids(second, kind) == Array(whole.dropFirst(Console.most)), "\(path)")
                #expect(first.contains("<caption>\(words): page 1 of 2</caption>"), "\(path)")
                #expect(second.contains("<caption>\(words): page 2 of 2</caption>"), "\(path)")
                #expect(first.contains("href=\"\(path)?\(name)=2\">The ") && !first.contains("\(name)=1\""), "\(path)")
                #expect(
                    second.contains("href=\"\(path)?\(name)=1\">The ") && !second.contains("\(name)=3\""), "\(path)")
                for odd in ["0", "-5", "x", ""] {
                    #expect(try await ids(page("\(path)?\(name)=\(odd)"), kind) == ids(first, kind), "\(odd)")
                }
                for odd in ["3", "9223372036854775807"] {
                    #expect(try await ids(page("\(path)?\(name)=\(odd)"), kind) == ids(second, kind), "\(odd)")
                }
            }
            #expect(try await page("/quarantine?page=2").contains("<title>Not applied, page 2"))
            // One that stands on the second page is found by its own.
            let last = try #require(clashes.last)
            #expect(try await page("/clash/\(last)").contains("Both are right"))
            #expect(try await browser.ask("/clash/\(edits[0])", cookie: cookie).status == 404)
            // What fits on one page says nothing of pages.
            let decided = try await page("/decided?page=2")
            #expect(!decided.contains("?page=") && !decided.contains("page 1"))
        }
    }

    @Test("The log goes back to its first entry, the newest first")
    func log() async throws {
        let world = try ConsoleWorld()
        let person = try #require(try world.hub.operators().first)
        for _ in 0..<Console.most { try world.hub.noteView(by: person, of: "board") }
        try await world.visit { browser in
            let cookie = try await browser.signIn(world)
            func indexes(_ path: String) async throws -> [Int] {
                try await browser.ask(path, cookie: cookie).text.matches(of: #/<th scope="row">([0-9]+)</#)
                    .compactMap { Int($0.1) }
            }
            let newest = try await indexes("/log")
            let size = Int(try world.hub.auditHead().size)
            #expect(newest == Array((0..<size).reversed().prefix(Console.most)))
            let rest = try await indexes("/log?page=2")
            // That the first page was seen is on the log too.
            #expect(rest == Array((0...size).reversed().dropFirst(Console.most)) && rest.last == 0)
        }
    }
}
