/// The SQL of one network: what its tables are, in numbered steps that are never edited once released.
public struct NetworkSchema: Sendable {
    public struct Migration: Hashable, Sendable {
        public let name: String
        public let sql: String

        public init(name: String, sql: String) {
            self.name = name
            self.sql = sql
        }
    }

    /// In order; the place from 1 is the schema's version.
    public let migrations: [Migration]
    /// Rows that a new hub begins with. Only the hub runs it.
    public let reference: String

    public init(migrations: [Migration], reference: String = "") {
        self.migrations = migrations
        self.reference = reference
    }

    public var version: Int { migrations.count }
}
