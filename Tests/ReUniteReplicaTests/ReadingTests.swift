import CSQLite
import GRDB
import TestSupport
import Testing

@testable import ReUniteReplica

@Suite("A read transaction changes nothing, not even what is prepared")
struct ReadingTests {
    private let folder: TemporaryFolder
    private let database: DatabaseQueue

    init() throws {
        folder = try TemporaryFolder()
        database = try EngineDatabase.open(path: folder.file("file.sqlite"), role: .engine, label: "test", isNew: true)
        try database.immediately {
            try $0.execute(sql: "CREATE TABLE thing(name TEXT NOT NULL); INSERT INTO thing VALUES('before')")
        }
    }

    private func names() throws -> [String] {
        try database.reading { try String.fetchAll($0, sql: "SELECT name FROM thing ORDER BY rowid") }
    }

    @Test("A kept statement is not prepared anew after a read")
    func keptStatement() throws {
        func ask(_ database: Database) throws -> Int32 {
            let statement = try database.cachedStatement(sql: "SELECT name FROM thing")
            _ = try String.fetchOne(statement)
            return sqlite3_stmt_status(statement.sqliteStatement, SQLITE_STMTSTATUS_REPREPARE, 0)
        }
        for _ in 0..<3 {
            #expect(try database.immediately(ask) == 0)
            #expect(try database.reading(ask) == 0)
        }
    }

    @Test("What is written in a read transaction is undone, and said to be wrong")
    func written() throws {
        #expect(throws: DatabaseError.self) {
            try database.reading { try $0.execute(sql: "INSERT INTO thing VALUES('after')") }
        }
        #expect(try names() == ["before"])
        try database.immediately { try $0.execute(sql: "INSERT INTO thing VALUES('then')") }
        #expect(try names() == ["before", "then"])
    }
}
