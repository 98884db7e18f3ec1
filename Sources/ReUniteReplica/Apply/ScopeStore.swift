import GRDB
import ReUniteSync

/// The scopes that this replica may hold, by small numbers.
final class ScopeStore {
    private let database: Database
    private var numbers: [Identifier: Int64] = [:]

    init(_ database: Database) throws {
        self.database = database
        let all = try EngineStatement(database, "SELECT no, id FROM ru_scope")
        while try all.step() {
            if let id = all.identifier(1) { numbers[id] = all.int64(0) }
        }
    }

    var all: [(number: Int64, id: Identifier)] {
        numbers.map { ($0.value, $0.key) }.sorted { $0.number < $1.number }
    }

    func number(of scope: Identifier) throws -> Int64 {
        if let number = numbers[scope] { return number }
        try database.execute(sql: "INSERT INTO ru_scope(id) VALUES(?)", arguments: [scope.sqlBlob])
        let number = database.lastInsertedRowID
        numbers[scope] = number
        return number
    }

    func enter(_ event: ScopeEvent) throws -> Int64 {
        let number = try number(of: event.scope)
        try database.execute(
            sql: "UPDATE ru_scope SET epoch = ?, read_mask = ?, write_mask = ? WHERE no = ?",
            arguments: [
                event.epoch.rawValue, Int64(bitPattern: event.readMask), Int64(bitPattern: event.writeMask), number,
            ])
        return number
    }

    /// The number that the scope had; nil when the replica never held it.
    func leave(_ scope: Identifier) throws -> Int64? {
        guard let number = numbers.removeValue(forKey: scope) else { return nil }
        try database.execute(sql: "DELETE FROM ru_scope WHERE no = ?", arguments: [number])
        return number
    }
}
