import GRDB
import ReUniteReplica
import ReUniteSync

/// What one device may know of one row's past: the rule of `docs/disclosure.md`, "The past of a record".
struct PastAccess {
    let device: DeviceRecord
    let table: TableDescription
    let row: HubRow
    /// The groups that the device's schema has.
    let groups: UInt64
    /// By which the device holds the row; nil for a row that everyone shares.
    let grant: DisclosedScopes.Grant?
    /// Whether the device's partner owns the row's scope.
    private let isOwner: Bool
    /// Whether the row or its table is of a secret class.
    private let isSecret: Bool
    /// Whether the device reads every class that rows of the table may have.
    private let readsEveryClass: Bool

    /// Nil where the device does not hold the row by its grant of now: one answer for what is foreign, closed, deleted,
    /// erased, and what never was.
    init?(
        _ question: HistoryQuestion, _ device: DeviceRecord, _ schema: HubSchema, _ database: Database
    ) throws {
        guard let table = schema.tables[question.table],
            let row = try HubRowStore(database).row(table.number, question.key), row.isAlive
        else { return nil }
        if table.scopeKind == .shared {
            grant = nil
            isOwner = false
            readsEveryClass = true
        } else {
            let open = try Row.fetchOne(
                database,
                sql: """
                    SELECT g.opened, g.read_mask, s.id, g.held <> 0 OR EXISTS (
                      SELECT 1 FROM hub_bar b WHERE b.sub = g.sub AND b.scope = g.scope) AS is_limited
                    FROM hub_grant g JOIN hub_scope s ON s.no = g.scope
                    WHERE g.sub = ? AND g.scope = ? AND g.closed IS NULL
                    """, arguments: [device.subscription, row.scope])
            let mask = UInt64(bitPattern: open?["read_mask"] ?? 0)
            guard let open, mask & (1 << UInt64(row.disclosureClass)) != 0 else { return nil }
            let classes = (schema.rowClasses[table.number]?.classes.values).map(Array.init) ?? []
            readsEveryClass = (classes + [table.disclosureClass]).allSatisfy { mask & (1 << UInt64($0)) != 0 }
            grant = DisclosedScopes.Grant(
                scope: row.scope, id: open.identifier("id"), opened: Position(open["opened"]))
            // After a restore nobody is shown more than when the backup was made, an owner of since then neither. What the
            // grant says of relations was so when it opened; it goes on where another relation has the same classes.
            isOwner =
                try open["is_limited"] == false
                && Int.fetchOne(
                    database,
                    sql: "SELECT 1 FROM ru_grant_source WHERE scope = ? AND partner = ? AND relation = 'OWNER'",
                    arguments: [open.identifier("id").sqlBlob, device.partner.sqlBlob]) != nil
        }
        guard let groups = try PastAccess.groups(of: table, device, schema, database) else { return nil }
        self.groups = groups
        self.device = device
        self.table = table
        self.row = row
        isSecret = try SecretRows(database).contain(row, of: table)
    }

    /// The groups of a table that a device knows, by the schema that it last said it has; nil where it has no such table.
    private static func groups(
        of table: TableDescription, _ device: DeviceRecord, _ schema: HubSchema, _ database: Database
    ) throws -> UInt64? {
        let version = try Int.fetchOne(
            database, sql: "SELECT schema_version FROM hub_device WHERE id = ?", arguments: [device.id.sqlBlob])
        guard let version, version > 0, version < schema.tables.version else { return table.allGroups }
        return try schema.history.tables(at: version)?[table.number].map { $0.allGroups & table.allGroups }
    }

    /// Whether the device may be told what an edit said that is not what the row says now.
    ///
    /// - Parameters:
    ///   - position: at which the hub first decided on it, or decided that it counts, whichever was earlier.
    ///   - author: the partner that wrote it; nil for the hub.
    func mayTell(editAt position: Position, by author: Identifier?) -> Bool {
        // What was in another class may have been hidden for what it said.
        guard readsEveryClass || row.classed == .zero || position > row.classed else { return false }
        if author == device.partner || isOwner { return true }
        guard let grant, !isSecret else { return false }
        return position > grant.opened
    }
}
