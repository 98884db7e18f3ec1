import GRDB
import ReUniteReplica
import ReUniteSync

/// Steps that the network's rules forbid for now, whoever takes them: the view `ru_guard`.
final class StepGuard {
    private let transaction: HubTransaction

    init(_ transaction: HubTransaction) {
        self.transaction = transaction
    }

    /// Whether a rule keeps a row from coming into one of the states that an op wrote. Asked when the op's own row
    /// shows them, so that the rules see what would be.
    func forbids(_ op: Op, _ table: TableDescription) throws -> Bool {
        guard transaction.schema.has(.guard), op.kind == .create || op.kind == .transit else { return false }
        for group in table.groups where group.policy == .state && op.groups & (1 << UInt64(group.number)) != 0 {
            guard let state = op.values(of: group.number, table).first,
                let column = table.columns.first(where: { $0.group == group.number })?.name
            else { continue }
            if try forbids(table.name, column, op.key, state) { return true }
        }
        return false
    }

    private func forbids(_ table: String, _ column: String, _ key: Identifier, _ state: Value) throws -> Bool {
        guard case .text(let name) = state else { return false }
        let find = try transaction.database.cachedStatement(
            sql: "SELECT 1 FROM ru_guard WHERE tbl = ? AND col = ? AND key = ? AND to_value = ? LIMIT 1")
        return try Int.fetchOne(find, arguments: [table, column, key.sqlBlob, name]) != nil
    }
}
