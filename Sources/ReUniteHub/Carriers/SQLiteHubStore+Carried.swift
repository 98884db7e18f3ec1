import GRDB
import ReUniteReplica
public import ReUniteSync

extension SQLiteHubStore {
    public func note(
        carried presence: Presence, want: [Tombstone], of device: Identifier, atMilliseconds now: Int64
    ) throws {
        try write("Noting a device") { database in
            try noteAcknowledged(presence, by: device, atMilliseconds: now, database)
            let digest = presence.digestMatches.map { $0 ? "match" : "mismatch" }
            // A file shows neither a ticket nor the error of the clock, for nobody knows how long it was on the way.
            try database.execute(
                sql: """
                    UPDATE hub_device SET cursor = max(cursor, :cursor),
                      digest_state = CASE WHEN :cursor >= cursor THEN coalesce(:digest, digest_state)
                        ELSE digest_state END,
                      unsent = CASE WHEN :made >= coalesce(last_seen_ms, 0) THEN :unsent ELSE unsent END,
                      audit_size = CASE WHEN :made >= coalesce(last_seen_ms, 0) THEN :audit ELSE audit_size END,
                      last_seen_ms = max(coalesce(last_seen_ms, 0), :made),
                      schema_version = max(coalesce(schema_version, 0), :schema) WHERE id = :device
                    """,
                arguments: [
                    "cursor": presence.cursor.rawValue, "digest": digest, "unsent": Int64(bitPattern: presence.unsent),
                    "made": presence.atMilliseconds, "schema": Int64(presence.schemaVersion),
                    "audit": Int64(bitPattern: presence.auditSize), "device": device.sqlBlob,
                ])
            try keep(
                CarriedRequest(cursor: presence.cursor, want: want), madeMilliseconds: presence.atMilliseconds,
                of: device, database)
        }
    }

    public func carried(by device: Identifier) throws -> CarriedRequest? {
        try read("Finding what a device asked for") { try carried(by: device, $0)?.request }
    }

    /// Takes the place of what an earlier file asked for. Which was made later the device's clock says, and that may have
    /// been put right in between: what a file asks for that seems to be older is asked for as well.
    private func keep(
        _ asked: CarriedRequest, madeMilliseconds made: Int64, of device: Identifier, _ database: Database
    ) throws {
        var (kept, keptMade) = (asked, made)
        if let former = try carried(by: device, database), former.madeMilliseconds > made {
            kept.cursor = min(former.request.cursor, asked.cursor)
            let known = Set(former.request.want)
            kept.want = Array(
                (former.request.want + asked.want.filter { !known.contains($0) }).prefix(SQLiteHubStore.wantLimit))
            keptMade = former.madeMilliseconds
        }
        var rows = ByteWriter()
        rows.varint(kept.want.count)
        for row in kept.want {
            rows.varint(UInt64(row.table))
            rows.identifier(row.key)
        }
        try database.execute(
            sql: "INSERT OR REPLACE INTO hub_carried(device, cursor, want, created_ms) VALUES(?, ?, ?, ?)",
            arguments: [device.sqlBlob, kept.cursor.rawValue, rows.bytes.sqlBlob, keptMade])
    }

    private static let wantLimit = 10_000

    private func carried(
        by device: Identifier, _ database: Database
    ) throws -> (request: CarriedRequest, madeMilliseconds: Int64)? {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT cursor, want, created_ms FROM hub_carried WHERE device = ?",
                arguments: [device.sqlBlob])
        else { return nil }
        var input = ByteReader(row.bytes("want"))
        var want: [Tombstone] = []
        for _ in 0..<(try input.count("want", limit: SQLiteHubStore.wantLimit)) {
            let table = UInt16(try input.count("want table", limit: Int(UInt16.max)))
            want.append(Tombstone(table: table, key: try input.identifier("want key")))
        }
        return (CarriedRequest(cursor: Position(row["cursor"]), want: want), row["created_ms"])
    }

    public func note(handedOut position: Position, to device: Identifier, atMilliseconds now: Int64) throws {
        try write("Noting a file") { database in
            try SQLiteHubStore.extendLease(of: device, atMilliseconds: now, database)
            try database.execute(
                sql: "UPDATE hub_device SET asked = max(asked, ?) WHERE id = ?",
                arguments: [position.rawValue, device.sqlBlob])
        }
    }
}
