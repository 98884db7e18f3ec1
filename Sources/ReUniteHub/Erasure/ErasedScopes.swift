import GRDB
import ReUniteReplica
import ReUniteSync

/// Keeps out what comes too late about persons who were erased: an old stick, a laptop from a drawer. Its ops keep
/// their place on the chain and wait in quarantine without their values; nothing of them is ever applied.
final class ErasedScopes {
    private let transaction: HubTransaction
    private let redaction: Redaction
    /// Whether anybody was ever erased; nil before anybody asked. Where nobody was, all this costs nothing.
    private var isInUse: Bool?
    private var known: [Identifier: Bool] = [:]

    init(_ transaction: HubTransaction) {
        self.transaction = transaction
        redaction = Redaction(tables: transaction.schema.tables)
    }

    /// Whether an op writes into an erased scope: its row is there, or it says so. A scope that is new here and about an
    /// erased one (a late referral of her case) is erased from then on, with all that comes into it.
    func covers(_ op: Op) throws -> Bool {
        guard try inUse() else { return false }
        if let row = try transaction.rows.row(op.table, op.key), try isErased(transaction.scopeID(row.scope)) {
            return true
        }
        guard let scope = op.namedScope(in: transaction.schema.tables[op.table]) else { return false }
        if try isErased(scope) { return true }
        guard let subject = try subject(of: op) else { return false }
        try transaction.database.execute(
            sql:
                "INSERT OR IGNORE INTO hub_erased_scope(id, erasure) SELECT ?, erasure FROM hub_erased_scope WHERE id = ?",
            arguments: [scope.sqlBlob, subject.sqlBlob])
        known[scope] = true
        return true
    }

    /// The erased scope that the first row of another one names in a column that its grants hang on.
    private func subject(of op: Op) throws -> Identifier? {
        guard op.kind == .create, let table = transaction.schema.tables[op.table],
            op.namedScope(in: table) == op.key
        else { return nil }
        let columns = Set(transaction.schema.grantColumns(of: table))
        for (index, value) in zip(table.columnIndexes(of: op.groups), op.values)
        where columns.contains(table.columns[index].name) {
            if case .blob(let bytes) = value, let named = Identifier(bytes: bytes), try isErased(named) { return named }
        }
        return nil
    }

    /// What a batch's author is told of an op that writes into an erased scope; nil for every other op. Only somebody
    /// who once held the scope may know that there was anything to erase. A row that never stood leaves its stub too.
    func refusal(of op: Op, by author: Author, _ grants: GrantStore, at position: Position) throws -> Reason? {
        guard op.kind != .erase, try covers(op) else { return nil }
        let row = try transaction.rows.row(op.table, op.key)
        let scope: Int64
        if let row {
            scope = row.scope
        } else {
            guard let id = op.namedScope(in: transaction.schema.tables[op.table]) else { return .notInScope }
            scope = try transaction.scope(id)
            try leaveStub(op, in: scope, at: position)
        }
        guard case .device(let device) = author else { return .erased }
        let held = try subject(of: op).map(transaction.scope) ?? scope
        return try grants.history(of: device.subscription, on: held).isEmpty ? .notInScope : .erased
    }

    /// Records that a row is erased which never stood, so that ops that only name the row are known too.
    func leaveStub(_ op: Op, in scope: Int64, at position: Position) throws {
        guard let table = transaction.schema.tables[op.table], try transaction.rows.row(op.table, op.key) == nil
        else { return }
        try transaction.rows.save(
            HubRow(
                table: op.table, key: op.key, scope: scope, disclosureClass: table.disclosureClass, life: .erased,
                clock: RowClock(stamp: position), changed: position))
    }

    /// The ops of a batch as they may be stored: nil for as they came.
    func redacted(_ batch: SignedBatch, count: UInt32) throws -> [UInt8]? {
        guard try inUse(), let ops = try? OpCodec.decode(batch.ops, expecting: Int(count)),
            let changed = try redaction.apply(to: ops, isCovered: covers)
        else { return nil }
        return try OpCodec.encode(changed, layout: transaction.schema.tables)
    }

    private func inUse() throws -> Bool {
        if let isInUse { return isInUse }
        let found = try Int.fetchOne(transaction.database, sql: "SELECT 1 FROM hub_erased_scope LIMIT 1") != nil
        isInUse = found
        return found
    }

    private func isErased(_ scope: Identifier) throws -> Bool {
        if let known = known[scope] { return known }
        let found =
            try Int.fetchOne(
                transaction.database, sql: "SELECT 1 FROM hub_erased_scope WHERE id = ?", arguments: [scope.sqlBlob])
            != nil
        known[scope] = found
        return found
    }
}
