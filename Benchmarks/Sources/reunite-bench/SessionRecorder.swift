import CSQLite

/// SQLite's own session extension on one connection: the yardstick that records without triggers.
final class SessionRecorder {
    private var session: OpaquePointer?

    /// Records every table from here on, in memory.
    init(_ connection: Connection) throws {
        guard
            sqlite3session_create(connection.handle, "main", &session) == SQLITE_OK,
            sqlite3session_attach(session, nil) == SQLITE_OK
        else { throw BenchError("this SQLite has no session extension") }
    }

    deinit {
        sqlite3session_delete(session)
    }

    /// The recorded changes as one changeset.
    func changeset() throws -> [UInt8] {
        var count: Int32 = 0
        var bytes: UnsafeMutableRawPointer?
        guard sqlite3session_changeset(session, &count, &bytes) == SQLITE_OK else {
            throw BenchError("no changeset")
        }
        defer { sqlite3_free(bytes) }
        return Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
    }
}
