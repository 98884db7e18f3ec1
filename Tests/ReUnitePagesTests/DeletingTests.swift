import GRDB
import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("Records that go, and who wrote those that stay")
struct DeletingTests {
    @Test("A record is deleted on a page that shows it; evidence, and what others hang on, is not")
    func deleting() async throws {
        let desk = try CaseDesk()
        let (child, person, note) = (try desk.first("child"), try desk.first("person"), try desk.first("case_note"))
        try desk.write(
            """
            INSERT INTO person_identifier(case_id, person_id, type, value)
            SELECT case_id, id, 'NOMS', 'A1234BC' FROM person
            """)
        _ = try desk.replica.seal()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let path = "/row/child/\(child)/delete"
            #expect(try await browser.get("/row/child/\(child)/change", cookie: cookie).text.contains(path))
            let page = try await browser.get(path, cookie: cookie).text
            #expect(page.contains("Mchild") && page.contains("class=\"grave\""))
            // A link alone deletes nothing.
            #expect(try desk.count("SELECT count(*) FROM child") == 1)
            let stale = try await browser.post(path, [("row_version", "00")], from: path, cookie: cookie)
            #expect(stale.status == 422 && stale.text.contains("was changed"))
            let done = try await browser.post(path, [], from: path, cookie: cookie)
            #expect(done.status == 303 && done.headers[.location] == "/case/\(desk.id)#child")
            #expect(try desk.count("SELECT count(*) FROM child") == 0)
            _ = try desk.replica.seal()
            #expect(try desk.replica.log(table: "child").contains { $0.kind == "delete" })
            let held = "/row/person/\(person)/delete"
            let kept = try await browser.post(held, [], from: held, cookie: cookie)
            #expect(kept.status == 422 && kept.text.contains("Other records hang on it"))
            #expect(try await browser.get("/row/case_note/\(note)/delete", cookie: cookie).status == 403)
            #expect(try await browser.get("/row/case_file/\(desk.id)/delete", cookie: cookie).status != 200)
        }
    }

    @Test("The history names the worker who was signed in, and the device")
    func authors() async throws {
        let desk = try CaseDesk()
        let staff = Identifier(high: 5, low: 1)
        try desk.write(
            "INSERT INTO staff_user(id, partner_id, display_name) VALUES(?, ?, 'Ruth Invented')",
            [staff.sqlBlob, TestDesk.room.sqlBlob])
        try desk.replica.sign(in: staff)
        try desk.replica.edit("Writing") { try $0.execute(sql: "UPDATE child SET first_name = 'Mother name'") }
        let device = try desk.replica.facts().deviceName
        let path = "/row/child/\(try desk.first("child"))/history"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get(path, cookie: cookie).text
            #expect(page.contains("Ruth Invented, on \(device)"))
            // The row itself was added before anybody signed in.
            #expect(page.contains("Nobody was signed in, on \(device)"))
        }
    }

    @Test("What came back is written once more, and goes with the next sync")
    func again() async throws {
        let desk = try CaseDesk()
        try desk.replica.seal()
        try desk.write("UPDATE person SET known_as = 'As the hub has it'")
        try desk.write(
            """
            INSERT INTO ru_returned(batch, idx, tbl, key, reason, groups, at_ms)
            SELECT o.id, d.idx, d.tbl, d.key, \(Reason.late.rawValue), d.groups, 1795262400000
            FROM ru_outbox o JOIN ru_pending d ON d.batch = o.no
            JOIN ru_table t ON t.number = d.tbl AND t.name = 'person' LIMIT 1
            """)
        try desk.write("DELETE FROM ru_pending")
        let number = try desk.count("SELECT id FROM ru_returned")
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get("/returned", cookie: cookie).text
            #expect(page.contains("Mknown") && page.contains("Send again"))
            let again = try await browser.post("/returned/\(number)/again", [], from: "/returned", cookie: cookie)
            #expect(again.status == 303)
            #expect(try desk.text("SELECT known_as FROM person") == "Mknown")
            #expect(try await browser.get("/returned", cookie: cookie).text.contains("None wait for you"))
            #expect(try await browser.get("/?show=unsent", cookie: cookie).text.contains("/case/\(desk.id)"))
        }
    }

    @Test("Telephone and address find her only where nothing of hers is to be kept from anybody")
    func places() async throws {
        let desk = try CaseDesk()
        try desk.write(
            """
            INSERT INTO person_phone(case_id, person_id, number) SELECT case_id, id, '07700 900 123' FROM person;
            INSERT INTO address(case_id, lines, postcode, confidentiality)
              SELECT id, '7 Open Lane', 'GU21 6XX', 'NORMAL' FROM case_file
            """)
        func found(_ text: String) throws -> Bool {
            try desk.replica.read("Searching") { try !CaseSearch.find(text, in: $0).isEmpty }
        }
        for text in ["07700900123", "+44 7700 900123", "900 123", "gu21 6xx", "GU216XX", "7 open"] {
            #expect(try found(text), "\(text)")
        }
        for text in ["123", "GU21", "Open Lane", "%", "_______"] { #expect(try !found(text), "\(text)") }
        try desk.write("UPDATE person_phone SET safe_to_call = 'NO'")
        #expect(try !found("07700900123"))
        try desk.write("UPDATE person_phone SET safe_to_call = 'YES'")
        for kind in ["RESTRICTED", "NO_CONTACT", "REFUGE"] {
            try desk.write("UPDATE address SET confidentiality = ?", [kind])
            for text in ["07700900123", "GU216XX", "7 open"] { #expect(try !found(text), "\(kind) \(text)") }
        }
    }

    @Test("Where thousands of edits wait, each page marks the same cases as when few do")
    func many() throws {
        let desk = try CaseDesk()
        let more = Replica.manyUnsent + 200
        try desk.replica.edit("Writing") { database in
            for _ in 0..<3 {
                try CaseFiles.create(
                    NewCase(person: .init(knownAs: "Other")), by: TestDesk.room, in: database, now: CaseDesk.noon)
            }
            for number in 0..<more {
                try database.execute(
                    sql: "INSERT INTO case_note(case_id, body) VALUES(?, ?)",
                    arguments: [Identifier(desk.id)?.sqlBlob, "Note \(number)"])
            }
        }
        _ = try desk.replica.seal()
        try desk.write(
            "DELETE FROM ru_pending WHERE key IN (SELECT id FROM case_file) AND key <> ?",
            [Identifier(desk.id)?.sqlBlob])
        try desk.write("DELETE FROM ru_pending WHERE key IN (SELECT id FROM person WHERE known_as = 'Other')")
        try desk.replica.read("Reading") { database in
            #expect(try desk.replica.waitsForMany(in: database))
            let all = try CaseMarks(desk.replica.attention(in: database), partner: TestDesk.room, in: database)
            func some(_ ids: [Identifier]) throws -> CaseMarks {
                let scopes = try CaseFiles.scopes(of: ids, in: database)
                return try CaseMarks(
                    desk.replica.attention(of: scopes, in: database), partner: TestDesk.room, in: database)
            }
            let ids = try CaseFiles.pageIDs(1, in: database)
            #expect(ids.count == 4)
            let few = try some(ids)
            for id in ids { #expect(few[id] == all[id], "\(id)") }
            let page = try CaseFiles.unsentPage(1, in: database, marks: some)
            #expect(page.lines.map(\.id.description) == [desk.id] && page.total == 1 && !page.isOpenEnded)
            #expect(try DeskCounts(database).unsent == DeskCounts.most)
        }
    }
}
