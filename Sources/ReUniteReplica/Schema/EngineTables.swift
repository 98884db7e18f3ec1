package import GRDB
import ReUniteSchemas
import ReUniteSync

/// The engine's own tables in one kind of file, and how a file that an earlier program made comes to have them.
///
/// A file's version is the number of steps that have run on what the first program made. A new file runs all of them
/// too, so that there is one way to arrive at each version (`docs/decisions/0059-engine-steps.md`).
package struct EngineTables: Sendable {
    /// What the first program made.
    private let base: [String]
    /// What has changed since, in order; a step that has been released is never edited.
    private let steps: [String]
    /// The table of facts that tells which steps have run.
    private let facts: String

    package init(base: [String], steps: [String], facts: String) {
        self.base = base
        self.steps = steps
        self.facts = facts
    }

    package static let replica = EngineTables(
        base: [Schemas.manifest, Schemas.replica], steps: Schemas.replicaSteps, facts: "ru_meta")
    package static let hub = EngineTables(
        base: [Schemas.manifest, Schemas.hub], steps: Schemas.hubSteps, facts: "hub_meta")

    private static let fact = "engine_version"

    /// The version that this program works with.
    package var version: Int { steps.count }

    /// Makes the tables in an empty database.
    package func install(in database: Database) throws {
        for sql in base { try database.execute(sql: sql) }
        try upgrade(database)
    }

    /// Whether the file has the version that this program works with.
    package func areCurrent(in database: Database) throws -> Bool {
        try version(in: database) == version
    }

    /// Runs the steps that have not run yet, in the caller's transaction.
    ///
    /// - Throws: ``Failure`` (configuration) when a newer program has been at the file.
    package func upgrade(_ database: Database) throws {
        let found = try version(in: database)
        guard found <= version else {
            throw Failure(
                .configuration, what: "Opening the file",
                why: "its engine tables have version \(found), and this program knows only \(version)",
                remedy: "Install the current reunite-sync")
        }
        guard found < version else { return }
        for step in steps[found...] { try database.execute(sql: step) }
        try database.execute(
            sql: """
                INSERT INTO \(facts)(name, value) VALUES(?, ?)
                ON CONFLICT(name) DO UPDATE SET value = excluded.value
                """,
            arguments: [EngineTables.fact, version])
    }

    /// The first program's files do not say.
    private func version(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT value FROM \(facts) WHERE name = ?", arguments: [EngineTables.fact])
            ?? 0
    }
}
