import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    package func audit(since size: UInt64) throws -> AuditGrowth {
        try read("Reading the audit log") { try AuditLog($0).growth(since: size) }
    }

    package func note(_ record: AuditRecord) throws {
        try write("Writing the audit log") { try AuditLog($0).append([record]) }
    }

    package func auditEntries(since milliseconds: Int64?, kind: AuditKind?) throws -> [AuditEntry] {
        try read("Listing the audit log") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT i, kind, at_ms, salt, detail, leaf FROM hub_audit
                    WHERE (?1 IS NULL OR at_ms >= ?1) AND (?2 IS NULL OR kind = ?2) ORDER BY i
                    """, arguments: [milliseconds, kind.map { Int64($0.rawValue) }]
            ).map(AuditEntry.init)
        }
    }

    package func newestAuditEntries(_ part: ListPart) throws -> ListPage<AuditEntry> {
        try read("Listing the audit log") { database in
            // Its entries are numbered without gaps, so nothing has to be counted.
            try part.read(of: Int(clamping: AuditLog(database).head().size)) { limit in
                try Row.fetchAll(
                    database,
                    sql: "SELECT i, kind, at_ms, salt, detail, leaf FROM hub_audit ORDER BY i DESC \(limit)"
                ).map(AuditEntry.init)
            }
        }
    }

    package func auditEvidence(of index: UInt64) throws -> AuditEvidence? {
        try read("Proving an entry of the audit log") { database in
            let log = AuditLog(database)
            let head = try log.head()
            guard index < head.size,
                let row = try Row.fetchOne(
                    database, sql: "SELECT i, kind, at_ms, salt, detail, leaf FROM hub_audit WHERE i = ?",
                    arguments: [Int64(index)])
            else { return nil }
            let proof = try MerkleTree.inclusionProof(of: index, size: head.size, log.node)
            return AuditEvidence(entry: AuditEntry(row), head: head, proof: proof)
        }
    }
}

extension AuditEntry {
    fileprivate init(_ row: Row) {
        let salt = row.bytes("salt")
        let detail = row.bytes("detail")
        self.init(
            index: UInt64(row["i"] as Int64),
            kind: AuditKind(rawValue: UInt8(truncatingIfNeeded: row["kind"] as Int64)),
            atMilliseconds: row["at_ms"], salt: salt.isEmpty ? nil : salt, detail: detail.isEmpty ? nil : detail,
            leaf: row.bytes("leaf"))
    }
}
