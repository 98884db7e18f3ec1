import GRDB
import ReUniteSync

/// A journal that is folded in a scratch file, because its rows, or what they say, are too much for memory: a first
/// import, or a year away from the hub.
///
/// What comes of it is what ``JournalFold`` and ``OpBuilder`` make of a short one, op by op. The file holds ids, places
/// and masks; what the rows say is read when an op is made of it.
final class LongJournal {
    private let database: Database
    private let schema: SchemaDescription
    private let scratch: ScratchDatabase
    private let builder: OpBuilder
    private let past: EditPast
    private let base: Position
    private let isClockSuspect: Bool
    private let steps: StepReader
    private let find: EngineStatement
    /// The clock after the last mark.
    let clock: HybridClock

    /// So many rows are folded in memory before they go to the file.
    private static let folded = 8_192
    /// Of so many rows is known which are read next.
    private static let ahead = 2_048

    /// - Parameters:
    ///   - lastBatch: the last batch in the outbox.
    ///   - base: the position up to which the hub's rows have been applied.
    ///   - folder: beside which database the scratch file lies.
    init(
        _ database: Database, schema: SchemaDescription, clock: HybridClock, lastBatch: UInt64, base: Position,
        isClockSuspect: Bool, folder: String
    ) throws {
        self.database = database
        self.schema = schema
        self.base = base
        self.isClockSuspect = isClockSuspect
        builder = OpBuilder(database, schema: schema)
        past = try EditPast(database, lastBatch: lastBatch)
        scratch = try ScratchDatabase(
            folder: folder,
            schema: """
                CREATE TABLE fold(tbl INTEGER, key BLOB, place INTEGER, stamp INTEGER, groups INTEGER, flags INTEGER,
                  PRIMARY KEY(tbl, key)) WITHOUT ROWID;
                CREATE TABLE part(phase INTEGER, rank INTEGER, place INTEGER, tbl INTEGER, key BLOB,
                  PRIMARY KEY(phase, rank, place)) WITHOUT ROWID;
                CREATE TABLE step(tbl INTEGER, key BLOB, seq INTEGER, PRIMARY KEY(tbl, key, seq)) WITHOUT ROWID
                """)
        find = try scratch.statement("SELECT place, stamp, groups, flags FROM fold WHERE tbl = ? AND key = ?")
        steps = try StepReader(database, scratch)
        var clock = clock
        try LongJournal.fold(database, schema, &clock, into: scratch)
        try steps.collect(schema, &clock)
        self.clock = clock
    }

    /// Every op, in the order in which the hub takes them.
    func forEachOp(_ body: (Op) throws -> Void) throws {
        try order()
        let walk = try scratch.statement(
            """
            SELECT p.phase, p.tbl, p.key, f.place, f.stamp, f.groups, f.flags
            FROM part p CROSS JOIN fold f ON f.tbl = p.tbl AND f.key = p.key ORDER BY p.phase, p.rank, p.place
            """)
        var isDone = false
        while !isDone {
            var ahead: [(phase: Int, row: JournalFold.Row, entry: JournalFold.Entry)] = []
            while ahead.count < LongJournal.ahead {
                guard try walk.step() else {
                    isDone = true
                    break
                }
                guard let row = LongJournal.row(walk, at: 1) else { continue }
                ahead.append((walk.int(0), row, LongJournal.entry(walk, at: 3)))
            }
            for (number, rows) in Dictionary(grouping: ahead, by: \.row.table) {
                if let table = schema[number] { try past.expect(rows.map(\.row.key), of: table) }
            }
            for (phase, row, entry) in ahead {
                for part in try parts(of: row, entry) where part.phase == phase { try body(part.op) }
            }
        }
    }

    /// The ops of one row; nil when the journal does not name it.
    func ops(of row: JournalFold.Row) throws -> [Op]? {
        find.bind(1, Int64(row.table))
        find.bind(2, row.key)
        defer { find.reset() }
        guard try find.step() else { return nil }
        return try parts(of: row, LongJournal.entry(find, at: 0)).map(\.op)
    }

