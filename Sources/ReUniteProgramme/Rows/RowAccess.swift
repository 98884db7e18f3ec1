import GRDB
import ReUniteReplica
import ReUniteSync

/// What this replica may write in a case, as the hub's last word has it.
struct RowAccess: Sendable {
    private let writes: Int64
    private let bits: [String: Int64]
    private let classes: [String: String]

    /// A case that the hub has not heard of yet was made here: everything of it may be written.
    init(_ caseID: Identifier, in database: Database) throws {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT epoch, coalesce(write_mask, read_mask) AS mask FROM ru_scope WHERE id = ?",
            arguments: [caseID.sqlBlob])
        writes = row == nil || row?["epoch"] == 0 ? -1 : row?["mask"] ?? -1
        bits = Dictionary(
            try Row.fetchAll(database, sql: "SELECT code, bit FROM ru_class").map { ($0[0] as String, $0[1] as Int64) },
            uniquingKeysWith: { first, _ in first })
        classes = Dictionary(
            try Row.fetchAll(database, sql: "SELECT name, class FROM ru_table").map {
                ($0[0] as String, $0[1] as String)
            }, uniquingKeysWith: { first, _ in first })
    }

    func mayWrite(_ table: String) -> Bool {
        guard let name = classes[table], let bit = bits[name] else { return false }
        return writes & (1 << bit) != 0
    }
}
