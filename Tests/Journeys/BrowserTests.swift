import Foundation
import Testing

@Suite("The pages, in a real browser", .enabled(if: Chromium.isInstalled, Chromium.missing), .serialized)
struct BrowserTests {
    /// In every text that anybody can type.
    private static let planted = "<script>document.title='x'</script>\"><img src=x onerror=\"alert(1)\">"

    @Test("the desk is read by keyboard, at 400 %, in the dark and by axe; scripts stay text; strangers see nothing")
    func desk() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            try await office.writeCase("ZQBROWSER")
            try await office.plant(Self.planted)
            let url = try await network.pages("open", "--replica", office.file)
            try await network.inBrowser("desk_tour.py", url, "ZQBROWSER")
        }
    }
}

extension Desk {
    /// Puts a text behind what stands in every free text of every case.
    func plant(_ text: String) async throws {
        try await sql(
            """
            UPDATE person SET legal_first = legal_first || '\(text.quoted)', known_as = known_as || '\(text.quoted)';
            UPDATE child SET first_name = first_name || '\(text.quoted)';
            UPDATE need SET detail = detail || '\(text.quoted)';
            INSERT INTO case_note(case_id, body) SELECT id, '\(text.quoted)' FROM case_file
            """)
    }
}

extension String {
    /// For a text in SQL.
    fileprivate var quoted: String { replacingOccurrences(of: "'", with: "''") }
}
