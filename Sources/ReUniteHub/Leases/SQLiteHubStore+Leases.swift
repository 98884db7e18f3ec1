import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    private static let setting = "lease_days"

    package func leaseDays() throws -> Int? {
        try read("Reading the leases") { try SQLiteHubStore.leaseDays($0) }
    }

    package func set(leaseDays days: Int?, by person: String, why: String, atMilliseconds now: Int64) throws {
        try write("Setting the lease") { database in
            try database.execute(
                sql: """
                    INSERT INTO hub_meta(name, value) VALUES(?, ?)
                    ON CONFLICT(name) DO UPDATE SET value = excluded.value
                    """, arguments: [SQLiteHubStore.setting, days])
            if let days {
                try database.execute(
                    sql: "UPDATE hub_device SET lease_ms = ? WHERE lease_ms IS NULL AND state = 1",
                    arguments: [SQLiteHubStore.end(of: days, from: now)])
            } else {
                try database.execute(sql: "UPDATE hub_device SET lease_ms = NULL")
            }
            try AuditLog(database).append([
                AuditRecord(
                    .deviceReadmitted, atMilliseconds: now,
                    [.word(.code, "lease"), .number(.count, Int64(days ?? 0)), .why(by: person, why)])
            ])
        }
    }

    package func renew(
        device: Identifier, days: Int, by person: String, why: String, atMilliseconds now: Int64
    ) throws -> Bool {
        try write("Renewing the lease") { database in
            try database.execute(
                sql: "UPDATE hub_device SET lease_ms = ? WHERE id = ? AND state = 1 AND lease_ms IS NOT NULL",
                arguments: [SQLiteHubStore.end(of: days, from: now), device.sqlBlob])
            guard database.changesCount == 1 else { return false }
            try AuditLog(database).append([
                AuditRecord(
                    .deviceReadmitted, atMilliseconds: now,
                    [
                        .id(.device, device), .word(.code, "lease"), .number(.count, Int64(days)),
                        .why(by: person, why),
                    ])
            ])
            return true
        }
    }

    /// A device was here, or a file for it leaves: its lease runs anew, if it has not ended.
    static func extendLease(of device: Identifier, atMilliseconds now: Int64, _ database: Database) throws {
        guard let days = try leaseDays(database) else { return }
        try database.execute(
            sql: """
                UPDATE hub_device SET lease_ms = max(coalesce(lease_ms, 0), ?)
                WHERE id = ? AND (lease_ms IS NULL OR lease_ms >= ?)
                """, arguments: [end(of: days, from: now), device.sqlBlob, now])
    }

    /// Nobody knows how far the leases went that the lost life gave out: those that had not ended when
    /// anything last happened before the backup run anew.
    static func restoreLeases(atMilliseconds now: Int64, _ database: Database) throws {
        guard let days = try leaseDays(database) else { return }
        try database.execute(
            sql: """
                UPDATE hub_device SET lease_ms = max(lease_ms, ?)
                WHERE state = 1 AND lease_ms >= (
                  SELECT max(ms, (SELECT coalesce(max(last_seen_ms), 0) FROM hub_device)) FROM ru_now)
                """, arguments: [end(of: days, from: now)])
    }

    private static func leaseDays(_ database: Database) throws -> Int? {
        try Int.fetchOne(
            database.cachedStatement(sql: "SELECT value FROM hub_meta WHERE name = ? AND value IS NOT NULL"),
            arguments: [setting])
    }

    private static func end(of days: Int, from now: Int64) -> Int64 { now + Int64(days) * 86_400_000 }
}
