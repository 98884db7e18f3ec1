import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    /// Conflicts in an order, each with every value that stands, or that the decision was about.
    package func conflicts(
        _ filter: ConflictFilter, by order: ConflictOrder, _ part: ListPart
    ) throws -> ListPage<OpenConflict> {
        let condition =
            switch filter {
            case .open: "c.closed IS NULL"
            case .decided: "c.closed IS NOT NULL"
            case .all: "1"
            }
        let from = "FROM hub_conflict c WHERE \(condition)"
        let ordered =
            switch order {
            case .opened: "ORDER BY c.opened, c.grp, c.id"
            case .newestClosed: "ORDER BY c.closed DESC, c.opened DESC, c.grp, c.id"
            }
        return try read("Listing conflicts") { database in
            let cells = try HubCellStore(database)
            var claims = BatchClaims()
            return try part.read(of: Int.fetchOne(database, sql: "SELECT count(*) \(from)") ?? 0) { limit in
                try Row.fetchAll(database, sql: "SELECT c.* \(from) \(ordered) \(limit)").compactMap { row in
                    guard let table = SQLiteHubStore.table(row, tables) else { return nil }
                    let siblings = try SQLiteHubStore.siblings(of: row, table, asOf: nil, cells, database)
                    return try conflict(row, table, siblings, &claims, database)
                }
            }
        }
    }

    /// One conflict with what an operator needs to decide it.
    package func conflict(_ id: String) throws -> ConflictDetail {
        let what = "Showing the conflict"
        return try read(what) { database in
            let row = try database.row(of: "hub_conflict", beginning: id, what: what, thing: "conflict")
            guard let table = SQLiteHubStore.table(row, tables) else {
                throw Failure(
                    .configuration, what: what, why: "its table is not known to this program",
                    remedy: "Install the current reunite-sync")
            }
            let cells = try HubCellStore(database)
            let siblings = try SQLiteHubStore.siblings(of: row, table, asOf: nil, cells, database)
            var claims = BatchClaims()
            let conflict = try conflict(row, table, siblings, &claims, database)
            let labels = try TableLabels(database, table.name)
            let group: Int64 = row["grp"]
            let key = row.identifier("key")
            let position = try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0
            return ConflictDetail(
                conflict: conflict, question: SQLiteHubStore.question(conflict, labels), tableLabel: labels.table,
                columnLabels: conflict.columns.map { labels.column($0) },
                policy: table.policy(of: UInt8(truncatingIfNeeded: group))?.rawValue ?? "?",
                scopeKind: table.scopeKind.rawValue,
                base: try SQLiteHubStore.base(row, conflict),
                happenedMilliseconds: try SQLiteHubStore.happened(labels, table, key, database),
                dependents: try dependents(
                    on: key, in: Identifier(conflict.scope) ?? key, of: table, conflict.columns, database),
                told: try SQLiteHubStore.readers(of: key, table, database),
                decisions: try SQLiteHubStore.decisions(on: row.identifier("id"), database), asOf: position)
        }
    }

    /// What all of them started from; nil where the hub no longer knows.
    private static func base(_ row: Row, _ conflict: OpenConflict) throws -> [String: String?]? {
        let base = row.bytes("base")
        if base.isEmpty { return nil }
        return conflict.isWithheld
            ? SecretRows.withheld(conflict.columns) : readable(conflict.columns, try ValueList.decode(base))
    }

    private static func question(_ conflict: OpenConflict, _ labels: TableLabels) -> String {
        let columns = conflict.columns.map { labels.column($0) }.joined(separator: ", ")
        guard conflict.state == "open" else { return "\(labels.table): \(columns) was asked about, and is closed." }
        return "\(labels.table): which \(columns) is right? \(conflict.values.count) values were written, "
            + "each by somebody who had not seen the others."
    }

    /// What the next decision about a conflict is to name.
    package func conflictCell(_ id: String, asOf: Position?, what: String) throws -> ConflictCell {
        try read(what) { database in
            let row = try database.row(of: "hub_conflict", beginning: id, what: what, thing: "conflict")
            guard let table = SQLiteHubStore.table(row, tables) else {
                throw Failure(
                    .configuration, what: what, why: "its table is not known to this program",
                    remedy: "Install the current reunite-sync")
            }
            let cells = try HubCellStore(database)
            let position = Position(try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0)
            let group: Int64 = row["grp"]
            let closed: Int64? = row["closed"]
            let newest = try Row.fetchOne(
                database,
                sql: """
                    SELECT position, at_ms FROM hub_decision WHERE conflict = ? AND kind = 'resolve' AND undone IS NULL
                    ORDER BY position DESC LIMIT 1
                    """, arguments: [row.identifier("id").sqlBlob])
            let decision = try newest.flatMap { row -> ConflictCell.Decided? in
                let at = Position(row["position"])
                return try cells.sibling(at: at, group: 0, values: []).map {
                    ConflictCell.Decided(op: $0.name, position: at, atMilliseconds: row["at_ms"])
                }
            }
            return ConflictCell(
                id: row.identifier("id"), table: table.number, key: row.identifier("key"),
                group: UInt8(truncatingIfNeeded: group),
                siblings: try SQLiteHubStore.siblings(of: row, table, asOf: asOf, cells, database),
                asOf: min(asOf ?? position, position), isOpen: closed == nil, decision: decision)
        }
    }

    /// Takes the hub's own batch that holds a decision, and records who made it and why, in one transaction.
    package func decide(
        _ batch: SignedBatch, as hub: Identifier, _ note: DecisionNote, atMilliseconds now: Int64
    ) throws -> (receipt: Receipt, isOpen: Bool) {
        let what = note.isReopening ? "Reopening the conflict" : "Resolving the conflict"
        return try write(what) { database in
            guard case .judged(let receipt) = try takeAll(batch, from: .hub(hub), proofs: [], at: now, database) else {
                throw Failure(
                    .tryLater, what: what, why: "another program wrote at the same moment", remedy: "Try again")
            }
            if let exception = receipt.exceptions.first {
                throw Failure(
                    .badData, what: what,
                    why: exception.reason == .malformed
                        ? "the value does not fit its column" : "it would change nothing (\(exception.reason.code))",
                    remedy: "Look at what stands now with 'hub conflicts show'")
            }
            try database.execute(
                sql: """
                    INSERT INTO hub_decision(position, conflict, kind, at_ms, decided_by, reason)
                    VALUES(?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    receipt.firstPosition.rawValue, note.conflict.sqlBlob, note.isReopening ? "reopen" : "resolve", now,
                    note.by, note.reason,
                ])
            let scope = try Row.fetchOne(
                database,
                sql: "SELECT s.id FROM hub_conflict c JOIN hub_scope s ON s.no = c.scope WHERE c.id = ?",
                arguments: [note.conflict.sqlBlob])
            try AuditLog(database).append([
                AuditRecord(
                    note.isReopening ? .conflictReopened : .conflictDecided, atMilliseconds: now,
                    [
                        .id(.subject, note.conflict), .number(.position, receipt.firstPosition.rawValue),
                        .why(by: note.by, note.reason),
                    ] + (scope.map { [.id(.scope, $0.identifier("id"))] } ?? [])
                        + (note.signedIn.map { [.id(.actor, $0)] } ?? []))
            ])
            if let undone = note.undoes {
                try database.execute(
                    sql: "UPDATE hub_decision SET undone = ? WHERE position = ?",
                    arguments: [receipt.firstPosition.rawValue, undone.rawValue])
            }
            let open = try Int.fetchOne(
                database,
                sql: """
                    SELECT 1 FROM hub_conflict c JOIN hub_conflict o ON (o.tbl, o.key, o.grp) = (c.tbl, c.key, c.grp)
                    WHERE c.id = ? AND o.closed IS NULL
                    """, arguments: [note.conflict.sqlBlob])
            return (receipt, open != nil)
        }
    }

    /// Edits that merged by themselves, newest first.
    package func parallels(_ part: ListPart) throws -> ListPage<ParallelEdit> {
        try read("Listing parallel edits") { database in
            try part.read(of: Int.fetchOne(database, sql: "SELECT count(*) FROM hub_parallel") ?? 0) { limit in
                try Row.fetchAll(
                    database, sql: "SELECT * FROM hub_parallel ORDER BY position DESC, other \(limit)"
                ).compactMap { try parallel($0, database) }
            }
        }
    }

    private func parallel(_ row: Row, _ database: Database) throws -> ParallelEdit? {
        guard let table = SQLiteHubStore.table(row, tables) else { return nil }
        func side(_ position: Int64, _ groups: Int64) throws -> ParallelEdit.Side {
            let source = try SQLiteHubStore.source(of: Position(position), database)
            return ParallelEdit.Side(
                columns: table.columnNames(of: UInt64(bitPattern: groups)), partner: source?["code"] ?? "hub",
                device: source?["device_name"] ?? "hub")
        }
        return ParallelEdit(
            table: table.name, row: row.identifier("key").description, atMilliseconds: row["at_ms"],
            sides: [try side(row["other"], row["other_groups"]), try side(row["position"], row["groups"])])
    }
}
