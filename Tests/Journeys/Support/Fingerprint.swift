import Foundation
import Testing

extension Desk {
    /// What a refused command may not change: every synced row, and the change log with what it has not sent.
    func fingerprint() async throws -> String {
        let tables = try await tables()
        let selects = tables.map { "SELECT '\($0)', * FROM \($0) ORDER BY id" }
        let state = ["SELECT * FROM ru_outbox ORDER BY no", "SELECT * FROM ru_pending", "SELECT * FROM ru_returned"]
        return try await Shell.run(
            (selects + state).joined(separator: ";\n"), file: file, in: network.folder,
            options: ["-readonly", "-quote"])
    }

    func unsent() async throws -> Int {
        try #require(try await json("status")["unsent"]["edits"].int)
    }
}

extension Network {
    /// What a refused request may not change at the hub.
    func hubFingerprint() async throws -> String {
        try await atHub(
            """
            SELECT position FROM hub_clock;
            SELECT count(*), total(no) FROM hub_batch; SELECT count(*) FROM hub_row; SELECT count(*) FROM hub_hold;
            SELECT count(*) FROM hub_quarantine; SELECT hex(id), state FROM hub_device ORDER BY id;
            """)
    }
}
