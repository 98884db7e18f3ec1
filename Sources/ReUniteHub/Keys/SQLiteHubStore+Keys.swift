import Foundation
import GRDB
import ReUniteReplica
package import ReUniteSync

/// What the database knows of one pair of the hub's keys.
package struct HubKeyEntry: Hashable, Sendable {
    package var keys: PublicKeys
    package var succession: SignedKeySuccession?
    package var sinceMilliseconds: Int64
    package var replacedMilliseconds: Int64?
    package var destroyedMilliseconds: Int64?
}

extension SQLiteHubStore {
    package func hubKeys() throws -> [HubKeyEntry] {
        try read("Reading the hub's keys") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM hub_key ORDER BY number").map { row in
                let succession = row.bytes("succession")
                return HubKeyEntry(
                    keys: try PublicKeys(decoding: row.bytes("keys")),
                    succession: succession.isEmpty ? nil : try SignedKeySuccession(decoding: succession),
                    sinceMilliseconds: row["since_ms"], replacedMilliseconds: row["replaced_ms"],
                    destroyedMilliseconds: row["destroyed_ms"])
            }
        }
    }

    package func replaceHubKeys(
        atMilliseconds now: Int64, by make: (Position) throws -> (word: SignedKeySuccession, secret: [UInt8]?)
    ) throws {
        try write("Making new keys for the hub") { database in
            let position = try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0
            let (signed, secret) = try make(Position(position))
            try insert(signed, at: now, database)
            try AuditLog(database).append([
                AuditRecord(
                    .hubRekeyed, atMilliseconds: now,
                    [
                        .number(.count, Int64(signed.succession.keys.number)), .number(.position, position),
                        .hash(.key, Hub.digest(of: signed.succession.keys.encoded())),
                    ])
            ])
            try SQLiteHubStore.noteKeyChange(database)
            // In the ledger first: whoever restores the hub must know of keys that devices have been told of.
            let ledger = try ClosingLedger(beside: database)
            try ledger.append([
                ClosingLedger.Entry(
                    kind: .hubRekeyed, position: position, atMilliseconds: now, succession: Data(signed.bytes),
                    secret: secret.map { Data($0) })
            ])
            try ErasureLedger(HubFiles(folder: ledger.folder)).file.append(naming: signed.succession.keys)
        }
    }

    private func insert(_ signed: SignedKeySuccession, at now: Int64, _ database: Database) throws {
        let word = signed.succession
        try database.execute(
            sql: "INSERT INTO hub_key(number, keys, succession, since_ms) VALUES(?, ?, ?, ?)",
            arguments: [Int64(word.keys.number), word.keys.encoded().sqlBlob, signed.bytes.sqlBlob, now])
        try database.execute(
            sql: "UPDATE hub_key SET replaced_ms = ? WHERE number = ? AND replaced_ms IS NULL",
            arguments: [now, Int64(word.replaced)])
    }

    private static func noteKeyChange(_ database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO hub_meta(name, value) VALUES('key_changes', 1)
                ON CONFLICT(name) DO UPDATE SET value = value + 1
                """)
    }

    package func settle(hubKeys chain: HubKeyChain, here: Set<UInt32>, atMilliseconds now: Int64) throws {
        try write("Reading the hub's keys") { database in
            let known = Set(try UInt32.fetchAll(database, sql: "SELECT number FROM hub_key"))
            if !known.contains(chain.first.number) {
                try database.execute(
                    sql: "INSERT INTO hub_key(number, keys, since_ms) VALUES(?, ?, ?)",
                    arguments: [Int64(chain.first.number), chain.first.encoded().sqlBlob, now])
            }
            for signed in chain.successions where !known.contains(signed.succession.keys.number) {
                try insert(signed, at: signed.succession.milliseconds, database)
                // Whom a life that was lost told of them nobody knows: it may have been anybody.
                try database.execute(
                    sql: """
                        INSERT OR IGNORE INTO hub_key_use(device, number, given_ms)
                        SELECT id, ?, ? FROM hub_device WHERE state IN (1, 2)
                        """, arguments: [Int64(signed.succession.keys.number), now])
            }
            // What is here was put back with a backup of before; what is not, went before it could be recorded.
            for number in chain.all.map(\.number) {
                if here.contains(number) {
                    try database.execute(
                        sql: "UPDATE hub_key SET destroyed_ms = NULL WHERE number = ?", arguments: [Int64(number)])
                } else {
                    try note(destroyed: number, at: now, database)
                }
            }
            try SQLiteHubStore.noteKeyChange(database)
        }
    }

    package func note(destroyed number: UInt32, atMilliseconds now: Int64) throws {
        try write("Destroying the hub's old keys") { database in
            try note(destroyed: number, at: now, database)
            try SQLiteHubStore.noteKeyChange(database)
        }
    }

    private func note(destroyed number: UInt32, at now: Int64, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE hub_key SET destroyed_ms = ? WHERE number = ? AND destroyed_ms IS NULL",
            arguments: [now, Int64(number)])
        guard database.changesCount > 0 else { return }
        try AuditLog(database).append([
            AuditRecord(.hubKeysDestroyed, atMilliseconds: now, [.number(.count, Int64(number))])
        ])
    }

    /// Forgets keys that are lost for good, so that the hub goes on with the ones before them.
    func forget(hubKeysAfter number: UInt32) throws {
        try write("Restoring the hub") { database in
            try database.execute(sql: "DELETE FROM hub_key WHERE number > ?", arguments: [Int64(number)])
            try database.execute(sql: "DELETE FROM hub_key_use WHERE number > ?", arguments: [Int64(number)])
            try database.execute(
                sql: "UPDATE hub_key SET replaced_ms = NULL WHERE number = ?", arguments: [Int64(number)])
        }
    }

    // MARK: What devices do with them

    package func note(hubKey number: UInt32, givenTo device: Identifier, atMilliseconds now: Int64) throws {
        let isKnown = try read("Reading what a device knows") {
            try Int.fetchOne(
                $0.cachedStatement(sql: "SELECT 1 FROM hub_key_use WHERE device = ? AND number = ?"),
                arguments: [device.sqlBlob, Int64(number)]) != nil
        }
        guard !isKnown else { return }
        try write("Noting what a device knows") { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO hub_key_use(device, number, given_ms) VALUES(?, ?, ?)",
                arguments: [device.sqlBlob, Int64(number), now])
        }
    }

    package func note(
        hubKey number: UInt32, shownBy device: Identifier, head: BatchID, atMilliseconds now: Int64
    ) throws {
        let isDone = try read("Reading what a device knows") {
            try Int.fetchOne(
                $0.cachedStatement(
                    sql: """
                        SELECT 1 FROM hub_key_use WHERE device = ? AND number = ? AND settled_at IS NOT NULL
                          AND written_off_ms IS NULL
                        """), arguments: [device.sqlBlob, Int64(number)]) != nil
        }
        guard !isDone else { return }
        try write("Noting what a device knows") { database in
            let isHere =
                try head == .none
                || Int.fetchOne(
                    database, sql: "SELECT 1 FROM hub_batch WHERE id = ? AND device = ?",
                    arguments: [head.bytes.sqlBlob, device.sqlBlob]) != nil
            // Whoever comes back is waited for again.
            try database.execute(
                sql: """
                    INSERT INTO hub_key_use(device, number, given_ms, shown_ms, settled_at)
                    VALUES(?1, ?2, ?3, ?3, CASE WHEN ?4 THEN (SELECT position FROM hub_clock) END)
                    ON CONFLICT(device, number) DO UPDATE SET shown_ms = coalesce(shown_ms, excluded.shown_ms),
                      settled_at = coalesce(settled_at, excluded.settled_at), written_off_ms = NULL,
                      written_off_by = NULL, written_off_why = NULL
                    """, arguments: [device.sqlBlob, Int64(number), now, isHere])
        }
    }

    package func newestHubKey(shownBy device: Identifier) throws -> UInt32? {
        try read("Reading what a device knows") {
            try UInt32.fetchOne(
                $0, sql: "SELECT max(number) FROM hub_key_use WHERE device = ? AND shown_ms IS NOT NULL",
                arguments: [device.sqlBlob])
        }
    }

    package func holders(of number: UInt32, atMilliseconds now: Int64) throws -> [Hub.KeyHolder] {
        try read("Reading who needs the hub's keys") { database in
            try Row.fetchAll(
                database,
                sql: """
                    WITH later AS (
                      SELECT device, max(shown_ms IS NOT NULL) AS shown, min(settled_at) AS settled FROM hub_key_use
                      WHERE number > :number GROUP BY device)
                    SELECT d.id, d.name, p.code, d.last_seen_ms, d.clone_ms IS NOT NULL AS copies,
                      coalesce(l.shown, 0) AS shown, l.settled, coalesce(d.lease_ms < :now, 0) AS over
                    FROM hub_key_use u JOIN hub_device d ON d.id = u.device JOIN hub_partner p ON p.id = d.partner
                    LEFT JOIN later l ON l.device = u.device
                    WHERE u.number = :number AND u.written_off_ms IS NULL AND d.state = 1
                      AND (d.clone_ms IS NOT NULL OR l.settled IS NULL OR l.settled > coalesce(
                        (SELECT value FROM hub_meta WHERE name = 'backed_up'), -1))
                    ORDER BY p.code, d.name
                    """, arguments: ["number": Int64(number), "now": now]
            ).map { row in
                let settled: Int64? = row["settled"]
                let reason: Hub.KeyHolder.Reason =
                    if row["copies"] as Bool {
                        .copies
                    } else if settled != nil {
                        .backup
                    } else if row["shown"] as Bool {
                        .unsent
                    } else {
                        row["over"] as Bool ? .leaseOver : .notSeen
                    }
                return Hub.KeyHolder(
                    device: row.identifier("id").description, name: row["name"], partner: row["code"], reason: reason,
                    lastSeenMilliseconds: row["last_seen_ms"])
            }
        }
    }

    package func writeOff(
        hubKeysOf device: Identifier, by person: String, why: String, atMilliseconds now: Int64
    ) throws -> Int {
        try write("Writing off what a device may have sealed") { database in
            try database.execute(
                sql: """
                    UPDATE hub_key_use SET written_off_ms = ?, written_off_by = ?, written_off_why = ?
                    WHERE device = ? AND written_off_ms IS NULL AND number < (SELECT max(number) FROM hub_key)
                    """, arguments: [now, person, why, device.sqlBlob])
            let count = database.changesCount
            if count > 0 {
                try AuditLog(database).append([
                    AuditRecord(
                        .written, atMilliseconds: now,
                        [
                            .id(.device, device), .word(.code, "keys-written-off"), .number(.count, Int64(count)),
                            .why(by: person, why),
                        ])
                ])
            }
            return count
        }
    }

    package func has(batch: BatchID, of device: Identifier) throws -> Bool {
        try read("Finding a batch") {
            try Int.fetchOne(
                $0, sql: "SELECT 1 FROM hub_batch WHERE id = ? AND device = ?",
                arguments: [batch.bytes.sqlBlob, device.sqlBlob]) != nil
        }
    }
}
