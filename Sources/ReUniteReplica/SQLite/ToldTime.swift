package import GRDB

extension DatabaseQueue {
    /// How far the network's rules may be behind before a reader tells them the time, in milliseconds: a list counts days,
    /// and a page that is made of many reads writes once.
    private static let toldEvery: Int64 = 60_000
    private static let day: Int64 = 86_400_000

    /// Tells the network's rules (`ru_now`) what time it is, for what is read next: else they know that of the last
    /// write, and a file that nobody wrote to for a week counts days as of then.
    ///
    /// Nobody waits for it: where it cannot be written now, for another program is writing or the file is read only, the
    /// rules go by the time that they have.
    ///
    /// - Parameter now: milliseconds since 1970, by the hub's clock as far as that is known here.
    package func tellRules(_ now: (Database) throws -> Int64) {
        try? writeWithoutTransaction { database in
            let now = try now(database)
            let isBehind = try Bool.fetchOne(
                database.cachedStatement(
                    sql: "SELECT abs(ms - ?1) >= ?2 OR ms / ?3 <> ?1 / ?3 FROM ru_now WHERE one = 1"),
                arguments: [now, DatabaseQueue.toldEvery, DatabaseQueue.day])
            guard isBehind == true else { return }
            try database.execute(sql: "PRAGMA busy_timeout = 0")
            defer { try? database.execute(sql: "PRAGMA busy_timeout = \(Int(EngineDatabase.busySeconds * 1_000))") }
            try database.execute(sql: "UPDATE ru_now SET ms = ? WHERE one = 1", arguments: [now])
        }
    }
}
