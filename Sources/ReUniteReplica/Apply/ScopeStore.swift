import GRDB
import ReUniteSync

/// The scopes that this replica may hold, by small numbers.
final class ScopeStore {
    private let database: Database
    private let insert: EngineStatement
    private let update: EngineStatement
    private let remove: EngineStatement
    private var numbers: [Identifier: Int64] = [:]
    /// The scopes whose grant the hub has told of.
    private var held = Set<Identifier>()

    init(_ database: Database) throws {
        self.database = database
        insert = try EngineStatement(database, "INSERT INTO ru_scope(id) VALUES(?)")
        update = try EngineStatement(
            database, "UPDATE ru_scope SET epoch = ?, read_mask = ?, write_mask = ? WHERE no = ?")
        remove = try EngineStatement(database, "DELETE FROM ru_scope WHERE no = ?")
        let all = try EngineStatement(database, "SELECT no, id, epoch FROM ru_scope")
        while try all.step() {
            guard let id = all.identifier(1) else { continue }
            numbers[id] = all.int64(0)
            if all.int64(2) > 0 { held.insert(id) }
        }
    }

    /// Whether the replica has a number for the scope already.
    func isKnown(_ scope: Identifier) -> Bool { numbers[scope] != nil }

    /// Whether the hub said that the replica may hold the scope.
    func isHeld(_ scope: Identifier) -> Bool { held.contains(scope) }

    var all: [(number: Int64, id: Identifier)] {
        numbers.map { ($0.value, $0.key) }.sorted { $0.number < $1.number }
    }

    func number(of scope: Identifier) throws -> Int64 {
        if let number = numbers[scope] { return number }
        insert.bind(1, scope)
        try insert.run()
        let number = database.lastInsertedRowID
        numbers[scope] = number
        return number
    }

    func enter(_ event: ScopeEvent) throws -> Int64 {
        let number = try number(of: event.scope)
        update.bind(1, event.epoch.rawValue)
        update.bind(2, Int64(bitPattern: event.readMask))
        update.bind(3, Int64(bitPattern: event.writeMask))
        update.bind(4, number)
        try update.run()
        if event.epoch > .zero { held.insert(event.scope) } else { held.remove(event.scope) }
        return number
    }

    /// The number that the scope had; nil when the replica never held it.
    func leave(_ scope: Identifier) throws -> Int64? {
        guard let number = numbers.removeValue(forKey: scope) else { return nil }
        held.remove(scope)
        remove.bind(1, number)
        try remove.run()
        return number
    }
}
