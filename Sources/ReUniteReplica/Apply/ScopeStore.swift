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
    private let find: EngineStatement
    private let insert: EngineStatement
    private let put: EngineStatement
    private var known: [Identifier: Entry] = [:]
    private var highest: Int64?

    init(_ database: Database) throws {
        self.database = database
        find = try EngineStatement(database, "SELECT no, epoch, read_mask FROM ru_scope WHERE id = ?")
        insert = try EngineStatement(database, "INSERT INTO ru_scope(id, no) VALUES(?, ?)")
        put = try EngineStatement(
            database, "INSERT OR REPLACE INTO ru_scope(id, no, epoch, read_mask, write_mask) VALUES(?, ?, ?, ?, ?)")
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
        insert.bind(1, scope)
        insert.bind(2, number)
        try insert.run()
        remember(Entry(number: number), scope)
        return number
    }

    func enter(_ event: ScopeEvent) throws -> Int64 {
        let number = try entry(event.scope)?.number ?? nextNumber()
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
        let highest = try highest ?? Int64.fetchOne(database, sql: "SELECT max(no) FROM ru_scope") ?? 0
        self.highest = highest + 1
        return highest + 1
    }
}
