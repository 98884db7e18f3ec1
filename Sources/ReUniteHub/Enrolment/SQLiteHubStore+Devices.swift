import Foundation
import GRDB
import ReUniteReplica
public import ReUniteSync

extension SQLiteHubStore {
    public func device(_ id: Identifier) throws -> DeviceRecord? {
        try read("Finding a device") { try device($0, where: "d.id = ?", id.sqlBlob) }
    }

    public func device(slot: [UInt8]) throws -> EnrolmentSlot? {
        try read("Finding an enrolment code") { database in
            guard let device = try device(database, where: "d.slot = ?", slot.sqlBlob),
                let row = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT code_key, code_expires_ms, code_tries, request_hash, answer FROM hub_device WHERE id = ?
                        """, arguments: [device.id.sqlBlob])
            else { return nil }
            func optional(_ column: String) -> [UInt8]? {
                let bytes = row.bytes(column)
                return bytes.isEmpty ? nil : bytes
            }
            let expires: Int64? = row["code_expires_ms"]
            return EnrolmentSlot(
                device: device, codeKey: optional("code_key"), expiresMilliseconds: expires ?? 0,
                wrongProofs: row["code_tries"], requestHash: optional("request_hash"), answer: optional("answer"))
        }
    }

    func device(_ database: Database, id: Identifier) throws -> DeviceRecord? {
        try device(database, where: "d.id = ?", id.sqlBlob)
    }

    private func device(
        _ database: Database, where condition: String, _ argument: some DatabaseValueConvertible
    ) throws -> DeviceRecord? {
        guard
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT d.*, p.code AS partner_code, p.name AS partner_name, p.sub AS partner_sub
                    FROM hub_device d JOIN hub_partner p ON p.id = d.partner WHERE \(condition)
                    """, arguments: [argument]),
            let state = DeviceRecord.State(rawValue: row["state"])
        else { return nil }
        let id = row.identifier("id")
        var keys: [UInt32: PublicKeys] = [:]
        var lastBatches: [UInt32: UInt64] = [:]
        let stored = try Row.fetchAll(
            database, sql: "SELECT number, signing, sealing, last_batch FROM hub_device_key WHERE device = ?",
            arguments: [id.sqlBlob])
        for row in stored {
            let number = UInt32(truncatingIfNeeded: row["number"] as Int64)
            keys[number] = try PublicKeys(
                number: number, signing: row.bytes("signing"), agreement: row.bytes("sealing"))
            if let last = row["last_batch"] as Int64? { lastBatches[number] = UInt64(bitPattern: last) }
        }
        let ticket: Int64 = row["ticket"]
        let clone: Int64? = row["clone_ms"]
        let audit: Int64 = row["audit_size"]
        return DeviceRecord(
            id: id, partner: row.identifier("partner"), partnerCode: row["partner_code"],
            partnerName: row["partner_name"], subscription: row["sub"], partnerSubscription: row["partner_sub"],
            name: row["name"], role: row["role"], state: state, keys: keys, ticket: UInt64(bitPattern: ticket),
            isSuspended: clone != nil, auditSize: UInt64(bitPattern: audit), lastBatches: lastBatches,
            leaseMilliseconds: row["lease_ms"], enrolled: Position((row["enrolled_at"] as Int64?) ?? 0))
    }

    public func countWrongProof(device: Identifier) throws {
        try write("Counting a wrong code") { database in
            try database.execute(
                sql: "UPDATE hub_device SET code_tries = code_tries + 1 WHERE id = ?", arguments: [device.sqlBlob])
        }
    }

    public func enrol(
        device: Identifier, keys: PublicKeys, hubKey: UInt32, requestHash: [UInt8], answer: [UInt8], words: String,
        atMilliseconds now: Int64
    ) throws {
        try write("Enrolling a device") { database in
            try database.execute(
                sql: """
                    UPDATE hub_device SET state = 1, request_hash = ?, answer = ?, words = ?, last_seen_ms = ?,
                      enrolled_at = (SELECT position FROM hub_clock) WHERE id = ? AND state = 0
                    """, arguments: [requestHash.sqlBlob, answer.sqlBlob, words, now, device.sqlBlob])
            guard database.changesCount == 1 else {
                throw Failure(
                    .notPermitted, what: "Enrolling the device", why: "the code has been used",
                    remedy: "Ask the hub operator for a new code")
            }
            try database.execute(
                sql: "INSERT INTO hub_device_key(device, number, signing, sealing, since_ms) VALUES(?, ?, ?, ?, ?)",
                arguments: [
                    device.sqlBlob, Int64(keys.number), keys.signing.sqlBlob, keys.agreement.sqlBlob, now,
                ])
            try database.execute(
                sql: "INSERT OR IGNORE INTO hub_key_use(device, number, given_ms, shown_ms) VALUES(?, ?, ?, ?)",
                arguments: [device.sqlBlob, Int64(hubKey), now, now])
            try SQLiteHubStore.extendLease(of: device, atMilliseconds: now, database)
            try DueList(database, schema).note(partnerOf: device)
            try ledger(.enrolled, device, keys: keys, at: now, database)
            try AuditLog(database).append([
                AuditRecord(
                    .deviceEnrolled, atMilliseconds: now,
                    [.id(.device, device), .hash(.key, Hub.digest(of: keys.encoded()))])
            ])
        }
    }

