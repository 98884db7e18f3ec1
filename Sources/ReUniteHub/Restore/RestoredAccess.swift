import GRDB
import ReUniteReplica
import ReUniteSync

/// What a hub that was restored from a backup shows to whom, beside what its rows say (`docs/restore.md`): nothing that
/// had been closed, and until an operator opens it, nothing that it did not show when the backup was made.
struct RestoredAccess {
    private let transaction: HubTransaction
    private var database: Database { transaction.database }

    init(_ transaction: HubTransaction) {
        self.transaction = transaction
    }

    /// Takes out of the wishes for a scope what may not be shown.
    func limit(_ wishes: inout [Int64: Wishes.Wish], on scope: Int64) throws {
        guard let life = try HubLife.current(database) else { return }
        for bar in try Row.fetchAll(
            database, sql: "SELECT sub, mask FROM hub_bar WHERE scope = ?", arguments: [scope])
        {
            let subscription: Int64 = bar["sub"]
            let mask = UInt64(bitPattern: bar["mask"] as Int64)
            wishes[subscription]?.readMask &= ~mask
            if wishes[subscription]?.readMask == 0 { wishes[subscription] = nil }
        }
        guard !life.isOpen else { return }
        let shown = Dictionary(
            try Row.fetchAll(
                database, sql: "SELECT sub, read_mask FROM hub_grant WHERE scope = ? AND closed IS NULL",
                arguments: [scope]
            ).map { ($0["sub"] as Int64, UInt64(bitPattern: $0["read_mask"] as Int64)) }, uniquingKeysWith: { $0 | $1 })
        let isNew =
            try Int.fetchOne(database, sql: "SELECT 1 FROM hub_grant WHERE scope = ?", arguments: [scope]) == nil
        for (subscription, wish) in wishes {
            // Whoever opens a scope holds it: nobody else's word is needed for that.
            if try isNew && isAuthor(subscription) { continue }
            let mask = wish.readMask & (shown[subscription] ?? 0)
            wishes[subscription]?.held = wish.readMask & ~mask
            wishes[subscription]?.readMask = mask
        }
    }

    private func isAuthor(_ subscription: Int64) throws -> Bool {
        guard let author = transaction.author else { return true }
        return try Row.fetchOne(
            database, sql: "SELECT partner FROM hub_sub WHERE no = ?", arguments: [subscription]
        )?.identifier("partner") == author
    }

    /// Whether a row was hidden from somebody at a position that was lost.
    func isHidden(_ row: RowKey) throws -> Bool {
        try Int.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM hub_bar_row WHERE tbl = ? AND key = ? LIMIT 1"),
            arguments: [Int64(row.table), row.key.sqlBlob]) != nil
    }

    /// What had closed something has come back and was accepted: the rows say by themselves now what is closed.
    func lift(closedBy batch: Int64) throws {
        let came = "closed IN (SELECT earlier FROM hub_op WHERE batch = ? AND earlier IS NOT NULL)"
        let scopes = try Int64.fetchAll(
            database, sql: "SELECT DISTINCT scope FROM hub_bar WHERE \(came)", arguments: [batch])
        let rows = try Row.fetchAll(
            database, sql: "SELECT tbl, key FROM hub_bar_row WHERE \(came)", arguments: [batch])
        guard !scopes.isEmpty || !rows.isEmpty else { return }
        for table in ["hub_bar", "hub_bar_row"] {
            try database.execute(sql: "DELETE FROM \(table) WHERE \(came)", arguments: [batch])
        }
        for row in rows {
            if let held = try transaction.rows.row(
                UInt16(truncatingIfNeeded: row["tbl"] as Int64), row.identifier("key"))
            {
                transaction.noteClass(of: held)
            }
        }
        try evaluate(scopes)
    }

    /// Brings the grants of scopes into line with what may be shown now.
    func evaluate(_ scopes: [Int64]) throws {
        guard !scopes.isEmpty else { return }
        let position = transaction.takePosition()
        let grants = try GrantStore(transaction, feed: try FeedStore(transaction))
        for scope in scopes { try grants.evaluate(try transaction.scopeID(scope), at: position) }
    }
}
