import GRDB
import ReUniteReplica

/// Another program that changes an engine's file.
struct EngineFile {
    private let database: DatabaseQueue

    static func open(_ path: String) throws -> EngineFile {
        EngineFile(database: try EngineDatabase.open(path: path, role: .engine, label: "other"))
    }

    func write(_ sql: String) throws {
        try database.write { try $0.execute(sql: sql) }
    }
}
