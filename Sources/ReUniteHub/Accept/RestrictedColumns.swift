import GRDB
import ReUniteReplica
import ReUniteSync

/// The columns that only the hub or only the owner may write, with what stands in them when nobody names them.
struct RestrictedColumns: Sendable {
    private struct Column {
        let policy: MergePolicy
        let isNullable: Bool
        let fallback: Value
    }

    /// By table, and by the place of the column in it.
    private let columns: [UInt16: [Int: Column]]

    init(_ database: Database, tables: SchemaDescription) throws {
        var all: [UInt16: [Int: Column]] = [:]
        for table in tables.tables
        where table.groups.contains(where: { $0.policy == .hubOnly || $0.policy == .ownerOnly }) {
            for info in try Row.fetchAll(
                database, sql: "SELECT name, \"notnull\", dflt_value FROM pragma_table_xinfo(?)",
                arguments: [table.name])
            {
                let name: String = info["name"]
                guard let index = table.columns.firstIndex(where: { $0.name == name }),
                    let policy = table.policy(of: table.columns[index].group),
                    policy == .hubOnly || policy == .ownerOnly
                else { continue }
                let text: String? = info["dflt_value"]
                // A default that differs from one time to the next is never met again, and so counts as a value.
                let fallback = try text.map { text in
                    let statement = try EngineStatement(database, "SELECT \(text)")
                    return try statement.step() ? statement.value(0) : .null
                }
                all[table.number, default: [:]][index] = Column(
                    policy: policy, isNullable: info["notnull"] == 0, fallback: fallback ?? .null)
            }
        }
        columns = all
    }

    /// Puts aside what the author of a new row may not write.
    ///
    /// - Parameter opensScope: whether the row opens its scope, so that its author is about to own it.
    /// - Returns: the groups whose values were put aside, or why the row cannot be made.
    func clear(
        _ op: inout Op, of table: TableDescription, relations: Set<String>, opensScope: Bool
    ) -> (groups: UInt64, refusal: Reason?) {
        var cleared: UInt64 = 0
        for (index, column) in columns[table.number] ?? [:] {
            guard let reason = WriterRule.refusal(column.policy, relations: relations) else { continue }
            if column.policy == .ownerOnly && opensScope { continue }
            let fate = WriterRule.inNewRow(op.values[index], isNullable: column.isNullable, fallback: column.fallback)
            switch fate {
            case .keep: continue
            case .clear where column.policy == .hubOnly:
                op.values[index] = .null
                cleared |= 1 << UInt64(table.columns[index].group)
            case .clear, .refuse: return (0, reason)
            }
        }
        return (cleared, nil)
    }
}
