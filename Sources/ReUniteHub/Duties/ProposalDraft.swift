import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync

/// Turns an edit that waits in quarantine into a row that its scope's present owner may read and answer.
struct ProposalDraft {
    private let transaction: HubTransaction
    /// The network's table of proposals.
    private let table: TableDescription

    init(_ transaction: HubTransaction, _ table: TableDescription) {
        self.transaction = transaction
        self.table = table
    }

    /// The lines of the row; nil where there is nobody to ask but the hub's operator.
    func lines(for entry: SecondLook.Entry) throws -> [DutyDraft.Line]? {
        guard
            let stored = try Row.fetchOne(
                transaction.database,
                sql: """
                    SELECT b.header, b.ops, b.op_count, d.partner FROM hub_batch b JOIN hub_device d ON d.id = b.device
                    WHERE b.no = ?
                    """, arguments: [entry.batch]),
            let ops = try? OpCodec.decode(stored.bytes("ops"), expecting: stored["op_count"]),
            ops.indices.contains(Int(entry.index)),
            let described = transaction.schema.tables[ops[Int(entry.index)].table],
            described.scopeKind == table.scopeKind, described.number != table.number
        else { return nil }
        let op = ops[Int(entry.index)]
        let author = stored.identifier("partner")
        let row = try transaction.rows.row(op.table, op.key)
        let named = op.kind == .create ? op.namedScope(in: described) : nil
        guard let scope = try row.map({ try transaction.scopeID($0.scope) }) ?? named,
            try isOwned(scope, by: author, class: row?.disclosureClass ?? described.disclosureClass)
        else { return nil }
        var columns: [String] = []
        var values: [String: Cell] = [:]
        for (place, value) in zip(described.columnIndexes(of: op.groups), op.values) {
            let column = described.columns[place]
            let isWanted = op.kind == .create || entry.groups & (1 << UInt64(column.group)) != 0
            guard isWanted, column.name != described.scopeColumn else { continue }
            columns.append(column.name)
            values[column.name] = Cell(value: value)
        }
        guard let scopeColumn = table.scopeColumn else { return nil }
        let cells: [(String, Value)] = [
            (scopeColumn, .blob(scope.bytes)), ("tbl", .text(described.name)), ("row_id", .blob(op.key.bytes)),
            ("kind", .text("\(op.kind)")), ("columns_json", .text(try json(columns))),
            ("values_json", .text(try json(values))), ("author_partner_id", .blob(author.bytes)),
            ("reason", .text(entry.reason.code)), ("written_at", .integer(op.stamp.milliseconds)),
        ]
        return cells.map { DutyDraft.Line(step: 1, table: table.name, key: entry.id, column: $0.0, value: $0.1) }
    }

    /// Whether somebody else than the author owns the scope, and reads rows of the class and the proposals.
    private func isOwned(_ scope: Identifier, by author: Identifier, class bit: UInt8) throws -> Bool {
        let needed = UInt64(1) << UInt64(bit) | 1 << UInt64(table.disclosureClass)
        return try Int.fetchOne(
            transaction.database,
            sql: """
                SELECT 1 FROM ru_grant_source s JOIN hub_partner p ON p.id = s.partner
                JOIN hub_scope n ON n.id = s.scope
                JOIN hub_grant g ON g.sub = p.sub AND g.scope = n.no AND g.closed IS NULL
                WHERE s.scope = ?1 AND s.relation = 'OWNER' AND s.partner <> ?2 AND g.read_mask & ?3 = ?3 LIMIT 1
                """, arguments: [scope.sqlBlob, author.sqlBlob, Int64(bitPattern: needed)]) != nil
    }

    /// A value as JSON has it: numbers as numbers, ids as UUIDs.
    private struct Cell: Encodable {
        let value: Value

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch value {
            case .null: try container.encodeNil()
            case .integer(let integer): try container.encode(integer)
            case .real(let real): try container.encode(real)
            case .text, .blob: try container.encode(value.readable)
            }
        }
    }

    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
