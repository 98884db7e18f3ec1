import GRDB
import ReUniteSync

/// Reads the synced columns of many rows of one table, in an order that is known before: for one row, to start a statement
/// takes as long as to read it.
final class RowStream {
    /// For fewer rows it does not pay to prepare the longer statement.
    static let rowsWorthIt = 128

    private let statement: EngineStatement
    private let count: Int32
    /// In the order in which they are asked for.
    private var keys: ArraySlice<Identifier> = []
    /// Those of them that the statement is reading.
    private let batch = RowBatch(columns: 1, cells: 512, bytes: 512 * 16)
    private var ahead = 0

    init(_ database: Database, _ table: TableDescription) throws {
        let fields = ["t.id"] + table.columns.map { "t.\(quoted($0.name))" }
        statement = try EngineStatement(
            database,
            """
            SELECT \(fields.joined(separator: ", ")) FROM ru_rows(?) r LEFT JOIN \(quoted(table.name)) t ON t.id = r.c0
            """)
        count = Int32(table.columns.count)
    }

    /// - Parameter keys: of the rows, in the order in which they will be asked for. Nothing may write the table before the
    ///   last.
    func expect(_ keys: [Identifier]) {
        statement.reset()
        ahead = 0
        self.keys = keys[...]
    }

    /// Whether this is the row whose turn it is.
    func isNext(_ key: Identifier) -> Bool { keys.first == key }

    /// The values of the row whose turn it is, in the table's column order; nil when there is no such row.
    func read() throws -> [Value]? {
        if ahead == 0 {
            batch.removeAll()
            for key in keys {
                guard batch.add(key, []) else { break }
            }
            statement.bind(batch)
            ahead = batch.count
        }
        guard try statement.step() else { return nil }
        keys = keys.dropFirst()
        ahead -= 1
        defer { if ahead == 0 { statement.reset() } }
        if statement.isNull(0) { return nil }
        var values: [Value] = []
        values.reserveCapacity(Int(count))
        for index in 1..<(count + 1) { values.append(statement.value(index)) }
        return values
    }
}
