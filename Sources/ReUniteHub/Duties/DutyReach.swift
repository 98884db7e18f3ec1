import GRDB
import ReUniteReplica
import ReUniteSync

/// Which subjects may have another duty, because something moved in a scope that is not theirs.
struct DutyReach {
    private let database: Database
    private let schema: HubSchema

    init(_ database: Database, _ schema: HubSchema) {
        self.database = database
        self.schema = schema
    }

    func subjects(of scopes: Set<Identifier>) throws -> Set<Identifier> {
        var found = Set<Identifier>()
        if schema.has(.dutyReach), !scopes.isEmpty {
            let reach = try EngineStatement(database, "SELECT subject FROM ru_duty_reach WHERE scope = ?")
            for scope in scopes.sorted() {
                reach.bind(1, scope)
                while try reach.step() {
                    if let subject = reach.identifier(0) { found.insert(subject) }
                }
            }
        }
        // Rows that all share move seldom, and may concern anybody: only then is everybody looked at.
        if scopes.contains(.zero), schema.has(.dutyShared) {
            let shared = try EngineStatement(database, "SELECT subject FROM ru_duty_shared")
            while try shared.step() {
                if let subject = shared.identifier(0) { found.insert(subject) }
            }
        }
        return found
    }
}