    // MARK: Folding

    private static func fold(
        _ database: Database, _ schema: SchemaDescription, _ clock: inout HybridClock, into scratch: ScratchDatabase
    ) throws {
        let insert = try BatchedInsert(
            scratch,
            """
            INSERT INTO fold(key, tbl, place, stamp, groups, flags) SELECT c0, c1, c2, c3, c4, c5 FROM ru_rows(?) WHERE true
            ON CONFLICT(tbl, key) DO UPDATE SET stamp = excluded.stamp, groups = groups | excluded.groups,
              flags = flags | excluded.flags
            """)
        var entries: [JournalFold.Row: JournalFold.Entry] = [:]
        func flush() throws {
            for (row, entry) in entries.sorted(by: { ($0.key.table, $0.key.key) < ($1.key.table, $1.key.key) }) {
                try insert.add(
                    row.key, Int64(row.table), Int64(entry.order), Int64(bitPattern: entry.stamp.rawValue),
                    Int64(bitPattern: entry.groups), Int64(entry.flags))
            }
            try insert.flush()
            entries.removeAll(keepingCapacity: true)
        }
        let marks = try EngineStatement(database, "SELECT tbl, key, mask, ms FROM ru_journal ORDER BY seq")
        var order = 0
        while try marks.step() {
            guard let row = row(marks, at: 0), schema[row.table] != nil, marks.int64(2) != 0 else { continue }
            order += 1
            let stamp = clock.tick(milliseconds: marks.int64(3))
            entries[row, default: JournalFold.Entry(order: order, stamp: stamp)].add(marks.int64(2), stamp)
            if entries.count == folded { try flush() }
        }
        try flush()
    }

    /// Notes in which phases each row has ops. What they are is worked out once more when they are asked for.
    private func order() throws {
        let insert = try BatchedInsert(
            scratch,
            "INSERT INTO part(key, phase, rank, place, tbl) SELECT c0, c1, c2, c3, c4 FROM ru_rows(?)")
        let rows = try scratch.statement("SELECT tbl, key, place, stamp, groups, flags FROM fold ORDER BY tbl, key")
        while try rows.step() {
            guard let row = LongJournal.row(rows, at: 0) else { continue }
            let entry = LongJournal.entry(rows, at: 2)
            // Most of a long journal is new, and its rows are long: they are read once, when their ops are made.
            let phases =
                try builder.phases(ofNew: row, hasSteps: steps.has(row), past: past)
                ?? Set(try parts(of: row, entry).map(\.phase))
            for phase in phases {
                try insert.add(
                    row.key, Int64(phase), Int64(builder.rank(of: row, in: phase)), Int64(entry.order),
                    Int64(row.table))
            }
        }
        try insert.flush()
    }

    private func parts(
        of row: JournalFold.Row, _ entry: JournalFold.Entry
    ) throws -> [(phase: Int, op: Op)] {
        try builder.ops(
            of: row, entry, steps: try steps.steps(of: row, stamp: entry.stamp), past: past, base: base,
            isClockSuspect: isClockSuspect)
    }

    static func row(_ statement: EngineStatement, at index: Int32) -> JournalFold.Row? {
        guard let key = statement.identifier(index + 1), let table = UInt16(exactly: statement.int64(index)) else {
            return nil
        }
        return JournalFold.Row(table: table, key: key)
    }

    private static func entry(_ statement: EngineStatement, at index: Int32) -> JournalFold.Entry {
        var entry = JournalFold.Entry(
            order: statement.int(index),
            stamp: HybridTime(rawValue: UInt64(bitPattern: statement.int64(index + 1))))
        entry.groups = UInt64(bitPattern: statement.int64(index + 2))
        entry.flags = statement.int(index + 3)
        return entry
    }
}

