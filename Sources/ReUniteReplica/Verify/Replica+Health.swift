import CSQLite
import GRDB

/// How a replica's file is, without changing anything in it.
package struct ReplicaHealth: Hashable, Sendable {
    /// Of the library in this program.
    package var sqliteVersion: String
    /// What SQLite finds wrong with the file's structure; nothing mostly.
    package var damage: [String]
    /// Whether the triggers that keep the change log are as this program wrote them.
    package var isCaptureWhole: Bool
    /// Tables, indexes and triggers that others have added.
    package var foreignObjects: [String]
    /// What the hub's clock said when it was last heard, milliseconds since 1970; 0 before that.
    package var lastHubMilliseconds: Int64
}

extension Replica {
    package func health() throws -> ReplicaHealth {
        try read("Looking at the replica") { database in
            ReplicaHealth(
                sqliteVersion: String(cString: sqlite3_libversion()),
                damage: try String.fetchAll(database, sql: "PRAGMA quick_check(5)").filter { $0 != "ok" },
                isCaptureWhole: try SchemaWatch.isCurrent(database),
                foreignObjects: try ForeignObjects.names(in: database, network: network),
                lastHubMilliseconds: try ReplicaFacts(database).lastHubMilliseconds)
        }
    }

    /// The folder of the device's private keys.
    package var keyFolder: String { vault.folder }
}
