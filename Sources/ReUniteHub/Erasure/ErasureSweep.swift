import GRDB
import ReUniteReplica
import ReUniteSync

/// Takes out of the hub's own tables what an erased person left there beside her rows: values in stored and held
/// batches, what was typed about her in decisions, values that clashed, what was packed for devices, and the details
/// of the disclosure ledger and of the audit log.
struct ErasureSweep {
    private let transaction: HubTransaction
    private let scopes: Set<Identifier>
    private let order: ErasureOrder
    private let position: Position
    private let redaction: Redaction
    private var database: Database { transaction.database }

    init(_ transaction: HubTransaction, _ order: ErasureOrder, at position: Position) {
        self.transaction = transaction
        self.order = order
        self.position = position
        scopes = Set(order.scopes)
        redaction = Redaction(tables: transaction.schema.tables)
    }

    /// - Returns: how many batches had values taken out.
    func run() throws -> Int {
        for scope in order.scopes {
            try database.execute(
                sql: "INSERT OR IGNORE INTO hub_erased_scope(id, erasure) VALUES(?, ?)",
                arguments: [scope.sqlBlob, order.id.sqlBlob])
        }
        var touched = try redactBatches(in: "hub_batch", named: "no")
        touched += try redactBatches(in: "hub_hold", named: "id")
        for scope in order.scopes {
            try sweep(try transaction.scope(scope))
            try AuditLog(database).erase(scope: scope)
        }
        return touched
    }

    // MARK: Batches

    /// Every op of hers, whoever wrote it and whatever became of it. What an op says of its row is in the batch only,
    /// so all batches are read: an erasure is rare, and must not miss one.
    private func redactBatches(in table: String, named name: String) throws -> Int {
        let rows = try erasedRows().union(try rowsThatNeverStood())
        let all = try EngineStatement(database, "SELECT \(name), op_count, ops FROM \(table)")
        var changes: [(name: Value, ops: [UInt8])] = []
        var covered: [(batch: Int64, index: Int, op: Op)] = []
        while try all.step() {
            guard let ops = try? OpCodec.decode(all.blob(2), expecting: all.int(1)) else { continue }
            let number = table == "hub_batch" ? all.int64(0) : nil
            let changed = redaction.apply(to: ops) { op in
                rows.contains(op.row)
                    || op.namedScope(in: transaction.schema.tables[op.table]).map(scopes.contains) ?? false
            } covered: { index, op in
                if let number { covered.append((number, index, op)) }
            }
            guard let changed, changed != ops else { continue }
            changes.append((all.value(0), try OpCodec.encode(changed, layout: transaction.schema.tables)))
        }
        let update = try EngineStatement(
            database, "UPDATE \(table) SET ops = ?, redacted = 1 WHERE \(name) = ?")
        for change in changes {
            update.bind(1, change.ops)
            update.bind(2, change.name)
            try update.run()
        }
        try settle(covered)
        return changes.count
    }

    /// Rows of hers that somebody made and nobody took: a later batch may write into one of them and name only the row.
    private func rowsThatNeverStood() throws -> Set<RowKey> {
        let tables = transaction.schema.tables
        let all = try EngineStatement(
            database, "SELECT op_count, ops FROM hub_batch UNION ALL SELECT op_count, ops FROM hub_hold")
        var rows = Set<RowKey>()
        while try all.step() {
            guard let ops = try? OpCodec.decode(all.blob(1), expecting: all.int(0)) else { continue }
            for op in ops
            where op.kind == .create && op.namedScope(in: tables[op.table]).map(scopes.contains) ?? false {
                guard try transaction.rows.row(op.table, op.key) == nil else { continue }
                rows.insert(op.row)
            }
        }
        return rows
    }

    private func erasedRows() throws -> Set<RowKey> {
        var rows = Set<RowKey>()
        for scope in order.scopes {
            let found = try EngineStatement(database, "SELECT tbl, key FROM hub_row WHERE scope = ?")
            found.bind(1, try transaction.scope(scope))
            while try found.step() {
                guard let key = found.identifier(1) else { continue }
                rows.insert(RowKey(table: UInt16(truncatingIfNeeded: found.int64(0)), key: key))
            }
        }
        return rows
    }

    /// What of hers waits in quarantine waits for ever; rows that never stood are known as erased.
    private func settle(_ covered: [(batch: Int64, index: Int, op: Op)]) throws {
        let erased = ErasedScopes(transaction)
        let update = try EngineStatement(
            database,
            "UPDATE hub_quarantine SET reason = ?, decided_why = NULL, waits_tbl = NULL WHERE batch = ? AND idx = ?")
        for (batch, index, op) in covered {
            if let scope = op.namedScope(in: transaction.schema.tables[op.table]), scopes.contains(scope) {
                try erased.leaveStub(op, in: try transaction.scope(scope), at: position)
            }
            update.bind(1, Int64(Reason.erased.rawValue))
            update.bind(2, batch)
            update.bind(3, index)
            try update.run()
        }
    }

    // MARK: Everything else

    private func sweep(_ scope: Int64) throws {
        let mine = "(tbl, key) IN (SELECT tbl, key FROM hub_row WHERE scope = ?1)"
        for sql in [
            // What people wrote about her when they decided.
            """
            UPDATE hub_decision SET reason = '' WHERE conflict IN (SELECT id FROM hub_conflict WHERE \(mine))
            """,
            """
            UPDATE hub_quarantine SET reason = \(Reason.erased.rawValue), decided_why = NULL WHERE scope = ?1 OR \(mine)
            """,
            "DELETE FROM hub_parallel WHERE \(mine)",
            // What replicas brought back after a restore, and what was decided about it.
            "DELETE FROM hub_salvage WHERE \(mine) OR scope = (SELECT id FROM hub_scope WHERE no = ?1)",
            // A value that another woman's rows still have is theirs.
            """
            DELETE FROM hub_clash WHERE id IN (SELECT clash FROM hub_clash_row WHERE \(mine)) AND id NOT IN
              (SELECT m.clash FROM hub_clash_row m JOIN hub_row r ON (r.tbl, r.key) = (m.tbl, m.key) WHERE r.life = 1)
            """,
            "UPDATE hub_clash SET reason = NULL WHERE id IN (SELECT clash FROM hub_clash_row WHERE \(mine))",
            "DELETE FROM hub_clash_row WHERE \(mine)",
            "DELETE FROM hub_delivery WHERE sub IN (SELECT sub FROM hub_grant WHERE scope = ?1)",
            // That something was shown stays on record; what it was does not.
            "UPDATE hub_disclosure SET detail = NULL, salt = NULL WHERE scope = ?1",
        ] {
            try database.execute(sql: sql, arguments: [scope])
        }
    }
}
