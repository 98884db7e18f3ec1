import GRDB
import ReUniteReplica
package import ReUniteSync

extension Hub {
    /// Tells a device which of its batches wait here, for the hub's own upgrade or for one before them, in the form of
    /// closings, so that it need not send them again; nil where there are none, or it was told since they last came.
    ///
    /// Whoever has a batch for a newer schema has a newer program than this hub's, and so knows the form
    /// (`docs/decisions/0091-what-is-held-is-told.md`). Of the others only a device hears whose schema is not older than
    /// the hub's: its program knows the form too (`0122-what-is-held-is-told-each-time.md`).
    ///
    /// - Parameter version: of the device's schema.
    func held(of device: DeviceRecord, whoseSchemaIs version: UInt32) throws -> [UInt8]? {
        let knowsForm = version >= UInt32(store.tables.version)
        let held = try store.tellHeld(to: device.id, all: knowsForm, limit: Hub.heldTold)
        guard !held.isEmpty else { return nil }
        // It says nothing of what the device holds: the first of its checkpoints does that as little.
        let checkpoint = try checkpoint(for: device.id, at: .zero, VersionDigest(), audit: try auditHead())
        return Delivery(from: .zero, checkpoint: checkpoint, receipts: held).encodedHead(pages: 0)
    }

    /// So many fit into an answer.
    private static let heldTold = 100
}

extension SQLiteHubStore {
    package func tellHeld(to device: Identifier, all: Bool, limit: Int) throws -> [Receipt] {
        let untold =
            "FROM hub_hold WHERE device = ? AND told = 0" + (all ? "" : " AND schema_version IS NOT NULL")
        let isAny = try read("Looking at what is held") { database in
            try Int.fetchOne(
                database.cachedStatement(sql: "SELECT 1 \(untold) LIMIT 1"), arguments: [device.sqlBlob]) != nil
        }
        guard isAny else { return [] }
        return try write("Telling what is held") { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT id, op_count \(untold) LIMIT ?", arguments: [device.sqlBlob, limit])
            return try rows.compactMap { row in
                try database.execute(sql: "UPDATE hub_hold SET told = 1 WHERE id = ?", arguments: [row["id"]])
                return BatchID(bytes: row.bytes("id")).map {
                    Receipt(batch: $0, firstPosition: .zero, opCount: UInt32(row["op_count"] as Int64), exceptions: [])
                }
            }
        }
    }

    package func tellHeldAgain(to device: Identifier) throws {
        let told = "device = ? AND told = 1 AND schema_version IS NULL"
        let isAny = try read("Looking at what is held") { database in
            try Int.fetchOne(
                database.cachedStatement(sql: "SELECT 1 FROM hub_hold WHERE \(told) LIMIT 1"),
                arguments: [device.sqlBlob]) != nil
        }
        guard isAny else { return }
        try write("Telling what is held") { database in
            try database.execute(sql: "UPDATE hub_hold SET told = 0 WHERE \(told)", arguments: [device.sqlBlob])
        }
    }
}
