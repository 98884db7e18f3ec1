import GRDB
package import ReUniteSync
import Synchronization

/// What a network's tables were at each of its versions: what an edit that was made then may name.
package final class SchemaHistory: Sendable {
    private let network: NetworkSchema
    private let known = Mutex<[Int: SchemaDescription]>([:])

    package init(_ network: NetworkSchema) {
        self.network = network
    }

    /// The tables at a version, from the network's own migrations; nil for a version that this program does not have.
    package func tables(at version: Int) throws -> SchemaDescription? {
        guard (1...max(network.version, 1)).contains(version), version <= network.version else { return nil }
        return try known.withLock { known in
            if let tables = known[version] { return tables }
            let then = NetworkSchema(migrations: Array(network.migrations.prefix(version)))
            let tables = try DatabaseQueue().write { database in
                try EngineTables.replica.install(in: database)
                try SchemaInstaller.migrate(database, to: then, atMilliseconds: 0)
                return try ManifestReader.read(database)
            }
            known[version] = tables
            return tables
        }
    }

    /// Whether a group was added to its table by a later migration than the one that made the table.
    package func cameLater(_ group: UInt8, of table: UInt16) throws -> Bool {
        for version in stride(from: 1, through: network.version, by: 1) {
            guard let first = try tables(at: version)?[table] else { continue }
            return first.policy(of: group) == nil
        }
        return false
    }
}

/// The columns that both sides of a comparison of values have.
package struct CommonColumns: Sendable {
    /// The tables of the older side; nil where neither is.
    private let older: SchemaDescription?

    /// - Parameters:
    ///   - version: the schema's version here.
    ///   - other: that of the other side; 0 where it is not known.
    package init(_ history: SchemaHistory, version: Int, other: Int) throws {
        older = other > 0 && other < version ? try history.tables(at: other) : nil
    }

    /// A row's values in the columns that both sides have; nil where the other side does not have the table.
    ///
    /// - Parameter values: of all columns, in the table's column order.
    package func values(_ values: [Value], of table: TableDescription) -> [Value]? {
        guard let older else { return values }
        guard let then = older[table.number] else { return nil }
        guard then.allGroups != table.allGroups else { return values }
        return table.columnIndexes(of: then.allGroups).map { values[$0] }
    }
}
