import GRDB
import ReUniteSync

/// The marks of the journal, folded to one entry a row.
///
/// The mark alone never decides what happened: whether the row exists when the log is sealed does. Masks are joined,
/// so an edit that was undone is still an edit here; the hub finds that nothing changed.
struct JournalFold {
    struct Row: Hashable {
        let table: UInt16
        let key: Identifier
    }

    struct Entry {
        /// The place of the first mark, which orders rows as they were touched.
        var order: Int
        var stamp: HybridTime
        /// Groups that an update changed.
        var groups: UInt64 = 0
        var wasInserted = false
        var wasDeleted = false
        /// Whether a scan found the row, not its triggers.
        var wasScanned = false
        /// Whether its values were found to be others than the hub's, and what they were is not known.
        var hasDrifted = false
    }

    /// The mark of a row that a scan found.
    static let scanMark = -3

    /// The mark of a row in which these groups were found to have other values than the hub's.
    static func driftMark(of groups: UInt64) -> Int64 {
        Int64(scanMark) - Int64(bitPattern: groups)
    }

    /// What is added to a counter's group number where its row was deleted.
    static let endMark = 64

    /// One step of a `state` or `counter` column.
    struct Step {
        let group: UInt8
        /// Whether the row was deleted, so that the value went with it.
        let isEnd: Bool
        let stamp: HybridTime
        let old: Value
        let new: Value

        /// - Parameter mark: `ru_values.grp`.
        init(mark: UInt8, stamp: HybridTime, old: Value, new: Value) {
            isEnd = mark >= JournalFold.endMark
            group = isEnd ? mark - UInt8(JournalFold.endMark) : mark
            self.stamp = stamp
            self.old = old
            self.new = new
        }
    }

    private(set) var entries: [Row: Entry] = [:]
    private(set) var steps: [Row: [Step]] = [:]
    /// The clock after the last mark.
    private(set) var clock: HybridClock

    /// Reads the whole journal, in order.
    ///
    /// - Parameter known: the tables of the manifest; marks of others are dropped with the journal.
    init(_ database: Database, schema: SchemaDescription, clock: HybridClock) throws {
        self.clock = clock
        let marks = try EngineStatement(database, "SELECT tbl, key, mask, ms FROM ru_journal ORDER BY seq")
        var order = 0
        while try marks.step() {
            guard let key = marks.identifier(1), let number = UInt16(exactly: marks.int64(0)), schema[number] != nil
            else { continue }
            let mask = marks.int64(2)
            if mask == 0 { continue }
            order += 1
            let stamp = self.clock.tick(milliseconds: marks.int64(3))
            entries[Row(table: number, key: key), default: Entry(order: order, stamp: stamp)].add(mask, stamp)
        }
        let values = try EngineStatement(database, "SELECT tbl, key, grp, ms, old, new FROM ru_values ORDER BY seq")
        while try values.step() {
            guard let key = values.identifier(1), let number = UInt16(exactly: values.int64(0)),
                let mark = UInt8(exactly: values.int64(2)), schema[number] != nil
            else { continue }
            let row = Row(table: number, key: key)
            let stamp = entries[row]?.stamp ?? self.clock.tick(milliseconds: values.int64(3))
            steps[row, default: []].append(
                Step(mark: mark, stamp: stamp, old: values.value(4), new: values.value(5)))
        }
    }

    /// Whether more than so many marks, or steps, have been logged since the last seal.
    static func isLonger(than limit: Int, _ database: Database) throws -> Bool {
        try ["ru_journal", "ru_values"].contains { table in
            try EngineStatement.integer("SELECT 1 FROM \(table) LIMIT 1 OFFSET \(limit)", database) != nil
        }
    }

    /// Whether nothing has been logged since the last seal: one look at the end of one table.
    static func isEmpty(_ database: Database) throws -> Bool {
        try !EngineStatement.finds("ru_journal", database)
    }

    /// Deletes what has been folded. The caller is in the transaction that read it, so that is everything.
    static func trim(_ database: Database) throws {
        for table in ["ru_journal", "ru_values"] { try EngineStatement(database, "DELETE FROM \(table)").run() }
    }
}

extension JournalFold.Entry {
    mutating func add(_ mask: Int64, _ stamp: HybridTime) {
        self.stamp = stamp
        switch mask {
        case -1: wasInserted = true
        case -2: wasDeleted = true
        case Int64(JournalFold.scanMark):
            wasInserted = true
            wasScanned = true
        case ..<Int64(JournalFold.scanMark):
            groups |= UInt64(bitPattern: Int64(JournalFold.scanMark) - mask)
            wasScanned = true
            hasDrifted = true
        default: groups |= UInt64(bitPattern: mask)
        }
    }
}
