import GRDB
import ReUniteReplica
import ReUniteSync

/// The ops of a batch that has come back, to be held against values that replicas showed at lost positions.
///
/// At which positions a batch lay in the lost life only its author says, unsigned. What it wrote its author signed: a
/// value has come back where the batch says the same of the same cell, whatever else is claimed.
struct ReturnedOps {
    private let ops: [Op]
    /// What the hub says of them now.
    private let exceptions: [UInt32: Receipt.OpException]

    /// Nil when the batch is not here.
    init?(_ batch: BatchID, _ database: Database) throws {
        guard
            let row = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT ops, op_count, receipt FROM hub_batch WHERE id = ?"),
                arguments: [batch.bytes.sqlBlob])
        else { return nil }
        ops = (try? OpCodec.decode(row.bytes("ops"), expecting: row["op_count"])) ?? []
        let receipt = try Receipt(decoding: row.bytes("receipt"))
        exceptions = Dictionary(receipt.exceptions.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Whether one of them wrote a value. What the hub works out itself is known by its cell.
    func wrote(_ values: [Value], _ table: TableDescription, _ key: Identifier, group: UInt8, at index: Int64) -> Bool {
        guard let index = Int(exactly: index), ops.indices.contains(index) else { return false }
        let op = ops[index]
        guard op.table == table.number, op.key == key, op.groups & (1 << UInt64(group)) != 0,
            let policy = table.policy(of: group)
        else { return false }
        if ValueList.areIdentical(op.values(of: group, table), values) || policy.isDecidedByHub { return true }
        // The hub had put something in place of what was written, as it did now.
        guard let exception = exceptions[UInt32(index)], exception.verdict == .accepted else { return false }
        return exception.groups & (1 << UInt64(group)) != 0
    }
}

/// The same, read once for all that one report shows.
final class ReturnedBatches {
    private let database: Database
    private var known: [BatchID: ReturnedOps?] = [:]
    /// What is kept at a time; a report comes row by row, and neighbours are of the same batches.
    private static let limit = 64

    init(_ database: Database) {
        self.database = database
    }

    func ops(of batch: BatchID) throws -> ReturnedOps? {
        if let found = known[batch] { return found }
        if known.count >= ReturnedBatches.limit { known = [:] }
        let found = try ReturnedOps(batch, database)
        known[batch] = .some(found)
        return found
    }
}

/// How an entry of `hub_salvage` stands.
enum SalvageState {
    static let waits: Int64 = 0
    /// Its batch has come back, so nobody need decide. It is kept all the same.
    static let cameBack: Int64 = 3
}
