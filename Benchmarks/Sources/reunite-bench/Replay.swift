import CSQLite

extension Connection {
    /// Runs a stream's statements, each prepared once and bound straight from the stream's buffer.
    func replay(_ stream: OpStream) throws {
        let statements = try stream.statements.map { try prepare($0) }
        let begin = try prepare("BEGIN IMMEDIATE")
        let commit = try prepare("COMMIT")
        try stream.bytes.withUnsafeBytes { bytes in
            var cursor = StreamCursor(bytes: bytes)
            while let code = cursor.nextCode() {
                switch code {
                case OpStream.Code.begin: try run(begin)
                case OpStream.Code.commit: try run(commit)
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
            throw failure(String(cString: sqlite3_sql(statement.handle)))
        }
        sqlite3_reset(statement.handle)
    }
}

/// Reads a stream that this process packed, so nothing is checked.
private struct StreamCursor {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

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
