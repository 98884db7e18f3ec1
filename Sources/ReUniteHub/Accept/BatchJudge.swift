import GRDB
import ReUniteReplica
import ReUniteSync

/// Judges the ops of one batch in order, each on its own: one bad op never stops the others.
final class BatchJudge {
    /// What every op of the batch has in common.
    struct Batch {
        let number: Int64
        let id: BatchID
        let header: BatchHeader
        let branch: Int64
        let author: Author
        /// When the hub signed the base, and when the batch arrived; milliseconds since 1970.
        let issuedMilliseconds: Int64
        let receivedMilliseconds: Int64
        /// The hub's time now; later than `receivedMilliseconds` where an op is judged once more.
        let judgedMilliseconds: Int64
        /// Whether an operator looked at it and answers for it.
        var isVouchedFor = false
        /// Whether its op stood in its row until a deletion took the row, so that it comes back with it by itself.
        var stoodUntilDeletion = false
        /// What an earlier life of the hub had said of it, where the hub was restored from a backup since.
        var recalled: Recalled?

        /// The place of one of its ops on its chain.
        func dot(of name: OpID) -> Dot {
            Dot(branch: branch, sequence: header.firstSequence + UInt64(name.index))
        }
    }

    let transaction: HubTransaction
    let grants: GrantStore
    let feed: FeedStore
    let clashes: ClashStore
    let guards: StepGuard
    let erased: ErasedScopes
    let lineage: Lineage
    let batch: Batch
    private let conflicts: ConflictStore
    private let quarantine: QuarantineStore
    /// Rows that came to life: what waits for them is judged again.
    private(set) var arrivals: [RowKey] = []

    init(_ transaction: HubTransaction, lineage: Lineage, batch: Batch) throws {
        self.transaction = transaction
        self.lineage = lineage
        self.batch = batch
        if case .device(let device) = batch.author {
            transaction.author = device.partner
        } else {
            transaction.author = nil
        }
        feed = try FeedStore(transaction)
        clashes = ClashStore(transaction)
        guards = StepGuard(transaction)
        erased = ErasedScopes(transaction)
        grants = try GrantStore(transaction, feed: feed)
        conflicts = ConflictStore(transaction)
        quarantine = QuarantineStore(transaction)
    }

    /// What became of one op.
    enum Outcome {
        case accepted
        /// Some groups were changed on the way, or only some were taken.
        case partly(Reason, groups: UInt64)
        case obsolete(Reason)
        case quarantined(Reason)

        /// The same, with some groups that were changed or not taken. The reason that a person should know wins.
        func adding(_ reason: Reason, groups: UInt64) -> Outcome {
            guard groups != 0 else { return self }
            switch self {
            case .accepted,
                .partly(.none, _) where reason != .none:
                return .partly(reason, groups: groups)
            case .partly(.none, let others): return .partly(.none, groups: others | groups)
            case .partly(let graver, let others):
                return .partly(graver, groups: reason == .none ? others : others | groups)
            case .obsolete, .quarantined: return self
            }
        }
    }

    /// Judges every op, each at a position of its own.
    func judge(_ ops: [Op]) throws -> [Receipt.OpException] {
        var exceptions: [Receipt.OpException] = []
        for (index, op) in ops.enumerated() {
            let position = transaction.takePosition()
            let name = OpID(batch: batch.id.short, index: UInt32(index))
            switch try outcome(of: op, name: name, at: position) {
            case .accepted: continue
            case .partly(let reason, let groups):
                let verdict: Verdict
                switch reason {
                case .none: verdict = .accepted
                case .unchanged, .covered: verdict = .obsolete
                default:
                    verdict = .quarantined
                    try quarantine.put(op, name: name, batch: batch, groups: groups, reason: reason, at: position)
                }
                exceptions.append(.init(index: UInt32(index), verdict: verdict, reason: reason, groups: groups))
            case .obsolete(let reason):
                exceptions.append(
                    .init(index: UInt32(index), verdict: .obsolete, reason: reason, groups: op.groups))
            case .quarantined(let reason):
                let kept = try erased.covers(op) ? .erased : reason
                try quarantine.put(op, name: name, batch: batch, groups: op.groups, reason: kept, at: position)
                exceptions.append(
                    .init(index: UInt32(index), verdict: .quarantined, reason: reason, groups: op.groups))
            }
        }
        return exceptions
    }

    /// Judges one op inside a savepoint, so that a value that its table refuses leaves nothing behind.
    func outcome(of op: Op, name: OpID, at position: Position) throws -> Outcome {
        if let reason = try erased.refusal(of: op, by: batch.author, grants, at: position) {
            return .quarantined(reason)
        }
        let database = transaction.database
        let mark = transaction.audit.mark
        try database.cachedStatement(sql: "SAVEPOINT op").execute()
        let closings = transaction.closings.count
        do {
            let outcome = try OpJudge(self, conflicts: conflicts, quarantine: quarantine)
                .judge(op, name: name, at: position)
            switch outcome {
            case .accepted, .partly:
                try database.cachedStatement(sql: "RELEASE op").execute()
                var written = op.groups
                if case .partly(let reason, let groups) = outcome, reason != .none { written &= ~groups }
                try quarantine.supersede(op, groups: written, by: batch.dot(of: name), lineage: lineage)
                if op.kind == .create || batch.isVouchedFor { arrivals.append(op.row) }
            case .obsolete, .quarantined:
                try rollBack(to: mark, closings)
            }
            return outcome
        } catch {
            try rollBack(to: mark, closings)
            guard BatchJudge.isOfOneOp(error) else { throw error }
            return .quarantined(.malformed)
        }
    }

    /// Whether an error tells of the op that was being judged, or of what it met, and not of the database: then that op
    /// waits for a person, and whatever comes with it or after it goes on.
    private static func isOfOneOp(_ error: any Error) -> Bool {
        switch error {
        case let fault as SQLiteFault: fault.isConstraint
        case let fault as DatabaseError: fault.resultCode == .SQLITE_CONSTRAINT
        default: error is FormatError
        }
    }

    private func rollBack(to mark: Int, _ closings: Int) throws {
        transaction.closings.removeSubrange(closings...)
        try transaction.database.execute(sql: "ROLLBACK TO op; RELEASE op")
        transaction.forgetScopes()
        transaction.audit.rollBack(to: mark)
        grants.forget()
    }
}
