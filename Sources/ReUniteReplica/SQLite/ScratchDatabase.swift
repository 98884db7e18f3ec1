import CSQLite
import ReUniteSync

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A SQLite database in a file without a name, for what may be too long for memory: ids, positions and marks of rows,
/// never what a row says. It is gone with this object, or with the program.
///
/// SQLite's own temporary tables would be in memory here, or in a folder of temporary files that is nobody's to clean
/// (``EngineDatabase``). This one lies beside the database that it is for.
package final class ScratchDatabase {
    private let connection: OpaquePointer
    /// Pages in memory, in KiB; more are in the file.
    private static let cache = 2_048

    /// - Parameters:
    ///   - folder: where the file lies for the moment in which it has a name.
    ///   - schema: makes the tables.
    package init(folder: String, schema: String) throws {
        try DurableFile.makeFolder(folder)
        var name = Array("\(folder)/scratch-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        guard descriptor >= 0 else { throw DurableFile.failure("Making a scratch file in \(folder)", errno) }
        close(descriptor)
        defer { unlink(name) }
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(name, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let handle else {
            sqlite3_close_v2(handle)
            throw SQLiteFault.closed
        }
        connection = handle
        _ = reunite_rows_register(handle)
        // Nothing that is lost with the program needs a journal, or the disk. In one transaction that never ends, pages go
        // to the file only when there is no room for them.
        try execute(
            """
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
            PRAGMA cache_size = -\(ScratchDatabase.cache); \(schema);
            BEGIN EXCLUSIVE
            """)
    }

    deinit {
        // Statements that are still there are finalised by whoever made them.
        sqlite3_close_v2(connection)
    }

    package func execute(_ sql: String) throws {
        let code = sqlite3_exec(connection, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteFault(connection, code) }
    }

    package func statement(_ sql: String) throws -> EngineStatement {
        try EngineStatement(connection, sql)
    }
}
