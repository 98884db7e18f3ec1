import GRDB
import ReUniteReplica
import ReUniteSync

/// Which tables of a case this replica may read, by the hub's word. What was typed here into a class that the grant
/// hides lies in the table until it comes back; it is nothing to pass on.
struct ReadMask {
    /// Nil while the hub has said nothing of the case: it was opened here.
    private let mask: Int64?
    private let bits: [String: Int64]

    init(of id: Identifier, in database: Database) throws {
        mask = try Int64.fetchOne(
            database, sql: "SELECT read_mask FROM ru_scope WHERE id = ? AND epoch > 0", arguments: [id.sqlBlob])
        bits = try Row.fetchAll(
            database, sql: "SELECT t.name, c.bit FROM ru_table t JOIN ru_class c ON c.code = t.class"
        )
        .reduce(into: [:]) { $0[$1["name"]] = $1["bit"] }
    }

    func allows(_ table: String) -> Bool {
        guard let mask else { return true }
        return bits[table].map { mask & (1 << $0) != 0 } ?? false
    }
}
