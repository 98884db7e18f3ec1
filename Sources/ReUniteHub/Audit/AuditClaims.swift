import ReUniteSync

/// What the entries of the audit log say, gathered for a comparison with the hub's tables. Of what was recorded more than
/// once about one thing, the last word.
struct AuditClaims {
    /// An entry, and what it commits to.
    struct Claim {
        let index: UInt64
        let kind: AuditKind
        /// A hash of who and why; of a receipt, of a line or of keys where the kind has that.
        let hash: [UInt8]
    }

    struct GrantKey: Hashable {
        let subscription: Int64
        let scope: Identifier
        let opened: Int64
    }

    /// The receipt that a verdict commits to, by batch.
    var verdicts: [[UInt8]: Claim] = [:]
    var opened: [GrantKey: (index: UInt64, read: Int64, write: Int64)] = [:]
    var closed = Set<GrantKey>()
    /// By line of the disclosure ledger.
    var lines: [Int64: Claim] = [:]
    /// Decisions on conflicts, by position.
    var decisions: [Int64: Claim] = [:]
    /// What was done about edits, holds, erasures, partners and devices: by kind, and then by its subject.
    var acts: [AuditKind: [Identifier: Claim]] = [:]
    /// Signed receipts of purges.
    var purges = Set<[UInt8]>()

    mutating func note(_ record: AuditRecord, at index: UInt64) {
        func claim(_ field: AuditField) -> Claim {
            Claim(index: index, kind: record.kind, hash: record.hash(field) ?? [])
        }
        switch record.kind {
        case .verdict:
            if let batch = record.hash(.batch) { verdicts[batch] = claim(.receipt) }
        case .grantOpened, .grantClosed: note(grant: record, at: index)
        case .disclosed:
            if let line = record.number(.line) { lines[line] = claim(.leaf) }
        case .conflictDecided, .conflictReopened:
            if let position = record.number(.position) { decisions[position] = claim(.why) }
        case .purged:
            if let receipt = record.hash(.receipt) { purges.insert(receipt) }
        case .editReleased, .editRefused:
            guard let edit = record.id(.subject) else { return }
            acts[.editReleased]?[edit] = nil
            acts[.editRefused]?[edit] = nil
            acts[record.kind, default: [:]][edit] = claim(.why)
        case .legalHoldPlaced, .legalHoldLifted, .erasureRequested, .erasureDone, .operatorAdded, .operatorEnded:
            if let subject = record.id(.subject) { acts[record.kind, default: [:]][subject] = claim(.why) }
        case .partnerAdded:
            if let partner = record.id(.partner) { acts[record.kind, default: [:]][partner] = claim(.why) }
        case .deviceInvited, .deviceEnrolled, .deviceRevoked, .deviceWrittenOff, .deviceSuspended, .deviceRekeyed:
            if let device = record.id(.device) { acts[record.kind, default: [:]][device] = claim(.why) }
        case .deviceReadmitted:
            if let device = record.id(.device) { acts[.deviceSuspended]?[device] = nil }
        case .epoch, .started, .batchReleased, .clashKept, .written, .restoreOpened, .salvageDecided,
            .operatorSignedIn, .viewed, .exported, .hubRekeyed, .hubKeysDestroyed,
            .historyShown, .operatorSignInRefused, .operatorSignedOut:
            break
        }
    }

    private mutating func note(grant record: AuditRecord, at index: UInt64) {
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
    }
}
