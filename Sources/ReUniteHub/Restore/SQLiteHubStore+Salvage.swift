import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    package func recovery() throws -> RecoveryState {
        try read("Reading the recovery") { database in
            func count(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
            let life = try HubLife.current(database)
            let classes = try Row.fetchAll(database, sql: "SELECT bit, code FROM ru_class ORDER BY bit")
            let bars = try Row.fetchAll(
                database,
                sql: """
                    SELECT b.*, s.id AS scope_id, p.code, d.name FROM hub_bar b JOIN hub_scope s ON s.no = b.scope
                    JOIN hub_sub u ON u.no = b.sub JOIN hub_partner p ON p.id = u.partner
                    LEFT JOIN hub_device d ON d.id = u.device ORDER BY b.closed, p.code
                    """
            ).map { row in
                let mask: Int64 = row["mask"]
                return RecoveryState.Bar(
                    id: row.identifier("id").description, partner: row["code"], device: row["name"],
                    scope: row.identifier("scope_id").description,
                    classes: classes.filter { mask & (1 << ($0["bit"] as Int64)) != 0 }.map { $0["code"] },
                    position: row["closed"])
            }
            let recalled = try count(
                "SELECT count(*) FROM hub_recalled r WHERE EXISTS (SELECT 1 FROM hub_batch b WHERE b.id = r.batch)")
            return RecoveryState(
                epoch: life?.epoch.number ?? 1, restored: life?.restored.rawValue ?? 0,
                began: life?.began.rawValue ?? 0,
                restoredMilliseconds: try Int64.fetchOne(
                    database, sql: "SELECT at_ms FROM hub_epoch ORDER BY number DESC LIMIT 1"),
                isOpen: life?.isOpen ?? true,
                heldScopes: try count(
                    "SELECT count(DISTINCT scope) FROM hub_grant WHERE closed IS NULL AND held <> 0"),
                bars: bars, hiddenRows: try count("SELECT count(*) FROM (SELECT DISTINCT tbl, key FROM hub_bar_row)"),
                recalled: recalled, missing: try count("SELECT count(*) FROM hub_recalled") - recalled,
                salvage: 0, awaited: [])
        }
    }

    package func salvage() throws -> [SalvagedValue] {
        try read("Listing what was salvaged") { database in
            let secret = try SecretRows(database)
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT s.*, d.name AS device_name, p.code FROM hub_salvage s JOIN hub_device d ON d.id = s.device
                    JOIN hub_partner p ON p.id = d.partner WHERE s.state = 0 ORDER BY s.position, s.grp
                    """
            ).compactMap { row in
                guard let table = tables[UInt16(truncatingIfNeeded: row["tbl"] as Int64)] else { return nil }
                let group = UInt64(1) << UInt64(row["grp"] as Int64)
                let now = try RowReader(database, table).read(row.identifier("key"))
                let known = try ValueList.decode(row.bytes("val"))
                let current = now.map { values in table.columnIndexes(of: group).map { values[$0] } }
                // The hub has come to it again by itself.
                if current == known { return nil }
                let held = try HubRowStore(database).row(table.number, row.identifier("key"))
                let isWithheld = secret.contain(held, of: table)
                return SalvagedValue(
                    id: row.identifier("id").description, table: table.name, row: row.identifier("key").description,
                    scope: row.identifier("scope").description, columns: table.columnNames(of: group),
                    values: isWithheld ? known.map { _ in nil } : known.map(\.readable),
                    current: current.map { isWithheld ? $0.map { _ in nil } : $0.map(\.readable) },
                    isWithheld: isWithheld,
                    position: row["position"], device: row["device_name"], partner: row["code"],
                    shownMilliseconds: row["shown_ms"])
            }
        }
    }

    package func edit(taking id: String, atMilliseconds now: Int64) throws -> (id: Identifier, op: Op) {
        let what = "Taking the salvaged value"
        return try read(what) { database in
            let row = try database.row(of: "hub_salvage", beginning: id, what: what, thing: "salvaged value")
            guard row["state"] as Int64 == 0, let table = tables[UInt16(truncatingIfNeeded: row["tbl"] as Int64)] else {
                throw Failure(
                    .badData, what: what, why: "it has been decided already",
                    remedy: "Look at what is left with 'hub recovery salvage'")
            }
            let key = row.identifier("key")
            let stamp = HybridTime(milliseconds: now)
            let group = UInt8(truncatingIfNeeded: row["grp"] as Int64)
            if try HubRowStore(database).row(table.number, key)?.isAlive == true {
                guard let policy = table.policy(of: group), !policy.isDecidedByHub,
                    ![.state, .counter, .append].contains(policy)
                else {
                    throw Failure(
                        .badData, what: what, why: "a column of its kind is never set",
                        remedy: "Write it by hand where it belongs, then dismiss it")
                }
                return (
                    row.identifier("id"),
                    Op(
                        table: table.number, key: key, kind: .set, groups: 1 << UInt64(group), stamp: stamp,
                        values: try ValueList.decode(row.bytes("val")))
                )
            }
            var values: [Value?] = table.columns.map { _ in nil }
            for part in try Row.fetchAll(
                database,
                sql: "SELECT grp, val FROM hub_salvage WHERE tbl = ? AND key = ? AND state = 0 ORDER BY position",
                arguments: [Int64(table.number), key.sqlBlob])
            {
                let group = UInt64(1) << UInt64(part["grp"] as Int64)
                for (column, value) in zip(table.columnIndexes(of: group), try ValueList.decode(part.bytes("val"))) {
                    values[column] = value
                }
            }
            for group in table.groups {
                let places = table.columnIndexes(of: 1 << UInt64(group.number))
                guard places.contains(where: { values[$0] == nil }),
                    let later = try OlderRows.values(of: group.number, in: table, schema, database)
                else { continue }
                for (column, value) in zip(places, later) { values[column] = value }
            }
            let known = values.compactMap { $0 }
            guard known.count == values.count else {
                throw Failure(
                    .badData, what: what, why: "the row is gone, and not all of it is known",
                    remedy: "Write it by hand where it belongs, then dismiss it")
            }
            return (
                row.identifier("id"),
                Op(
                    table: table.number, key: key, kind: .create, groups: table.allGroups, stamp: stamp, values: known)
            )
        }
    }

    /// Records what an operator decided; of a row that was taken whole, about all of its values.
    package func settle(
        salvage id: Identifier, taken: Bool, by person: String, why: String, atMilliseconds now: Int64
    ) throws {
        try write("Settling what was salvaged") { database in
            try database.execute(
                sql: """
                    UPDATE hub_salvage SET state = ?1, decided_by = ?2, decided_why = ?3
                    WHERE state = 0 AND (id = ?4 OR ?1 = 1 AND EXISTS (
                      SELECT 1 FROM hub_salvage s JOIN hub_row r ON r.tbl = s.tbl AND r.key = s.key
                      WHERE s.id = ?4 AND s.tbl = hub_salvage.tbl AND s.key = hub_salvage.key
                        AND r.h > (SELECT max(began) FROM hub_epoch) AND r.ext IS NULL AND s.position = hub_salvage.position))
                    """, arguments: [taken ? 1 : 2, person, why, id.sqlBlob])
            try AuditLog(database).append([
                AuditRecord(
                    .salvageDecided, atMilliseconds: now,
                    [.id(.subject, id), .word(.code, taken ? "taken" : "dismissed"), .why(by: person, why)])
            ])
        }
    }
}
