import GRDB
import ReUniteSync

/// What a replica knew of rows before it was edited, and what the tables hold of them now.
final class EditPast {
    /// What the replica knew of a row before the edit.
    enum Known {
        case no
        /// The siblings that the hub holds open on it, and the edits of this device that it has not judged.
        case yes(open: [SiblingName], waiting: [Waiting])
    }

    /// An edit that hides what the hub has decided on its cells since the edit's base.
    struct Waiting {
        let groups: UInt64
        let base: Position
        /// Siblings that its author saw and left standing.
        let kept: [SiblingName]
    }

    private let database: Database
    private let clocks: ClockReader
    private let pending: EngineStatement
    private let nothingKnown: Bool
    private let nothingWaits: Bool
    /// The highest key of each table that was asked about: rows that were made here come after it and have no clock, so
    /// that they are not looked up. Nil where no row has one.
    private var highest: [UInt16: Identifier?] = [:]
    private var readers: [UInt16: RowReader] = [:]
    /// Rows whose turn comes, by table.
    private var streams: [UInt16: RowStream] = [:]

    /// - Parameter last: the last batch that was there before the edits: what is sealed of them meanwhile is not the past.
    init(_ database: Database, lastBatch last: UInt64? = nil) throws {
        self.database = database
        clocks = try ClockReader(database)
        pending = try EngineStatement(
            database,
            """
            SELECT kind, groups, base, kept FROM ru_pending WHERE tbl = ? AND key = ? AND batch <= ?
            ORDER BY batch DESC, idx DESC
            """)
        pending.bind(3, last.map { Int64(bitPattern: $0) } ?? .max)
        nothingWaits = try !EngineStatement.finds("ru_pending", database)
        nothingKnown = try nothingWaits && !EngineStatement.finds("ru_clock", database)
    }

    func known(_ table: TableDescription, _ key: Identifier) throws -> Known {
        if nothingKnown { return .no }
        var last: Op.Kind?
        var waiting: [Waiting] = []
        if !nothingWaits {
            pending.bind(1, Int64(table.number))
            pending.bind(2, key)
        }
        while try !nothingWaits && pending.step() {
            last = last ?? Op.Kind(rawValue: UInt8(truncatingIfNeeded: pending.int64(0)))
            waiting.append(
                Waiting(
                    groups: UInt64(bitPattern: pending.int64(1)), base: Position(pending.int64(2)),
                    kept: try [SiblingName](decoding: pending.blob(3))))
        }
        if last == .delete { return .no }
        let clock = try clock(table.number, key)
        if clock == nil && last == nil { return .no }
        return .yes(open: clock?.siblings ?? [], waiting: waiting)
    }

    /// Says which rows of a table are asked for next, and in which order, so that they are read together.
    func expect(_ keys: [Identifier], of table: TableDescription) throws {
        if let stream = streams[table.number] { return stream.expect(keys) }
        guard keys.count >= RowStream.rowsWorthIt else { return }
        let stream = try RowStream(database, table)
        streams[table.number] = stream
        stream.expect(keys)
    }

    private func clock(_ table: UInt16, _ key: Identifier) throws -> RowClock? {
        let highest: Identifier?
        if let known = self.highest[table] {
            highest = known
        } else {
            highest = try clocks.highest(table)
            self.highest[table] = .some(highest)
        }
        guard let highest, key <= highest else { return nil }
        return try clocks.clock(table, key)
    }

    /// The synced columns of a row; nil when there is no such row.
    func current(_ table: TableDescription, _ key: Identifier) throws -> [Value]? {
        if let stream = streams[table.number], stream.isNext(key) { return try stream.read() }
        if let reader = readers[table.number] { return try reader.read(key) }
        let reader = try RowReader(database, table)
        readers[table.number] = reader
        return try reader.read(key)
    }
}
