import GRDB
import ReUniteReplica
import ReUniteSync

/// What the hub's rows say that a partner may hold, at one moment: worked out from the tables and from
/// `ru_grant_source`, not from the hub's account of grants.
struct Projection {
    let position: Position
    /// The classes of each scope that the partner may read.
    let masks: [Identifier: UInt64]
    /// What it may hold, by table and key.
    let rows: [UInt16: [Identifier: [Value]]]
    /// The digest of their clocks.
    let digest: VersionDigest

    init(of partner: Identifier, schema: SchemaDescription, _ database: Database) throws {
        position = Position(try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0)
        let masks = try Projection.masks(database)[partner] ?? [:]
        self.masks = masks
        var rows: [UInt16: [Identifier: [Value]]] = [:]
        var digest = VersionDigest()
        for table in schema.tables {
            let all = try Projection.values(of: table, database)
            let scope = table.columns.firstIndex { $0.name == table.scopeColumn }
            let mine = all.filter { key, values in
                if table.scopeKind == .shared { return true }
                let id = scope.map { Projection.identifier(values[$0]) } ?? key
                return masks[id, default: 0] & ScopeNetwork.bit(table, values) != 0
            }
            rows[table.number] = mine
            let clocks = try Row.fetchAll(
                database, sql: "SELECT key, h, ext FROM hub_row WHERE tbl = ? AND life = 1",
                arguments: [Int64(table.number)])
            for row in clocks where mine[row.identifier("key")] != nil {
                let clock = try RowClock(stamp: Position(row["h"]), extension: row.bytes("ext"))
                digest.add(clock.leaf(table: table.number, key: row.identifier("key")))
            }
        }
        self.rows = rows
        self.digest = digest
    }

    /// What each partner may read of each scope.
    static func masks(_ database: Database, column: String = "read_mask") throws -> [Identifier: [Identifier: UInt64]] {
        var masks: [Identifier: [Identifier: UInt64]] = [:]
        let rows = try Row.fetchAll(database, sql: "SELECT partner, scope, \(column) AS mask FROM ru_grant_source")
        for row in rows {
            let mask: Int64 = row["mask"]
            masks[row.identifier("partner"), default: [:]][row.identifier("scope"), default: 0] |=
                UInt64(bitPattern: mask)
        }
        return masks
    }

    /// Every row of a table.
    static func values(of table: TableDescription, _ database: Database) throws -> [Identifier: [Value]] {
        let columns = table.columns.map(\.name)
        let rows = try Row.fetchAll(database, sql: "SELECT id, \(columns.joined(separator: ", ")) FROM \(table.name)")
        return Dictionary(
            rows.map { row in (row.identifier("id"), columns.map { row.plain($0) }) },
            uniquingKeysWith: { first, _ in first })
    }

    private static func identifier(_ value: Value) -> Identifier {
        guard case .blob(let bytes) = value else { return .zero }
        return Identifier(bytes: bytes) ?? .zero
    }

    /// Whether the partner may hold a row of a class in a scope.
    func allows(_ scope: Identifier, bit: UInt64) -> Bool { masks[scope, default: 0] & bit != 0 }
}
