import GRDB
import ReUniteReplica
import ReUniteSync

/// Compares the values in the hub's tables with those that were signed: each cell's clock names the op that wrote it, and
/// the op lies in a batch with its author's signature. A value that somebody changed past the hub has a good clock, so every
/// replica would take it for the truth.
///
/// What is compared: cells with one value, in batches that were written with this program's schema and are whole. Not what
/// the hub works out by itself, the elements of sets, and what an erasure has taken from a batch.
struct SignedValueCheck {
    private struct Place {
        let batch: Int64
        let index: Int
    }

    private let database: Database
    private let schema: HubSchema
    private let find: EngineStatement
    private let load: EngineStatement
    /// The ops of the batches met last; nil for one that is not compared.
    private var batches: [Int64: [Op]?] = [:]

    private static let batchesInMemory = 8

    init(_ database: Database, schema: HubSchema) throws {
        self.database = database
        self.schema = schema
        find = try EngineStatement(database, "SELECT batch, idx FROM hub_op WHERE h = ?")
        load = try EngineStatement(database, "SELECT header, ops FROM hub_batch WHERE no = ? AND NOT redacted")
    }

    /// What differs, by table, row and column, without values.
    mutating func run() throws -> [HubFinding] {
        var findings: [HubFinding] = []
        for table in schema.tables.tables where !table.isSet { findings += try run(table) }
        return findings
    }

    private mutating func run(_ table: TableDescription) throws -> [HubFinding] {
        let groups = table.groups.filter { !$0.policy.isDecidedByHub }
        let reader = try RowReader(database, table)
        // By position: rows that were written together are in one batch.
        let rows = try EngineStatement(
            database, "SELECT key, h, ext FROM hub_row WHERE tbl = ? AND life = 1 ORDER BY h")
        rows.bind(1, Int64(table.number))
        var findings: [HubFinding] = []
        while try rows.step() {
            guard let key = rows.identifier(0), let values = try reader.read(key) else { continue }
            let clock = try RowClock(stamp: Position(rows.int64(1)), extension: rows.blob(2))
            let beside = Set(clock.siblings.map(\.group))
            var columns: [String] = []
            for group in groups where !beside.contains(group.number) {
                guard let signed = try signed(group, of: table, key, at: clock.position(of: group.number)) else {
                    continue
                }
                for (column, value) in signed where !value.isIdentical(to: values[column]) {
                    columns.append(table.columns[column].name)
                }
            }
            if !columns.isEmpty {
                findings.append(
                    HubFinding(
                        .value,
                        "\(table.name) \(key) (\(columns.joined(separator: ", "))) holds another value than was signed")
                )
            }
        }
        return findings
    }

    /// The values of a group that the op at a position signed, by the column's place; nil where nothing can be said.
    private mutating func signed(
        _ group: GroupDescription, of table: TableDescription, _ key: Identifier, at position: Position
    ) throws -> [(Int, Value)]? {
        guard let place = try place(of: position), let ops = try ops(of: place.batch), ops.indices.contains(place.index)
        else { return nil }
        let op = ops[place.index]
        let bit = UInt64(1) << UInt64(group.number)
        guard op.table == table.number, op.key == key, op.groups & bit != 0 else { return nil }
        switch op.kind {
        case .set, .resolve, .transit: break
        // What its author may not write was put aside, and stands as nobody named it.
        case .create where group.policy == .hubOnly || group.policy == .ownerOnly: return nil
        case .create: break
        case .delete, .increment, .reopen, .erase: return nil
        }
        let written = table.columnIndexes(of: op.groups)
        guard written.count == op.values.count else { return nil }
        // In a new row the hub puts its author's organisation where that is left out.
        let filled = op.kind == .create ? Set(schema.authorColumns(of: table)) : []
        return zip(written, op.values).filter { column, value in
            table.columns[column].group == group.number && !(value == .null && filled.contains(column))
        }
    }

    private func place(of position: Position) throws -> Place? {
        find.bind(1, position.rawValue)
        defer { find.reset() }
        return try find.step() ? Place(batch: find.int64(0), index: Int(find.int64(1))) : nil
    }

    private mutating func ops(of batch: Int64) throws -> [Op]? {
        if let known = batches[batch] { return known }
        if batches.count >= SignedValueCheck.batchesInMemory { batches.removeAll(keepingCapacity: true) }
        let ops = try read(batch)
        batches[batch] = .some(ops)
        return ops
    }

    private func read(_ batch: Int64) throws -> [Op]? {
        load.bind(1, batch)
        defer { load.reset() }
        guard try load.step() else { return nil }
        let header = try BatchHeader(decoding: load.blob(0))
        guard header.schemaVersion == UInt32(schema.tables.version) else { return nil }
        return try? OpCodec.decode(load.blob(1), expecting: Int(header.opCount))
    }
}
