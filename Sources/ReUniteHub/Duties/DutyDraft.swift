import Crypto
import GRDB
import ReUniteReplica
import ReUniteSync

/// Turns the lines of a duty into ops, by comparing them with what the tables hold now.
struct DutyDraft {
    private let transaction: HubTransaction
    private let fresh: () -> Identifier
    /// What rows will hold when the ops made so far are done.
    private var written: [RowKey: [Value]] = [:]
    private var created = Set<RowKey>()

    init(_ transaction: HubTransaction, fresh: @escaping () -> Identifier) {
        self.transaction = transaction
        self.fresh = fresh
    }

    /// One line: this cell shall be this value.
    struct Line {
        let step: Int64
        let table: String
        let key: Identifier?
        let column: String
        let value: Value
    }

    /// Why no ops can be made of the lines.
    struct Impossible: Error {
        let why: String
    }

    private struct Target: Hashable {
        let step: Int64
        let table: String
        let key: Identifier?
    }

    /// The ops in the order of their steps.
    mutating func ops(_ lines: [Line]) throws -> [Op] {
        var order: [Target] = []
        var cells: [Target: [(column: String, value: Value)]] = [:]
        for line in lines {
            let target = Target(step: line.step, table: line.table, key: line.key)
            if cells[target] == nil { order.append(target) }
            cells[target, default: []].append((line.column, line.value))
        }
        var ops: [Op] = []
        for target in order {
            guard let table = transaction.schema.tables.tables.first(where: { $0.name == target.table }) else {
                throw Impossible(why: Reason.schema.code)
            }
            let named = try (cells[target] ?? []).map { cell in
                guard let index = table.columns.firstIndex(where: { $0.name == cell.column }) else {
                    throw Impossible(why: Reason.schema.code)
                }
                return (index: index, value: cell.value)
            }
            ops += try self.ops(table, target.key, named)
        }
        return ops
    }

    private mutating func ops(
        _ table: TableDescription, _ key: Identifier?, _ cells: [(index: Int, value: Value)]
    ) throws -> [Op] {
        let row = RowKey(table: table.number, key: try key ?? made(table, cells))
        let held = try key.flatMap { try written[row] ?? transaction.values(of: table, $0) }
        guard var values = held else {
            let values = try defaults(of: table, row.key, cells)
            written[row] = values
            created.insert(row)
            return [op(row, .create, table.allGroups, values)]
        }
        var groups: UInt64 = 0
        var steps: [Op] = []
        for (index, value) in cells where !values[index].isIdentical(to: value) {
            let bit = UInt64(1) << UInt64(table.columns[index].group)
            if table.policy(of: table.columns[index].group) == .state {
                steps.append(op(row, .transit, bit, [value], from: values[index]))
            } else {
                groups |= bit
            }
            values[index] = value
        }
        written[row] = values
        guard groups != 0 else { return steps }
        var set = op(row, .set, groups, table.columnIndexes(of: groups).map { values[$0] })
        // As at any desk: an edit replaces the value that is shown; others that wait for a person stay.
        if !created.contains(row), let clock = try transaction.rows.row(table.number, row.key)?.clock {
            var shown: UInt64 = 0
            let hidden = clock.siblings.filter { sibling in
                let bit = UInt64(1) << UInt64(sibling.group)
                defer { shown |= bit }
                return groups & bit != 0 && shown & bit != 0
            }
            if !hidden.isEmpty { set.context = Op.Context(kept: hidden) }
        }
        return [set] + steps
    }

    /// The id of a row that lines ask for without naming one: it follows from what they say, so that a hub that was put
    /// back from a backup makes the row again that replicas hold already, where no line says the time. A fresh one where that row is there, or was.
    private func made(_ table: TableDescription, _ cells: [(index: Int, value: Value)]) throws -> Identifier {
        var out = ByteWriter()
        out.string("ru/duty")
        out.varint(UInt64(table.number))
        for cell in cells.sorted(by: { $0.index < $1.index }) {
            out.string(table.columns[cell.index].name)
            out.string(ValueList.encode([cell.value]))
        }
        let hash = SHA256.hash(data: out.bytes)
        let id = hash.withUnsafeBytes { $0.baseAddress.map { Identifier(unsafeBytes: $0) } ?? .zero }
        let row = RowKey(table: table.number, key: id)
        guard written[row] == nil, try transaction.rows.row(table.number, id) == nil else { return fresh() }
        return id
    }

    private func op(
        _ row: RowKey, _ kind: Op.Kind, _ groups: UInt64, _ values: [Value], from: Value = .null
    ) -> Op {
        Op(
            table: row.table, key: row.key, kind: kind, groups: groups,
            stamp: HybridTime(milliseconds: transaction.now), values: values, from: from)
    }

    /// A whole row in which the columns that nobody named hold what the table gives them.
    private func defaults(
        of table: TableDescription, _ key: Identifier, _ cells: [(index: Int, value: Value)]
    ) throws -> [Value] {
        let database = transaction.database
        let columns = (["id"] + cells.map { table.columns[$0.index].name }).map { quoted($0) }
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        var values: [Value]?
        do {
            try database.inSavepoint {
                let insert = try EngineStatement(
                    database,
                    "INSERT INTO \(quoted(table.name))(\(columns.joined(separator: ", "))) VALUES(\(marks))")
                insert.bind(1, key)
                for (place, cell) in cells.enumerated() { insert.bind(Int32(place) + 2, cell.value) }
                try insert.run()
                values = try transaction.values(of: table, key)
                return .rollback
            }
        } catch let fault as SQLiteFault where fault.isConstraint {
            throw Impossible(why: Reason.malformed.code)
        }
        guard let values else { throw Impossible(why: Reason.malformed.code) }
        return values
    }
}
