import GRDB
package import ReUniteSync

/// That the hub serves a device no more: it said so at a sync, and nothing since has said otherwise.
public struct HubRefusal: Hashable, Sendable {
    public enum Why: String, Hashable, Sendable {
        /// The device was revoked.
        case revoked
        /// Two copies of the replica were seen.
        case suspended
    }

    public let why: Why
    /// When it was said, by this machine's clock, milliseconds since 1970.
    public let atMilliseconds: Int64

    init?(_ database: Database) throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT (SELECT value FROM ru_meta WHERE name = 'refused') AS why,
                  (SELECT value FROM ru_meta WHERE name = 'refused_ms') AS ms
                """)
        guard let row, let word = row["why"] as String?, let why = Why(rawValue: word) else { return nil }
        self.why = why
        atMilliseconds = row["ms"] ?? 0
    }
}

extension Replica {
    /// Takes note of whether the hub's answer serves this device.
    package func note(standingIn body: SyncAnswer.Body) throws {
        let why: HubRefusal.Why?
        switch body {
        case .revoked: why = .revoked
        case .suspended: why = .suspended
        case .idle, .delivery, .fetch, .unchanged, .leaseOver: why = nil
        // These a device hears whatever its standing.
        case .taken, .closings, .unproven, .epochChanged: return
        }
        guard try read("Reading the status", { try HubRefusal($0)?.why }) != why else { return }
        let now = time.wallMilliseconds
        try transaction("Noting the hub's answer") { database in
            try database.execute(sql: "DELETE FROM ru_meta WHERE name IN ('refused', 'refused_ms')")
            guard let why else { return }
            try database.execute(
                sql: "INSERT INTO ru_meta(name, value) VALUES('refused', ?), ('refused_ms', ?)",
                arguments: [why.rawValue, now])
        }
    }
}
