import GRDB
import ReUniteReplica
import ReUniteSync

/// Holds the hub's tables against what the audit log says of them, in both directions: nothing stands in a table that no
/// entry records, and nothing that an entry records is gone. What was erased is in neither.
struct AuditTables {
    let database: Database
    var claims: AuditClaims
    var report: AuditReport

    init(_ database: Database, _ claims: AuditClaims, _ report: AuditReport) {
        self.database = database
        self.claims = claims
        self.report = report
    }

    mutating func run() throws -> AuditReport {
        try checkBatches()
        try checkGrants()
        try checkDisclosures()
        try checkDecisions()
        try checkActs()
        try checkReopened()
        try checkPartners()
        try checkDevices()
        try checkKeys()
        try checkPurges()
        try checkPublished()
        return report
    }

    private mutating func checkGrants() throws {
        let rows = try EngineStatement(
            database,
            """
            SELECT g.sub, s.id, g.opened, g.closed, g.read_mask, g.write_mask FROM hub_grant g
            JOIN hub_scope s ON s.no = g.scope
            WHERE s.id NOT IN \(AuditTables.erasedScopes) ORDER BY g.opened
            """)
        while try rows.step() {
            guard let scope = rows.identifier(1) else { continue }
            report.grants += 1
            let key = AuditClaims.GrantKey(subscription: rows.int64(0), scope: scope, opened: rows.int64(2))
            guard let entry = claims.opened.removeValue(forKey: key) else {
                report.find("no-opening", "no entry records that scope \(scope) was opened at \(key.opened)")
                continue
            }
            if entry.read != rows.int64(4) || entry.write != rows.int64(5) {
                report.find(
                    "grant", at: entry.index, "the grant on scope \(scope) is not what entry \(entry.index) records")
            }
            if rows.isNull(3) == claims.closed.contains(key) {
                report.find(
                    rows.isNull(3) ? "closing" : "no-closing",
                    "the grant on scope \(scope) of position \(key.opened) and the log do not agree whether it is open")
            }
        }
        for (key, entry) in claims.opened.sorted(by: { $0.value.index < $1.value.index }) {
            report.find(
                "grant-gone", at: entry.index,
                "the grant on scope \(key.scope) of entry \(entry.index) is not here any more")
        }
    }

    private mutating func checkDecisions() throws {
        let rows = try EngineStatement(
            database,
            """
            SELECT d.position, d.decided_by, d.reason, d.conflict FROM hub_decision d LEFT JOIN hub_conflict c ON c.id = d.conflict
            LEFT JOIN hub_scope s ON s.no = c.scope
            WHERE s.id IS NULL OR s.id NOT IN \(AuditTables.erasedScopes) ORDER BY d.position
            """)
        while try rows.step() {
            let position = rows.int64(0)
            let claim = claims.decisions.removeValue(forKey: position)
            // An erasure took the words, and the entry with them.
            guard rows.text(2) != "" else { continue }
            report.decisions += 1
            if claim?.hash != AuditTables.why(rows.text(1), rows.text(2)) || claim?.subject != rows.identifier(3) {
                report.find("decision", "no entry records the decision of position \(position) as it is")
            }
        }
        for (position, claim) in claims.decisions.sorted(by: { $0.key < $1.key }) {
            report.find("decision-gone", at: claim.index, "the decision of position \(position) is not here any more")
        }
    }

    /// What was decided, by whom and why, as ``AuditFact/why(by:_:)`` has it.
    static func why(_ person: String, _ reason: String) -> [UInt8] {
        guard case .hash(_, let bytes) = AuditFact.why(by: person, reason) else { return [] }
        return bytes
    }

    private mutating func checkPurges() throws {
        let rows = try EngineStatement(
            database,
            """
            SELECT p.receipt FROM hub_purge p JOIN hub_scope s ON s.no = p.scope
            WHERE p.receipt IS NOT NULL AND s.id NOT IN \(AuditTables.erasedScopes)
            """)
        while try rows.step() {
            report.acts += 1
            if !claims.purges.contains(Hub.digest(of: rows.blob(0))) {
                report.find("purge", "no entry records a receipt that a device signed for what it purged")
            }
        }
    }

