import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import Synchronization
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("The page of who wrote a record")
struct PastPageTests {
    private final class Questions: Sendable {
        let asked = Mutex<[HistoryQuestion]>([])
    }

    private func entry(
        _ position: Int64, _ kind: HistoryAnswer.Kind = .edit, partner: String = "GLS", reason: String = "",
        flags: HistoryAnswer.Flags = [.parallel], _ cells: [HistoryAnswer.Cell]
    ) -> HistoryAnswer.Entry {
        HistoryAnswer.Entry(
            position: Position(position), kind: kind, flags: flags, partner: partner, device: "", author: .zero,
            writtenMilliseconds: CaseDesk.noon, receivedMilliseconds: CaseDesk.noon + 86_400_000, reason: reason,
            cells: cells)
    }

    @Test("Offline: what each field says, who wrote it, whether it has left; and every edit from here")
    func offline() async throws {
        let desk = try CaseDesk()
        let person = try desk.first("person")
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get("/row/person/\(person)/history", cookie: cookie).text
            for text in ["Who wrote each field last", "Known as", "Mknown", "Nobody was signed in", "Not sent yet"] {
                #expect(page.contains(text), "\(text)")
            }
            #expect(!page.contains("Ask the hub"), "nobody gave this desk a line to the hub")
            let none = try await browser.post(
                "/row/person/\(person)/history", [], from: "/row/person/\(person)/change", cookie: cookie)
            #expect(none.status == 404)
        }
    }

    @Test("Asked, the page shows what the hub tells, escaped, and asks for more from where it ended; nothing is kept")
    func asked() async throws {
        let desk = try CaseDesk()
        let person = try desk.first("person")
        let table = try #require(desk.replica.schema.tables.first { $0.name == "person" })
        let group = try #require(table.columns.first { $0.name == "known_as" }?.group)
        let width = table.columnNames(of: 1 << UInt64(group)).count
        let told = Array(repeating: Value.text("ZQ<b>told"), count: width)
        let questions = Questions()
        let asker = PastAsker { question in
            let count = questions.asked.withLock {
                $0.append(question)
                return $0.count
            }
            if count > 1 { return ([], .zero) }
            return (
                [
                    entry(
                        9, .decision, partner: "", reason: "ZQwhy", [.init(group: group, end: .stands, values: told)]),
                    entry(8, .edit, [.init(group: group, end: .decided, values: nil)]),
                ], Position(8)
            )
        }
        try await Browser.visit(desk.replica, askingPast: asker) { browser in
            let cookie = try await browser.signIn()
            let path = "/row/person/\(person)/history"
            #expect(try await browser.get(path, cookie: cookie).text.contains("Ask the hub what others wrote"))
            #expect(questions.asked.withLock { $0.isEmpty }, "opening the page asks nobody")
            let page = try await browser.post(path, [], from: path, cookie: cookie)
            #expect(page.status == 200)
            for text in [
                "ZQ&lt;b&gt;told", "An operator of the hub", "ZQwhy", "Stands now", "GLS", "Not told to this device",
                "A decision took its place", "both were kept", "name=\"before\" value=\"8\"",
            ] { #expect(page.text.contains(text), "\(text)") }
            #expect(!page.text.contains("ZQ<b>"))
            let more = try await browser.post(path, [("before", "8")], from: path, cookie: cookie)
            #expect(more.text.contains("Nothing more."))
            #expect(questions.asked.withLock { $0.map(\.before) } == [.zero, Position(8)])
            #expect(try FileScan.find(["ZQwhy", "ZQ<b>told"], ofReplica: desk.replica.path) == [])

            // Without the token of the form nobody is asked.
            let forged = try await browser.post(path, [("form_token", "x")], cookie: cookie)
            #expect(forged.status == 403 || forged.status == 400)
            #expect(questions.asked.withLock { $0.count } == 2)
            let gone = "/row/person/00000000-0000-7000-8000-000000000000/history"
            #expect(try await browser.post(gone, [], from: path, cookie: cookie).status == 404)
            #expect(questions.asked.withLock { $0.count } == 2)
        }
    }

    @Test("A value that was passed over is said to be so, and only where one waits a person is said to decide")
    func passedOver() async throws {
        let desk = try CaseDesk()
        let person = try desk.first("person")
        let table = try #require(desk.replica.schema.tables.first { $0.name == "person" })
        let group = try #require(table.columns.first { $0.name == "known_as" }?.group)
        let told = Array(repeating: Value.text("ZQtold"), count: table.columnNames(of: 1 << UInt64(group)).count)
        let words = [
            "Another value was taken; nobody is asked", "Stands beside it; a person at the hub decides",
            "A later edit took its place", "both were kept",
        ]
        let cases: [(HistoryAnswer.End, UInt8, says: Int)] = [
            (.overtaken, 24, 0), (.beside, 0, 1), (.overtaken, 0, 2),
        ]
        for (end, flags, says) in cases {
            let shown = entry(9, flags: .init(rawValue: flags), [.init(group: group, end: end, values: told)])
            try await Browser.visit(desk.replica, askingPast: PastAsker { _ in ([shown], .zero) }) { browser in
                let cookie = try await browser.signIn()
                let path = "/row/person/\(person)/history"
                let page = try await browser.post(path, [], from: path, cookie: cookie).text
                #expect(page.contains("ZQtold"))
                for (place, text) in words.enumerated() { #expect(page.contains(text) == (place == says), "\(text)") }
            }
        }
    }

    @Test("Without a network the page says so in words, and what this device knows stays to be seen")
    func noNetwork() async throws {
        let desk = try CaseDesk()
        let person = try desk.first("person")
        let asker = PastAsker { _ in
            throw Failure(
                .tryLater, what: "Asking for the history", why: "the hub cannot be reached",
                remedy: "What this device wrote is shown without a connection")
        }
        try await Browser.visit(desk.replica, askingPast: asker) { browser in
            let cookie = try await browser.signIn()
            let path = "/row/person/\(person)/history"
            let page = try await browser.post(path, [], from: path, cookie: cookie)
            #expect(page.status == 503 && page.text.contains("cannot be reached"), "\(page.status)")
            #expect(try await browser.get(path, cookie: cookie).status == 200)
        }
    }
}
