import Foundation
import TestSupport
import Testing

@Suite struct ForeignLanguageTests {
    /// Tests/Decoder/client.py knows nothing but docs/protocol.md and Schemas/wire.
    @Test("a client in Python, written from the documents alone, joins a real hub, writes a case, and is believed")
    func client() async throws {
        try await Network.run { network in
            let python = try #require(ForeignClient.pythonWithKeys, "no python3 with cryptography: run scripts/setup")
            let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            // So much that the first delivery has to be fetched page by page.
            let desk = try await network.desk("SRY")
            let written = try await desk.writeCase("ZQLONG")
            try await desk.sql(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)
                INSERT INTO case_note(case_id, body) SELECT x'\(written.hex)', hex(randomblob(5000)) FROM n;
                """)
            try await desk.synced()
            let schema = try await network.atHub("SELECT max(version) FROM ru_migration")
            let ran = try await network.tool(
                python, "-B", tests.appending(path: "Decoder/client.py").path, network.url,
                try await network.code(for: "SRY"), schema)
            try #require(ran.status == 0, "\(ran)")
            let said = try ran.json()
            #expect(said["first"].items == [.text("fetch"), .text("idle")])
            #expect(said["agrees"] == .bool(true), "its digest is not the hub's")
            #expect(said["second"].items.last == .text("idle"))

            // Every op was accepted; the hub filled in who owns the case.
            let receipt = try #require(said["receipts"].items.first)
            #expect(receipt["ops"].int == 3)
            #expect(receipt["exceptions"].items.map { $0["verdict"].text } == ["accepted"])
            let words = "SELECT legal_first, known_as, language FROM person WHERE legal_last = 'Person'"
            #expect(try await network.atHub(words) == "Test|Pia|Welsh")
            #expect(
                said["held"].items.first?.items.map { $0["text"].text } == [
                    nil, "Test", "Person", "Pia", nil, nil, nil, nil, "Welsh", nil,
                ])

            // A replica of the same partner takes it from the hub as from anybody.
            try await desk.synced()
            #expect(try await desk.sql(words) == "Test|Pia|Welsh")
            #expect(try await desk.count("case_file WHERE owner_partner_id IS NOT NULL") == 2)
        }
    }
}
