package import GRDB
package import ReUniteSync

/// The statements that write one table's rows, prepared once for each transaction.
package final class TableStatements {
    package let table: TableDescription
    private let database: Database
    private let whole: EngineStatement
    private let removal: EngineStatement
    private var partial: [UInt64: EngineStatement] = [:]

    package init(_ database: Database, _ table: TableDescription) throws {
        self.table = table
        self.database = database
        let name = quoted(table.name)
        let fields = table.columns.map { quoted($0.name) }
        let places = Array(repeating: "?", count: fields.count + 1).joined(separator: ", ")
        let updates = fields.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        whole = try EngineStatement(
            database,
            """
            INSERT INTO \(name)(\((["id"] + fields).joined(separator: ", "))) VALUES(\(places))
            ON CONFLICT(id) DO \(updates.isEmpty ? "NOTHING" : "UPDATE SET \(updates)")
            """)
        removal = try EngineStatement(database, "DELETE FROM \(name) WHERE id = ?")
    }

    /// Puts a whole row in place, whether or not there was one.
    package func put(_ key: Identifier, _ values: [Value]) throws {
        whole.bind(1, key)
        for (index, value) in values.enumerated() { whole.bind(Int32(index + 2), value) }
        try whole.run()
    }

    /// Changes the columns of the masked groups. Returns false when there is no such row.
    package func update(_ key: Identifier, groups: UInt64, values: [Value]) throws -> Bool {
        let statement = try updater(of: groups)
        for (index, value) in values.enumerated() { statement.bind(Int32(index + 1), value) }
        statement.bind(Int32(values.count + 1), key)
        try statement.run()
        return statement.changes > 0
    }

    package func delete(_ key: Identifier) throws {
        removal.bind(1, key)
        try removal.run()
    }

    private func updater(of groups: UInt64) throws -> EngineStatement {
        if let statement = partial[groups] { return statement }
        let fields = table.columnIndexes(of: groups).map { "\(quoted(table.columns[$0].name)) = ?" }
        let statement = try EngineStatement(
            database, "UPDATE \(quoted(table.name)) SET \(fields.joined(separator: ", ")) WHERE id = ?")
        partial[groups] = statement
        return statement
    }
}
