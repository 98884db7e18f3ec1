import GRDB
import ReUniteReplica
import ReUniteSync

/// Compares what rows' clocks say of values that stand beside each other with the values that are kept, and with the
/// operator's work-list. Replicas agree with the clocks: without this, a value that lost and the question about it could
/// go and nobody would know.
struct SiblingCheck {
    private struct Cell: Hashable {
        let row: RowKey
        let group: UInt8
    }

    private let database: Database
    private let schema: HubSchema

    init(_ database: Database, schema: HubSchema) {
        self.database = database
        self.schema = schema
    }

    /// What differs, in plain words, with ids and without values.
    func run() throws -> [String] {
        let cells = try HubCellStore(database)
        let named = try named()
        let stored = try stored()
        let open = try open()
        var findings: [String] = []
        for (cell, names) in named.sorted(by: { SiblingCheck.precedes($0.key, $1.key) }) {
            guard stored[cell] ?? [] == names else {
                findings.append("the values that stand beside each other in \(name(cell)) are not those of its clock")
                continue
            }
            guard let table = schema.tables[cell.row.table], open[cell] == nil else { continue }
            let siblings = try cells.siblings(cell.row.table, cell.row.key, group: cell.group)
            if schema.policy(table, group: cell.group).needsPerson(siblings) {
                findings.append("values in \(name(cell)) wait for a person, and no conflict is open")
            }
        }
        for (cell, names) in stored.sorted(by: { SiblingCheck.precedes($0.key, $1.key) })
        // A single value may be left of a set's element that was put in again.
        where names.count > 1 && named[cell] == nil {
            findings.append("values are kept beside each other in \(name(cell)), and its clock names none")
        }
        for (cell, conflict) in open.sorted(by: { SiblingCheck.precedes($0.key, $1.key) })
        where named[cell]?.count ?? 0 < 2 {
            findings.append("conflict \(conflict) is open, and \(name(cell)) has one value")
        }
        return findings
    }

    private func named() throws -> [Cell: Set<OpID>] {
        var named: [Cell: Set<OpID>] = [:]
        let rows = try EngineStatement(
            database, "SELECT tbl, key, h, ext FROM hub_row WHERE life = 1 AND ext IS NOT NULL")
        while try rows.step() {
            guard let key = rows.identifier(1) else { continue }
            let clock = try RowClock(stamp: Position(rows.int64(2)), extension: rows.blob(3))
            let row = RowKey(table: UInt16(truncatingIfNeeded: rows.int64(0)), key: key)
            for sibling in clock.siblings {
                named[Cell(row: row, group: sibling.group), default: []].insert(sibling.op)
            }
        }
        return named
    }

    private func stored() throws -> [Cell: Set<OpID>] {
        var stored: [Cell: Set<OpID>] = [:]
        let rows = try EngineStatement(
            database,
            """
            SELECT s.tbl, s.key, s.grp, b.id, o.idx FROM hub_sibling s LEFT JOIN hub_op o ON o.h = s.h
            LEFT JOIN hub_batch b ON b.no = o.batch
            """)
        while try rows.step() {
            guard let cell = cell(rows) else { continue }
            let batch = BatchID(bytes: rows.blob(3))?.short ?? .zero
            stored[cell, default: []].insert(OpID(batch: batch, index: UInt32(truncatingIfNeeded: rows.int64(4))))
        }
        return stored
    }

    private func open() throws -> [Cell: Identifier] {
        var open: [Cell: Identifier] = [:]
        let rows = try EngineStatement(database, "SELECT tbl, key, grp, id FROM hub_conflict WHERE closed IS NULL")
        while try rows.step() {
            if let cell = cell(rows) { open[cell] = rows.identifier(3) }
        }
        return open
    }

    /// Of a row that begins with a table, a key and a group.
    private func cell(_ row: EngineStatement) -> Cell? {
        row.identifier(1).map {
            Cell(
                row: RowKey(table: UInt16(truncatingIfNeeded: row.int64(0)), key: $0),
                group: UInt8(truncatingIfNeeded: row.int64(2)))
        }
    }

    private func name(_ cell: Cell) -> String {
        let table = schema.tables[cell.row.table]
        let columns = table?.columnNames(of: 1 << UInt64(cell.group)).joined(separator: ", ") ?? "?"
        return "\(table?.name ?? "?") \(cell.row.key) (\(columns))"
    }

    private static func precedes(_ left: Cell, _ right: Cell) -> Bool {
        (left.row.table, left.row.key, left.group) < (right.row.table, right.row.key, right.group)
    }
}
