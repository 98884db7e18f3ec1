import GRDB
import ReUniteReplica
import ReUniteSync

/// Judges ops of the quarantine again, each alone and now: under its own author, chain, base and context, at a new
/// position. Because an operator vouches for one, or because what it waited for has come.
struct SecondLook {
    private let store: SQLiteHubStore
    private let transaction: HubTransaction
    private let now: Int64

    init(store: SQLiteHubStore, _ transaction: HubTransaction, at now: Int64) {
        self.store = store
        self.transaction = transaction
        self.now = now
    }

    /// Who decided, and why.
    struct Note {
        let by: String
        let why: String
        /// The operator who had signed in; nil where nobody had.
        let signedIn: Identifier?

        init(by: String, why: String) {
            self.by = by
            self.why = why
            signedIn = nil
        }

        init(_ decided: DecidedBy) {
            by = decided.name
            why = decided.why
            signedIn = decided.signedIn
        }

        /// Nobody did: it came by itself.
        static let hub = Note(by: "hub", why: "What it belongs to has come.")
    }

    /// One op that waits.
    struct Entry {
        let id: Identifier
        let batch: Int64
        let index: UInt32
        let reason: Reason
        let groups: UInt64
        let superseded: UInt64
        let isDisplaced: Bool
        let position: Position
        /// Whether the owner of its scope was asked.
        let isProposed: Bool
        /// Whether it stands for a whole batch of which nothing can be read.
        let isWholeBatch: Bool

        init(_ row: Row) {
            id = row.identifier("id")
            batch = row["batch"]
            index = UInt32(truncatingIfNeeded: row["idx"] as Int64)
            reason = Reason(rawValue: UInt8(truncatingIfNeeded: row["reason"] as Int64)) ?? .none
            groups = UInt64(bitPattern: row["groups"])
            superseded = UInt64(bitPattern: row["superseded"])
            isDisplaced = row["displaced"] as Int64 == 1
            position = Position(row["position"])
            isProposed = row["proposal"] as Int64 == 1
            isWholeBatch = row["tbl"] as Int64 == Int64(QuarantineStore.unreadable)
        }
    }

    /// What came of it.
    struct Result {
        let outcome: BatchJudge.Outcome
        var arrivals: [RowKey] = []
        /// What it goes on waiting for.
        var awaited: RowKey?
        /// The row that came back with it as it was when it was deleted; as it was then.
        var revived: HubRow?
    }

    // MARK: One op

    /// Judges an op with an operator's authority, and then what waited for it.
    ///
    /// - Returns: what came of it, and how many others were released with it.
    func release(_ entry: Entry, _ note: Note) throws -> (outcome: BatchJudge.Outcome, others: Int) {
        let result = try judge(entry, isVouchedFor: true)
        if case .quarantined = result.outcome { return (result.outcome, 0) }
        try record(.editReleased, entry, note)
        try settle(entry, result.outcome, note)
        try result.revived.map { try takeAlong($0, vouchedBy: note) }
        return (result.outcome, try follow(result.arrivals, vouchedBy: note))
    }

    /// Judges an op that a lost life of the hub had accepted, and that came back before what it follows. Returns whether
    /// it could be taken now.
    func reconsider(_ entry: Entry) throws -> Bool {
        let result = try judge(entry, isVouchedFor: false)
        if case .quarantined = result.outcome { return false }
        let note = Note(by: "hub", why: "What it follows has come back.")
        try settle(entry, result.outcome, note)
        try result.revived.map { try takeAlong($0, vouchedBy: nil) }
        try follow(result.arrivals)
        try RestoredAccess(transaction).lift(closedBy: entry.batch)
        return true
    }

