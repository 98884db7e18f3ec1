import CSQLite
import ReUniteSync

/// Rows that wait to be written by one statement, which reads them where they are as the table `ru_rows`, with columns
/// named from `c0` on.
final class RowBatch {
    /// A row has at most so many columns.
    static let columnLimit = Int(REUNITE_WIDE_COLUMNS)

    /// The table that rows of so many columns are read as.
    static func table(ofColumns count: Int) -> String { count <= Int(REUNITE_ROWS_COLUMNS) ? "ru_rows" : "ru_wide" }

    private let source: UnsafeMutablePointer<reunite_rows>
    private let cells: UnsafeMutablePointer<reunite_cell>
    private var bytes: UnsafeMutableRawBufferPointer
    private let room: Int
    /// Of each row.
    private var columns: Int
    private var used = 0
    /// Where the next value goes.
    private var place: UnsafeMutablePointer<reunite_cell>
    private(set) var count = 0

    /// - Parameters:
    ///   - columns: of each row, at most ``columnLimit``.
    ///   - cells: so many values fit, which is one row at least.
    ///   - bytes: so many bytes of texts and blobs fit, and more where one row alone has more.
    init(columns: Int, cells room: Int, bytes: Int) {
        self.columns = columns
        self.room = max(room, RowBatch.columnLimit)
        source = .allocate(capacity: 1)
        cells = .allocate(capacity: self.room)
        place = cells
        self.bytes = .allocate(byteCount: bytes, alignment: 16)
    }

    deinit {
        source.deallocate()
        cells.deallocate()
        bytes.deallocate()
    }

    /// Takes one more row. Returns false, and takes nothing, when there is no room for it beside the others.
    func add(_ key: Identifier, _ values: [Value]) -> Bool {
        var size = 16
        for index in values.indices { size += RowBinder.size(of: values[index]) }
        guard begin(size) else { return false }
        key.withBigEndianBytes { put($0, SQLITE_BLOB) }
        values.lend { put($0) }
        return true
    }

    /// The same of a row that has numbers behind its key.
    func add(_ key: Identifier, numbers: [Int64]) -> Bool {
        guard begin(16) else { return false }
        key.withBigEndianBytes { put($0, SQLITE_BLOB) }
        for number in numbers { put(reunite_cell(type: SQLITE_INTEGER, length: 0, bits: number)) }
        return true
    }

    /// Begins a row of at most so many bytes, whose values follow. Returns false when there is no room for it.
    func begin(_ size: Int) -> Bool {
        guard count == 0 || (count + 1) * columns <= room && used + size <= bytes.count else { return false }
        if size > bytes.count {
            bytes.deallocate()
            bytes = .allocate(byteCount: size, alignment: 16)
        }
        count += 1
        return true
    }

    /// Puts a blob into the row that was begun, which the closure writes and says the length of.
    func put(writing write: (UnsafeMutableRawPointer) -> Int) {
        guard let start = bytes.baseAddress else { return }
        let length = write(start + used)
        put(reunite_cell(type: SQLITE_BLOB, length: Int32(length), bits: Int64(used)))
        used += length
    }

    /// Puts a blob into the row that was begun.
    func put(_ blob: [UInt8]) {
        blob.withUnsafeBytes { put($0, SQLITE_BLOB) }
    }

    /// - Parameter columns: of the rows that come next; nil for as many.
    func removeAll(columns: Int? = nil) {
        self.columns = columns ?? self.columns
        count = 0
        used = 0
        place = cells
    }

    /// What a statement is bound to. The rows must stay until it has run.
    func withSource(_ body: (UnsafePointer<reunite_rows>) -> Int32) -> Int32 {
        source.pointee = reunite_rows(
            cells: cells, bytes: bytes.baseAddress?.assumingMemoryBound(to: CChar.self), columns: Int32(columns),
            rows: Int32(count))
        return body(source)
    }

    private func put(_ value: borrowing Value) {
        switch value {
        case .null: put(reunite_cell(type: SQLITE_NULL, length: 0, bits: 0))
        case .integer(let integer): put(reunite_cell(type: SQLITE_INTEGER, length: 0, bits: integer))
        case .real(let real):
            put(reunite_cell(type: SQLITE_FLOAT, length: 0, bits: Int64(bitPattern: real.bitPattern)))
        case .text(let text):
            let isPut: Void? = text.utf8.withContiguousStorageIfAvailable {
                put(UnsafeRawBufferPointer($0), SQLITE_TEXT)
            }
            if isPut == nil { Array(text.utf8).withUnsafeBytes { put($0, SQLITE_TEXT) } }
        case .blob(let bytes): bytes.withUnsafeBytes { put($0, SQLITE_BLOB) }
        }
    }

    private func put(_ content: UnsafeRawBufferPointer, _ type: Int32) {
        if let start = bytes.baseAddress, let from = content.baseAddress {
            (start + used).copyMemory(from: from, byteCount: content.count)
        }
        put(reunite_cell(type: type, length: Int32(content.count), bits: Int64(used)))
        used += content.count
    }

    private func put(_ cell: reunite_cell) {
        place.initialize(to: cell)
        place += 1
    }
}

extension [Value] {
    /// Lends each value to the body, which must not let it get away. A loop would count one more reference to each text,
    /// and one less after it, which takes as long as to copy the text.
    fileprivate func lend(_ body: (borrowing Value) -> Void) {
        withUnsafeBufferPointer { values in
            guard let first = values.baseAddress.map(UnsafeMutablePointer.init(mutating:)) else { return }
            // The same bits go back to where they are. A literal in the programme's own code, which some systems write-protect,
            // must not be lent; what was decoded or read lies on the heap.
            for lent in first..<(first + values.count) {
                let value = lent.move()
                body(value)
                lent.initialize(to: value)
            }
        }
    }
}
