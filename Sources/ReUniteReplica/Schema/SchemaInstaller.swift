package import GRDB
import ReUniteSync

/// Brings a database's tables to a network's version: one transaction a migration, all of it or nothing.
package enum SchemaInstaller {
    /// Whether every migration has run, and none that this program does not know.
    package static func isCurrent(_ database: Database, _ network: NetworkSchema) throws -> Bool {
        try version(of: database) == network.version
    }

    /// The greatest migration that has run; 0 for none.
    package static func version(of database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT coalesce(max(version), 0) FROM ru_migration") ?? 0
    }

    /// Runs the migrations that have not run yet.
    ///
    /// - Throws: ``Failure`` (configuration) when the file was made by a newer program.
    package static func migrate(
        _ database: Database, to network: NetworkSchema, atMilliseconds now: Int64
    ) throws {
        let applied = try version(of: database)
        guard applied <= network.version else {
            throw Failure(
                .configuration, what: "Opening the file",
                why: "it has schema version \(applied), and this program knows only \(network.version)",
                remedy: "Install the current reunite-sync")
        }
        for version in (applied + 1)..<(network.version + 1) {
            let migration = network.migrations[version - 1]
            try database.execute(sql: IdentifierDefault.applied(to: migration.sql))
            try database.execute(
                sql: "INSERT INTO ru_migration(version, name, applied_ms) VALUES(?, ?, ?)",
                arguments: [version, migration.name, now])
        }
    }
}
