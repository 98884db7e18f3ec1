import GRDB
import ReUniteReplica
import ReUniteSync

/// Looks into the hub's file from outside, as an auditor with any SQLite client could.
struct HubReader {
    let database: DatabaseQueue

    init(path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        database = try DatabaseQueue(path: path, configuration: configuration)
    }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try database.read(body)
    }

    /// Changes when somebody has written to the hub's file.
    func version() throws -> Int64? {
        try read { try Int64.fetchOne($0, sql: "PRAGMA data_version") }
    }

    func text(_ column: String, of table: String, _ id: Identifier) throws -> String? {
        try read {
            try String.fetchOne(
                $0, sql: "SELECT \(column) FROM \(table) WHERE id = ?", arguments: [id.sqlBlob])
        }
    }

    /// The values that stand beside each other in a cell, in order; empty when there is one.
    func siblings(_ table: String, _ id: Identifier, column: String) throws -> [[Value]] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT s.val FROM hub_sibling s JOIN ru_table t ON t.number = s.tbl
                    JOIN ru_column c ON c.tbl = t.name AND c.grp = s.grp
                    WHERE t.name = ? AND s.key = ? AND c.name = ? ORDER BY s.h
                    """, arguments: [table, id.sqlBlob, column]
            ).map { try ValueList.decode($0.bytes("val")) }
        }
    }

    /// The open conflicts, as table, key and group.
    func openConflicts() throws -> Set<Cell> {
        try conflicts("closed IS NULL")
    }

    /// The cells that ever had a conflict.
    func everConflicts() throws -> Set<Cell> {
        try conflicts("1")
    }

    private func conflicts(_ condition: String) throws -> Set<Cell> {
        try read { database in
            Set(
                try Row.fetchAll(
                    database, sql: "SELECT tbl, key, grp FROM hub_conflict WHERE \(condition)"
                ).map {
                    Cell(
                        table: UInt16(truncatingIfNeeded: $0["tbl"] as Int64), key: $0.identifier("key"),
                        group: UInt8(truncatingIfNeeded: $0["grp"] as Int64))
                })
        }
    }

    /// How many branches a device's chain has.
    func branches(of device: Identifier) throws -> Int {
        try read {
            try Int.fetchOne(
                $0, sql: "SELECT count(*) FROM hub_branch WHERE device = ?", arguments: [device.sqlBlob]) ?? 0
        }
    }

    /// The words of the reasons in quarantine, in the order of arrival.
    func quarantined() throws -> [String] {
        try read {
            try Int.fetchAll($0, sql: "SELECT reason FROM hub_quarantine ORDER BY position, idx")
        }.map { Reason(rawValue: UInt8($0))?.code ?? "?" }
    }
}

/// One column group of one row.
struct Cell: Hashable, Comparable {
    let table: UInt16
    let key: Identifier
    let group: UInt8

    static func < (left: Cell, right: Cell) -> Bool {
        (left.table, left.key, left.group) < (right.table, right.key, right.group)
    }
}

extension Row {
    /// One column's value.
    func plain(_ column: String) -> ReUniteSync.Value { ReUniteSync.Value(self[column] as DatabaseValue) }
}
