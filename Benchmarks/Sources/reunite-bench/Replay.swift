import CSQLite

extension Connection {
    /// Runs a stream's statements, each prepared once and bound straight from the stream's buffer.
    func replay(_ stream: OpStream) throws {
        let replay = try Replay(stream, on: self)
        for _ in 0..<stream.transactions { try replay.transaction() }
    }
}

/// A stream on its way into a database, a transaction at a time, so that several can be driven in step.
final class Replay {
    private let connection: Connection
    private let statements: [Statement]
    private let begin: Statement
    private let commit: Statement
    private let bytes: [UInt8]
    private var offset = 0

    init(_ stream: OpStream, on connection: Connection) throws {
        self.connection = connection
        statements = try stream.statements.map { try connection.prepare($0) }
        begin = try connection.prepare("BEGIN IMMEDIATE")
        commit = try connection.prepare("COMMIT")
        bytes = stream.bytes
    }

    /// Runs the next transaction.
    func transaction() throws {
        try bytes.withUnsafeBytes { bytes in
            var cursor = StreamCursor(bytes: bytes, offset: offset)
            defer { offset = cursor.offset }
            while let code = cursor.nextCode() {
                switch code {
                case OpStream.Code.begin: try run(begin)
                case OpStream.Code.commit: return try run(commit)
                default:
                    let statement = statements[cursor.nextNumber()]
                    for index in 0..<cursor.nextCount() { cursor.bind(statement, Int32(index + 1)) }
                    try run(statement)
                }
            }
        }
    }

    private func run(_ statement: Statement) throws {
        let result = sqlite3_step(statement.handle)
        guard result == SQLITE_DONE || result == SQLITE_ROW else {
            throw connection.failure(String(cString: sqlite3_sql(statement.handle)))
        }
        sqlite3_reset(statement.handle)
    }
}

/// Reads a stream that this process packed, so nothing is checked.
private struct StreamCursor {
    let bytes: UnsafeRawBufferPointer
    var offset: Int

    mutating func nextCode() -> UInt8? {
        guard offset < bytes.count else { return nil }
        offset += 1
        return bytes[offset - 1]
    }

    mutating func nextNumber() -> Int {
        offset += 2
        return Int(bytes.loadUnaligned(fromByteOffset: offset - 2, as: UInt16.self))
    }

    mutating func nextCount() -> Int {
        offset += 1
        return Int(bytes[offset - 1])
    }

    mutating func bind(_ statement: Statement, _ index: Int32) {
        let code = bytes[offset]
        offset += 1
        switch code {
        case OpStream.Code.integer:
            sqlite3_bind_int64(statement.handle, index, bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
            offset += 8
        case OpStream.Code.text, OpStream.Code.blob:
            let count = Int32(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            let start = bytes.baseAddress.map { $0 + offset + 4 }
            if code == OpStream.Code.blob {
                _ = reunite_bind_blob_static(statement.handle, index, start, count)
            } else {
                _ = reunite_bind_text_static(
                    statement.handle, index, start?.assumingMemoryBound(to: CChar.self), count)
            }
            offset += 4 + Int(count)
        default:
            sqlite3_bind_null(statement.handle, index)
        }
    }
}
