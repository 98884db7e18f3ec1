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
    /// The receipt that the newest verdict on a batch commits to.
    private var verdicts: [[UInt8]: (index: UInt64, receipt: [UInt8])] = [:]
    private var opened: [GrantKey: (index: UInt64, read: Int64, write: Int64)] = [:]
    private var closed = Set<GrantKey>()
    private var lines: [Int64: [UInt8]] = [:]
    private var decisions: [Int64: [UInt8]] = [:]

    private struct GrantKey: Hashable {
        let subscription: Int64
        let scope: Identifier
        let opened: Int64
    }

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
        try checkBatches()
        try checkGrants()
        checkGrantsGone()
        try checkDisclosures()
        try checkDecisions()
        return report
    }

    // MARK: The tree

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
        note(record, at: index)
    }

    private mutating func note(_ record: AuditRecord, at index: UInt64) {
        switch record.kind {
        case .verdict:
            guard let batch = record.hash(.batch), let receipt = record.hash(.receipt) else { return }
            verdicts[batch] = (index, receipt)
        case .grantOpened, .grantClosed:
            guard let subscription = record.number(.subscription), let scope = record.id(.scope),
                let position = record.number(.opened)
            else { return }
            let key = GrantKey(subscription: subscription, scope: scope, opened: position)
            if record.kind == .grantClosed {
                closed.insert(key)
            } else {
                opened[key] = (index, record.number(.read) ?? 0, record.number(.write) ?? 0)
                // Opened once more at the same position.
                closed.remove(key)
            }
        case .disclosed:
            if let line = record.number(.line), let leaf = record.hash(.leaf) { lines[line] = leaf }
        case .conflictDecided, .conflictReopened:
            if let position = record.number(.position), let why = record.hash(.why) { decisions[position] = why }
        default: break
        }
    }

    // MARK: The tables

    private mutating func checkBatches() throws {
        let rows = try EngineStatement(database, "SELECT id, header, receipt FROM hub_batch ORDER BY no")
        while try rows.step() {
            report.batches += 1
            let id = rows.blob(0)
            let name = BatchID(bytes: id)?.short.description ?? "?"
            if Hub.digest(of: rows.blob(1)) != id {
                report.find("batch", "batch \(name) is not the one that its name stands for")
            }
            guard let verdict = verdicts.removeValue(forKey: id) else {
                report.find("no-verdict", "no entry records what was decided on batch \(name)")
                continue
            }
            if Hub.digest(of: rows.blob(2)) != verdict.receipt {
                report.find(
                    "receipt", at: verdict.index,
                    "the receipt of batch \(name) is not what entry \(verdict.index) records")
            }
        }
        for (batch, verdict) in verdicts.sorted(by: { $0.value.index < $1.value.index }) {
            let name = BatchID(bytes: batch)?.short.description ?? "?"
            report.find("batch-gone", at: verdict.index, "batch \(name) of entry \(verdict.index) is not here any more")
        }
    }

    private mutating func checkGrants() throws {
        let rows = try EngineStatement(
            database,
            """
            SELECT g.sub, s.id, g.opened, g.closed, g.read_mask, g.write_mask FROM hub_grant g
            JOIN hub_scope s ON s.no = g.scope
            WHERE s.id NOT IN (SELECT id FROM hub_erased_scope) ORDER BY g.opened
            """)
        while try rows.step() {
            guard let scope = rows.identifier(1) else { continue }
            report.grants += 1
            let key = GrantKey(subscription: rows.int64(0), scope: scope, opened: rows.int64(2))
            guard let entry = opened.removeValue(forKey: key) else {
                report.find("no-opening", "no entry records that scope \(scope) was opened at \(key.opened)")
                continue
            }
            if entry.read != rows.int64(4) || entry.write != rows.int64(5) {
                report.find(
                    "grant", at: entry.index, "the grant on scope \(scope) is not what entry \(entry.index) records")
            }
            if rows.isNull(3) == closed.contains(key) {
                report.find(
                    rows.isNull(3) ? "closing" : "no-closing",
                    "the grant on scope \(scope) of position \(key.opened) and the log do not agree whether it is open")
            }
        }
    }

    private mutating func checkGrantsGone() {
        for (key, entry) in opened.sorted(by: { $0.value.index < $1.value.index }) {
            report.find(
                "grant-gone", at: entry.index,
                "the grant on scope \(key.scope) of entry \(entry.index) is not here any more")
        }
    }

    private mutating func checkDisclosures() throws {
        let rows = try EngineStatement(
            database, "SELECT seq, leaf FROM hub_disclosure WHERE detail IS NOT NULL ORDER BY seq")
        while try rows.step() {
            report.disclosures += 1
            if lines.removeValue(forKey: rows.int64(0)) != rows.blob(1) {
                report.find("disclosure", "no entry records line \(rows.int64(0)) of the disclosure ledger as it is")
            }
        }
        for line in lines.keys.sorted() {
            report.find("disclosure-gone", "line \(line) of the disclosure ledger is not here any more")
        }
    }

    private mutating func checkDecisions() throws {
        let rows = try EngineStatement(
            database, "SELECT position, decided_by, reason FROM hub_decision WHERE reason <> '' ORDER BY position")
        while try rows.step() {
            report.decisions += 1
            let why = AuditFact.why(by: rows.text(1), rows.text(2))
            guard case .hash(_, let hash) = why, decisions[rows.int64(0)] == hash else {
                report.find("decision", "no entry records the decision of position \(rows.int64(0)) as it is")
                continue
            }
        }
    }
}

extension SQLiteHubStore {
    package func verifyAudit(noted: AuditHead?) throws -> AuditReport {
        try read("Verifying the audit log") { database in
            var verification = AuditVerification(database)
            return try verification.run(noted: noted)
        }
    }
}

extension Hub {
    /// Checks the audit log, and the hub's tables against it. Changes nothing.
    public func verifyAudit() throws -> AuditReport {
        let file = try DurableFile.read(HubFiles(folder: folder).auditPath)
        let noted = file.flatMap {
            AuditNote.verified(String(decoding: $0, as: UTF8.self), of: id, key: publicKeys.signing)
        }
        var report = try store.verifyAudit(noted: noted)
        if file != nil && noted == nil {
            report.find("note", "the note beside the database is not signed by this hub's key")
        }
        return report
    }
}
