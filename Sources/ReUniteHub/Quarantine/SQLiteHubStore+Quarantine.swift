import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    /// - Parameter more: columns besides those that a list shows.
    private static func joined(_ more: String = "") -> String {
        """
        SELECT q.*, b.received_ms, d.name AS device_name, p.code\(more) FROM hub_quarantine q
        JOIN hub_batch b ON b.no = q.batch LEFT JOIN hub_device d ON d.id = b.device
        LEFT JOIN hub_partner p ON p.id = d.partner
        """
    }

    /// The edits that wait in quarantine, oldest first.
    package func quarantine(_ part: ListPart) throws -> ListPage<QuarantinedEdit> {
        try read("Listing the quarantine") { database in
            let total = try Int.fetchOne(database, sql: "SELECT count(*) FROM hub_quarantine WHERE state = 0")
            return try part.read(of: total ?? 0) { limit in
                try Row.fetchAll(
                    database,
                    sql: "\(SQLiteHubStore.joined()) WHERE q.state = 0 ORDER BY q.position, q.id \(limit)"
                ).map(edit)
            }
        }
    }

    private func edit(_ row: Row) -> QuarantinedEdit {
        let number: Int64 = row["tbl"]
        let groups: Int64 = row["groups"]
        let state: Int64 = row["state"]
        let code: Int64 = row["reason"]
        let reason = Reason(rawValue: UInt8(truncatingIfNeeded: code)) ?? .none
        let table = tables[UInt16(truncatingIfNeeded: number)]
        let partner: String? = row["code"]
        let device: String? = row["device_name"]
        return QuarantinedEdit(
            id: row.identifier("id").description, table: table?.name ?? "?",
            row: row.identifier("key").description,
            columns: table?.columnNames(of: UInt64(bitPattern: groups)) ?? [], reason: reason.code,
            explanation: reason.forOperators, partner: partner ?? "hub", device: device ?? "hub",
            receivedMilliseconds: row["received_ms"],
            state: ["waiting", "released", "refused"][min(max(Int(state), 0), 2)])
    }

    /// One edit of the quarantine, decoded from the batch that its author signed.
    package func quarantined(_ id: String) throws -> QuarantinedEditDetail {
        try read("Showing the edit") { database in
            let found = try database.row(
                of: "hub_quarantine", beginning: id, what: "Showing the edit", thing: "edit in quarantine")
            guard
                let row = try Row.fetchOne(
                    database,
                    sql: SQLiteHubStore.joined(
                        ", b.id AS batch_id, b.header, b.ops, b.op_count, d.role AS device_role, p.name AS partner_name"
                    )
                        + " WHERE q.id = ?", arguments: [found.identifier("id").sqlBlob])
            else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            let entry = SecondLook.Entry(row)
            let edit = edit(row)
            let ops = (try? OpCodec.decode(row.bytes("ops"), expecting: row["op_count"])) ?? []
            let op = ops.indices.contains(Int(entry.index)) ? ops[Int(entry.index)] : nil
            let table = op.flatMap { tables[$0.table] }
            var value: [String: String?] = [:]
            var current: [String: String?] = [:]
            if let op, let table {
                for (place, written) in zip(table.columnIndexes(of: op.groups), op.values) {
                    value[table.columns[place].name] = written.readable
                }
                if let held = try RowReader(database, table).read(op.key) {
                    for place in table.columnIndexes(of: op.kind == .delete ? table.allGroups : op.groups) {
                        current[table.columns[place].name] = held[place].readable
                    }
                }
            }
            var isWithheld = op?.isWithheld ?? false
            if let op, let table {
                let held = try HubRowStore(database).row(op.table, op.key)
                isWithheld = try isWithheld || SecretRows(database).contain(held, of: table)
            }
            if isWithheld {
                value = SecretRows.withheld(value.keys)
                current = SecretRows.withheld(current.keys)
            }
            let labels = try TableLabels(database, edit.table)
            let header = try? BatchHeader(decoding: row.bytes("header"))
            let scope: Int64? = row["scope"]
            let held = try scope.flatMap { try SQLiteHubStore.scopeID($0, database) }
            let waits: Int64? = row["waits_tbl"]
            let organisation: String? = row["partner_name"]
            let role: String? = row["device_role"]
            return QuarantinedEditDetail(
                edit: edit, tableLabel: labels.table, columnLabels: edit.columns.map { labels.column($0) },
                kind: op.map { "\($0.kind)" } ?? "?", value: value, current: current,
                isWithheld: isWithheld,
                scope: held?.description, about: held ?? op.flatMap { op in table.flatMap { op.namedScope(in: $0) } },
                name: op == nil
                    ? nil
                    : BatchID(bytes: row.bytes("batch_id")).map {
                        OpID(batch: $0.short, index: entry.index)
                    },
                organisation: organisation ?? "the hub", role: role ?? "hub",
                author: header.flatMap { $0.author == .zero ? nil : $0.author.description },
                authorRole: try header.flatMap { try authorRole($0.author, database) },
                typedMilliseconds: op?.stamp.milliseconds,
                isReleasable: entry.reason.isReleasable && op != nil && found["state"] as Int64 == 0,
                superseded: table?.columnNames(of: entry.superseded & entry.groups) ?? [],
                waitsFor: waits.flatMap { tables[UInt16(truncatingIfNeeded: $0)]?.name }, outcome: row["outcome"],
                decidedMilliseconds: row["decided_ms"], decidedBy: row["decided_by"], decidedWhy: row["decided_why"])
        }
    }

    /// The role of a staff member; nil where nobody had signed in, or the network does not say.
    func authorRole(_ author: Identifier, _ database: Database) throws -> String? {
        guard author != .zero, schema.has(.authorRole) else { return nil }
        return try String.fetchOne(
            database, sql: "SELECT role FROM ru_author_role WHERE author = ?", arguments: [author.sqlBlob])
    }

    static func scopeID(_ number: Int64, _ database: Database) throws -> Identifier? {
        try Row.fetchOne(database, sql: "SELECT id FROM hub_scope WHERE no = ?", arguments: [number])?
            .identifier("id")
    }

    // MARK: Deciding

    package func release(
        quarantined id: String, _ note: DecidedBy, as hub: Identifier, atMilliseconds now: Int64,
        seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> ReleasedEdit {
        let what = "Releasing the edit"
        return try write(what) { database in
            let entry = try waiting(id, what: what, database)
            guard entry.reason.isReleasable else {
                throw Failure(
                    .badData, what: what, why: "an edit that is \(entry.reason.code) can never be applied",
                    remedy: "Ask its author to write it again, or refuse it with 'hub quarantine refuse'")
            }
            try tell(note, as: hub, at: now, what: what, database, seal: seal)
            let transaction = try HubTransaction(database, schema: schema, at: now)
            let before = try SQLiteHubStore.openConflicts(database)
            let (outcome, others) = try SecondLook(store: self, transaction, at: now)
                .release(entry, SecondLook.Note(note))
            var released = ReleasedEdit(
                id: entry.id.description, outcome: "accepted", alsoReleased: others,
                opensConflict: try SQLiteHubStore.openConflicts(database) > before)
            switch outcome {
            case .accepted, .partly(.none, _): break
            case .partly(let reason, _): released.note(reason)
            case .obsolete(let reason):
                released.outcome = "obsolete"
                released.note(reason)
            case .quarantined(let reason):
                throw Failure(
                    .badData, what: what, why: "it still cannot be applied (\(reason.code))",
                    remedy: reason.releaseRemedy)
            }
            try transaction.savePosition()
            return released
        }
    }

    package func refuse(
        quarantined id: String, _ note: DecidedBy, as hub: Identifier, atMilliseconds now: Int64,
        seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> String {
        let what = "Refusing the edit"
        return try write(what) { database in
            let entry = try waiting(id, what: what, database)
            try tell(note, as: hub, at: now, what: what, database, seal: seal)
            let transaction = try HubTransaction(database, schema: schema, at: now)
            try SecondLook(store: self, transaction, at: now)
                .refuse(entry, SecondLook.Note(note))
            try transaction.savePosition()
            return entry.id.description
        }
    }

    /// Writes what tells the author, as a batch of the hub's own. Before the decision, whose closings come last.
    private func tell(
        _ note: DecidedBy, as hub: Identifier, at now: Int64, what: String, _ database: Database,
        seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws {
        guard !note.telling.isEmpty else { return }
        let receipt = try takeOwn(note.telling, as: hub, at: now, database, seal: seal)
        guard receipt?.exceptions.isEmpty == true else {
            throw Failure(
                .tryLater, what: what, why: "something was written about the case at the same moment",
                remedy: "Try again")
        }
    }

    private func waiting(_ id: String, what: String, _ database: Database) throws -> SecondLook.Entry {
        let row = try database.row(of: "hub_quarantine", beginning: id, what: what, thing: "edit in quarantine")
        guard row["state"] as Int64 == 0 else {
            throw Failure(
                .badData, what: what, why: "it has been decided already",
                remedy: "Look at what was decided with 'hub quarantine show'")
        }
        return SecondLook.Entry(row)
    }

    private static func openConflicts(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM hub_conflict WHERE closed IS NULL") ?? 0
    }

    // MARK: Batches that came too early

    package func holds(_ part: ListPart) throws -> ListPage<HeldBatch> {
        try read("Listing what is held") { database in
            try part.read(of: Int.fetchOne(database, sql: "SELECT count(*) FROM hub_hold") ?? 0) { limit in
                // What a batch holds stands before some of these columns, so only a page's batches are read so far.
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT h.id, h.received_ms, h.op_count, h.proof IS NOT NULL AS proved,
                          h.schema_version, d.name AS device_name, p.code FROM hub_hold h
                        LEFT JOIN hub_device d ON d.id = h.device LEFT JOIN hub_partner p ON p.id = d.partner
                        WHERE h.id IN (SELECT id FROM hub_hold ORDER BY received_ms, id \(limit))
                        ORDER BY h.received_ms, h.id
                        """
                ).map(SQLiteHubStore.held)
            }
        }
    }

    private static func held(_ row: Row) -> HeldBatch {
        let partner: String? = row["code"]
        let device: String? = row["device_name"]
        let id = BatchID(bytes: row.bytes("id"))?.short.description
        return HeldBatch(
            id: id ?? "?", partner: partner ?? "hub", device: device ?? "hub",
            receivedMilliseconds: row["received_ms"], edits: row["op_count"], isProved: row["proved"],
            schema: row["schema_version"])
    }

    package func release(
        held id: String, by person: Identifier?, noting why: AuditFact?, atMilliseconds now: Int64
    ) throws -> Receipt {
        let what = "Releasing the batch"
        return try write(what) { database in
            let row = try database.row(of: "hub_hold", beginning: id, what: what, thing: "batch that is held")
            let batch = SignedBatch(
                header: row.bytes("header"), ops: row.bytes("ops"), signature: row.bytes("signature"))
            if let version = row["schema_version"] as Int?, version > tables.version {
                throw Failure(
                    .configuration, what: what,
                    why: "it was written for schema \(version), and this hub has \(tables.version)",
                    remedy: "Install the current reunite-sync at the hub: the batch is then judged by itself")
            }
            guard let device = try device(database, id: row.identifier("device")) else {
                throw Failure(
                    .badData, what: what, why: "its device is not known any more",
                    remedy: "Keep it; a device of that name would have to be restored first")
            }
            try database.execute(sql: "DELETE FROM hub_hold WHERE id = ?", arguments: [batch.id.bytes.sqlBlob])
            let proof = try? SignedCheckpoint(decoding: row.bytes("proof"))
            let outcome = try takeAll(
                batch, from: .device(device), proofs: proof.map { [$0] } ?? [], asRoot: true,
                isRedacted: row["redacted"], at: now, database)
            switch outcome {
            case .judged(let receipt), .duplicate(let receipt):
                try AuditLog(database).append([
                    AuditRecord(
                        .batchReleased, atMilliseconds: now,
                        [.hash(.batch, batch.id.bytes), .id(.device, device.id)]
                            + (person.map { [.id(.subject, $0)] } ?? []) + (why.map { [$0] } ?? []))
                ])
                return receipt
            case .held:
                throw Failure(
                    .internalFault, what: what, why: "it could not be put on a branch", remedy: "Report this as a fault"
                )
            }
        }
    }
}

extension ReleasedEdit {
    fileprivate mutating func note(_ reason: Reason) {
        self.reason = reason.code
        explanation = reason.forOperators
    }
}
