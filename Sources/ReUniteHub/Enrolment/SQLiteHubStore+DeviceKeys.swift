import Foundation
import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    package func replaceKeys(
        of device: Identifier, by signed: SignedKeySuccession, atMilliseconds now: Int64
    ) throws {
        try write("Taking new keys") { database in
            guard try replaceKeys(of: device, by: signed, since: now, database) else { return }
            // What waits to be fetched is sealed to the old keys: it is made anew.
            try database.voidDeliveries(of: device)
            try DueList(database, schema).note(partnerOf: device)
            try ledger(.rekeyed, device, succession: signed, at: now, database)
            try AuditLog(database).append([
                AuditRecord(
                    .deviceRekeyed, atMilliseconds: now,
                    [.id(.device, device), .hash(.key, Hub.digest(of: signed.succession.keys.encoded()))])
            ])
        }
    }

    /// Puts new keys in the place of a device's. False when they are there already.
    func replaceKeys(
        of device: Identifier, by signed: SignedKeySuccession, since now: Int64, _ database: Database
    ) throws -> Bool {
        let word = signed.succession
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO hub_device_key(device, number, signing, sealing, since_ms, succession)
                VALUES(?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                device.sqlBlob, Int64(word.keys.number), word.keys.signing.sqlBlob, word.keys.agreement.sqlBlob, now,
                signed.bytes.sqlBlob,
            ])
        guard database.changesCount == 1 else { return false }
        try database.execute(
            sql: "UPDATE hub_device_key SET last_batch = ?, replaced_ms = ? WHERE device = ? AND number = ?",
            arguments: [Int64(clamping: word.lastBatch), now, device.sqlBlob, Int64(word.replaced)])
        return true
    }

    package func suspend(device: Identifier, atMilliseconds now: Int64) throws {
        try write("Shutting a device out") { database in
            try suspend(device: device, atMilliseconds: now, database)
        }
    }

    func suspend(device: Identifier, atMilliseconds now: Int64, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE hub_device SET clone_ms = ? WHERE id = ? AND clone_ms IS NULL",
            arguments: [now, device.sqlBlob])
        guard database.changesCount > 0 else { return }
        try AuditLog(database).append([AuditRecord(.deviceSuspended, atMilliseconds: now, [.id(.device, device)])])
    }

    package func deviceKeys(of device: Identifier) throws -> [Hub.DeviceKey] {
        try read("Listing a device's keys") { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM hub_device_key WHERE device = ? ORDER BY number",
                arguments: [device.sqlBlob]
            ).map { row in
                let number = UInt32(truncatingIfNeeded: row["number"] as Int64)
                let keys = try PublicKeys(
                    number: number, signing: row.bytes("signing"), agreement: row.bytes("sealing"))
                let last: Int64? = row["last_batch"]
                return Hub.DeviceKey(
                    number: number, id: String(format: "%016llx", keys.id.rawValue.byteSwapped),
                    sinceMilliseconds: row["since_ms"], replacedMilliseconds: row["replaced_ms"],
                    lastBatch: last.map { UInt64(bitPattern: $0) })
            }
        }
    }
}
