import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    /// What the rows that a device may hold come to, from one consistent look: by scope, or row by row.
    package func check(_ request: CheckRequest, for device: DeviceRecord) throws -> CheckAnswer {
        try read("Comparing rows") { database in
            let rows = try HeldRows(database, schema: schema, device: device)
            let check = ValueCheck(key: request.key)
            let position = Position(try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0)
            guard request.scopes.isEmpty else {
                var found: [RowCheck] = []
                for scope in Set(request.scopes).sorted() {
                    try rows.each(in: scope, share: request.share) { row, leaf, values in
                        guard found.count < CheckAnswer.rowLimit else { throw SQLiteHubStore.tooManyRows }
                        found.append(
                            RowCheck(
                                table: row.table, key: row.key, version: leaf.high,
                                value: values.map { check.of(table: row.table, key: row.key, values: $0) } ?? 0,
                                isNewer: row.changed > request.cursor))
                    }
                }
                return CheckAnswer(position: position, rows: found)
            }
            return CheckAnswer(
                position: position,
                sums: try rows.scopes().filter(request.share.contains).map { scope in
                    var sum = ScopeCheck(scope: scope)
                    try rows.each(in: scope) { row, leaf, values in
                        sum.add(
                            leaf: leaf,
                            check: values.map { check.of(table: row.table, key: row.key, values: $0) } ?? 0)
                    }
                    return sum
                })
        }
    }

    private static var tooManyRows: Failure {
        Failure(
            .unavailable, what: "Comparing with the hub", why: "its scopes hold more rows than one answer may",
            remedy: "Ask for everything anew with 'bundle export --whole'")
    }
}

/// The rows that a device may hold, scope by scope, with their values in the columns that the device knows.
private final class HeldRows {
    private let database: Database
    private let schema: HubSchema
    private let device: DeviceRecord
    private let find: EngineStatement
    private let common: CommonColumns
    private var readers: [UInt16: RowReader] = [:]

    init(_ database: Database, schema: HubSchema, device: DeviceRecord) throws {
        self.database = database
        self.schema = schema
        self.device = device
        let version = try Int.fetchOne(
            database, sql: "SELECT schema_version FROM hub_device WHERE id = ?", arguments: [device.id.sqlBlob])
        common = try CommonColumns(schema.history, version: schema.tables.version, other: version ?? 0)
        find = try EngineStatement(
            database,
            """
            SELECT tbl, key, class, h, changed, ext FROM hub_row
            WHERE scope = (SELECT no FROM hub_scope WHERE id = ?) AND life = 1
            """)
    }

    /// The scopes that the device may hold, and the one that everyone shares.
    func scopes() throws -> [Identifier] {
        [.zero]
            + (try Row.fetchAll(
                database,
                sql: """
                    SELECT s.id FROM hub_grant g JOIN hub_scope s ON s.no = g.scope
                    WHERE g.sub = ? AND g.closed IS NULL AND s.id <> zeroblob(16) ORDER BY s.id
                    """, arguments: [device.subscription]
            ).map { $0.identifier("id") })
    }

    /// Nothing for a scope that the device may not hold. Nil for the values of a table that the device does not know.
    func each(
        in scope: Identifier, share: IdentifierShare = .whole,
        _ body: (HubRow, _ leaf: Identifier, [Value]?) throws -> Void
    ) throws {
        let mask = try readMask(on: scope)
        guard scope == .zero || mask != 0 else { return }
        find.bind(1, scope)
        defer { find.reset() }
        while try find.step() {
            let number = UInt16(truncatingIfNeeded: find.int64(0))
            guard let table = schema.tables[number], let key = find.identifier(1), share.contains(key) else { continue }
            let row = HubRow(
                table: number, key: key, scope: 0, disclosureClass: UInt8(truncatingIfNeeded: find.int64(2)),
                life: .alive, clock: try RowClock(stamp: Position(find.int64(3)), extension: find.blob(5)),
                changed: Position(find.int64(4)))
            guard table.scopeKind == .shared || mask & (1 << UInt64(row.disclosureClass)) != 0,
                let leaf = row.leaf, let values = try reader(of: table).read(key)
            else { continue }
            try body(row, leaf, common.values(values, of: table))
        }
    }

    private func readMask(on scope: Identifier) throws -> UInt64 {
        let mask = try Int64.fetchOne(
            database,
            sql: """
                SELECT g.read_mask FROM hub_grant g JOIN hub_scope s ON s.no = g.scope
                WHERE g.sub = ? AND s.id = ? AND g.closed IS NULL
                """, arguments: [device.subscription, scope.sqlBlob])
        return UInt64(bitPattern: mask ?? 0)
    }

    private func reader(of table: TableDescription) throws -> RowReader {
        if let reader = readers[table.number] { return reader }
        let reader = try RowReader(database, table)
        readers[table.number] = reader
        return reader
    }
}
