import CSQLite

/// What a file's header says it is, read before SQLite is asked to do anything with the file: setting the journal
/// mode alone would change a file that is somebody else's.
package enum SQLiteHeader {
    /// The size of the header at the start of every SQLite file, in bytes.
    private static let length = 100
    private static let magic = Array("SQLite format 3\0".utf8)
    /// The big-endian number of `PRAGMA application_id` (https://www.sqlite.org/fileformat2.html, "Application ID").
    private static let applicationIDPlace = 68..<72

    /// The application id of an SQLite file; nil for an empty file and for anything else that is not SQLite's.
    ///
    /// Reads through SQLite's own file handle: closing another one would end the locks that this process holds on the
    /// file.
    ///
    /// - Throws: ``SQLiteFault`` when the file cannot be opened or read.
    package static func applicationID(ofFile path: String) throws -> Int32? {
        var connection: OpaquePointer?
        let code = sqlite3_open_v2(path, &connection, SQLITE_OPEN_READONLY, nil)
        defer { sqlite3_close_v2(connection) }
        guard let connection else { throw SQLiteFault.closed }
        guard code == SQLITE_OK else { throw SQLiteFault(connection, code) }
        var header = [UInt8](repeating: 0, count: length)
        let result = reunite_read_start(connection, &header, Int32(length))
        guard result == SQLITE_OK else { throw SQLiteFault(connection, result) }
        guard header.starts(with: magic) else { return nil }
        let number = header[applicationIDPlace].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Int32(bitPattern: number)
    }
}
