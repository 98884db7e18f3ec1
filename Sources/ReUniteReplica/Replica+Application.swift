package import GRDB
import ReUniteSync

extension Replica {
    /// Runs one transaction as any SQLite client would: captured by the triggers, with foreign keys on.
    package func edit<Result>(_ what: String, _ body: (Database) throws -> Result) throws -> Result {
        do {
            let application = try EngineDatabase.open(path: path, role: .application, label: "application")
            defer { try? application.close() }
            return try application.immediately(body)
        } catch {
            throw Failure(sqlite: error, what: what, file: path)
        }
    }

    /// Reads, with nothing changing meanwhile: as of now, where the network's rules ask for the time.
    package func read<Result>(_ what: String, _ body: (Database) throws -> Result) throws -> Result {
        do {
            database.tellRules { database in
                let skew = try Int64.fetchOne(
                    database.cachedStatement(sql: "SELECT value FROM ru_meta WHERE name = 'skew_ms'"))
                return time.wallMilliseconds &- (skew ?? 0)
            }
            return try database.reading(body)
        } catch {
            throw Failure(sqlite: error, what: what, file: path)
        }
    }
}
