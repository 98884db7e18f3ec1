import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("What the hub refused of other devices' files is said on every page, until somebody has seen to it")
struct RefusedFilesTests {
    @Test("The banner stands above every page, the page Sync says whose file it was and why, and strikes it off")
    func seenTo() async throws {
        let desk = try CaseDesk()
        let file = try desk.replica.upFile()
        let (bytes, label) = (try file.parcel.bytes(), file.parcel.label)
        let box = desk.replica.relayBox
        try desk.write(
            "INSERT INTO device(id, partner_id, name, role, status) VALUES(?, ?, 'Mlaptop', 'field', 'enrolled')",
            [label.sender.sqlBlob, TestDesk.room.sqlBlob])
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            let banner = "The hub refused 1 file of other devices."
            #expect(try await !browser.get("/", cookie: cookie).text.contains(banner))
            try box.put(up: bytes, label: label)
            #expect(
                try await browser.get("/sync", cookie: cookie).text.contains("Files of other devices that wait"))
            try box.refuse(
                try #require(box.waiting().first), why: "it was <changed> ('relay list')",
                atMilliseconds: CaseDesk.noon)

            #expect(try await browser.get("/", cookie: cookie).text.contains(banner))
            let page = try await browser.get("/sync", cookie: cookie).text
            #expect(page.contains("A file of Mlaptop") && page.contains("it was &lt;changed&gt;"))
            #expect(!page.contains("relay list") && !page.contains("Files of other devices that wait"))
            let name = try #require(box.refused().first?.name)
            let path = "/sync/refused/\(name)/let-go"
            #expect(try await browser.post(path, [], cookie: cookie).status != 303, "without the hidden token")
            #expect(box.refused().count == 1)
            #expect(try await browser.post(path, [], from: "/sync", cookie: cookie).status == 303)
            #expect(box.refused().isEmpty)
            #expect(try await !browser.get("/", cookie: cookie).text.contains(banner))
        }
    }
}
