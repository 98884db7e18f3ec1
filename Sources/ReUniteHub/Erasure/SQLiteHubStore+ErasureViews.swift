import GRDB
import ReUniteReplica
import ReUniteSync

extension SQLiteHubStore {
    package func erasures(now: Int64) throws -> [Erasure] {
        try read("Listing the erasures") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM hub_erasure ORDER BY requested_ms DESC, id")
                .map { try erasure($0, now, database) }
        }
    }

    package func erasure(_ id: String, now: Int64) throws -> Erasure {
        let what = "Showing the erasure"
        return try read(what) { database in
            try erasure(
                database.row(of: "hub_erasure", beginning: id, what: what, thing: "erasure"), now, database)
        }
    }

    private func erasure(_ row: Row, _ now: Int64, _ database: Database) throws -> Erasure {
        let scopes = SQLiteHubStore.identifiers(row.bytes("scopes"))
        let executed: Int64? = row["executed_ms"]
        let requested: Int64 = row["requested_ms"]
        let position: Int64? = row["position"]
        let state: Erasure.State =
            executed != nil ? .executed : now - requested > Hub.confirmationAge ? .lapsed : .requested
        return Erasure(
            id: row.identifier("id").description, state: state, scopes: scopes,
            touching: SQLiteHubStore.identifiers(row.bytes("touching")), code: row["code"], reason: row["reason"],
            requestedMilliseconds: requested, requestedBy: row["requested_by"], executedMilliseconds: executed,
            confirmedBy: row["confirmed_by"], position: position,
            rows: try counts(of: scopes, areErased: executed != nil, database), batches: row["batches"],
            isScrubbed: row["scrubbed"], holders: try holders(of: scopes, since: position, database),
            holds: try scopes.flatMap { try legalHolds(on: $0, database) })
    }

    private static func identifiers(_ bytes: [UInt8]) -> [Identifier] {
        stride(from: 0, to: bytes.count, by: 16).compactMap { Identifier(bytes: bytes[$0..<min($0 + 16, bytes.count)]) }
    }

    private static func set(of scopes: [Identifier]) -> String {
        scopes.map { "x'\($0.description.filter { $0 != "-" })'" }.joined(separator: ", ")
    }

    private func counts(
        of scopes: [Identifier], areErased: Bool, _ database: Database
    ) throws -> [Erasure.TableCount] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT r.tbl, count(*) AS rows FROM hub_scope s JOIN hub_row r ON r.scope = s.no
                WHERE s.id IN (\(SQLiteHubStore.set(of: scopes))) AND (r.life = 2) = ? GROUP BY r.tbl ORDER BY r.tbl
                """, arguments: [areErased]
        ).map { row in
            let name = tables[UInt16(truncatingIfNeeded: row["tbl"] as Int64)]?.name ?? "?"
            return Erasure.TableCount(table: name, label: try TableLabels(database, name).table, count: row["rows"])
        }
    }

    /// The devices whose subscription ever had a grant on the scopes. One has confirmed when no purge is owed by it:
    /// it signed that nothing is left, or never held anything (`docs/leaving.md`). One that was written off has not.
    private func holders(
        of scopes: [Identifier], since position: Int64?, _ database: Database
    ) throws -> [Erasure.Holder] {
        try Row.fetchAll(
            database,
            sql: """
                WITH hers(no) AS (SELECT no FROM hub_scope WHERE id IN (\(SQLiteHubStore.set(of: scopes)))),
                held(sub, open) AS (
                  SELECT sub, max(closed IS NULL) FROM hub_grant WHERE scope IN (SELECT no FROM hers) GROUP BY sub)
                SELECT d.id, d.name, d.role, d.state, d.last_seen_ms, p.code, g.open,
                  d.written_off_ms IS NOT NULL OR EXISTS(SELECT 1 FROM hub_purge x WHERE x.device = d.id
                    AND x.state = 0 AND x.scope IN (SELECT no FROM hers)) AS owes
                FROM held g JOIN hub_device d ON d.sub = g.sub JOIN hub_partner p ON p.id = d.partner
                WHERE d.state <> 0 ORDER BY p.code, d.name, d.id
                """
        ).map { row in
            let state: Int64 = row["state"]
            return Erasure.Holder(
                partner: row["code"], device: row.identifier("id").description, deviceName: row["name"],
                role: row["role"], state: state == 2 ? "revoked" : "enrolled", holds: row["open"],
                lastSeenMilliseconds: row["last_seen_ms"], hasConfirmed: position != nil && !row["owes"])
        }
    }
}
