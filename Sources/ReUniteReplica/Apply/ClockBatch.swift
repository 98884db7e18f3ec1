import GRDB
import ReUniteSync

/// Writes clocks of rows some at a time: for one row, starting a statement takes as long as writing.
final class ClockBatch {
    private let database: Database
    private lazy var single = Result { try statement(rows: 1) }
    private lazy var several = Result { try statement(rows: ClockBatch.rows) }
    /// Room for the keys and clocks that wait, which SQLite reads where they are.
    private let place = UnsafeMutableRawPointer.allocate(byteCount: rows * size, alignment: 16)
    private var waiting: [(key: Int, clock: Int)] = []

    private static let rows = 32
    private static let size = 64
    private static let clockOffset = 32
    private static let clockLimit = 32

    init(_ database: Database) {
        self.database = database
        waiting.reserveCapacity(ClockBatch.rows)
    }

    deinit {
        place.deallocate()
    }

    private func statement(rows: Int) throws -> EngineStatement {
        let values = Array(repeating: "(?, ?)", count: rows).joined(separator: ", ")
        return try EngineStatement(database, "INSERT OR REPLACE INTO ru_clock(key, clock) VALUES\(values)")
    }

    func add(_ clock: RowClock, scope: Int64, _ table: UInt16, _ key: Identifier) throws {
        let start = place + waiting.count * ClockBatch.size
        let length = ClockForm.write(table, key, to: start)
        let place = UnsafeMutableRawBufferPointer(start: start + ClockBatch.clockOffset, count: ClockBatch.clockLimit)
        if clock.exceptions.isEmpty && clock.siblings.isEmpty {
            waiting.append((length, ClockForm.write(plain: clock.stamp, scope: scope, to: place)))
        } else {
            let bytes = ClockForm.bytes(clock, scope: scope)
            guard bytes.count <= place.count else {
                try flush()
                let single = try single.get()
                single.bind(1, UnsafeRawBufferPointer(start: start, count: length))
                single.bind(2, bytes)
                return try single.run()
            }
            place.copyBytes(from: bytes)
            waiting.append((length, bytes.count))
        }
        if waiting.count == ClockBatch.rows { try flush() }
    }

    func flush() throws {
        if waiting.count == ClockBatch.rows {
            let several = try several.get()
            for row in waiting.indices { bind(row, to: several, at: Int32(2 * row)) }
            try several.run()
        } else if !waiting.isEmpty {
            let single = try single.get()
            for row in waiting.indices {
                bind(row, to: single, at: 0)
                try single.run()
            }
        }
        waiting.removeAll(keepingCapacity: true)
    }

    private func bind(_ row: Int, to statement: EngineStatement, at index: Int32) {
        let start = place + row * ClockBatch.size
        let (key, clock) = waiting[row]
        statement.bind(index + 1, UnsafeRawBufferPointer(start: start, count: key))
        statement.bind(index + 2, UnsafeRawBufferPointer(start: start + ClockBatch.clockOffset, count: clock))
    }
}