    /// Judges an op of a device that was let in again, as if it came now. Returns whether it was taken; if not, it waits
    /// for the reason that it has by itself.
    func readmit(_ entry: Entry, _ note: Note) throws -> Bool {
        let result = try judge(entry, isVouchedFor: false)
        guard case .quarantined(let reason) = result.outcome else {
            try record(.editReleased, entry, note)
            try settle(entry, result.outcome, note)
            try result.revived.map { try takeAlong($0, vouchedBy: note) }
            try follow(result.arrivals)
            return true
        }
        try transaction.database.execute(
            sql: "UPDATE hub_quarantine SET reason = ?, waits_tbl = ?, waits_key = ? WHERE id = ?",
            arguments: [
                Int64(reason.rawValue), result.awaited.map { Int64($0.table) }, result.awaited?.key.sqlBlob,
                entry.id.sqlBlob,
            ])
        try amend(entry, .init(index: entry.index, verdict: .quarantined, reason: reason, groups: entry.groups))
        return false
    }

    private func judge(_ entry: Entry, isVouchedFor: Bool) throws -> Result {
        guard
            let stored = try Row.fetchOne(
                transaction.database, sql: "SELECT * FROM hub_batch WHERE no = ?", arguments: [entry.batch]),
            let id = BatchID(bytes: stored.bytes("id"))
        else { return Result(outcome: .quarantined(.malformed)) }
        let header = try BatchHeader(decoding: stored.bytes("header"))
        let first: Int64 = stored["first_sequence"]
        // What was put off whole because of its form is no better now.
        guard !entry.isWholeBatch, header.firstSequence == UInt64(bitPattern: first),
            let ops = try? OpCodec.decode(stored.bytes("ops"), expecting: Int(header.opCount)),
            ops.indices.contains(Int(entry.index))
        else { return Result(outcome: .quarantined(.malformed)) }
        guard header.schemaVersion <= UInt32(store.schema.tables.version) else {
            return Result(outcome: .quarantined(.schema))
        }
        guard let op = remains(of: ops[Int(entry.index)], entry, header) else {
            return Result(outcome: .obsolete(.covered))
        }
        let author: Author
        if header.device == header.hub {
            author = .hub(header.device)
        } else {
            guard let device = try store.device(transaction.database, id: header.device) else {
                return Result(outcome: .quarantined(.malformed))
            }
            author = .device(device)
        }
        let received: Int64 = stored["received_ms"]
        let issued: Int64? = stored["issued_ms"]
        if entry.reason == .clone, issued == nil { return Result(outcome: .quarantined(.unprovenBase)) }
        let branch: Int64 = stored["branch"]
        let before = try op.kind == .create ? nil : transaction.rows.row(op.table, op.key)
        let judge = try BatchJudge(
            transaction, lineage: try BranchStore(transaction.database).lineage(of: branch),
            batch: BatchJudge.Batch(
                number: entry.batch, id: id, header: header, branch: branch, author: author,
                issuedMilliseconds: issued ?? received, receivedMilliseconds: received, judgedMilliseconds: now,
                isVouchedFor: isVouchedFor,
                stoodUntilDeletion: entry.isDisplaced && before?.clock.stamp == entry.position,
                recalled: try Recalled(header, id, transaction.database)))
        let outcome = try judge.outcome(
            of: op, name: OpID(batch: id.short, index: entry.index), at: transaction.takePosition())
        var result = Result(outcome: outcome, arrivals: judge.arrivals)
        if let before, !before.isAlive, !judge.arrivals.isEmpty { result.revived = before }
        if case .quarantined(let reason) = outcome {
            result.awaited = try QuarantineStore(transaction).awaited(by: op, reason: reason, device: header.device)
        }
        return result
    }

    /// The part of an op that nothing of the same chain has replaced since; nil when there is none.
    private func remains(of original: Op, _ entry: Entry, _ header: BatchHeader) -> Op? {
        var op = original
        if entry.reason == .unprovenBase {
            // Nothing proves what its author had seen, so it counts as having seen nothing: beside what stands.
            var context = op.context ?? Op.Context()
            context.cellBase = .zero
            op.context = context
        }
        guard op.kind != .delete else { return entry.superseded == 0 ? op : nil }
        var groups = op.groups & ~entry.superseded
        if op.kind == .set { groups &= entry.groups }
        guard groups != 0 else { return nil }
        guard groups != op.groups, let table = store.schema.tables[op.table] else { return op }
        op.keep(groups, of: table)
        if op.kind == .create { op.kind = .set }
        return op
    }

