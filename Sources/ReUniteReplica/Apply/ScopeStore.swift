import GRDB
import ReUniteSync

/// The scopes that this replica may hold, by small numbers. Each is looked up when a delivery first names it: there
/// may be many more than one delivery is about.
final class ScopeStore {
    /// What the hub said of a scope.
    struct Entry {
        var number: Int64
        /// Where its grant opened; zero before the hub has told of it.
        var epoch = Position.zero
        var readMask: UInt64 = 0

        /// Whether the hub has told of the grant.
        var isHeld: Bool { epoch > .zero }
    }

    private let database: Database
    // Each is prepared when a delivery first needs it.
    private lazy var find = Result {
        try EngineStatement(database, "SELECT no, epoch, read_mask FROM ru_scope WHERE id = ?")
    }
    private lazy var findSome = Result {
        try EngineStatement(
            database, "SELECT s.no FROM ru_rows(?) r LEFT JOIN ru_scope s ON s.id = r.c0")
    }
    private lazy var insert = Result { try EngineStatement(database, "INSERT INTO ru_scope(id, no) VALUES(?, ?)") }
    private lazy var put = Result {
        try EngineStatement(
            database, "INSERT OR REPLACE INTO ru_scope(id, no, epoch, read_mask, write_mask) VALUES(?, ?, ?, ?, ?)")
    }
    private lazy var batch = RowBatch(columns: 1, cells: 512, bytes: 512 * 16)
    private var known: [Identifier: Entry] = [:]
    /// A number that no scope's is above; nil where nobody has looked.
    private(set) var highest: Int64?

    /// - Parameter highest: a number that no scope's is above; nil where it is not known.
    init(_ database: Database, highest: Int64? = nil) {
        self.database = database
        self.highest = highest
    }

    /// Every scope with a number, or those that are asked for.
    func all(
        where condition: ((number: Int64, id: Identifier)) -> Bool = { _ in true }
    ) throws -> [(number: Int64, id: Identifier)] {
        let rows = try EngineStatement(database, "SELECT no, id FROM ru_scope ORDER BY no")
        var all: [(number: Int64, id: Identifier)] = []
        while try rows.step() {
            if let id = rows.identifier(1), condition((rows.int64(0), id)) { all.append((rows.int64(0), id)) }
        }
        return all
    }

    /// What is known of a scope; nil when the replica has nothing of it.
    func entry(_ scope: Identifier) throws -> Entry? {
        if let entry = known[scope] { return entry }
        let find = try find.get()
        find.bind(1, scope)
        guard try find.step() else { return nil }
        let entry = Entry(
            number: find.int64(0), epoch: Position(find.int64(1)), readMask: UInt64(bitPattern: find.int64(2)))
        find.reset()
        remember(entry, scope)
        return entry
    }

    func number(of scope: Identifier) throws -> Int64 {
        if let entry = try entry(scope) { return entry.number }
        let number = try nextNumber()
        let insert = try insert.get()
        insert.bind(1, scope)
        insert.bind(2, number)
        try insert.run()
        remember(Entry(number: number), scope)
        return number
    }

    /// The numbers of the scopes of some rows, in the rows' order; scopes that have none yet get one.
    ///
    /// All are looked up at once, each once: one by one that took as long as to write the rows' clocks.
    func numbers(of rows: UnsafeBufferPointer<RowState>) throws -> [Int64] {
        var places = rows.indices.map { (scope: rows[$0].scope, place: $0) }
        places.sort { $0.scope < $1.scope }
        var numbers = [Int64](repeating: 0, count: rows.count)
        var start = 0
        while start < places.count {
            var end = start
            batch.removeAll()
            while end < places.count {
                if end == start || places[end].scope != places[end - 1].scope {
                    guard batch.add(places[end].scope, []) else { break }
                }
                end += 1
            }
            let find = try findSome.get()
            find.bind(batch)
            var next = start
            var missing: [Range<Int>] = []
            while try find.step() {
                let first = next
                let number = find.int64(0)
                while next < end, places[next].scope == places[first].scope {
                    numbers[places[next].place] = number
                    next += 1
                }
                if find.isNull(0) { missing.append(first..<next) }
            }
            for range in missing {
                let number = try self.number(of: places[range.lowerBound].scope)
                for index in range { numbers[places[index].place] = number }
            }
            start = end
        }
        return numbers
    }

    /// - Parameter before: what ``entry(_:)`` knows of the scope.
    func enter(_ event: ScopeEvent, replacing before: Entry?) throws -> Int64 {
        let number = try before?.number ?? nextNumber()
        let put = try put.get()
        put.bind(1, event.scope)
        put.bind(2, number)
        put.bind(3, event.epoch.rawValue)
        put.bind(4, Int64(bitPattern: event.readMask))
        // Mostly who may read may write, and NULL takes no room.
        if event.writeMask == event.readMask {
            put.bindNull(5)
        } else {
            put.bind(5, Int64(bitPattern: event.writeMask))
        }
        try put.run()
        remember(Entry(number: number, epoch: event.epoch, readMask: event.readMask), event.scope)
        return number
    }

    /// Of so many scopes what was found is kept: rows that were made together are often of one scope.
    private static let inMemory = 4_096

    private func remember(_ entry: Entry, _ scope: Identifier) {
        if known.count >= ScopeStore.inMemory { known.removeAll(keepingCapacity: true) }
        known[scope] = entry
    }

    /// What was known of the scope; nil when the replica never held it.
    func leave(_ scope: Identifier) throws -> Entry? {
        guard let entry = try entry(scope) else { return nil }
        known[scope] = nil
        try database.execute(sql: "DELETE FROM ru_scope WHERE id = ?", arguments: [scope.sqlBlob])
        return entry
    }

    /// One more than the highest number in use. A scope that left has no clock, so its number may be used again.
    private func nextNumber() throws -> Int64 {
        var highest = self.highest ?? 0
        if self.highest == nil {
            let last = try EngineStatement(database, "SELECT max(no) FROM ru_scope")
            if try last.step() { highest = last.int64(0) }
        }
        guard ScopeStore.numbers.contains(highest) else {
            throw Failure(
                .badData, what: "Taking what the hub sent", why: "the replica's file is damaged where it counts cases",
                remedy: "Put the file back from a copy, or join again")
        }
        self.highest = highest + 1
        return highest + 1
    }

    /// What a number can be; each that is used costs a row.
    private static let numbers: Range<Int64> = 0..<1 << 48
}
