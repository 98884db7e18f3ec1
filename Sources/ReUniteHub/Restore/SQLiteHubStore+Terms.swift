import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    /// What the hub promises a device in its checkpoints.
    package func terms(of device: Identifier) throws -> DeviceTerms {
        try read("Reading the terms") { database in
            DeviceTerms(
                backedUp: try SQLiteHubStore.backup(database)?.position ?? .zero,
                leaseMilliseconds: try Int64.fetchOne(
                    database.cachedStatement(
                        sql: "SELECT lease_ms FROM hub_device WHERE id = ? AND lease_ms IS NOT NULL"),
                    arguments: [device.sqlBlob]))
        }
    }

    /// The newest backup that devices rely on; nil where there is none.
    package func newestBackup() throws -> BackupMark? {
        try read("Reading what is backed up") { try SQLiteHubStore.backup($0) }
    }

    /// Records that a backup reaches a position. In the ledger first: whoever restores the hub must know what devices
    /// were told, and no device is told before that.
    package func note(backup mark: BackupMark) throws {
        try write("Recording the backup") { database in
            try ClosingLedger(beside: database).append([
                ClosingLedger.Entry(
                    kind: .backedUp, position: mark.position.rawValue, atMilliseconds: mark.madeMilliseconds)
            ])
            for (name, value) in [("backed_up", mark.position.rawValue), ("backed_up_ms", mark.madeMilliseconds)] {
                try database.execute(
                    sql: """
                        INSERT INTO hub_meta(name, value) VALUES(?, ?)
                        ON CONFLICT(name) DO UPDATE SET value = max(value, excluded.value)
                        """, arguments: [name, value])
            }
        }
    }

    static func backup(_ database: Database) throws -> BackupMark? {
        func number(_ name: String) throws -> Int64? {
            try Int64.fetchOne(
                database.cachedStatement(sql: "SELECT value FROM hub_meta WHERE name = ?"), arguments: [name])
        }
        guard let position = try number("backed_up") else { return nil }
        return BackupMark(position: Position(position), madeMilliseconds: try number("backed_up_ms") ?? 0)
    }
}

/// How far a backup reaches, and when it was made, milliseconds since 1970.
package struct BackupMark: Hashable, Sendable {
    package var position: Position
    package var madeMilliseconds: Int64

    package init(position: Position, madeMilliseconds: Int64) {
        self.position = position
        self.madeMilliseconds = madeMilliseconds
    }
}