    // MARK: What operators did

    /// A list of what must be on the log.
    private struct Act {
        let kind: AuditKind
        /// Finds the ids; with the person and the reason, or NULL where an erasure took it, if `hasWhy`.
        let sql: String
        var hasWhy = false
        /// Every id that an entry of this kind may speak of; nil where that is the same list.
        var all: String?
    }

    private static let erasedScopes = "(SELECT id FROM hub_erased_scope)"

    private static let acts = [
        Act(kind: .partnerAdded, sql: "SELECT id FROM hub_partner"),
        Act(kind: .deviceInvited, sql: "SELECT id FROM hub_device"),
        Act(kind: .deviceEnrolled, sql: "SELECT DISTINCT device FROM hub_device_key"),
        Act(kind: .deviceRevoked, sql: "SELECT id FROM hub_device WHERE state = 2"),
        Act(
            kind: .deviceRekeyed, sql: "SELECT DISTINCT device FROM hub_device_key WHERE succession IS NOT NULL"),
        Act(kind: .deviceWrittenOff, sql: "SELECT id FROM hub_device WHERE written_off_ms IS NOT NULL"),
        Act(kind: .deviceSuspended, sql: "SELECT id FROM hub_device WHERE clone_ms IS NOT NULL"),
        Act(
            kind: .editReleased,
            sql: """
                SELECT id, decided_by, decided_why FROM hub_quarantine
                WHERE state <> 2 AND decided_by <> 'hub' AND reason <> \(Reason.erased.rawValue)
                """, hasWhy: true, all: "SELECT id FROM hub_quarantine"),
        Act(
            kind: .editRefused,
            sql: """
                SELECT id, decided_by, decided_why FROM hub_quarantine
                WHERE state = 2 AND reason <> \(Reason.erased.rawValue)
                """, hasWhy: true, all: "SELECT id FROM hub_quarantine"),
        Act(
            kind: .legalHoldPlaced,
            sql: "SELECT id, placed_by, reason FROM hub_legal_hold WHERE scope NOT IN \(erasedScopes)", hasWhy: true,
            all: "SELECT id FROM hub_legal_hold"),
        Act(
            kind: .legalHoldLifted,
            sql: """
                SELECT id, lifted_by, lifted_why FROM hub_legal_hold
                WHERE lifted_ms IS NOT NULL AND scope NOT IN \(erasedScopes)
                """, hasWhy: true),
        Act(
            kind: .erasureRequested,
            sql: "SELECT id, requested_by, reason FROM hub_erasure WHERE executed_ms IS NULL", hasWhy: true,
            all: "SELECT id FROM hub_erasure"),
        Act(kind: .operatorAdded, sql: "SELECT id FROM hub_operator"),
        // Who was let in again was ended once.
        Act(
            kind: .operatorEnded, sql: "SELECT id FROM hub_operator WHERE ended_ms IS NOT NULL",
            all: "SELECT id FROM hub_operator"),
        Act(
            kind: .erasureDone, sql: "SELECT id, confirmed_by, '' FROM hub_erasure WHERE executed_ms IS NOT NULL",
            hasWhy: true),
    ]

    private mutating func checkActs() throws {
        for act in AuditTables.acts {
            let name = act.kind.word
            var entries = claims.acts[act.kind] ?? [:]
            let rows = try EngineStatement(database, act.sql)
            while try rows.step() {
                guard let subject = rows.identifier(0), !act.hasWhy || !rows.isNull(2) else { continue }
                report.acts += 1
                let claim = entries.removeValue(forKey: subject)
                if claim == nil || act.hasWhy && claim?.hash != AuditTables.why(rows.text(1), rows.text(2)) {
                    report.find("act", at: claim?.index, "no entry '\(name)' records \(subject) as it is")
                }
            }
            if let all = act.all {
                let known = try EngineStatement(database, all)
                while try known.step() {
                    if let id = known.identifier(0) { entries[id] = nil }
                }
            }
            for (subject, claim) in entries.sorted(by: { $0.value.index < $1.value.index }) {
                report.find(
                    "act-gone", at: claim.index,
                    "what entry \(claim.index), '\(name)', says of \(subject) is not here any more")
            }
        }
    }
}
