import Foundation
import HTTPTypes
import Hummingbird
import ReUniteProgramme
import Testing

@testable import ReUnitePages

@Suite("Every page that can be asked for is in the list of pages that the browser tests hold")
struct PageListTests {
    /// Opens the pages, or is no page but a stylesheet.
    private static let others: Set<String> = ["/start/:token", "/style.css", "/visit-form.css"]

    @Test("The list has each address of the desk, of the pages inside and of the console, and no other")
    func all() throws {
        let world = try InsideWorld()
        let replica = world.desk.replica
        let routers: [(service: String, router: Router<PageContext>)] = [
            ("desk", Desk(replica: replica, session: PageSession(), syncing: nil).router()),
            (
                "inside",
                InsideDesk(replica: replica, packed: world.sheet, prison: "BZI", session: InsideSession(clock: { 0 }))
                    .router()
            ),
            (
                "console",
                Console(session: ConsoleSession(clock: { 0 }), open: { throw CancellationError() }).router()
            ),
        ]
        let listed = try pages()
        for (service, router) in routers {
            let served = router.routes.filter { $0.method == .get }.map {
                "\($0.path)".replacing("{", with: ":").replacing("}", with: "")
            }
            #expect(served.count > 5, "\(service)")
            #expect(Set(served).subtracting(Self.others) == listed[service] ?? [], "\(service)")
        }
    }

    /// The paths of the list, by service.
    private func pages() throws -> [String: Set<String>] {
        let list = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Browser/pages.txt")
        let lines = try String(contentsOf: list, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
        return lines.map { $0.split(separator: " ").map(String.init) }.reduce(into: [:]) { pages, line in
            pages[line[0], default: []].insert(line[1])
        }
    }
}
