import CSQLite
import Foundation

/// Another sync engine, as an extension that SQLite loads: measured where an environment variable names its library.
struct PeerEngine {
    let name: String
    let library: String
    /// Puts one table under its care.
    let capture: @Sendable (String) -> String
    /// The virtual table of its changes, which has a column `db_version`.
    let changes: String
    /// What is selected of the changes to send them.
    let content: String
    /// What the receiver does with each row of that; nil for an insert of the row into the changes.
    let receive: String?

    /// Those that this run can measure, with what says which library is missing for the others.
    static func all() -> [(engine: PeerEngine?, name: String, variable: String)] {
        [
            found("cr-sqlite", "RS_CRSQLITE") { library in
                PeerEngine(
                    name: "cr-sqlite", library: library, capture: { "SELECT crsql_as_crr('\($0)')" },
                    changes: "crsql_changes", content: "*", receive: nil)
            },
            found("CloudSync", "RS_CLOUDSYNC") { library in
                PeerEngine(
                    name: "CloudSync", library: library, capture: { "SELECT cloudsync_init('\($0)')" },
                    changes: "cloudsync_changes",
                    content:
                        "cloudsync_payload_encode(tbl, pk, col_name, col_value, col_version, db_version, site_id, cl, seq)",
                    receive: "SELECT cloudsync_payload_decode(?)")
            },
        ]
    }

    private static func found(
        _ name: String, _ variable: String, _ make: (String) -> PeerEngine
    ) -> (engine: PeerEngine?, name: String, variable: String) {
        (ProcessInfo.processInfo.environment[variable].map(make), name, variable)
    }

    func open(_ path: String) throws -> Connection {
        let connection = try Connection(path)
        sqlite3_enable_load_extension(connection.handle, 1)
        var message: UnsafeMutablePointer<CChar>?
        guard sqlite3_load_extension(connection.handle, library, nil, &message) == SQLITE_OK else {
            let why = message.map { String(cString: $0) } ?? "no reason given"
            sqlite3_free(message)
            throw BenchError("\(name) cannot be loaded from \(library): \(why)")
        }
        return connection
    }

    /// The workload's tables under this engine's care.
    func makeTables(at path: String) throws {
        let connection = try open(path)
        try connection.execute(BenchSchema.sql())
        for table in BenchSchema.tables { try connection.execute(capture(table.name)) }
        try close(connection)
    }

    /// What the engine would send of everything after a version.
    func extract(_ connection: Connection, after version: Int64) throws -> PeerRows {
        try PeerRows(connection, "SELECT \(content) FROM \(changes) WHERE db_version > \(version)")
    }

    func version(_ connection: Connection) throws -> Int64 {
        try connection.integer("SELECT coalesce(max(db_version), 0) FROM \(changes)")
    }

    /// Takes what another replica sent, in one transaction.
    func apply(_ rows: PeerRows, to connection: Connection) throws {
        let places = Array(repeating: "?", count: rows.width).joined(separator: ", ")
        let statement = try connection.prepare(receive ?? "INSERT INTO \(changes) VALUES(\(places))")
        try connection.execute("BEGIN IMMEDIATE")
        for row in rows.rows {
            for (index, value) in row.enumerated() {
                sqlite3_bind_value(statement.handle, Int32(index + 1), value.pointer)
            }
            let result = sqlite3_step(statement.handle)
            guard result == SQLITE_DONE || result == SQLITE_ROW else { throw connection.failure("apply of \(name)") }
            sqlite3_reset(statement.handle)
        }
        try connection.execute("COMMIT")
    }

    /// cr-sqlite wants to be told before the connection ends.
    func close(_ connection: Connection) throws {
        if changes.hasPrefix("crsql") { try connection.execute("SELECT crsql_finalize()") }
        try connection.checkpoint()
    }
}

/// Rows of an engine's changes, taken out of one database to go into another.
struct PeerRows {
    /// One of SQLite's values, kept.
    final class Value {
        let pointer: OpaquePointer?

        init(_ pointer: OpaquePointer?) { self.pointer = sqlite3_value_dup(pointer) }

        deinit { sqlite3_value_free(pointer) }
    }

    private(set) var rows: [[Value]] = []
    let width: Int
    /// The place of the column with the replica's id, which peers need not repeat in every row.
    let site: Int?

    init(_ connection: Connection, _ sql: String) throws {
        let statement = try connection.prepare(sql)
        width = Int(sqlite3_column_count(statement.handle))
        site = (0..<width).first { index in
            sqlite3_column_name(statement.handle, Int32(index)).map { String(cString: $0) } == "site_id"
        }
        while sqlite3_step(statement.handle) == SQLITE_ROW {
            rows.append((0..<width).map { Value(sqlite3_column_value(statement.handle, Int32($0))) })
        }
    }

    /// As CBOR (RFC 8949), an array a row, without the replica's id; a single payload is as it is.
    func encoded() -> [UInt8] {
        guard width > 1 else { return rows.flatMap { Self.blob($0[0].pointer) } }
        var bytes: [UInt8] = []
        for row in rows {
            Self.head(4, UInt64(site == nil ? width : width - 1), &bytes)
            for (place, value) in row.enumerated() where place != site { Self.write(value.pointer, &bytes) }
        }
        return bytes
    }

    private static func write(_ value: OpaquePointer?, _ bytes: inout [UInt8]) {
        switch sqlite3_value_type(value) {
        case SQLITE_INTEGER:
            let number = sqlite3_value_int64(value)
            head(number < 0 ? 1 : 0, UInt64(bitPattern: number < 0 ? ~number : number), &bytes)
        case SQLITE_FLOAT:
            bytes.append(0xFB)
            withUnsafeBytes(of: sqlite3_value_double(value).bitPattern.bigEndian) { bytes += $0 }
        case SQLITE_TEXT, SQLITE_BLOB:
            let isText = sqlite3_value_type(value) == SQLITE_TEXT
            let content = blob(value)
            head(isText ? 3 : 2, UInt64(content.count), &bytes)
            bytes += content
        default: bytes.append(0xF6)
        }
    }

    private static func head(_ major: UInt8, _ number: UInt64, _ bytes: inout [UInt8]) {
        switch number {
        case 0..<24: bytes.append(major << 5 | UInt8(number))
        case 24..<0x100: bytes += [major << 5 | 24, UInt8(number)]
        case 0x100..<0x1_0000:
            bytes.append(major << 5 | 25)
            withUnsafeBytes(of: UInt16(number).bigEndian) { bytes += $0 }
        case 0x1_0000..<0x1_0000_0000:
            bytes.append(major << 5 | 26)
            withUnsafeBytes(of: UInt32(number).bigEndian) { bytes += $0 }
        default:
            bytes.append(major << 5 | 27)
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
    }

    private static func blob(_ value: OpaquePointer?) -> [UInt8] {
        guard let start = sqlite3_value_blob(value) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_value_bytes(value))))
    }
}
