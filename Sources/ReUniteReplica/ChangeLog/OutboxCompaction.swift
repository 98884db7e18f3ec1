import GRDB
import ReUniteSync

/// Takes out of the outbox what the hub is sure of: batches that a verified backup of it holds, or its ledger, so that
/// they would outlive its machine. What stays of them is the log: which rows and columns were changed when, and what the
/// hub said (`docs/decisions/0052-only-a-backup-frees-the-outbox.md`).
struct OutboxCompaction {
    private let database: Database
    private let schema: SchemaDescription
    private let logged: Int

    /// - Parameter batches: of so many, the newest ones, the log is kept.
    init(_ database: Database, _ schema: SchemaDescription, logging batches: Int = 10_000) {
        self.database = database
        self.schema = schema
        logged = batches
    }

    /// In the transaction that took the hub's word.
    ///
    /// - Parameter position: what was decided up to here is safe.
    func run(_ position: Position) throws {
        // Mostly there is nothing, and preparing the rest takes longer than a small delivery's rows.
        let look = try EngineStatement(
            database,
            """
            SELECT EXISTS(SELECT 1 FROM ru_outbox WHERE state = 2 AND safe = 0 AND position <= ?)
              OR EXISTS(SELECT 1 FROM ru_outbox WHERE safe = 1)
            """)
        look.bind(1, position.rawValue)
        guard try look.step(), look.int(0) == 1 else { return }
        look.reset()
        try database.execute(
            sql: "UPDATE ru_outbox SET safe = 1 WHERE state = 2 AND safe = 0 AND position <= ?",
            arguments: [position.rawValue])
        // Some at a time, so that the memory that it takes does not grow with the log.
        var freed = 0
        while case let some = try free(), some > 0 { freed += some }
        guard freed > 0 else { return }
        try database.execute(
            sql: """
                DELETE FROM ru_outbox WHERE safe = 2 AND no <= (SELECT no FROM ru_outbox ORDER BY no DESC LIMIT 1 OFFSET ?)
                """, arguments: [logged])
        // They only prove what may have to be sent once more.
        try database.execute(
            sql: "DELETE FROM ru_checkpoint WHERE base NOT IN (SELECT base FROM ru_outbox WHERE safe < 2)")
    }

    /// Frees what is safe and nobody may want to read: what came back and waits for a person stays as it was typed.
    ///
    /// The rows are put in anew, for SQLite does not join pages that rows have only shrunk in.
    private func free() throws -> Int {
        let safe = try EngineStatement(
            database,
            """
            SELECT no, id, first_sequence, op_count, base, sealed_ms, receipt, position, ops FROM ru_outbox
            WHERE safe = 1
              AND NOT EXISTS (SELECT 1 FROM ru_returned r WHERE r.batch = ru_outbox.id AND r.state IN (0, 3, 4))
            LIMIT 64
            """)
        var inflater = try Inflater()
        var entries: [[Value]] = []
        while try safe.step() {
            let ops = try OpCodec.decode(safe.blob(8), expecting: safe.int(3), with: &inflater)
            let readable = try OpCodec.encodeReadable(ops.map(entry), layout: schema)
            entries.append((0..<8).map { safe.value($0) } + [.blob(readable)])
        }
        let delete = try EngineStatement(database, "DELETE FROM ru_outbox WHERE no = ?")
        for entry in entries {
            delete.bind(1, entry[0])
            try delete.run()
        }
        let insert = try EngineStatement(
            database,
            """
            INSERT INTO ru_outbox(no, id, first_sequence, op_count, base, sealed_ms, receipt, position, ops,
              state, safe, header, signature)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, 2, 2, x'', x'')
            """)
        for entry in entries {
            for (place, value) in entry.enumerated() { insert.bind(Int32(place + 1), value) }
            try insert.run()
        }
        return entries.count
    }

    /// The op as the log shows it. A creation still says where its row belongs, so that it leaves the log's columns with
    /// its scope.
    private func entry(_ op: Op) -> Op {
        let scope = op.kind == .create && !op.isWithheld ? place(ofScopeIn: op) : nil
        return Op(
            table: op.table, key: op.key, kind: op.kind, flags: op.flags, groups: op.groups, stamp: op.stamp,
            values: op.values.indices.map { $0 == scope ? op.values[$0] : .null })
    }

    private func place(ofScopeIn op: Op) -> Int? {
        guard let table = schema[op.table],
            let column = table.columns.firstIndex(where: { $0.name == table.scopeColumn })
        else { return nil }
        return table.columnIndexes(of: op.groups).firstIndex(of: column)
    }
}
