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
            var rows = ByteWriter()
            rows.varint(want.count)
            for row in want {
                rows.varint(UInt64(row.table))
                rows.identifier(row.key)
            }
            try database.execute(
                sql: """
                    INSERT INTO hub_carried(device, cursor, want, created_ms) VALUES(?, ?, ?, ?)
                    ON CONFLICT(device) DO UPDATE SET cursor = excluded.cursor, want = excluded.want,
                      created_ms = excluded.created_ms WHERE excluded.created_ms >= created_ms
                    """,
                arguments: [
                    device.sqlBlob, presence.cursor.rawValue, rows.bytes.sqlBlob, presence.atMilliseconds,
                ])
        }
    }

    public func carried(by device: Identifier) throws -> CarriedRequest? {
        try read("Finding what a device asked for") { database in
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT cursor, want FROM hub_carried WHERE device = ?",
                    arguments: [device.sqlBlob])
            else { return nil }
            var input = ByteReader(row.bytes("want"))
            var want: [Tombstone] = []
            for _ in 0..<(try input.count("want", limit: 10_000)) {
                let table = UInt16(try input.count("want table", limit: Int(UInt16.max)))
                want.append(Tombstone(table: table, key: try input.identifier("want key")))
            }
            return CarriedRequest(cursor: Position(row["cursor"]), want: want)
        }
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
