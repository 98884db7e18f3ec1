import GRDB
import ReUniteReplica
import ReUniteSync

/// Notices rows that a natural key should tell apart and does not, and when they differ again.
///
/// There is one open line for each value, whatever the order in which its rows arrived. Nothing of it reaches a
/// partner: the op is accepted as it would be without a clash.
final class ClashStore {
    private let transaction: HubTransaction
    private var statements: [NaturalKeyOfTable: Statements] = [:]

    /// How many rows with one value are looked at: nobody reads more, and a flood of them must not slow the hub.
    private static let mostRows = 100

    private struct NaturalKeyOfTable: Hashable {
        let table: UInt16
        let key: NaturalKey
    }

    private struct Statements {
        /// The key's values in one row.
        let value: EngineStatement
        /// The rows that have these values.
        let rows: EngineStatement
    }

    init(_ transaction: HubTransaction) {
        self.transaction = transaction
    }

    /// Looks at a row that an op has just changed, and at the rows that it shared a value with.
    func examine(
        _ table: TableDescription, _ op: Op, isAlive: Bool, at position: Position, _ now: Int64
    ) throws {
        guard let keys = transaction.schema.naturalKeys[table.number] else { return }
        for (number, key) in keys.enumerated() {
            guard op.kind == .create || !isAlive || op.groups & key.groups != 0 else { continue }
            let statements = try self.statements(table, key)
            try lookAgain(table, key, op.key, statements, at: position, now)
            guard isAlive, let value = try value(of: op.key, key, statements) else { continue }
            let rows = try rows(with: value, statements)
            if rows.count > 1 { try open(table, key, number: number, value, rows, op.key, at: position, now) }
        }
    }

    // MARK: Opening

    private func open(
        _ table: TableDescription, _ key: NaturalKey, number: Int, _ value: [Value], _ rows: [Identifier],
        _ newest: Identifier, at position: Position, _ now: Int64
    ) throws {
        let database = transaction.database
        let encoded = ValueList.encode(value).sqlBlob
        let known = try Row.fetchAll(
            database, sql: "SELECT id, how FROM hub_clash WHERE tbl = ? AND name = ? AND val = ?",
            arguments: [Int64(table.number), key.name, encoded])
        if let open = known.first(where: { ($0["how"] as String?) == nil }) {
            return try add(rows, to: open.identifier("id"), table)
        }
        for kept in known where kept["how"] == "kept" {
            // Decided for these rows; another one is another question.
            if Set(rows).isSubset(of: try members(of: kept.identifier("id"))) { return }
        }
        let name = OpID(
            batch: Identifier(high: UInt64(bitPattern: position.rawValue), low: newest.low), index: UInt32(number))
        let id = derivedID("clash", name, group: 0)
        try database.execute(
            sql: "INSERT INTO hub_clash(id, tbl, name, val, opened, opened_ms) VALUES(?, ?, ?, ?, ?, ?)",
            arguments: [id.sqlBlob, Int64(table.number), key.name, encoded, position.rawValue, now])
        try add(rows, to: id, table)
    }

    private func add(_ rows: [Identifier], to clash: Identifier, _ table: TableDescription) throws {
        for row in rows {
            try transaction.database.execute(
                sql: "INSERT OR IGNORE INTO hub_clash_row(clash, tbl, key) VALUES(?, ?, ?)",
                arguments: [clash.sqlBlob, Int64(table.number), row.sqlBlob])
        }
    }

    private func members(of clash: Identifier) throws -> Set<Identifier> {
        Set(
            try Row.fetchAll(
                transaction.database, sql: "SELECT key FROM hub_clash_row WHERE clash = ?", arguments: [clash.sqlBlob]
            ).map { $0.identifier("key") })
    }

    // MARK: Closing

    /// Takes a row out of open lines whose value it no longer has, and closes those that have one row left.
    private func lookAgain(
        _ table: TableDescription, _ key: NaturalKey, _ row: Identifier, _ statements: Statements,
        at position: Position, _ now: Int64
    ) throws {
        let database = transaction.database
        let lines = try Row.fetchAll(
            database,
            sql: """
                SELECT c.id, c.val FROM hub_clash_row m JOIN hub_clash c ON c.id = m.clash
                WHERE m.tbl = ? AND m.key = ? AND c.name = ? AND c.closed IS NULL
                """, arguments: [Int64(table.number), row.sqlBlob, key.name])
        for line in lines {
            let rows = try rows(with: try ValueList.decode(line.bytes("val")), statements)
            if rows.contains(row) { continue }
            let id = line.identifier("id").sqlBlob
            if rows.count < 2 {
                try database.execute(
                    sql: "UPDATE hub_clash SET closed = ?, closed_ms = ?, how = 'gone' WHERE id = ?",
                    arguments: [position.rawValue, now, id])
            } else {
                try database.execute(
                    sql: "DELETE FROM hub_clash_row WHERE clash = ? AND key = ?", arguments: [id, row.sqlBlob])
            }
        }
    }

    // MARK: Reading the network's rows

    private func statements(_ table: TableDescription, _ key: NaturalKey) throws -> Statements {
        let place = NaturalKeyOfTable(table: table.number, key: key)
        if let known = statements[place] { return known }
        let name = quoted(table.name)
        let columns = key.columns.map(quoted)
        let made = Statements(
            value: try EngineStatement(
                transaction.database, "SELECT \(columns.joined(separator: ", ")) FROM \(name) WHERE id = ?"),
            rows: try EngineStatement(
                transaction.database,
                """
                SELECT id FROM \(name) WHERE \(columns.map { "\($0) = ?" }.joined(separator: " AND "))
                ORDER BY id LIMIT \(ClashStore.mostRows)
                """))
        statements[place] = made
        return made
    }

    /// The key's values in a row; nil when one of them is NULL.
    private func value(of row: Identifier, _ key: NaturalKey, _ statements: Statements) throws -> [Value]? {
        statements.value.bind(1, row)
        defer { statements.value.reset() }
        guard try statements.value.step() else { return nil }
        let values = key.columns.indices.map { statements.value.value(Int32($0)) }
        return values.contains { $0.isIdentical(to: .null) } ? nil : values
    }

    private func rows(with value: [Value], _ statements: Statements) throws -> [Identifier] {
        for (place, part) in value.enumerated() { statements.rows.bind(Int32(place + 1), part) }
        var found: [Identifier] = []
        while try statements.rows.step() {
            if let id = statements.rows.identifier(0) { found.append(id) }
        }
        return found
    }
}