    /// Writes what became of a device into the ledger: no backup may undo it.
    func ledger(
        _ kind: ClosingLedger.Entry.Kind, _ id: Identifier, keys: PublicKeys? = nil,
        succession: SignedKeySuccession? = nil, at now: Int64, _ database: Database
    ) throws {
        let device = try device(database, id: id)
        try ClosingLedger(beside: database).append([
            ClosingLedger.Entry(
                kind: kind, position: try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0,
                atMilliseconds: now, partner: device?.partner.description, device: id.description, name: device?.name,
                role: device?.role, keys: keys.map { Data($0.encoded()) }, succession: succession.map { Data($0.bytes) }
            )
        ])
    }

    public func take(
        ticket: UInt64, request: Identifier, of device: Identifier, atMilliseconds now: Int64
    ) throws -> Freshness {
        try write("Taking a ticket") {
            try take(ticket: ticket, request: request, of: device, atMilliseconds: now, $0)
        }
    }

    private func take(
        ticket: UInt64, request: Identifier, of device: Identifier, atMilliseconds now: Int64, _ database: Database
    ) throws -> Freshness {
        let highest = try Int64.fetchOne(
            database, sql: "SELECT ticket FROM hub_device WHERE id = ?", arguments: [device.sqlBlob])
        guard ticket >= UInt64(bitPattern: highest ?? 0) else {
            let seen = try Int.fetchOne(
                database, sql: "SELECT 1 FROM hub_request WHERE device = ? AND ticket = ? AND id = ?",
                arguments: [device.sqlBlob, Int64(bitPattern: ticket), request.sqlBlob])
            if seen != nil { return .repeated }
            try suspend(device: device, atMilliseconds: now, database)
            return .cloned
        }
        try database.execute(
            sql: "INSERT OR IGNORE INTO hub_request(device, ticket, id) VALUES(?, ?, ?)",
            arguments: [device.sqlBlob, Int64(bitPattern: ticket), request.sqlBlob])
        try database.execute(
            sql: "DELETE FROM hub_request WHERE device = ? AND ticket < ?",
            arguments: [device.sqlBlob, Int64(bitPattern: ticket) - SQLiteHubStore.requestsRemembered])
        try database.execute(
            sql: "UPDATE hub_device SET ticket = ? WHERE id = ?",
            arguments: [Int64(bitPattern: ticket), device.sqlBlob])
        return .newest
    }

    public func note(_ presence: Presence, of device: Identifier) throws -> Freshness {
        try write("Noting a device") { database in
            let freshness = try take(
                ticket: presence.ticket, request: presence.request, of: device,
                atMilliseconds: presence.atMilliseconds, database)
            guard freshness == .newest else { return freshness }
            try database.execute(sql: "DELETE FROM hub_carried WHERE device = ?", arguments: [device.sqlBlob])
            try SQLiteHubStore.extendLease(of: device, atMilliseconds: presence.atMilliseconds, database)
            try noteAcknowledged(presence, by: device, atMilliseconds: presence.atMilliseconds, database)
            let digest = presence.digestMatches.map { $0 ? "match" : "mismatch" }
            try database.execute(
                sql: """
                    UPDATE hub_device SET cursor = ?, asked = (SELECT position FROM hub_clock),
                      digest_state = coalesce(?, digest_state), last_seen_ms = ?, skew_ms = ?, schema_version = ?,
                      unsent = ?, audit_size = ? WHERE id = ?
                    """,
                arguments: [
                    presence.cursor.rawValue, digest, presence.atMilliseconds,
                    presence.skewMilliseconds, Int64(presence.schemaVersion), Int64(bitPattern: presence.unsent),
                    Int64(bitPattern: presence.auditSize), device.sqlBlob,
                ])
            try NightCount.add(syncs: 1, up: presence.bytes, atMilliseconds: presence.atMilliseconds, database)
            return .newest
        }
    }

    /// An old request is known for one for so many tickets after it.
    private static let requestsRemembered: Int64 = 1_000
}
