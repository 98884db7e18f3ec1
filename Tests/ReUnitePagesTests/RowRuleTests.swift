import GRDB
import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What the hub would send back is said at its field before it is saved")
struct RowRuleTests {
    @Test(
        "A contact plan: who agrees, one for each child, nothing open; and what is open stands at the head of the case")
    func contact() async throws {
        let desk = try CaseDesk()
        let child = try desk.first("child")
        let add = "/case/\(desk.id)/add/contact_plan"
        let sources = try desk.replica.read("Reading") {
            try String.fetchAll($0, sql: "SELECT code FROM code_value WHERE list = 'contact_plan.source' ORDER BY id")
        }
        let two = [("first_source", sources[0]), ("second_source", sources[1])]
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            for agreed in [[], [("first_source", sources[0]), ("second_source", sources[0])]] {
                let fields = [("child_id", child), ("stage", "REUNITED"), ("wishes", "Kept <words>")] + agreed
                let page = try await browser.post(add, fields, from: add, cookie: cookie)
                #expect(page.status == 422 && page.text.contains("id=\"error-stage\""))
                #expect(page.text.contains("two different sources have to agree"))
                #expect(page.text.contains("Kept &lt;words&gt;"))
            }
            #expect(try desk.count("SELECT count(*) FROM contact_plan") == 0)
            #expect(
                try await browser.post(
                    add, [("child_id", child), ("stage", "SUPERVISED_COMMUNITY")], from: add, cookie: cookie
                ).status == 303)
            let second = try await browser.post(
                add, [("child_id", child), ("stage", "SUPERVISED_CRECHE")], from: add, cookie: cookie)
            #expect(second.status == 422 && second.text.contains("id=\"error-child_id\""))
            #expect(second.text.contains("A child has two contact plans"))
            #expect(try desk.count("SELECT count(*) FROM contact_plan") == 1)

            try desk.replica.edit("Worrying") {
                try $0.execute(
                    sql: """
                        INSERT INTO contact_session(case_id, child_id, kind, concern)
                        SELECT case_id, id, 'OTHER', 'Words of it' FROM child
                        """)
            }
            let page = try await browser.get("/case/\(desk.id)", cookie: cookie).text
            #expect(page.contains("A concern about her contact with Mchild is open, since "))
            let change = "/row/contact_plan/\(try desk.first("contact_plan"))/change"
            let on = try await browser.post(change, [("stage", "UNSUPERVISED")] + two, from: change, cookie: cookie)
            #expect(on.status == 422 && on.text.contains("a concern about the contact is open"))
            #expect(try desk.text("SELECT stage FROM contact_plan") == "SUPERVISED_COMMUNITY")
            try desk.replica.edit("Clearing") {
                try $0.execute(
                    sql: """
                        INSERT INTO contact_session(case_id, child_id, kind, clears_id)
                        SELECT case_id, child_id, 'OTHER', id FROM contact_session
                        """)
            }
            #expect(
                try await browser.post(change, [("stage", "UNSUPERVISED")] + two, from: change, cookie: cookie).status
                    == 303)
            #expect(!(try await browser.get("/case/\(desk.id)", cookie: cookie).text.contains("A concern about her")))
        }
        #expect(try desk.text("SELECT stage FROM contact_plan") == "UNSUPERVISED")
    }

    @Test("Whose case it is, and its reference, are on no form, and a form that has them changes neither")
    func owner() async throws {
        let desk = try CaseDesk()
        let change = "/row/case_file/\(desk.id)/change"
        let ref = try desk.text("SELECT ref FROM case_file")
        let owner = try desk.text("SELECT hex(owner_partner_id) FROM case_file")
        let other = try desk.text("SELECT lower(hex(id)) FROM partner WHERE code = 'GLS'") ?? ""
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let form = try await browser.get(change, cookie: cookie).text
            #expect(form.contains("name=\"cohort\""))
            #expect(!form.contains("owner_partner_id") && !form.contains("name=\"ref\""))
            let forged = [("owner_partner_id", other), ("ref", "SRY-26-0001-A"), ("opened_on", "2026-11-01")]
            #expect(try await browser.post(change, forged, from: change, cookie: cookie).status == 303)
        }
        #expect(try desk.text("SELECT opened_on FROM case_file") == "2026-11-01")
        #expect(try desk.text("SELECT ref FROM case_file") == ref)
        #expect(try desk.text("SELECT hex(owner_partner_id) FROM case_file") == owner)
    }

    @Test("A case is closed with its day and its reason")
    func closing() async throws {
        let desk = try CaseDesk()
        let change = "/row/case_file/\(desk.id)/change"
        let reason = try desk.text("SELECT code FROM code_value WHERE list = 'case_file.close_reason' LIMIT 1") ?? ""
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let bare = try await browser.post(change, [("phase", "CLOSED")], from: change, cookie: cookie)
            #expect(bare.status == 422)
            for field in ["closed_on", "close_reason"] { #expect(bare.text.contains("id=\"error-\(field)\"")) }
            #expect(try desk.text("SELECT phase FROM case_file") == "ENQUIRY")
            let whole = [("phase", "CLOSED"), ("closed_on", "2026-11-21"), ("close_reason", reason)]
            #expect(try await browser.post(change, whole, from: change, cookie: cookie).status == 303)
            #expect(try desk.text("SELECT phase FROM case_file") == "CLOSED")
            let emptied = try await browser.post(change, [("closed_on", "")], from: change, cookie: cookie)
            #expect(emptied.status == 422 && emptied.text.contains("id=\"error-closed_on\""))
            // One that was closed long ago without either may be put right otherwise.
            try desk.write("UPDATE case_file SET closed_on = NULL, close_reason = NULL")
            let dated = [("opened_on", "2026-11-02")]
            #expect(try await browser.post(change, dated, from: change, cookie: cookie).status == 303)
        }
    }

    @Test("A visit that has not been yet is not on record, at the desk and inside; a clock may be a little off")
    func future() async throws {
        let desk = try CaseDesk()
        let planned = CivilTime.londonInstant(date: "2026-11-22", minutes: 840)
        try desk.write("INSERT INTO visit(case_id, prison, planned_at) SELECT id, 'BZI', \(planned) FROM case_file")
        let visit = try desk.first("visit")
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let path = "/visits/record"
            // It is 14:00 there.
            for at in ["14:16", "23:59", "2026-11-22 14:20"] {
                let page = try await browser.post(
                    path, [("visit", visit), ("attended", "YES"), ("at", at)], from: path, cookie: cookie)
                #expect(page.status == 422 && page.text.contains("id=\"error-at\""), "\(at)")
                #expect(page.text.contains("in the future") && page.text.contains("value=\"\(at)\""), "\(at)")
            }
            #expect(try desk.count("SELECT count(*) FROM visit WHERE attended IS NOT NULL") == 0)
            let fields = [("visit", visit), ("attended", "YES"), ("at", "14:14")]
            #expect(try await browser.post(path, fields, from: path, cookie: cookie).status == 303)
        }
        #expect(try desk.count("SELECT count(*) FROM visit WHERE attended = 'YES'") == 1)
    }
}
