import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("A case is put on a laptop that did not ask, and taken off again, by its page")
struct LaptopTests {
    private static let laptop = Identifier(high: 0xDE51_0000_0000_7000, low: 0x8000_0000_0000_0042)

    /// An office with a laptop, one that was revoked, an office machine beside it, and another organisation's laptop.
    private func office() throws -> CaseDesk {
        let desk = try CaseDesk()
        let other = Identifier(high: 3, low: 7)
        let devices: [(Identifier, Identifier, String, String, String)] = [
            (Self.laptop, TestDesk.room, "Mlaptop", "field", "enrolled"),
            (Identifier(high: 9, low: 1), TestDesk.room, "Mgone", "field", "revoked"),
            (Identifier(high: 9, low: 2), TestDesk.room, "Moffice", "office", "enrolled"),
            (Identifier(high: 9, low: 3), other, "Mtheirs", "field", "enrolled"),
        ]
        for (id, partner, name, role, status) in devices {
            try desk.write(
                "INSERT INTO device(id, partner_id, name, role, status) VALUES(?, ?, ?, ?, ?)",
                [id.sqlBlob, partner.sqlBlob, name, role, status])
        }
        return desk
    }

    @Test("An office sees its own laptops alone, puts the case on one and takes it off; the words say what follows")
    func decided() async throws {
        let desk = try office()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let path = "/case/\(desk.id)/laptops"
            #expect(try await browser.get("/case/\(desk.id)", cookie: cookie).text.contains("href=\"\(path)\""))
            let page = try await browser.get(path, cookie: cookie).text
            #expect(page.contains("Mlaptop") && page.contains("Does not carry it") && page.contains("Put it on<"))
            for other in ["Mgone", "Moffice", "Mtheirs"] { #expect(!page.contains(other), "\(other)") }

            let on = try await browser.post(path, [("carries", "yes")], from: path, cookie: cookie)
            #expect(on.status == 303)
            #expect(try desk.text("SELECT status FROM caseload") == "ON")
            #expect(try desk.count("SELECT count(*) FROM caseload WHERE device_id = \(hex(Self.laptop))") == 1)
            let carried = try await browser.get(path, cookie: cookie).text
            #expect(carried.contains("It goes to the laptop") && carried.contains("<td>Carries it</td>"))
            // Once more is the same.
            _ = try await browser.post(path, [("carries", "yes")], from: path, cookie: cookie)
            #expect(try desk.count("SELECT count(*) FROM caseload") == 1)

            let off = try await browser.post(path, [("carries", "no")], from: path, cookie: cookie)
            #expect(off.status == 303)
            #expect(try desk.text("SELECT status FROM caseload") == "OFF")
            #expect(try await browser.get(path, cookie: cookie).text.contains("It leaves the laptop"))
        }
    }

    @Test("Another's device, a revoked one, an office machine and a case that is not here are not found")
    func refused() async throws {
        let desk = try office()
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let path = "/case/\(desk.id)/laptops"
            for device in [Identifier(high: 9, low: 1), Identifier(high: 9, low: 2), Identifier(high: 9, low: 3)] {
                let fields = [("device", device.description), ("carries", "yes")]
                #expect(try await browser.post(path, fields, from: path, cookie: cookie).status == 404, "\(device)")
            }
            #expect(try desk.count("SELECT count(*) FROM caseload") == 0)
            let nowhere = "/case/00000000-0000-7000-8000-000000000000/laptops"
            #expect(try await browser.get(nowhere, cookie: cookie).status == 404)
        }
    }

    @Test("A laptop that is not served any more and still carries the case is shown, so that it can be taken off")
    func revoked() async throws {
        let desk = try office()
        try desk.write(
            "INSERT INTO caseload(partner_id, device_id, case_id, status) SELECT ?, ?, id, 'ON' FROM case_file",
            [TestDesk.room.sqlBlob, Identifier(high: 9, low: 1).sqlBlob])
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let path = "/case/\(desk.id)/laptops"
            #expect(try await browser.get(path, cookie: cookie).text.contains("not served any more"))
            let fields = [("device", Identifier(high: 9, low: 1).description), ("carries", "no")]
            #expect(try await browser.post(path, fields, from: path, cookie: cookie).status == 303)
            #expect(try desk.text("SELECT status FROM caseload") == "OFF")
        }
    }

    @Test("On a laptop the page is about itself: it may give the case back, and puts it on no other")
    func givenBack() async throws {
        let desk = try office()
        try desk.write("UPDATE ru_meta SET value = 'field' WHERE name = 'role'")
        try desk.write(
            "INSERT INTO device(id, partner_id, name, role, status) VALUES(?, ?, 'Mhere', 'field', 'enrolled')",
            [TestDesk.device.sqlBlob, TestDesk.room.sqlBlob])
        try desk.write(
            "INSERT INTO caseload(partner_id, device_id, case_id, status) SELECT ?, ?, id, 'ON' FROM case_file",
            [TestDesk.room.sqlBlob, TestDesk.device.sqlBlob])
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let path = "/case/\(desk.id)/laptops"
            let page = try await browser.get(path, cookie: cookie).text
            #expect(page.contains("Mhere") && !page.contains("Mlaptop") && page.contains("Take it off<"))
            let fields = [("device", Self.laptop.description), ("carries", "yes")]
            #expect(try await browser.post(path, fields, from: path, cookie: cookie).status == 404)
            #expect(try await browser.post(path, [("carries", "no")], from: path, cookie: cookie).status == 303)
            #expect(try desk.text("SELECT status FROM caseload") == "OFF")
        }
    }

    private func hex(_ id: Identifier) -> String { "x'\(id.description.filter { $0 != "-" })'" }
}
