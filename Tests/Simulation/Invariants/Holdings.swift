import GRDB
import ReUniteReplica
import ReUniteSync

/// Which scopes and classes a device may hold, from the rows and not from the hub's account of grants.
extension Audit {
    /// The classes of each scope that a partner may read.
    func masks(of partner: Identifier) throws -> [Identifier: UInt64] {
        try hub.read { database in
            var masks: [Identifier: UInt64] = [:]
            let rows = try Row.fetchAll(
                database, sql: "SELECT scope, read_mask FROM ru_grant_source WHERE partner = ?",
                arguments: [partner.sqlBlob])
            for row in rows {
                let mask: Int64? = row["read_mask"]
                masks[row.identifier("scope"), default: 0] |= UInt64(bitPattern: mask ?? 0)
            }
            return masks
        }
    }

    /// The same of a device: of a laptop, only its partner's own records, the cases that its caseload names with what
    /// was referred of them, and whatever it opened itself that no caseload takes away.
    func masks(of device: Device) throws -> [Identifier: UInt64] {
        let all = try masks(of: device.partner)
        guard !device.isOffice else { return all }
        let held = try hub.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT case_id AS scope, max(status = 'ON') AS held FROM caseload
                    WHERE device_id = ?1 AND partner_id = ?2 AND status <> 'ASKED' GROUP BY case_id
                    UNION ALL
                    SELECT r.id, max(l.status = 'ON') FROM referral r JOIN caseload l ON l.case_id = r.case_id
                    WHERE l.device_id = ?1 AND l.partner_id = ?2 AND l.status <> 'ASKED' GROUP BY r.id
                    """, arguments: [device.id.sqlBlob, device.partner.sqlBlob])
        }
        let said = Dictionary(
            held.map { ($0.identifier("scope"), ($0["held"] as Int64) == 1) }, uniquingKeysWith: { $0 || $1 })
        let makers = openers()
        return all.filter { scope, _ in
            scope == device.partner || said[scope] ?? (makers[scope] == device.id)
        }
    }

    /// Who wrote the row that opened each scope, where it was accepted.
    private func openers() -> [Identifier: Identifier] {
        var openers: [Identifier: Identifier] = [:]
        for entry in judged where entry.op.kind == .create && !entry.isWhollyQuarantined {
            guard let table = schema[entry.op.table], let column = table.scopeColumn,
                !table.columns.contains(where: { $0.name == column }), openers[entry.op.key] == nil
            else { continue }
            openers[entry.op.key] = entry.device
        }
        return openers
    }

    /// The classes of rows that carry their own.
    struct RowClasses {
        fileprivate var bits: [String: [String: UInt8]] = [:]

        func of(_ row: Row, _ table: TableDescription) -> UInt8 {
            guard let column = table.classColumn, let value: String = row[column] else { return table.disclosureClass }
            return bits[table.name]?[value] ?? table.disclosureClass
        }
    }

    func rowClasses() throws -> RowClasses {
        try hub.read { database in
            var classes = RowClasses()
            let rows = try Row.fetchAll(
                database, sql: "SELECT r.tbl, r.value, c.bit FROM ru_row_class r JOIN ru_class c ON c.code = r.class")
            for row in rows {
                let bit: Int64 = row["bit"]
                classes.bits[row["tbl"], default: [:]][row["value"]] = UInt8(bit)
            }
            return classes
        }
    }
}
