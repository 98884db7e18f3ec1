import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    package func counts() throws -> HubCounts {
        try read("Reading the status") { database in
            func count(_ sql: String) throws -> Int {
                try Int.fetchOne(database, sql: "SELECT count(*) FROM " + sql) ?? 0
            }
            func oldest(_ sql: String) throws -> Int64? {
                try Int64.fetchOne(database, sql: "SELECT min(" + sql)
            }
            return HubCounts(
                partners: try count("hub_partner WHERE ended_ms IS NULL"), rows: try count("hub_row WHERE life = 1"),
                batches: try count("hub_batch"), held: try count("hub_hold"),
                conflicts: try count("hub_conflict WHERE closed IS NULL"),
                quarantined: try count("hub_quarantine WHERE state = 0"),
                oldestConflict: try oldest("opened_ms) FROM hub_conflict WHERE closed IS NULL"),
                oldestQuarantined: try oldest("at_ms) FROM hub_quarantine WHERE state = 0"),
                oldestHeld: try oldest("received_ms) FROM hub_hold"),
                purgesOwed: try count("hub_purge WHERE state = 0"),
                oldestPurgeOwed: try oldest("owed_ms) FROM hub_purge WHERE state = 0"))
        }
    }

    /// Refuses a decision on a state that the network does not have.
    package func checkState(_ values: [Value], table number: UInt16, group: UInt8, what: String) throws {
        guard let table = tables[number], table.policy(of: group) == .state,
            let order = schema.policy(table, group: group) as? StateOrder
        else { return }
        guard case .text(let state)? = values.first, order.contains(state) else {
            throw Failure(
                .badData, what: what, why: "that is not one of its states",
                remedy: "Choose one of the states, or one of its values ('hub conflicts show')")
        }
    }
}
