import CSQLite
package import GRDB
package import ReUniteSync

/// A prepared statement on a connection that GRDB owns, bound and stepped through SQLite's own calls.
///
/// For the statements that run once a row: GRDB's argument path costs twice as much. It must not outlive the
/// database access that it was made in.
package final class EngineStatement {
    private let handle: OpaquePointer
    private let connection: OpaquePointer
    /// Room for the keys bound to the first parameters, so that SQLite need not copy them.
    private let keys = UnsafeMutableRawPointer.allocate(byteCount: keySize * keyPlaces, alignment: 16)
    private static let keyPlaces = 4
    /// Room for the longest blob of these, in bytes.
    private static let keySize = 32

    package convenience init(_ database: Database, _ sql: String) throws {
        guard let connection = database.sqliteConnection else { throw SQLiteFault.closed }
        try self.init(connection, sql)
    }

    /// - Parameter connection: an open one, which this object must not outlive.
    init(_ connection: OpaquePointer, _ sql: String) throws {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, 0, &statement, nil)
        guard code == SQLITE_OK, let statement else {
            // A class that is not wholly made is not unmade either.
            keys.deallocate()
            throw SQLiteFault(connection, code)
        }
        handle = statement
        self.connection = connection
    }

    deinit {
        sqlite3_finalize(handle)
        keys.deallocate()
    }

    // MARK: Binding, by place from 1

    package func bind(_ index: Int32, _ value: Int64) {
        sqlite3_bind_int64(handle, index, value)
    }

    package func bind(_ index: Int32, _ value: Int) {
        sqlite3_bind_int64(handle, index, Int64(value))
    }

    package func bindNull(_ index: Int32) {
        sqlite3_bind_null(handle, index)
    }

    package func bind(_ index: Int32, _ key: Identifier) {
        guard index <= EngineStatement.keyPlaces else {
            _ = key.withBigEndianBytes { reunite_bind_blob_copied(handle, index, $0.baseAddress, 16) }
            return
        }
        let place = keys + Int(index - 1) * EngineStatement.keySize
        place.storeBytes(of: key.high.bigEndian, as: UInt64.self)
        place.storeBytes(of: key.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        _ = reunite_bind_blob_static(handle, index, place, 16)
    }

    /// Binds a blob of at most 32 bytes, which the closure writes and says the length of.
    func bind(_ index: Int32, writing write: (UnsafeMutableRawPointer) -> Int) {
        guard index <= EngineStatement.keyPlaces else {
            withUnsafeTemporaryAllocation(byteCount: EngineStatement.keySize, alignment: 16) { place in
                guard let start = place.baseAddress else { return }
                _ = reunite_bind_blob_copied(handle, index, start, Int32(write(start)))
            }
            return
        }
        let place = keys + Int(index - 1) * EngineStatement.keySize
        _ = reunite_bind_blob_static(handle, index, place, Int32(write(place)))
    }

    package func bind(_ index: Int32, _ bytes: [UInt8]) {
        if bytes.isEmpty {
            sqlite3_bind_zeroblob(handle, index, 0)
        } else {
            _ = bytes.withUnsafeBytes { reunite_bind_blob_copied(handle, index, $0.baseAddress, Int32($0.count)) }
        }
    }

    package func bind(_ index: Int32, _ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { characters in
                if let start = characters.baseAddress {
                    _ = reunite_bind_text_copied(handle, index, start, Int32(characters.count))
                } else {
                    _ = reunite_bind_text_copied(handle, index, "", 0)
                }
            }
        }
    }

    package func bind(_ index: Int32, _ value: Value) {
        switch value {
        case .null: bindNull(index)
        case .integer(let integer): bind(index, integer)
        case .real(let real): sqlite3_bind_double(handle, index, real)
        case .text(let text): bind(index, text)
        case .blob(let bytes): bind(index, bytes)
        }
    }

    // MARK: Binding without SQLite's copies

    /// Binds a key and a row's values, in one of the two orders, and runs the statement.
    package func run(_ binder: RowBinder, key: Identifier, values: [Value], keyFirst: Bool) throws {
        var size = 16
        for index in values.indices { size += RowBinder.size(of: values[index]) }
        binder.reserve(size)
        let first: Int32 = keyFirst ? 2 : 1
        if keyFirst {
            bind(1, key)
        } else {
            key.withBigEndianBytes { bind(Int32(values.count) + 1, binder.add($0)) }
        }
        for index in values.indices { bind(first + Int32(index), values[index], binder) }
        try run()
    }

    /// Runs a statement whose only parameter is that of `ru_rows`.
    func run(_ rows: RowBatch) throws {
        bind(rows)
        try run()
    }

    /// Binds the rows that `ru_rows` reads, which must stay until the statement has run, to the only parameter.
    func bind(_ rows: RowBatch) {
        _ = rows.withSource { reunite_bind_rows(handle, 1, $0) }
    }

    /// Binds bytes that stay where they are until the statement has run.
    func bind(_ index: Int32, _ bytes: UnsafeRawBufferPointer) {
        _ = reunite_bind_blob_static(handle, index, bytes.baseAddress, Int32(bytes.count))
    }

    private func bind(_ index: Int32, _ value: borrowing Value, _ binder: RowBinder) {
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let integer): sqlite3_bind_int64(handle, index, integer)
        case .real(let real): sqlite3_bind_double(handle, index, real)
        case .text(let text):
            let isBound: Void? = text.utf8.withContiguousStorageIfAvailable { utf8 in
                let place = binder.add(UnsafeRawBufferPointer(utf8))
                _ = reunite_bind_text_static(
                    handle, index, place.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(place.count))
            }
            if isBound == nil { bind(index, text) }
        case .blob(let bytes):
            // A blob of no bytes would be bound as NULL.
            if bytes.isEmpty {
                sqlite3_bind_zeroblob(handle, index, 0)
            } else {
                bytes.withUnsafeBytes { bind(index, binder.add($0)) }
            }
        }
    }

    // MARK: Running

    /// Steps to the next row; false at the end, after which the statement is ready to be bound again.
    package func step() throws -> Bool {
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        default:
            let fault = SQLiteFault(connection, code)
            sqlite3_reset(handle)
            throw fault
        }
    }

    /// Runs a statement that returns no rows.
    package func run() throws {
        while try step() {}
    }

    /// Ends a reading before its last row.
    package func reset() {
        sqlite3_reset(handle)
    }

    /// How many rows the last insert, update or delete on this connection touched.
    package var changes: Int { Int(sqlite3_changes(connection)) }

    // MARK: Reading, by place from 0

    /// Whether a table has a row, or one that meets a condition. Not through GRDB, which takes several times as long.
    ///
    /// - Parameter source: the table, and after it what stands behind a table in SQL.
    package static func finds(_ source: String, _ database: Database) throws -> Bool {
        try EngineStatement(database, "SELECT 1 FROM \(source) LIMIT 1").step()
    }

    /// The first column of a statement's only row; nil where there is none, or NULL in it.
    static func integer(_ sql: String, _ database: Database) throws -> Int64? {
        let statement = try EngineStatement(database, sql)
        guard try statement.step(), !statement.isNull(0) else { return nil }
        return statement.int64(0)
    }

    package func isNull(_ index: Int32) -> Bool {
        sqlite3_column_type(handle, index) == SQLITE_NULL
    }

    package func int64(_ index: Int32) -> Int64 {
        sqlite3_column_int64(handle, index)
    }

    package func int(_ index: Int32) -> Int {
        Int(sqlite3_column_int64(handle, index))
    }

    package func text(_ index: Int32) -> String {
        guard let start = sqlite3_column_text(handle, index) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, index))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    package func blob(_ index: Int32) -> [UInt8] {
        let start = sqlite3_column_blob(handle, index)
        let count = Int(sqlite3_column_bytes(handle, index))
        guard let start, count > 0 else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The bytes of a BLOB, which stay where they are until the next step.
    func bytes(_ index: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, index)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index)))
    }

    /// The identifier in a 16-byte BLOB column; nil for anything else.
    package func identifier(_ index: Int32) -> Identifier? {
        guard sqlite3_column_type(handle, index) == SQLITE_BLOB, sqlite3_column_bytes(handle, index) == 16,
            let start = sqlite3_column_blob(handle, index)
        else { return nil }
        return Identifier(unsafeBytes: start)
    }

    package func value(_ index: Int32) -> Value {
        switch sqlite3_column_type(handle, index) {
        case SQLITE_INTEGER: .integer(int64(index))
        case SQLITE_FLOAT: .real(sqlite3_column_double(handle, index))
        case SQLITE_TEXT: .text(text(index))
        case SQLITE_BLOB: .blob(blob(index))
        default: .null
        }
    }
}