    // MARK: Records

    /// Records what came of an op, here and in the receipt that its author gets anew.
    /// What is noted of a release that left cells of the edit waiting.
    static let inPart = "in-part"

    private func settle(_ entry: Entry, _ outcome: BatchJudge.Outcome, _ note: Note) throws {
        var word = "accepted"
        var left: UInt64 = 0
        var exception: Receipt.OpException?
        switch outcome {
        case .accepted: break
        case .partly(.none, let groups):
            // Accepted otherwise than it was written: its author hears that these cells are not as it wrote them.
            exception = .init(index: entry.index, verdict: .accepted, reason: .none, groups: groups)
        case .obsolete(let reason):
            word = "obsolete"
            exception = .init(index: entry.index, verdict: .obsolete, reason: reason, groups: entry.groups)
        case .partly(let reason, let groups):
            let isHarmless = reason == .unchanged || reason == .covered
            left = isHarmless ? 0 : groups
            if left != 0 { word = SecondLook.inPart }
            exception = .init(
                index: entry.index, verdict: isHarmless ? .obsolete : .quarantined, reason: reason, groups: groups)
        case .quarantined: return
        }
        try transaction.database.execute(
            sql: """
                UPDATE hub_quarantine SET state = ?, groups = CASE WHEN ?2 = 0 THEN groups ELSE ?2 END, outcome = ?,
                  decided_ms = ?, decided_by = ?, decided_why = ? WHERE id = ?
                """,
            arguments: [left == 0 ? 1 : 0, Int64(bitPattern: left), word, now, note.by, note.why, entry.id.sqlBlob])
        if entry.isProposed { transaction.answered.insert(entry.id) }
        if !entry.isDisplaced { try amend(entry, exception) }
    }

    /// Refuses an op for good: it stays here as it is, and its author is told.
    func refuse(_ entry: Entry, _ note: Note) throws {
        try record(.editRefused, entry, note)
        try transaction.database.execute(
            sql: "UPDATE hub_quarantine SET state = 2, decided_ms = ?, decided_by = ?, decided_why = ? WHERE id = ?",
            arguments: [now, note.by, note.why, entry.id.sqlBlob])
        if entry.isProposed { transaction.answered.insert(entry.id) }
        guard !entry.isDisplaced else { return }
        // The receipt that says so is news for the author's devices.
        _ = transaction.takePosition()
        // The operator may know of an erasure what the author may not: it is told what it was told before.
        let told = try receipt(of: entry.batch)?.exceptions.first { $0.index == entry.index }?.reason
        try amend(
            entry,
            .init(index: entry.index, verdict: .refused, reason: told ?? entry.reason, groups: entry.groups))
    }

    /// Puts a decision on the audit log. The verdict that came of it is recorded with the receipt.
    private func record(_ kind: AuditKind, _ entry: Entry, _ note: Note) throws {
        let scope = try Row.fetchOne(
            transaction.database,
            sql: """
                SELECT s.id FROM hub_quarantine q LEFT JOIN hub_row r ON (r.tbl, r.key) = (q.tbl, q.key)
                JOIN hub_scope s ON s.no = coalesce(q.scope, r.scope) WHERE q.id = ?
                """,
            arguments: [entry.id.sqlBlob])
        transaction.audit.note(
            AuditRecord(
                kind, atMilliseconds: now,
                [.id(.subject, entry.id), .number(.position, entry.position.rawValue), .why(by: note.by, note.why)]
                    + (scope.map { [.id(.scope, $0.identifier("id"))] } ?? [])
                    + (note.signedIn.map { [.id(.actor, $0)] } ?? [])))
    }

