import GRDB
import ReUniteReplica
import ReUniteSync

extension HubCellStore {
    /// The values of a cell that are kept and meet a condition on `h` and `until`, oldest first.
    func past(
        _ table: UInt16, _ key: Identifier, group: UInt8, where condition: String, _ arguments: StatementArguments,
        in database: Database
    ) throws -> [CellSibling] {
        let cell: StatementArguments = [Int64(table), key.sqlBlob, Int64(group)]
        return try Row.fetchAll(
            database,
            sql: "SELECT h, val FROM hub_history WHERE tbl = ? AND key = ? AND grp = ? AND \(condition) ORDER BY h",
            arguments: cell + arguments
        ).compactMap {
            try sibling(at: Position($0["h"]), group: group, values: try ValueList.decode($0.bytes("val")))
        }
    }
}

extension HubTransaction {
    /// The values of a cell that the op at a position covered, under the positions that they had then.
    func covered(_ table: UInt16, _ key: Identifier, group: UInt8, by position: Position) throws -> [CellSibling] {
        try cells.past(table, key, group: group, where: "until = ?", [position.rawValue], in: database)
    }

    /// Makes an op visible once more, at a position of its own: whoever had seen no more than what stood there
    /// meanwhile has not seen it.
    func showAgain(_ sibling: CellSibling) throws -> CellSibling {
        guard let old = sibling.position else { return sibling }
        var sibling = sibling
        let position = takePosition()
        try database.execute(
            sql: """
                INSERT INTO hub_op(h, batch, idx, branch, sequence, base, stamp, flags, ctx, round, earlier, returned)
                SELECT ?, batch, idx, branch, sequence, base, stamp, flags, ctx, round, earlier, returned
                FROM hub_op WHERE h = ?
                """, arguments: [position.rawValue, old.rawValue])
        sibling.position = position
        return sibling
    }

    /// The position at which an op was judged; nil when no batch here has that name.
    func position(of name: OpID) throws -> Position? {
        // A name is the first half of its batch's hash.
        let low = name.batch.bytes + Array(repeating: UInt8.min, count: 16)
        let high = name.batch.bytes + Array(repeating: UInt8.max, count: 16)
        return try Int64.fetchOne(
            database, sql: "SELECT first_position FROM hub_batch WHERE id BETWEEN ? AND ?",
            arguments: [low.sqlBlob, high.sqlBlob]
        ).map { Position($0 + Int64(name.index)) }
    }
}