/// Puts rows of a key and some numbers into a scratch file, some hundred by one statement.
private final class BatchedInsert {
    private let statement: EngineStatement
    private var waiting: RowBatch?

    init(_ scratch: ScratchDatabase, _ sql: String) throws {
        statement = try scratch.statement(sql)
    }

    func add(_ key: Identifier, _ numbers: Int64...) throws {
        let rows = waiting ?? RowBatch(columns: 1 + numbers.count, cells: 256 * (1 + numbers.count), bytes: 256 * 16)
        waiting = rows
        if rows.add(key, numbers: numbers) { return }
        try flush()
        _ = rows.add(key, numbers: numbers)
    }

    func flush() throws {
        guard let waiting, waiting.count > 0 else { return }
        try statement.run(waiting)
        waiting.removeAll()
    }
}

extension JournalFold.Entry {
    /// Its four answers in one number.
    fileprivate var flags: Int {
        get { (wasInserted ? 1 : 0) | (wasDeleted ? 2 : 0) | (wasScanned ? 4 : 0) | (hasDrifted ? 8 : 0) }
        set {
            wasInserted = newValue & 1 != 0
            wasDeleted = newValue & 2 != 0
            wasScanned = newValue & 4 != 0
            hasDrifted = newValue & 8 != 0
        }
    }
}

/// The steps of `state` and `counter` columns in a long journal, by row: their values stay in `ru_values`.
private final class StepReader {
    private let database: Database
    private let insert: EngineStatement
    private let hasEntry: EngineStatement
    private let find: EngineStatement
    private let read: EngineStatement
    private var isEmpty = true

    init(_ database: Database, _ scratch: ScratchDatabase) throws {
        self.database = database
        insert = try scratch.statement("INSERT INTO step(tbl, key, seq) VALUES(?, ?, ?)")
        hasEntry = try scratch.statement("SELECT 1 FROM fold WHERE tbl = ? AND key = ?")
        find = try scratch.statement("SELECT seq FROM step WHERE tbl = ? AND key = ? ORDER BY seq")
        read = try EngineStatement(database, "SELECT grp, old, new FROM ru_values WHERE seq = ?")
    }

    /// Notes where each row's steps are. After the marks have been folded.
    func collect(_ schema: SchemaDescription, _ clock: inout HybridClock) throws {
        let values = try EngineStatement(database, "SELECT tbl, key, grp, ms, seq FROM ru_values ORDER BY seq")
        while try values.step() {
            guard let row = LongJournal.row(values, at: 0), UInt8(exactly: values.int64(2)) != nil,
                schema[row.table] != nil
            else { continue }
            hasEntry.bind(1, Int64(row.table))
            hasEntry.bind(2, row.key)
            let isMarked = try hasEntry.step()
            hasEntry.reset()
            // As where a short journal is folded: the clock ticks for what no mark is about.
            if !isMarked { _ = clock.tick(milliseconds: values.int64(3)) }
            insert.bind(1, Int64(row.table))
            insert.bind(2, row.key)
            insert.bind(3, values.int64(4))
            try insert.run()
            isEmpty = false
        }
    }

    /// Whether the row has any.
    func has(_ row: JournalFold.Row) throws -> Bool {
        if isEmpty { return false }
        find.bind(1, Int64(row.table))
        find.bind(2, row.key)
        defer { find.reset() }
        return try find.step()
    }

    func steps(of row: JournalFold.Row, stamp: HybridTime) throws -> [JournalFold.Step] {
        if isEmpty { return [] }
        find.bind(1, Int64(row.table))
        find.bind(2, row.key)
        var steps: [JournalFold.Step] = []
        while try find.step() {
            read.bind(1, find.int64(0))
            defer { read.reset() }
            guard try read.step(), let mark = UInt8(exactly: read.int64(0)) else { continue }
            steps.append(
                JournalFold.Step(mark: mark, stamp: stamp, old: read.value(1), new: read.value(2)))
        }
        return steps
    }
}
