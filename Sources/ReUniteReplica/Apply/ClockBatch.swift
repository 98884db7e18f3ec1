import GRDB
import ReUniteSync

/// Writes clocks of rows some at a time: for one row, starting a statement takes as long as writing.
final class ClockBatch {
    private let database: Database
    private lazy var write = Result {
        try EngineStatement(database, "INSERT OR REPLACE INTO ru_clock(key, clock) SELECT c0, c1 FROM ru_rows(?)")
    }
    private let waiting = RowBatch(columns: 2, cells: 512, bytes: 16 << 10)

    init(_ database: Database) {
        self.database = database
    }

    func add(_ clock: RowClock, scope: Int64, _ table: UInt16, _ key: Identifier) throws {
        let isPlain = clock.exceptions.isEmpty && clock.siblings.isEmpty
        let bytes = isPlain ? [] : ClockForm.bytes(clock, scope: scope)
        let size = ClockForm.keyLimit + max(ClockForm.plainLimit, bytes.count)
        if !waiting.begin(size) {
            try flush()
            _ = waiting.begin(size)
        }
        waiting.put { ClockForm.write(table, key, to: $0) }
        if isPlain {
            waiting.put { place in
                ClockForm.write(
                    plain: clock.stamp, scope: scope,
                    to: UnsafeMutableRawBufferPointer(start: place, count: ClockForm.plainLimit))
            }
        } else {
            waiting.put(bytes)
        }
    }

    func flush() throws {
        guard waiting.count > 0 else { return }
        try write.get().run(waiting)
        waiting.removeAll()
    }
}