    private func receipt(of batch: Int64) throws -> Receipt? {
        try Row.fetchOne(transaction.database, sql: "SELECT receipt FROM hub_batch WHERE no = ?", arguments: [batch])
            .map { try Receipt(decoding: $0.bytes("receipt")) }
    }

    private func amend(_ entry: Entry, _ exception: Receipt.OpException?) throws {
        guard let receipt = try receipt(of: entry.batch) else { return }
        var exceptions = receipt.exceptions.filter { !entry.isWholeBatch && $0.index != entry.index }
        if let exception {
            let indexes = entry.isWholeBatch ? 0..<receipt.opCount : entry.index..<(entry.index + 1)
            exceptions += indexes.map { index in
                .init(index: index, verdict: exception.verdict, reason: exception.reason, groups: exception.groups)
            }
        }
        let amended = Receipt(
            batch: receipt.batch, firstPosition: receipt.firstPosition, opCount: receipt.opCount,
            exceptions: exceptions.sorted { $0.index < $1.index })
        try transaction.save(amended, of: entry.batch)
    }

    // MARK: What waited for it

    /// Other edits that a deletion swept away came back with their row.
    private func takeAlong(_ row: HubRow, vouchedBy note: Note?) throws {
        let condition = "tbl = ? AND key = ? AND state = 0 AND displaced = 1 AND position = ?"
        let place: StatementArguments = [Int64(row.table), row.key.sqlBlob, row.clock.stamp.rawValue]
        if let note {
            let entries = try Row.fetchAll(
                transaction.database, sql: "SELECT * FROM hub_quarantine WHERE \(condition)", arguments: place)
            for entry in entries { try record(.editReleased, Entry(entry), note) }
        }
        let known = note ?? Note.hub
        try transaction.database.execute(
            sql: """
                UPDATE hub_quarantine SET state = 1, outcome = 'accepted', decided_ms = ?, decided_by = ?,
                  decided_why = ? WHERE \(condition)
                """, arguments: [now, known.by, known.why] + place)
    }

    /// Judges again what waited for these rows, and what waited for that.
    ///
    /// - Parameter note: the operator who vouched for the rows; nil when they came by themselves.
    /// - Returns: how many ops were accepted.
    @discardableResult
    func follow(_ arrivals: [RowKey], vouchedBy note: Note? = nil) throws -> Int {
        let isAwaited = try Int.fetchOne(
            transaction.database,
            sql: "SELECT 1 FROM hub_quarantine WHERE state = 0 AND waits_tbl IS NOT NULL LIMIT 1")
        guard isAwaited != nil else { return 0 }
        var queue = arrivals
        var accepted = 0
        while !queue.isEmpty {
            let row = queue.removeFirst()
            let waiting = try Row.fetchAll(
                transaction.database,
                sql: """
                    SELECT * FROM hub_quarantine
                    WHERE waits_tbl = ? AND waits_key = ? AND state = 0 AND reason <> ? ORDER BY sequence, position
                    """,
                // What two copies sent waits for a person, whatever else it waits for (decision 47).
                arguments: [Int64(row.table), row.key.sqlBlob, Int64(Reason.clone.rawValue)]
            ).map(Entry.init)
            for entry in waiting {
                let result = try judge(entry, isVouchedFor: note != nil)
                if case .quarantined(let reason) = result.outcome {
                    try transaction.database.execute(
                        sql: "UPDATE hub_quarantine SET reason = ?, waits_tbl = ?, waits_key = ? WHERE id = ?",
                        arguments: [
                            Int64(reason.rawValue), result.awaited.map { Int64($0.table) },
                            result.awaited?.key.sqlBlob, entry.id.sqlBlob,
                        ])
                    continue
                }
                if let note { try record(.editReleased, entry, note) }
                try settle(entry, result.outcome, note ?? Note.hub)
                try result.revived.map { try takeAlong($0, vouchedBy: note) }
                accepted += 1
                queue += result.arrivals
            }
        }
        return accepted
    }
}
