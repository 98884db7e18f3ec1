import Foundation
import HTTPTypes
import ReUnitePages
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import Synchronization
import TestSupport
import Testing

/// A laptop inside a prison, with one visit on its sheet and a second case that is not of the day.
struct InsideWorld {
    /// A clock that the test moves.
    final class Clock: Sendable {
        private let milliseconds = Mutex<Int64>(0)
        var now: Int64 { milliseconds.withLock { $0 } }
        func pass(_ time: Int64) { milliseconds.withLock { $0 += time } }
    }

    let desk: CaseDesk
    let clock = Clock()
    let server: InsideServer
    let sheet: VisitSheet

    init() throws {
        desk = try CaseDesk()
        let planned = CivilTime.londonInstant(date: "2026-11-22", minutes: 930)
        try desk.write("INSERT INTO visit(case_id, prison, planned_at) SELECT id, 'BZI', \(planned) FROM case_file")
        let device = "x'" + TestDesk.device.description.filter { $0 != "-" } + "'"
        try desk.write(
            """
            INSERT INTO prison_authorisation(partner_id, device_id, prison, governor_ref, valid_to)
            VALUES(\(TestDesk.roomLiteral), \(device), 'BZI', 'G-17', '2026-12-31')
            """)
        let replica = desk.replica
        let now = try replica.knownTime().now
        let sheet = try replica.read("Packing") {
            try VisitPacking(day: "2026-11-22", device: TestDesk.device, now: now).pack(in: $0).sheet
        }
        _ = try replica.edit("Writing") {
            try CaseFiles.create(
                NewCase(person: .init(knownAs: "Mother")), by: TestDesk.room, in: $0, now: CaseDesk.noon)
        }
        self.sheet = sheet
        let clock = clock
        server = InsideServer(replica: replica, sheet: sheet, prison: "BZI", logger: Browser.silent) { clock.now }
    }

    /// The pages as they are opened once more, after the program has ended.
    func opened() -> InsideServer {
        let clock = clock
        return InsideServer(replica: desk.replica, sheet: sheet, prison: "BZI", logger: Browser.silent) { clock.now }
    }

    func visit(_ body: @Sendable (Browser) async throws -> Void) async throws { try await visit(server, body) }

    func visit(_ server: InsideServer, _ body: @Sendable (Browser) async throws -> Void) async throws {
        try await Browser.visit({ try await server.run(host: "127.0.0.1", port: 0, ready: $0) }, body)
    }

    /// What a page's form carries for itself, for sending it.
    func hidden(_ page: String) -> [(String, String)] {
        page.matches(of: /<input type="hidden" name="(form_[a-z]+)" value="([^"]*)">/)
            .map { (String($0.1), String($0.2)) }
    }

    /// Types the code. Returns where it leads.
    func unlock(_ browser: Browser, _ cookie: String) async throws -> String {
        let sent = try await browser.post("/unlock", [("code", server.code)], from: "/unlock", cookie: cookie)
        return try #require(sent.headers[.location])
    }
}
