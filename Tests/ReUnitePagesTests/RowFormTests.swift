import GRDB
import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Every record of a case has a form that the schema makes")
struct RowFormTests {
    @Test("A column that a migration adds is a field with its label, help, codes and unit, and what is typed arrives")
    func newColumn() async throws {
        let sql = """
            ALTER TABLE need ADD COLUMN weeks INTEGER CHECK(weeks BETWEEN 0 AND 99);
            ALTER TABLE need ADD COLUMN told_by TEXT CHECK(length(told_by) <= 60);
            INSERT INTO ru_column(tbl, name, grp, policy, label, help, code_list) VALUES
              ('need', 'weeks', 40, 'lww', 'Wait for help', 'How long it takes', NULL),
              ('need', 'told_by', 41, 'lww', 'Told by whom', '', 'consent.method');
            INSERT INTO column_unit(tbl, col, unit) VALUES ('need', 'weeks', 'days');
            """
        let desk = try CaseDesk(more: [.init(name: "900_test", sql: sql)])
        let add = "/case/\(desk.id)/add/need"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get(add, cookie: cookie)
            #expect(page.status == 200)
            for text in [
                "Wait for help", "How long it takes", "Counted in days", "Told by whom", "value=\"SIGNED_FORM\"",
                "name=\"weeks\"", "<select id=\"field-told_by\"",
            ] { #expect(page.text.contains(text), "\(text)") }
            let wrong = try await browser.post(
                add, [("category", "ACCOMMODATION"), ("weeks", "1000"), ("detail", "Kept text")], from: add,
                cookie: cookie)
            #expect(wrong.status == 422)
            #expect(
                wrong.text.contains("href=\"#field-weeks\"") && wrong.text.contains("Wait for help: the number is out"))
            #expect(wrong.text.contains("Kept text") && wrong.text.contains("value=\"1000\""))
            #expect(try desk.count("SELECT count(*) FROM need") == 1)
            let right = try await browser.post(
                add, [("category", "ACCOMMODATION"), ("weeks", "12"), ("told_by", "SIGNED_FORM"), ("detail", "")],
                from: add, cookie: cookie)
            #expect(right.status == 303 && right.headers[.location] == "/case/\(desk.id)#need")
            #expect(try desk.text("SELECT told_by FROM need WHERE weeks = 12") == "SIGNED_FORM")
            let shown = try await browser.get("/case/\(desk.id)", cookie: cookie).text
            #expect(shown.contains("<dt>Wait for help</dt><dd><bdi>12</bdi></dd>") && shown.contains("Saved here"))
        }
    }

    @Test("Each group of fields that merge together is called what the schema calls it, and every group has a name")
    func headings() async throws {
        let desk = try CaseDesk()
        let groups = "SELECT tbl, grp FROM ru_column GROUP BY tbl, grp HAVING count(*) > 1"
        #expect(try desk.count("SELECT count(*) FROM (\(groups))") > 100)
        #expect(try desk.text("SELECT tbl || grp FROM (\(groups) EXCEPT SELECT tbl, grp FROM group_label)") == nil)
        #expect(try desk.text("SELECT tbl || grp FROM (SELECT tbl, grp FROM group_label EXCEPT \(groups))") == nil)
        let sql = "SELECT tbl || label FROM group_label GROUP BY tbl, label HAVING count(*) > 1"
        #expect(try desk.text(sql) == nil, "two groups of one form have one name")
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let add = "/case/\(desk.id)/add/custody_episode"
            let page = try await browser.get(add, cookie: cookie).text
            #expect(page.contains("<legend>Her release: these belong together</legend>"))
            let note = try await browser.get("/case/\(desk.id)/add/case_note", cookie: cookie).text
            #expect(note.contains("<legend>The note</legend>"))
            try desk.write("UPDATE group_label SET label = 'When she leaves' WHERE label = 'Her release'")
            #expect(try await browser.get(add, cookie: cookie).text.contains("<legend>When she leaves: these belong"))
            // A group that nobody named is called by its fields.
            try desk.write("DELETE FROM group_label WHERE label = 'When she leaves'")
            let bare = try await browser.get(add, cookie: cookie).text
            #expect(bare.contains("<legend>Release date, release type, given by and confirmed: these belong"))
        }
    }

    @Test("Every table that hangs on a case has a form, whose every field is called what the schema calls it")
    func everyTable() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get("/case/\(desk.id)", cookie: cookie).text
            let links = Set(page.matches(of: /href="(\/case\/[^"]*\/add\/[^"]*)"/).map { String($0.1) })
            #expect(links.count > 25)
            for link in links.sorted() {
                let form = try await browser.get(link, cookie: cookie)
                #expect(form.status == 200, "\(link)")
                #expect(form.text.contains("<button type=\"submit\">Save</button>"), "\(link)")
                // Every field has a label of its own.
                for field in form.text.matches(of: /<(?:input type="[a-z-]+"|select|textarea)[^>]* id="(field-[^"]+)"/)
                {
                    #expect(form.text.contains("<label for=\"\(field.1)\">"), "\(link) \(field.1)")
                }
                // Sent as it is, it is taken or refused in words, and never with a fault.
                let sent = try await browser.post(link, [], from: link, cookie: cookie)
                #expect([303, 422].contains(sent.status), "\(link) \(sent.status)")
            }
        }
    }

    @Test("Back-entry keeps when it happened apart from when it was typed, and evidence is not changed")
    func backEntry() async throws {
        let desk = try CaseDesk()
        let add = "/case/\(desk.id)/add/case_note"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let sent = try await browser.post(
                add, [("kind", "CONTACT"), ("body", "From paper"), ("recorded_for_at", "2026-11-20T09:30")], from: add,
                cookie: cookie)
            #expect(sent.status == 303)
            let happened = CivilTime.londonInstant(date: "2026-11-20", minutes: 570)
            #expect(
                try desk.count(
                    "SELECT count(*) FROM case_note WHERE recorded_for_at = \(happened) AND entered_at > \(happened)")
                    == 1)
            let note = try desk.first("case_note")
            #expect(try await browser.get("/row/case_note/\(note)/change", cookie: cookie).status == 403)
            let future = try await browser.post(
                add, [("kind", "CONTACT"), ("body", "x"), ("recorded_for_at", "2099-01-01T09:30")], from: add,
                cookie: cookie)
            #expect(future.status == 422 && future.text.contains("in the future"))
        }
    }

    @Test("A form that was open while the record changed writes nothing and says so")
    func changedMeanwhile() async throws {
        let desk = try CaseDesk()
        try desk.replica.seal()
        let person = try desk.first("person")
        let change = "/row/person/\(person)/change"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let form = try await browser.get(change, cookie: cookie).text
            #expect(form.contains("value=\"Mknown\""))
            let version = try #require(form.firstMatch(of: /name="row_version" value="([^"]*)"/)).1
            let token = try #require(form.firstMatch(of: /name="form_token" value="([^"]*)"/)).1
            try desk.write("UPDATE person SET known_as = 'Other'")
            let fields = [("row_version", String(version)), ("form_token", String(token)), ("known_as", "Mine")]
            let late = try await browser.post(change, fields, cookie: cookie)
            #expect(late.status == 422 && late.text.contains("was changed while the form was open"))
            #expect(try desk.text("SELECT known_as FROM person") == "Other")
            let again = try await browser.post(change, [("known_as", "Mine")], from: change, cookie: cookie)
            #expect(again.status == 303)
            #expect(try desk.text("SELECT known_as FROM person") == "Mine")
            let history = try await browser.get("/row/person/\(person)/history", cookie: cookie).text
            for text in ["Mine", "Mknown", "Not sent yet", "Known as", "Added", "Changed"] {
                #expect(history.contains(text), "\(text)")
            }
        }
    }

    @Test("An earlier value is put back by a form that has it, as a new edit; what stands now is not offered")
    func putBack() async throws {
        let desk = try CaseDesk()
        try desk.replica.seal()
        let person = try desk.first("person")
        let history = "/row/person/\(person)/history"
        let first = "/row/person/\(person)/put-back/1"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            #expect(!(try await browser.get(history, cookie: cookie).text.contains("put-back")))
            #expect(try await browser.get(first, cookie: cookie).status == 404)
            // What has left the device is not sealed anew together with what follows.
            try desk.write("UPDATE ru_outbox SET state = 1")
            try desk.replica.edit("Mistyping") { try $0.execute(sql: "UPDATE person SET known_as = 'Mistyped'") }
            let page = try await browser.get(history, cookie: cookie).text
            #expect(page.contains(first) && !page.contains("/put-back/2"))
            try desk.write("UPDATE ru_outbox SET state = 1")
            let edits = try desk.count("SELECT count(*) FROM ru_outbox")
            let form = try await browser.get(first, cookie: cookie).text
            #expect(form.contains("value=\"Mknown\"") && !form.contains("Mistyped"))
            #expect(try desk.text("SELECT known_as FROM person") == "Mistyped")
            let values = form.matches(of: /<input[^>]* name="([a-z_]+)"[^>]* value="([^"]*)"/)
                .map { (String($0.1), String($0.2)) }
            #expect(values.contains { $0.0 == "known_as" && $0.1 == "Mknown" })
            let change = "/row/person/\(person)/change"
            let fields = [("known_as", "Mknown")]
            #expect(try await browser.post(change, fields, from: first, cookie: cookie).status == 303)
            #expect(try desk.text("SELECT known_as FROM person") == "Mknown")
            _ = try desk.replica.seal()
            #expect(try desk.count("SELECT count(*) FROM ru_outbox") > edits)
            let after = try await browser.get(history, cookie: cookie).text
            #expect(after.contains("/put-back/2") && !after.contains("/put-back/3") && !after.contains("/put-back/1"))
            for number in ["0", "4", "-1", "x", "9223372036854775807"] {
                #expect(try await browser.get("/row/person/\(person)/put-back/\(number)", cookie: cookie).status == 404)
            }
            let note = "/row/case_note/\(try desk.first("case_note"))"
            #expect(!(try await browser.get("\(note)/history", cookie: cookie).text.contains("put-back")))
        }
    }

    @Test("What is not a table of a case, and a case that is not here, has no form")
    func nothingThere() async throws {
        let desk = try CaseDesk()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let none = "00000000-0000-7000-8000-000000000000"
            for path in [
                "/case/\(desk.id)/add/ru_meta", "/case/\(desk.id)/add/partner", "/case/\(desk.id)/add/staff_user",
                "/case/\(desk.id)/add/case_file", "/case/\(none)/add/need", "/row/need/\(none)/change",
                "/row/sqlite_schema/\(none)/change", "/row/need/\(none)/history", "/case/\(desk.id)/add/NEED",
                "/referral/\(none)", "/row/need/x/change",
            ] { #expect(try await browser.get(path, cookie: cookie).status == 404, "\(path)") }
        }
    }
}
