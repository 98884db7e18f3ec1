import CSQLite

/// What went wrong, in SQLite's words or ours.
struct BenchError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// One SQLite connection.
final class Connection {
    let handle: OpaquePointer

    enum Settings: String {
        /// As every measured one is: WAL, and an application that has memory and waits for no disk.
        case application = "PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536"
        /// As the engine's are (`EngineDatabase`): what is deleted is overwritten, and a commit is on the disk.
        case replica = "PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; PRAGMA secure_delete=ON"
    }

    init(_ path: String, _ settings: Settings = .application) throws {
        var opened: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK, let opened else {
            sqlite3_close_v2(opened)
            throw BenchError("cannot open \(path)")
        }
        handle = opened
        try execute(
            """
            PRAGMA journal_mode=WAL; PRAGMA temp_store=MEMORY; \(settings.rawValue);
            """)
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    func execute(_ sql: String) throws {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure(sql) }
    }

    func checkpoint() throws {
        try execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    func prepare(_ sql: String) throws -> Statement {
        var prepared: OpaquePointer?
        guard
            sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil) == SQLITE_OK,
            let prepared
        else { throw failure(sql) }
        return Statement(prepared)
    }

    func integer(_ sql: String) throws -> Int64 {
        let statement = try prepare(sql)
        guard sqlite3_step(statement.handle) == SQLITE_ROW else { throw failure(sql) }
        return sqlite3_column_int64(statement.handle, 0)
    }

    /// The first column of every row.
    func texts(_ sql: String) throws -> [String] {
        let statement = try prepare(sql)
        var texts: [String] = []
        while sqlite3_step(statement.handle) == SQLITE_ROW {
            if let text = sqlite3_column_text(statement.handle, 0) { texts.append(String(cString: text)) }
        }
        return texts
    }

    func failure(_ sql: String) -> BenchError {
        BenchError("\(String(cString: sqlite3_errmsg(handle))) in: \(sql.prefix(200))")
    }
}

/// A prepared statement, finalised with its last reference.
final class Statement {
    let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        sqlite3_finalize(handle)
    }

    /// The bytes in a column of the present row.
    func blob(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
    }
}
