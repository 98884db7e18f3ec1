import Foundation
import GRDB
import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What was typed inside and cannot be written is shown with its reason, and put right, or let go")
struct StuckInsideTests {
    private let desk: CaseDesk
    private let visit: VisitSheet.Visit
    private let caseID: DatabaseValue

    init() throws {
        let desk = try InsideWorld().desk
        let now = try desk.replica.knownTime().now
        visit = try #require(
            try desk.replica.read("Packing") {
                try VisitPacking(day: "2026-11-22", device: TestDesk.device, now: now).pack(in: $0).sheet.visits.first
            })
        caseID = try #require(Identifier(desk.id)).sqlBlob.databaseValue
        self.desk = desk
    }

    /// Keeps something sealed, as a laptop does that has the bundle alone, and lets the case come.
    private func keep(_ kind: InsideEntry.Kind, _ typed: [String: String]) throws {
        let entry = InsideEntry(kind, typed, visit, prison: "BZI", day: "2026-11-22")
        try desk.replica.keep(inside: Array(try JSONEncoder().encode(entry)))
    }

    private func settle() throws -> Int {
        try InsideEntry.settle(desk.replica, now: try desk.replica.knownTime().now)
    }

    private func link(_ page: String) throws -> String {
        String(try #require(page.firstMatch(of: /href="(\/visits\/inside\/[^"]*)"/)).1)
    }

    @Test("The office typed the same visit from paper, another minute: the sealed one is compared, and corrects it")
    func anotherOutcome() async throws {
        let desk = desk
        try keep(.record, ["attended": "LATE", "at": "13:40", "minutes": "17", "note": "Sealed words"])
        let at = CivilTime.londonInstant(date: "2026-11-22", minutes: 821)
        try desk.write("UPDATE visit SET attended = 'YES', recorded_for_at = \(at)")
        #expect(try settle() == 0)
        let waits = try #require(try desk.replica.status().wipeWaitsFor)
        #expect(waits.contains("1 entry typed inside") && waits.contains("another outcome is on record"))
        #expect(!waits.contains("whose case is not on this laptop"))
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let list = try await browser.get("/visits", cookie: cookie).text
            #expect(list.contains("Another outcome is on record") && !list.contains("waiting for its case"))
            let path = try link(list)
            let page = try await browser.get(path, cookie: cookie)
            #expect(page.status == 200 && page.text.contains("Sealed words") && page.text.contains("13:40"))
            let fields = [("attended", "LATE"), ("at", "13:40"), ("minutes", "17"), ("note", "Sealed words")]
            let again = try await browser.post(path, fields, from: path, cookie: cookie)
            #expect(again.status == 422 && again.text.contains("Another outcome is on record"))
            let corrects = try await browser.post(path, fields + [("correct", "yes")], from: path, cookie: cookie)
            #expect(corrects.status == 303)
            #expect(try await browser.get(path, cookie: cookie).status == 404)
            #expect(try await !browser.get("/visits", cookie: cookie).text.contains("/visits/inside/"))
        }
        #expect(try desk.count("SELECT count(*) FROM visit WHERE attended = 'LATE' AND minutes = 17") == 1)
        #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'Sealed words'") == 1)
        #expect(desk.replica.keptInside.files.isEmpty)
        #expect(try desk.replica.status().wipeWaitsFor?.contains("typed inside") != true)
        #expect(try settle() == 0)
        #expect(try desk.count("SELECT count(*) FROM ru_meta WHERE name GLOB 'inside*'") == 0)
    }

    @Test("A note that is too long stays readable: shortened it is written, and what nobody wants is let go")
    func tooLong() async throws {
        let desk = desk
        let long = String(repeating: "long ", count: 4_001)
        try keep(.note, ["kind": "VISIT", "body": long, "at": "2026-11-22T09:15"])
        try keep(.another, ["at": "2026-11-22T09:00", "minutes": "30", "note": long])
        #expect(try settle() == 0)
        let waits = try #require(try desk.replica.status().wipeWaitsFor)
        #expect(waits.contains("2 entries typed inside") && waits.contains("20,000"))
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let path = try link(try await browser.get("/visits", cookie: cookie).text)
            #expect(try await browser.get(path, cookie: cookie).text.contains("long long long"))
            let fields = [("kind", "VISIT"), ("at", "2026-11-22T09:15")]
            let again = try await browser.post(path, fields + [("body", long)], from: path, cookie: cookie)
            #expect(again.status == 422 && again.text.contains("long long long"))
            let short = try await browser.post(path, fields + [("body", "Shortened")], from: path, cookie: cookie)
            #expect(short.status == 303)
            let other = try link(try await browser.get("/visits", cookie: cookie).text)
            let asked = try await browser.get("\(other)/let-go", cookie: cookie)
            #expect(asked.status == 200 && asked.text.contains("long long long"))
            let gone = try await browser.post("\(other)/let-go", [], from: "\(other)/let-go", cookie: cookie)
            #expect(gone.status == 303)
            #expect(try await !browser.get("/visits", cookie: cookie).text.contains("/visits/inside/"))
            for path in ["/visits/inside/none", "/visits/inside/..", other] {
                #expect(try await browser.get(path, cookie: cookie).status == 404, "\(path)")
            }
        }
        #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'Shortened'") == 1)
        #expect(desk.replica.keptInside.files.isEmpty)
        #expect(try settle() == 0)
        #expect(try desk.count("SELECT count(*) FROM ru_meta WHERE name GLOB 'inside*'") == 0)
    }

    @Test("Once her case has left the laptop, what waits is on no page")
    func left() async throws {
        let desk = desk
        try keep(.note, ["kind": "VISIT", "body": String(repeating: "long ", count: 4_001), "at": "2026-11-22T09:15"])
        #expect(try settle() == 0)
        let caseID = caseID
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let path = try link(try await browser.get("/visits", cookie: cookie).text)
            #expect(try await browser.get(path, cookie: cookie).text.contains("long long"))
            // As a delivery does it that takes a case away.
            try await desk.replica.database.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA foreign_keys = OFF")
                try database.execute(sql: "DELETE FROM case_file WHERE id = ?", arguments: [caseID])
            }
            #expect(try await !browser.get("/visits", cookie: cookie).text.contains("/visits/inside/"))
            for page in [path, path + "/let-go"] {
                let left = try await browser.get(page, cookie: cookie)
                #expect(left.status == 404 && !left.text.contains("long long"))
            }
        }
        #expect(desk.replica.keptInside.files.count == 1)
    }

    @Test("What could never be written is refused inside, before it is sealed")
    func refusedAtOnce() throws {
        let (desk, visit) = (desk, visit)
        let now = try desk.replica.knownTime().now
        let long = String(repeating: "e\u{301}", count: 10_001)
        try desk.write("UPDATE case_file SET id = zeroblob(16) WHERE id = ?", [caseID])
        for (kind, typed) in [
            (InsideEntry.Kind.note, ["kind": "VISIT", "body": long, "at": "2026-11-22T09:15"]),
            (.note, ["kind": "NONE", "body": "Words", "at": "2026-11-22T09:15"]),
            (.note, ["kind": "VISIT", "body": "Words", "at": "1026-11-22T09:15"]),
            (.another, ["at": "2026-11-22T09:00", "note": long]),
            (.record, ["attended": "YES", "at": "13:40", "note": long]),
            (.record, ["attended": "NO", "reason": "NONE", "at": "13:40"]),
            (.record, ["attended": "NO", "reason": "REFUSED", "at": "13:40", "minutes": "5"]),
            (.record, ["attended": "YES", "reason": "REFUSED", "at": "13:40"]),
        ] {
            let entry = InsideEntry(kind, typed, visit, prison: "BZI", day: "2026-11-22")
            #expect(throws: Failure.self, "\(kind) \(typed.filter { $0.value.count < 100 })") {
                _ = try entry.save(in: desk.replica, now: now)
            }
        }
        #expect(desk.replica.keptInside.files.isEmpty)
    }
}
