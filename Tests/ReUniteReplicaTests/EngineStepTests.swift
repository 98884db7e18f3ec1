import GRDB
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import TestSupport
import Testing

@Suite("Files that an earlier program made open with a later one")
struct EngineStepTests {
    private static let base = [
        "CREATE TABLE facts(name TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID",
        "CREATE TABLE goods(a INTEGER); INSERT INTO goods VALUES(1)",
    ]
    private static let steps = [
        "ALTER TABLE goods ADD COLUMN b INTEGER NOT NULL DEFAULT 2", "UPDATE goods SET b = b * 10 + a",
    ]

    private static func tables(steps: Int) -> EngineTables {
        EngineTables(base: base, steps: Array(Self.steps.prefix(steps)), facts: "facts")
    }

    private static func schema(_ database: Database) throws -> [String] {
        try String.fetchAll(
            database, sql: "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY type, name")
    }

    @Test("From every version every step runs once, and the file is as a new one", arguments: 0...2)
    func fromEveryVersion(version: Int) throws {
        let new = try DatabaseQueue()
        try new.write { try Self.tables(steps: 2).install(in: $0) }
        let old = try DatabaseQueue()
        try old.write { try Self.tables(steps: version).install(in: $0) }
        for _ in 0..<2 { try old.write { try Self.tables(steps: 2).upgrade($0) } }
        for database in [new, old] {
            #expect(try database.read { try Int.fetchOne($0, sql: "SELECT b FROM goods") } == 21)
            #expect(try database.read { try Self.tables(steps: 2).areCurrent(in: $0) })
        }
        #expect(try old.read(Self.schema) == new.read(Self.schema))
    }

    @Test("A step that fails leaves the file at the version at which it was")
    func failing() throws {
        let file = try DatabaseQueue()
        try file.write { try Self.tables(steps: 0).install(in: $0) }
        let broken = EngineTables(base: Self.base, steps: [Self.steps[0], "nonsense"], facts: "facts")
        #expect(throws: DatabaseError.self) { try file.immediately { try broken.upgrade($0) } }
        #expect(try file.read { try Self.tables(steps: 0).areCurrent(in: $0) })
        #expect(try file.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM goods") } == 1)
    }

    @Test("The first program's replica, in use, opens: what was unsent is unsent, and it goes on")
    func firstReplica() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.edit(insertBook(2))
        try desk.replica.seal()
        try desk.edit("UPDATE book SET title = 'Newer' \(at(1))")
        let facts = try desk.replica.facts()
        try desk.beFirst()
        let replica = try desk.reopened()
        #expect(try replica.facts() == facts)
        #expect(try replica.status().unsentEdits == 2)
        #expect(try desk.value("SELECT value FROM ru_meta WHERE name = 'engine_version'") == .integer(2))
        try desk.accept()
        #expect(try desk.value("SELECT count(*) FROM ru_kept") == .integer(0))
        #expect(try desk.value("SELECT title FROM book \(at(1))") == .text("Newer"))
    }

    @Test("Put back to the first version and brought on, a replica has the tables of a new one")
    func sameTables() throws {
        let desk = try TestDesk()
        let before = try desk.replica.read("Reading", Self.schema)
        try desk.beFirst()
        #expect(try desk.reopened().read("Reading", Self.schema) == before)
    }

    @Test("A replica of a newer engine is a matter of configuration, and stays as it was")
    func newerReplica() throws {
        let desk = try TestDesk()
        try desk.edit("UPDATE ru_meta SET value = 99 WHERE name = 'engine_version'")
        expectFailure(.configuration) { _ = try desk.reopened() }
        #expect(try desk.value("SELECT value FROM ru_meta WHERE name = 'engine_version'") == .integer(99))
    }
}

extension TestDesk {
    /// Gives the file the shape in which the first program left it.
    fileprivate func beFirst() throws {
        try EngineDatabase.open(path: path, role: .engine, label: "first program").write {
            try $0.execute(
                sql:
                    "DROP TABLE ru_kept; DROP VIEW ru_taken; DELETE FROM ru_meta WHERE name IN ('engine_version', 'hub_schema')"
            )
        }
    }
}
