import GRDB
import ReUniteReplica
import ReUniteSync

extension SQLiteHubStore {
    package func counts() throws -> HubCounts {
        try read("Reading the status") { database in
            func count(_ sql: String) throws -> Int {
                try Int.fetchOne(database, sql: "SELECT count(*) FROM " + sql) ?? 0
            }
            return HubCounts(
                partners: try count("hub_partner WHERE ended_ms IS NULL"), rows: try count("hub_row WHERE life = 1"),
                batches: try count("hub_batch"), held: try count("hub_hold"),
                conflicts: try count("hub_conflict WHERE closed IS NULL"),
                quarantined: try count("hub_quarantine WHERE state = 0"))
        }
    }

    /// The open conflicts, oldest first, each with every value that stands.
    package func conflicts() throws -> [OpenConflict] {
        return try read("Listing conflicts") { database in
            let cells = try HubCellStore(database)
            let rows = try HubRowStore(database)
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT c.*, s.id AS scope_id FROM hub_conflict c JOIN hub_scope s ON s.no = c.scope
                    WHERE c.closed IS NULL ORDER BY c.opened
                    """
            ).compactMap { row in
                let number: Int64 = row["tbl"]
                let group = UInt8(truncatingIfNeeded: row["grp"] as Int64)
                let key = row.identifier("key")
                guard let table = tables[UInt16(truncatingIfNeeded: number)],
                    let held = try rows.row(table.number, key)
                else { return nil }
                let columns = table.columnIndexes(of: 1 << UInt64(group)).map { table.columns[$0].name }
                let shown = held.clock.siblings.first { $0.group == group }?.op
                let siblings = try cells.siblings(table.number, key, group: group)
                let values = try siblings.enumerated().map { place, sibling in
                    try SQLiteHubStore.candidate(
                        place + 1, sibling, columns: columns, isShown: sibling.name == shown, database)
                }
                return OpenConflict(
                    id: row.identifier("id").description, table: table.name, row: key.description, columns: columns,
                    scope: row.identifier("scope_id").description, openedMilliseconds: row["opened_ms"],
                    values: values)
            }
        }
    }

    private static func candidate(
        _ number: Int, _ sibling: CellSibling, columns: [String], isShown: Bool, _ database: Database
    ) throws -> OpenConflict.Candidate {
        let source = try Row.fetchOne(
            database,
            sql: """
                SELECT d.name, p.code, b.received_ms FROM hub_op o JOIN hub_batch b ON b.no = o.batch
                LEFT JOIN hub_device d ON d.id = b.device LEFT JOIN hub_partner p ON p.id = d.partner WHERE o.h = ?
                """, arguments: [sibling.position?.rawValue])
        let partner: String? = source?["code"]
        let device: String? = source?["name"]
        return OpenConflict.Candidate(
            number: number,
            value: Dictionary(zip(columns, sibling.values.map(\.readable)), uniquingKeysWith: { first, _ in first }),
            partner: partner ?? "hub", device: device ?? "hub", writtenMilliseconds: sibling.stamp.milliseconds,
            receivedMilliseconds: source?["received_ms"] ?? 0, shown: isShown)
    }

    /// The edits that wait in quarantine, oldest first.
    package func quarantine() throws -> [QuarantinedEdit] {
        return try read("Listing the quarantine") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT q.*, b.received_ms, d.name AS device_name, p.code FROM hub_quarantine q
                    JOIN hub_batch b ON b.no = q.batch LEFT JOIN hub_device d ON d.id = b.device
                    LEFT JOIN hub_partner p ON p.id = d.partner WHERE q.state = 0 ORDER BY q.position
                    """
            ).map { row in
                let number: Int64 = row["tbl"]
                let groups: Int64 = row["groups"]
                let code: Int64 = row["reason"]
                let table = tables[UInt16(truncatingIfNeeded: number)]
                let columns = table.map { table in
                    table.columnIndexes(of: UInt64(bitPattern: groups)).map { table.columns[$0].name }
                }
                let partner: String? = row["code"]
                let device: String? = row["device_name"]
                return QuarantinedEdit(
                    id: row.identifier("id").description, table: table?.name ?? "?",
                    row: row.identifier("key").description, columns: columns ?? [],
                    reason: (Reason(rawValue: UInt8(truncatingIfNeeded: code)) ?? .none).code,
                    partner: partner ?? "hub", device: device ?? "hub", receivedMilliseconds: row["received_ms"])
            }
        }
    }
}

extension Value {
    /// The value as a person reads it; nil for NULL.
    var readable: String? {
        switch self {
        case .null: nil
        case .integer(let integer): String(integer)
        case .real(let real): String(real)
        case .text(let text): text
        case .blob(let bytes): Identifier(bytes: bytes)?.description ?? "\(bytes.count) bytes"
        }
    }
}
