import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    package func addPartner(id: Identifier, code: String, name: String, atMilliseconds now: Int64) throws {
        try write("Adding the partner") { database in
            if try Int.fetchOne(database, sql: "SELECT 1 FROM hub_partner WHERE code = ?", arguments: [code]) != nil {
                throw Failure(
                    .cannotCreate, what: "Adding the partner", why: "there is a partner with the code \(code) already",
                    remedy: "Choose another code, or look at the partners with 'hub partner list'")
            }
            try SQLiteHubStore.add(partner: id, code: code, name: name, atMilliseconds: now, database)
            // In the ledger: whoever restores the hub must know whose its devices are.
            try ClosingLedger(beside: database).append([
                ClosingLedger.Entry(
                    kind: .partner,
                    position: try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0,
                    atMilliseconds: now, partner: id.description, name: name, code: code)
            ])
        }
    }

    static func add(
        partner id: Identifier, code: String, name: String, atMilliseconds now: Int64, _ database: Database
    ) throws {
        try database.execute(sql: "INSERT INTO hub_sub(partner) VALUES(?)", arguments: [id.sqlBlob])
        try database.execute(
            sql: "INSERT INTO hub_partner(id, code, name, sub) VALUES(?, ?, ?, ?)",
            arguments: [id.sqlBlob, code, name, database.lastInsertedRowID])
        try AuditLog(database).append([
            AuditRecord(.partnerAdded, atMilliseconds: now, [.id(.partner, id), .word(.code, code)])
        ])
    }

    package func partners() throws -> [Hub.Partner] {
        try read("Listing partners") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT p.*, (SELECT count(*) FROM hub_device d WHERE d.partner = p.id AND d.state = 1) AS devices
                    FROM hub_partner p ORDER BY p.code
                    """
            ).map {
                let ended: Int64? = $0["ended_ms"]
                return Hub.Partner(
                    id: $0.identifier("id").description, code: $0["code"], name: $0["name"], devices: $0["devices"],
                    active: ended == nil)
            }
        }
    }

    package func devices() throws -> [Hub.Device] {
        try read("Listing devices") { database in
            let position = try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT d.*, p.code AS partner_code, k.number AS key_number, k.since_ms AS key_since,
                      (SELECT count(*) FROM hub_branch b WHERE b.device = d.id AND b.parent IS NOT NULL) AS forks
                    FROM hub_device d JOIN hub_partner p ON p.id = d.partner
                    LEFT JOIN hub_device_key k
                      ON k.device = d.id AND k.number = (SELECT max(number) FROM hub_device_key WHERE device = d.id)
                    ORDER BY p.code, d.name
                    """
            ).map { row in
                let clone: Int64? = row["clone_ms"]
                let state: Int64 = row["state"]
                let cursor: Int64 = row["cursor"]
                let keyNumber: Int64? = row["key_number"]
                return Hub.Device(
                    id: row.identifier("id").description, partner: row["partner_code"], name: row["name"],
                    role: row["role"],
                    state: state == 2 ? "revoked" : clone != nil ? "suspended" : state == 1 ? "enrolled" : "invited",
                    lastSeen: row["last_seen_ms"], cursor: cursor, behind: position - cursor,
                    digest: row["digest_state"], unsent: row["unsent"], clockSkewMilliseconds: row["skew_ms"],
                    schema: row["schema_version"], words: row["words"],
                    keyNumber: keyNumber.map { UInt32(truncatingIfNeeded: $0) },
                    keysSinceMilliseconds: row["key_since"], lease: row["lease_ms"], forks: row["forks"])
            }
        }
    }

    package func invite(
        device: Identifier, partner code: String, name: String, role: String, verifier: EnrolmentVerifier,
        expiresMilliseconds: Int64, atMilliseconds now: Int64
    ) throws {
        try write("Making a code") { database in
            guard
                let partner = try Row.fetchOne(
                    database, sql: "SELECT id, sub FROM hub_partner WHERE code = ? AND ended_ms IS NULL",
                    arguments: [code])
            else {
                throw Failure(
                    .noInput, what: "Making a code", why: "there is no partner with the code \(code)",
                    remedy: "Look at the partners with 'hub partner list', or add it with 'hub partner add'")
            }
            let id = partner.identifier("id")
            var subscription: Int64 = partner["sub"]
            let hasCaseload = role == "field" && schema.has(.deviceScope)
            if hasCaseload {
                try database.execute(
                    sql: "INSERT INTO hub_sub(partner, device) VALUES(?, ?)", arguments: [id.sqlBlob, device.sqlBlob])
                subscription = database.lastInsertedRowID
            }
            try database.execute(
                sql: """
                    INSERT INTO hub_device(id, no, partner, sub, name, role, slot, code_key, code_expires_ms)
                    VALUES(?, (SELECT coalesce(max(no), 0) + 1 FROM hub_device), ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    device.sqlBlob, id.sqlBlob, subscription, name, role, verifier.slot.sqlBlob,
                    verifier.key.sqlBlob, expiresMilliseconds,
                ])
            try DueList(database, schema).note(partnerOf: device)
            try AuditLog(database).append([
                AuditRecord(
                    .deviceInvited, atMilliseconds: now,
                    [.id(.device, device), .id(.partner, id), .word(.code, role)])
            ])
            guard hasCaseload else { return }
            // What its partner keeps about itself. No caseload can have named it yet.
            let transaction = try HubTransaction(database, schema: schema, at: now)
            try GrantStore(transaction, feed: try FeedStore(transaction)).evaluate(id, at: transaction.position)
            try transaction.saveAudit()
        }
    }

    package func readmit(
        device: Identifier, by person: String, why: String, atMilliseconds now: Int64
    ) throws -> (taken: Int, waiting: Int)? {
        try write("Letting the device in again") { database in
            let branches = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM hub_branch WHERE device = ?", arguments: [device.sqlBlob])
            guard branches ?? 0 <= BranchStore.branchesPerDevice else {
                throw Failure(
                    .notPermitted, what: "Letting the device in again",
                    why:
                        "its log has begun anew or forked more than \(BranchStore.branchesPerDevice) times, which copies of "
                        + "one device do not explain",
                    remedy:
                        "Revoke it with 'hub device revoke' and let its user join again as a new device; release one "
                        + "by one what is good of its edits, with 'hub quarantine list' and 'release'")
            }
            // Whichever copy comes next is the device from now on: what the other has is a branch of its chain, and it
            // is told from this one by its older ticket.
            try database.execute(
                sql: "UPDATE hub_device SET clone_ms = NULL, ticket = 0 WHERE id = ? AND clone_ms IS NOT NULL",
                arguments: [device.sqlBlob])
            let wasShutOut = database.changesCount == 1
            let entries = try Row.fetchAll(
                database,
                sql: """
                    SELECT q.* FROM hub_quarantine q JOIN hub_batch b ON b.no = q.batch
                    WHERE b.device = ? AND q.state = 0 AND q.reason = ? ORDER BY q.batch, q.idx
                    """, arguments: [device.sqlBlob, Int64(Reason.clone.rawValue)]
            ).map(SecondLook.Entry.init)
            // What a copy signed with keys that had been replaced waits too, though its device was never shut out.
            guard wasShutOut || !entries.isEmpty else { return nil }
            try AuditLog(database).append([
                AuditRecord(
                    .deviceReadmitted, atMilliseconds: now, [.id(.device, device), .why(by: person, why)])
            ])
            guard !entries.isEmpty else { return (0, 0) }
            let transaction = try HubTransaction(database, schema: schema, at: now)
            let look = SecondLook(store: self, transaction, at: now)
            var taken = 0
            for entry in entries where try look.readmit(entry, SecondLook.Note(by: person, why: why)) { taken += 1 }
            try transaction.savePosition()
            return (taken, entries.count - taken)
        }
    }

    package func rename(
        device: Identifier, to name: String, by person: String, atMilliseconds now: Int64
    ) throws {
        try write("Renaming the device") { database in
            try database.execute(
                sql: "UPDATE hub_device SET name = ? WHERE id = ?", arguments: [name, device.sqlBlob])
            try DueList(database, schema).note(partnerOf: device)
            try AuditLog(database).append([
                AuditRecord(
                    .written, atMilliseconds: now,
                    [.id(.device, device), .word(.code, "device-rename"), .why(by: person, "")])
            ])
        }
    }

    package func revoke(device: Identifier, noting why: AuditFact?, atMilliseconds now: Int64) throws -> Bool {
        try write("Revoking the device") { database in
            // Once is enough: a second time would move the position after which what it sends is late.
            let isHere = try Bool.fetchOne(
                database, sql: "SELECT state <> 2 FROM hub_device WHERE id = ?", arguments: [device.sqlBlob])
            guard isHere == true else { return false }
            let position = try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0
            // What it holds it keeps: nobody tells it to purge.
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO hub_purge(device, scope, closed, mask, owed_ms)
                    SELECT id, 0, ?, -1, ? FROM hub_device
                    WHERE id = ? AND state = 1 AND (asked > 0 OR EXISTS (SELECT 1 FROM hub_batch b WHERE b.device = id))
                    """, arguments: [position, now, device.sqlBlob])
            try database.execute(
                sql: "UPDATE hub_device SET state = 2, revoked_at = ?, code_key = NULL WHERE id = ?",
                arguments: [position, device.sqlBlob])
            try DueList(database, schema).note(partnerOf: device)
            try database.voidDeliveries(of: device)
            try AuditLog(database).append([
                AuditRecord(
                    .deviceRevoked, atMilliseconds: now,
                    [.id(.device, device), .number(.position, position)] + (why.map { [$0] } ?? []))
            ])
            try ledger(.revoked, device, at: now, database)
            return true
        }
    }
}
