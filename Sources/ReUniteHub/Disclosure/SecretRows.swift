import GRDB
import ReUniteReplica
import ReUniteSync

/// Which rows' values an operator's views withhold: those of a secret class (`ru_class.secret`), such as an address
/// that could endanger somebody. Who wrote what and when is shown, and it can be decided all the same.
struct SecretRows {
    private let classes: Set<UInt8>

    init(_ database: Database) throws {
        classes = Set(
            try Int.fetchAll(database, sql: "SELECT bit FROM ru_class WHERE secret = 1").map {
                UInt8(truncatingIfNeeded: $0)
            })
    }

    /// - Parameter row: the row as it stands; what waits for it may be of its table's own class all the same, so that
    ///   counts too.
    func contain(_ row: HubRow?, of table: TableDescription) -> Bool {
        classes.contains(table.disclosureClass) || row.map { classes.contains($0.disclosureClass) } ?? false
    }

    /// The columns with nothing in them.
    static func withheld(_ columns: some Sequence<String>) -> [String: String?] {
        Dictionary(columns.map { ($0, String?.none) }, uniquingKeysWith: { first, _ in first })
    }
}
