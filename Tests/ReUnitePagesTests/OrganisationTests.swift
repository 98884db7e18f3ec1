import GRDB
import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What an organisation keeps about itself has pages, made by the schema")
struct OrganisationTests {
    @Test("A house, its home and a void are typed in on the pages alone, and her form then offers the home")
    func homes() async throws {
        let desk = try CaseDesk()
        let home = "/case/\(desk.id)/add/occupancy"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let first = try await browser.get("/organisation", cookie: cookie).text
            for text in ["Property", "Home", "Void", "Prison authorisation", "Drop-in session", "Service agreement"] {
                #expect(first.contains(">\(text)</a>"), "\(text)")
            }
            #expect(!first.contains("/organisation/data_export") && !first.contains("/organisation/device"))
            // What has to be there before says so, and where.
            for path in [home, "/organisation/unit/add"] {
                let empty = try await browser.get(path, cookie: cookie)
                #expect(empty.status == 200 && empty.text.contains("None is on record yet: first add to"), "\(path)")
                #expect(empty.text.contains("under \u{201C}This organisation\u{201D}"), "\(path)")
            }
            let house = try await browser.post(
                "/organisation/property/add", [("name", "Weir <House>"), ("type", "FAMILY_HOME")],
                from: "/organisation/property/add", cookie: cookie)
            #expect(house.status == 303 && house.headers[.location] == "/organisation/property")
            let property = try desk.first("property")
            let unit = try await browser.post(
                "/organisation/unit/add", [("property_id", property), ("ref", "WEIR-1"), ("bedrooms", "2")],
                from: "/organisation/unit/add", cookie: cookie)
            #expect(unit.status == 303)
            let again = try await browser.post(
                "/organisation/unit/add", [("property_id", property), ("ref", "WEIR-1")],
                from: "/organisation/unit/add", cookie: cookie)
            #expect(again.status == 422 && again.text.contains("Two homes of one property have one reference"))
            #expect(try await browser.get(home, cookie: cookie).text.contains("WEIR-1"))
            let list = try await browser.get("/organisation/property", cookie: cookie).text
            #expect(list.contains("Weir &lt;House&gt;") && list.contains("/row/property/\(property)/change"))
            #expect(list.contains("Not sent yet") && !list.contains("<dt>Partner</dt>"))
            let change = "/row/property/\(property)/change"
            let form = try await browser.get(change, cookie: cookie).text
            #expect(form.contains("href=\"/organisation/property\""))
            let changed = try await browser.post(change, [("name", "Weir Cottage")], from: change, cookie: cookie)
            #expect(changed.headers[.location] == "/organisation/property")
            let past = try await browser.get("/row/property/\(property)/history", cookie: cookie).text
            #expect(past.contains("Weir Cottage") && past.contains("href=\"/organisation/property\""))
            let held = try await browser.get("/row/property/\(property)/delete", cookie: cookie).text
            #expect(held.contains("Delete it"))
        }
        #expect(try desk.text("SELECT name FROM property") == "Weir Cottage")
        let own = "partner_id = \(TestDesk.roomLiteral)"
        #expect(try desk.count("SELECT count(*) FROM unit WHERE \(own)") == 1)
    }

    @Test("Every kind has its page and its form; what is another's, or no such kind, has none")
    func everyKind() async throws {
        let desk = try CaseDesk()
        let other = Identifier(high: 9, low: 9)
        try desk.write(
            "INSERT INTO property(id, partner_id, name) SELECT ?, id, 'Theirs' FROM partner WHERE code = 'GLS'",
            [other.sqlBlob])
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.get("/organisation", cookie: cookie).text
            let adds = Set(page.matches(of: /href="(\/organisation\/[a-z_]+\/add)"/).map { String($0.1) })
            #expect(adds.count > 12)
            for add in adds.sorted() {
                let list = try await browser.get(String(add.dropLast(4)), cookie: cookie)
                #expect(list.status == 200 && !list.text.contains("Theirs"), "\(add)")
                #expect(try await browser.get(add, cookie: cookie).status == 200, "\(add)")
                let sent = try await browser.post(add, [], from: add, cookie: cookie)
                #expect([303, 422].contains(sent.status), "\(add) \(sent.status)")
            }
            for path in [
                "/organisation/case_file", "/organisation/device", "/organisation/data_export", "/organisation/need",
                "/organisation/case_file/add", "/organisation/data_export/add", "/organisation/partner/add",
                "/organisation/nothing", "/row/property/\(other)/change", "/row/property/\(other)/delete",
                "/case/\(TestDesk.room)/add/property", "/case/\(desk.id)/add/property",
            ] { #expect(try await browser.get(path, cookie: cookie).status == 404, "\(path)") }
        }
    }

    @Test("Leave to enter a prison is for a prison that there is and a day to come, and is only ever withdrawn")
    func authorisation() async throws {
        let desk = try CaseDesk()
        try desk.write(
            """
            INSERT INTO device(id, partner_id, name, role, status)
            VALUES(\(hex16(TestDesk.device)), \(TestDesk.roomLiteral), 'Laptop', 'field', 'enrolled')
            """)
        let add = "/organisation/prison_authorisation/add"
        func fields(_ prison: String, _ day: String) -> [(String, String)] {
            [
                ("device_id", TestDesk.device.description), ("prison", prison), ("governor_ref", "G-17"),
                ("valid_to", day),
            ]
        }
        let (wrong, right) = (fields("ZZZ", "2026-11-01"), fields("BZI", "2026-12-31"))
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let page = try await browser.post(add, wrong, from: add, cookie: cookie)
            #expect(page.status == 422)
            for field in ["prison", "valid_to"] { #expect(page.text.contains("id=\"error-\(field)\""), "\(field)") }
            #expect(try desk.count("SELECT count(*) FROM prison_authorisation") == 0)
            #expect(try await browser.post(add, right, from: add, cookie: cookie).status == 303)
            let change = "/row/prison_authorisation/\(try desk.first("prison_authorisation"))/change"
            let form = try await browser.get(change, cookie: cookie).text
            #expect(form.contains("name=\"state\"") && !form.contains("name=\"governor_ref\""))
            let taken = try await browser.post(change, [("state", "WITHDRAWN")], from: change, cookie: cookie)
            #expect(taken.status == 303)
        }
        #expect(try desk.text("SELECT state FROM prison_authorisation") == "WITHDRAWN")
    }
}

private func hex16(_ id: Identifier) -> String {
    "x'" + id.description.filter { $0 != "-" } + "'"
}
