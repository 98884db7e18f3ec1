import Crypto
import GRDB
import ReUniteReplica
package import ReUniteSync

/// Works the audit log out anew: every leaf from what it says, every node and the root from the leaves; then holds the
/// hub's tables against what the leaves say of them.
///
/// Whoever changed a table by hand is found out by the leaf, whoever changed the leaf by its hash, whoever made the
/// hashes fit by the nodes and the note beside the database; and whoever rebuilt all of that with the hub's own key by
/// the first replica that syncs.
struct AuditVerification {
    private let database: Database
    private var report: AuditReport
    private var claims = AuditClaims()

    init(_ database: Database) {
        self.database = database
        report = AuditReport(head: MerkleFrontier().head)
    }

    /// - Parameter noted: the head that the note beside the database signs.
    mutating func run(noted: AuditHead?) throws -> AuditReport {
        report.noted = noted
        report.head = try entries(noted)
        if let noted, noted.size > report.head.size {
            report.find("shortened", "the hub has signed for \(noted.size) entries, and there are \(report.head.size)")
        }
        var tables = AuditTables(database, claims, report)
        return try tables.run()
    }

    private mutating func entries(_ noted: AuditHead?) throws -> AuditHead {
        var frontier = MerkleFrontier()
        if let noted { compare(frontier.head, noted) }
        let rows = try EngineStatement(
            database, "SELECT i, kind, at_ms, salt, detail, leaf, nodes, scope FROM hub_audit ORDER BY i")
        while try rows.step() {
            let index = UInt64(bitPattern: rows.int64(0))
            if index != frontier.size {
                report.find("missing", at: index, "entries are missing before \(index)")
                // The tree cannot be worked out beyond a hole.
                return frontier.head
            }
            guard let leaf = MerkleHash(bytes: rows.blob(5)) else {
                report.find("leaf", at: index, "entry \(index) has no hash")
                return frontier.head
            }
            check(rows, index, leaf)
            if frontier.append(leaf).flatMap(\.bytes) != rows.blob(6) {
                report.find("nodes", at: index, "the tree's hashes beside entry \(index) are not those of its leaves")
            }
            if let noted { compare(frontier.head, noted) }
        }
        return frontier.head
    }

    private mutating func compare(_ head: AuditHead, _ noted: AuditHead) {
        guard head.size == noted.size, head != noted else { return }
        report.find("rewritten", "the hub has signed another root for the first \(noted.size) entries")
    }

    private mutating func check(_ row: EngineStatement, _ index: UInt64, _ leaf: MerkleHash) {
        let isErased = (salt: row.isNull(3), detail: row.isNull(4))
        if isErased.salt && isErased.detail {
            report.erased += 1
            return
        }
        let detail = row.blob(4)
        guard !isErased.salt, !isErased.detail, AuditRecord.leaf(salt: row.blob(3), record: detail) == leaf else {
            report.find("leaf", at: index, "entry \(index) does not say what its hash stands for")
            return
        }
        guard let record = try? AuditRecord(decoding: detail) else {
            report.find("unreadable", at: index, "entry \(index) is in a form that this program does not know")
            return
        }
        if Int64(record.kind.rawValue) != row.int64(1) || record.atMilliseconds != row.int64(2)
            || record.id(.scope) != (row.isNull(7) ? nil : row.identifier(7))
        {
            report.find("columns", at: index, "the columns of entry \(index) do not say what the entry says")
        }
        claims.note(record, at: index)
    }
}

extension SQLiteHubStore {
    package func verifyAudit(noted: AuditHead?) throws -> AuditReport {
        try read("Verifying the audit log") { database in
            var verification = AuditVerification(database)
            var report = try verification.run(noted: noted)
            for difference in try SiblingCheck(database, schema: schema).run() { report.find("conflict", difference) }
            return report
        }
    }
}

extension Hub {
    /// Checks the audit log, and the hub's tables against it. Changes nothing.
    public func verifyAudit() throws -> AuditReport {
        let file = try DurableFile.read(HubFiles(folder: folder).auditPath)
        let noted = file.flatMap { bytes in
            // The newest first; a note of before the hub's newest keys is as good.
            chain.all.reversed().lazy.compactMap {
                AuditNote.verified(String(decoding: bytes, as: UTF8.self), of: self.id, key: $0.signing)
            }.first
        }
        var report = try store.verifyAudit(noted: noted)
        if file != nil && noted == nil {
            report.find("note", "the note beside the database is not signed by this hub's key")
        }
        return report
    }
}
