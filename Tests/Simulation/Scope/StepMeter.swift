import CSQLite
import GRDB
import ReUniteHub

/// Counts what SQLite does on a hub's own connection: the steps of its virtual machine, which do not depend on the
/// machine, on how the engine was built, or on what else runs. And notes the statements.
final class StepMeter {
    private let hub: Hub
    fileprivate var ticks = 0
    /// The distinct statements that ran while something was measured.
    fileprivate(set) var statements = Set<String>()
    /// SQLite says so every time when so many steps were made.
    private static let stride: Int32 = 10

    init(_ hub: Hub) throws {
        self.hub = hub
    }

    /// How many steps the hub makes while the body runs, to the nearest ten of each statement.
    func steps(_ body: () throws -> Void) throws -> Int {
        ticks = 0
        let context = Unmanaged.passUnretained(self).toOpaque()
        try hub.read("Measuring") { database in
            sqlite3_progress_handler(
                database.sqliteConnection, StepMeter.stride,
                { context in
                    if let context { Unmanaged<StepMeter>.fromOpaque(context).takeUnretainedValue().ticks += 1 }
                    return 0
                }, context)
            sqlite3_trace_v2(
                database.sqliteConnection, UInt32(SQLITE_TRACE_STMT),
                { _, context, statement, _ in
                    guard let context, let statement, let sql = sqlite3_sql(OpaquePointer(statement)) else { return 0 }
                    Unmanaged<StepMeter>.fromOpaque(context).takeUnretainedValue().statements
                        .insert(String(cString: sql))
                    return 0
                }, context)
        }
        defer {
            try? hub.read("Measuring") { database in
                sqlite3_progress_handler(database.sqliteConnection, 0, nil, nil)
                sqlite3_trace_v2(database.sqliteConnection, 0, nil, nil)
            }
        }
        try body()
        return ticks * Int(StepMeter.stride)
    }
}
