import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    /// Writes what a delivery shows into the ledger and, where it waits in a file, notes the file: in one transaction,
    /// before anything of it leaves the hub.
    ///
    /// - Parameter bytes: how many go over the network; zero for a file, which somebody carries.
    /// - Returns: false when a grant was closed or a row rose to another class since the delivery was built: it must not
    ///   leave. Another program may have judged edits meanwhile.
    package func disclose(
        _ content: DeliveryContent, to device: DeviceRecord, waiting: WaitingDelivery?, bytes: Int,
        atMilliseconds now: Int64
    ) throws -> Bool {
        let disclosed = content.disclosures.flatMap { $0.isEmpty ? nil : $0 }
        guard disclosed != nil || waiting != nil else { return true }
        return try write("Recording a delivery") { database in
            for grant in disclosed?.grants ?? []
            where try !SQLiteHubStore.stands(grant, for: device.subscription, database) {
                return false
            }
            guard try !SQLiteHubStore.isReclassified(since: content.position, for: device.subscription, database) else {
                return false
            }
            if let disclosed {
                var writer = try DisclosureWriter(database, device: device)
                try writer.write(disclosed, position: content.position, atMilliseconds: now)
            }
            if let waiting { try SQLiteHubStore.note(waiting, database) }
            if bytes > 0 { try NightCount.add(down: bytes, atMilliseconds: now, database) }
            return true
        }
    }

    private static func stands(
        _ grant: DisclosedScopes.Grant, for subscription: Int64, _ database: Database
    ) throws -> Bool {
        try Int.fetchOne(
            database.cachedStatement(
                sql: "SELECT 1 FROM hub_grant WHERE sub = ? AND scope = ? AND opened = ? AND closed IS NULL"),
            arguments: [subscription, grant.scope, grant.opened.rawValue]) != nil
    }

    /// Whether a row that a subscription follows came into another class after a position.
    private static func isReclassified(
        since position: Position, for subscription: Int64, _ database: Database
    ) throws -> Bool {
        try Int.fetchOne(
            database,
            sql: """
                SELECT 1 FROM hub_feed f JOIN hub_row r ON r.tbl = f.tbl AND r.key = f.key
                WHERE f.sub = ?1 AND f.position > ?2 AND f.kind = 0 AND r.classed > ?2 LIMIT 1
                """, arguments: [subscription, position.rawValue]) != nil
    }

    private static func note(_ delivery: WaitingDelivery, _ database: Database) throws {
        // A device that asks once more has done with what it was offered before.
        try database.voidDeliveries(of: delivery.device)
        try database.execute(
            sql: """
                INSERT INTO hub_delivery(id, device, sub, from_position, to_position, bytes, made_ms)
                VALUES(?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                delivery.id.sqlBlob, delivery.device.sqlBlob, delivery.subscription, delivery.from.rawValue,
                delivery.to.rawValue, delivery.bytes, delivery.madeMilliseconds,
            ])
    }

    /// The lines about some scopes, oldest first.
    package func disclosures(of scopes: [Identifier]) throws -> [Disclosure] {
        try read("Reading the disclosure ledger") { database in
            try scopes.flatMap { try lines(of: $0, database) }.sorted { $0.sequence < $1.sequence }
        }
    }

    private func lines(of scope: Identifier, _ database: Database) throws -> [Disclosure] {
        var labels: [UInt16: Disclosure.Table] = [:]
        return try Row.fetchAll(
            database,
            sql: """
                SELECT x.*, d.id AS device_id, d.name AS device_name, d.role AS device_role, p.id AS partner_id,
                  p.code, p.name AS partner_name, g.relations, g.why, g.closed
                FROM hub_scope s JOIN hub_disclosure x ON x.scope = s.no JOIN hub_device d ON d.no = x.device
                JOIN hub_partner p ON p.id = d.partner
                LEFT JOIN hub_grant g ON g.sub = x.sub AND g.scope = x.scope AND g.opened = x.opened
                WHERE s.id = ? ORDER BY x.seq
                """, arguments: [scope.sqlBlob]
        ).map { row in
            let packed = row["detail"] == nil ? nil : row.bytes("detail")
            var isIntact: Bool?
            if let packed {
                let line = DisclosureDetail.Line(
                    sequence: row["seq"], atMilliseconds: row["at_ms"], device: row.identifier("device_id"),
                    partner: row.identifier("partner_id"), scope: scope, opened: Position(row["opened"]),
                    position: Position(row["position"]), packed: packed)
                isIntact = DisclosureDetail.leaf(line, salt: row.bytes("salt")) == row.bytes("leaf")
            }
            return Disclosure(
                sequence: row["seq"], atMilliseconds: row["at_ms"], partner: row["code"],
                organisation: row["partner_name"], device: row.identifier("device_id").description,
                deviceName: row["device_name"], role: row["device_role"], scope: scope.description,
                opened: row["opened"], position: row["position"], relations: row["relations"] ?? "",
                why: row["why"] ?? "", isOpen: row["closed"] as Int64? == nil, count: row["rows"],
                rows: try packed.map { try rows($0, &labels, database) }, isIntact: isIntact)
        }
    }

    private func rows(
        _ packed: [UInt8], _ labels: inout [UInt16: Disclosure.Table], _ database: Database
    ) throws -> [Disclosure.DisclosedRow] {
        try DisclosureDetail.unpack(packed).map { row in
            if labels[row.table] == nil {
                let name = tables[row.table]?.name ?? "?"
                labels[row.table] = Disclosure.Table(name: name, label: try TableLabels(database, name).table)
            }
            return Disclosure.DisclosedRow(
                table: labels[row.table] ?? Disclosure.Table(name: "?", label: "?"), row: row.key.description,
                version: row.position.rawValue)
        }
    }
}

/// Appends lines to the ledger, in the caller's transaction.
struct DisclosureWriter {
    private let device: DeviceRecord
    private let insert: EngineStatement
    private let log: AuditLog
    private var next: Int64
    private var generator = SystemRandomNumberGenerator()
    private var records: [AuditRecord] = []

    init(_ database: Database, device: DeviceRecord) throws {
        self.device = device
        log = AuditLog(database)
        insert = try EngineStatement(
            database,
            """
            INSERT INTO hub_disclosure(seq, at_ms, device, sub, scope, opened, position, rows, detail, salt, leaf)
            VALUES(?, ?, (SELECT no FROM hub_device WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        next = (try Int64.fetchOne(database, sql: "SELECT max(seq) FROM hub_disclosure") ?? 0) + 1
    }

    mutating func write(_ disclosed: DisclosedScopes, position: Position, atMilliseconds now: Int64) throws {
        try disclosed.forEachGrant { try write($0, $1, position: position, atMilliseconds: now) }
        try finish()
    }

    /// One line; what the log says of it is written with ``finish()`` at the latest.
    mutating func write(
        _ grant: DisclosedScopes.Grant, _ rows: [DisclosedRow], position: Position, atMilliseconds now: Int64
    ) throws {
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let line = DisclosureDetail.Line(
            sequence: next, atMilliseconds: now, device: device.id, partner: device.partner, scope: grant.id,
            opened: grant.opened, position: position, packed: DisclosureDetail.pack(rows))
        insert.bind(1, next)
        insert.bind(2, now)
        insert.bind(3, device.id)
        insert.bind(4, device.subscription)
        insert.bind(5, grant.scope)
        insert.bind(6, grant.opened.rawValue)
        insert.bind(7, position.rawValue)
        insert.bind(8, rows.count)
        insert.bind(9, line.packed)
        insert.bind(10, salt)
        let leaf = DisclosureDetail.leaf(line, salt: salt)
        insert.bind(11, leaf)
        try insert.run()
        records.append(
            AuditRecord(
                .disclosed, atMilliseconds: now,
                [
                    .id(.scope, grant.id), .id(.partner, device.partner), .id(.device, device.id),
                    .number(.line, next), .number(.position, position.rawValue),
                    .number(.opened, grant.opened.rawValue), .number(.count, Int64(rows.count)),
                    .hash(.leaf, leaf),
                ]))
        next += 1
        // Some at a time: a first delivery shows thousands of scopes.
        if records.count == DisclosureWriter.recordsAtOnce { try finish() }
    }

    /// Puts on the log what is not there yet.
    mutating func finish() throws {
        try log.append(records)
        records.removeAll(keepingCapacity: true)
    }

    private static let recordsAtOnce = 1_000
}
