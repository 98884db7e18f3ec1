import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    /// How far above every position that may ever have been used a new life begins.
    static let gap: Int64 = 1_000_000

    /// Begins a new life of the hub on a database that was put back, before anybody is served from it.
    ///
    /// - Parameters:
    ///   - mark: how far the lost life had come, as far as the witness knows.
    ///   - lost: a life of which the database knows nothing, and which the new one follows as well.
    ///   - entries: the ledger of closings.
    ///   - replay: what the ledger of batches has put back before; nil where there was none.
    package func beginLife(
        salt: Identifier, after mark: HubWitness.Mark?, lost: HubEpoch? = nil,
        ledger entries: [ClosingLedger.Entry], replayed replay: LedgerReplay?, atMilliseconds now: Int64,
        fresh: () -> Identifier
    ) throws {
        try write("Restoring the hub") { database in
            let parent = try facts(database).epoch
            let known = Int64(parent.number)
            let restored = try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0
            let number = max(known, Int64(mark?.epoch ?? 0)) + 1
            let highest = max(restored, mark?.position.rawValue ?? 0, entries.map(\.position).max() ?? 0)
            let began = highest + SQLiteHubStore.gap
            for (name, value) in [
                ("epoch", number.databaseValue), ("epoch_salt", salt.bytes.sqlBlob.databaseValue),
            ] {
                try database.execute(
                    sql: "UPDATE hub_meta SET value = ? WHERE name = ?", arguments: [value, name])
            }
            try database.execute(
                sql: """
                    INSERT INTO hub_epoch(number, salt, parent_number, parent_salt, restored, began, at_ms)
                    VALUES(?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [number, salt.sqlBlob, known, parent.salt.sqlBlob, restored, began, now])
            if let lost { try note(lost: lost, followedBy: number, database) }
            // What they relied on is here by now, as far as it ever will be.
            try database.execute(sql: "DELETE FROM hub_meta WHERE name IN ('ledgered', 'ledger_kept')")
            try database.execute(sql: "UPDATE hub_clock SET position = ?", arguments: [began])
            // Nobody can fetch these, and they may hold what was closed since.
            try database.execute(sql: "DELETE FROM hub_delivery")
            try database.execute(sql: "DELETE FROM hub_carried")
            // What was sent to whom after the backup nobody knows: anything may be there.
            try database.execute(sql: "UPDATE hub_device SET asked = ? WHERE state IN (1, 2)", arguments: [began])
            try SQLiteHubStore.restoreLeases(atMilliseconds: now, database)
            let transaction = try HubTransaction(database, schema: schema, at: now)
            let hub = try Row.fetchOne(database, sql: "SELECT value FROM hub_meta WHERE name = 'id'")
            transaction.audit.note(
                .life(
                    of: hub?.identifier("value") ?? .zero,
                    HubEpoch(number: UInt32(truncatingIfNeeded: number), salt: salt),
                    after: try AuditLog(database).head(), at: now))
            // Who joined and who was revoked takes no position of its own, and stays so in any case.
            // What the batches of the ledger closed again by themselves needs no bar.
            let base = replay?.base.rawValue ?? restored
            try self.replay(
                entries.filter {
                    [.partner, .enrolled, .rekeyed, .revoked, .ended].contains($0.kind)
                        || $0.position > base
                            && (![.closed, .hidden].contains($0.kind) || replay?.closed.contains($0) != true)
                },
                transaction, fresh
            )
            try transaction.savePosition()
        }
    }

    /// Does again what the ledger says and the database does not.
    private func replay(
        _ entries: [ClosingLedger.Entry], _ transaction: HubTransaction, _ fresh: () -> Identifier
    ) throws {
        for kind in [ClosingLedger.Entry.Kind.partner, .enrolled, .rekeyed] {
            for entry in entries where entry.kind == kind { try admit(entry, transaction) }
        }
        for entry in entries where entry.kind == .revoked {
            guard let device = entry.device.flatMap({ Identifier($0) }) else { continue }
            try transaction.database.execute(
                sql: "UPDATE hub_device SET state = 2, revoked_at = ?, code_key = NULL WHERE id = ? AND state <> 2",
                arguments: [entry.position, device.sqlBlob])
            guard transaction.database.changesCount > 0 else { continue }
            transaction.audit.note(
                AuditRecord(
                    .deviceRevoked, atMilliseconds: transaction.now,
                    [.id(.device, device), .number(.position, entry.position)]))
        }
        var scopes = Set<Int64>()
        for entry in entries where entry.kind == .ended {
            guard let partner = entry.partner.flatMap({ Identifier($0) }) else { continue }
            scopes.formUnion(
                try SQLiteHubStore.end(partner, atMilliseconds: entry.atMilliseconds, transaction.database))
        }
        for entry in entries where entry.kind == .closed || entry.kind == .opened {
            guard let scope = try bar(entry, transaction, fresh) else { continue }
            scopes.insert(scope)
        }
        for entry in entries where entry.kind == .hidden {
            guard let table = entry.table, let key = entry.row.flatMap({ Identifier($0) }) else { continue }
            try transaction.database.execute(
                sql: "INSERT OR IGNORE INTO hub_bar_row(tbl, key, closed) VALUES(?, ?, ?)",
                arguments: [Int64(table), key.sqlBlob, entry.position])
            if let row = try transaction.rows.row(table, key) { transaction.noteClass(of: row) }
        }
        try RestoredAccess(transaction).evaluate(scopes.sorted())
    }

    /// Keeps closed what was closed last, and was not opened after that.
    private func bar(
        _ entry: ClosingLedger.Entry, _ transaction: HubTransaction, _ fresh: () -> Identifier
    ) throws -> Int64? {
        let database = transaction.database
        guard let partner = entry.partner.flatMap({ Identifier($0) }),
            let scopeID = entry.scope.flatMap({ Identifier($0) })
        else { return nil }
        let device = entry.device.flatMap { Identifier($0) }
        let subscription = try Int64.fetchOne(
            database, sql: "SELECT no FROM hub_sub WHERE partner = ? AND device IS ? ORDER BY no LIMIT 1",
            arguments: [partner.sqlBlob, device?.sqlBlob])
        guard let subscription else { return nil }
        let scope = try transaction.scope(scopeID)
        let mask = Int64(bitPattern: entry.mask ?? .max)
        if entry.kind == .opened {
            try database.execute(
                sql: "UPDATE hub_bar SET mask = mask & ~? WHERE sub = ? AND scope = ?",
                arguments: [mask, subscription, scope])
            try database.execute(
                sql: "DELETE FROM hub_bar WHERE sub = ? AND scope = ? AND mask = 0", arguments: [subscription, scope])
        } else {
            try database.execute(
                sql: """
                    INSERT INTO hub_bar(id, sub, scope, mask, closed) VALUES(?, ?, ?, ?, ?)
                    ON CONFLICT(sub, scope, closed) DO UPDATE SET mask = mask | excluded.mask
                    """, arguments: [fresh().sqlBlob, subscription, scope, mask, entry.position])
        }
        return scope
    }

    /// A partner that was added after the backup, a device that joined, or new keys of one.
    ///
    /// - Parameter takesPosition: whether what it changes has a position of its own.
    func admit(_ entry: ClosingLedger.Entry, _ transaction: HubTransaction, takesPosition: Bool = true) throws {
        switch entry.kind {
        case .partner:
            guard let id = entry.partner.flatMap({ Identifier($0) }), let code = entry.code, let name = entry.name,
                try Int.fetchOne(
                    transaction.database, sql: "SELECT 1 FROM hub_partner WHERE id = ? OR code = ?",
                    arguments: [id.sqlBlob, code]) == nil
            else { return }
            try SQLiteHubStore.add(
                partner: id, code: code, name: name, atMilliseconds: transaction.now, transaction.database)
        case .enrolled: try takeIn(entry, transaction, takesPosition: takesPosition)
        case .rekeyed:
            guard let device = entry.device.flatMap({ Identifier($0) }),
                let signed = entry.succession.flatMap({ try? SignedKeySuccession(decoding: Array($0)) }),
                try replaceKeys(of: device, by: signed, since: entry.atMilliseconds, transaction.database)
            else { return }
            transaction.audit.note(
                AuditRecord(
                    .deviceRekeyed, atMilliseconds: transaction.now,
                    [.id(.device, device), .hash(.key, Hub.digest(of: signed.succession.keys.encoded()))]))
        default: break
        }
    }

    /// A device that joined after the backup: its code is used up, and it may go on.
    private func takeIn(_ entry: ClosingLedger.Entry, _ transaction: HubTransaction, takesPosition: Bool) throws {
        let database = transaction.database
        guard let device = entry.device.flatMap({ Identifier($0) }), let encoded = entry.keys,
            let keys = try? PublicKeys(decoding: Array(encoded)),
            let partner = entry.partner.flatMap({ Identifier($0) }), let role = entry.role, let name = entry.name,
            let shared = try Int64.fetchOne(
                database, sql: "SELECT sub FROM hub_partner WHERE id = ?", arguments: [partner.sqlBlob])
        else { return }
        let state = try Int64.fetchOne(
            database, sql: "SELECT state FROM hub_device WHERE id = ?", arguments: [device.sqlBlob])
        if state == nil {
            var subscription = shared
            if role == "field", schema.has(.deviceScope) {
                try database.execute(
                    sql: "INSERT INTO hub_sub(partner, device) VALUES(?, ?)",
                    arguments: [partner.sqlBlob, device.sqlBlob])
                subscription = database.lastInsertedRowID
            }
            try database.execute(
                sql: """
                    INSERT INTO hub_device(id, no, partner, sub, name, role)
                    VALUES(?, (SELECT coalesce(max(no), 0) + 1 FROM hub_device), ?, ?, ?, ?)
                    """, arguments: [device.sqlBlob, partner.sqlBlob, subscription, name, role])
            // The log of before the restore has it; this life's begins without.
            transaction.audit.note(
                AuditRecord(
                    .deviceInvited, atMilliseconds: transaction.now,
                    [.id(.device, device), .id(.partner, partner), .word(.code, role)]))
            if subscription != shared {
                // When the device was invited its own scope was opened at the position that there was.
                let position = takesPosition ? transaction.takePosition() : transaction.position
                try GrantStore(transaction, feed: try FeedStore(transaction)).evaluate(partner, at: position)
            }
        }
        try database.execute(
            sql: """
                UPDATE hub_device SET state = 1, code_key = NULL, asked = ?, enrolled_at = ? WHERE id = ? AND state = 0
                """, arguments: [transaction.position.rawValue, entry.position, device.sqlBlob])
        if database.changesCount > 0 {
            transaction.audit.note(
                AuditRecord(
                    .deviceEnrolled, atMilliseconds: transaction.now,
                    [.id(.device, device), .hash(.key, Hub.digest(of: keys.encoded()))]))
        }
        // Which of the hub's keys it was told of nobody knows any more.
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO hub_key_use(device, number, given_ms)
                SELECT ?1, number, ?2 FROM hub_key UNION SELECT ?1, 1, ?2
                """, arguments: [device.sqlBlob, entry.atMilliseconds])
        try database.execute(
            sql:
                "INSERT OR IGNORE INTO hub_device_key(device, number, signing, sealing, since_ms) VALUES(?, ?, ?, ?, ?)",
            arguments: [
                device.sqlBlob, Int64(keys.number), keys.signing.sqlBlob, keys.agreement.sqlBlob, entry.atMilliseconds,
            ])
    }

    // MARK: Afterwards

    /// Opens a restored hub: from now on its rows say again who may see what. What had been closed stays closed.
    package func openLife(by person: String, why: String, atMilliseconds now: Int64) throws -> Int {
        let what = "Opening the restored hub"
        return try write(what) { database in
            guard let life = try HubLife.current(database), !life.isOpen else {
                throw Failure(
                    .badData, what: what, why: "it is open already",
                    remedy: "Look at how far it is with 'hub recovery status'")
            }
            try database.execute(
                sql: "UPDATE hub_epoch SET opened_ms = ?, opened_by = ?, opened_why = ? WHERE number = ?",
                arguments: [now, person, why, Int64(life.epoch.number)])
            let scopes = try Int64.fetchAll(
                database, sql: "SELECT DISTINCT scope FROM hub_grant WHERE closed IS NULL AND held <> 0")
            let transaction = try HubTransaction(database, schema: schema, at: now)
            transaction.audit.note(
                AuditRecord(
                    .restoreOpened, atMilliseconds: now,
                    [.number(.epoch, Int64(life.epoch.number)), .why(by: person, why)]))
            try RestoredAccess(transaction).evaluate(scopes)
            try transaction.savePosition()
            return scopes.count
        }
    }

    /// Gives a subscription back what had been closed to it at a position that was lost. An operator answers for it.
    package func allow(bar id: String, atMilliseconds now: Int64) throws {
        let what = "Opening what had been closed"
        try write(what) { database in
            let row = try database.row(of: "hub_bar", beginning: id, what: what, thing: "closing that was kept")
            try database.execute(sql: "DELETE FROM hub_bar WHERE id = ?", arguments: [row.identifier("id").sqlBlob])
            let transaction = try HubTransaction(database, schema: schema, at: now)
            let scope = try Row.fetchOne(
                database, sql: "SELECT id FROM hub_scope WHERE no = ?", arguments: [row["scope"] as Int64])
            transaction.audit.note(
                AuditRecord(
                    .restoreOpened, atMilliseconds: now,
                    [.number(.subscription, row["sub"])] + (scope.map { [.id(.scope, $0.identifier("id"))] } ?? [])))
            try RestoredAccess(transaction).evaluate([row["scope"]])
            try transaction.savePosition()
        }
    }
}
