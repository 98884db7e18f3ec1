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
        /// What it is about, where the kind names it beside that.
        var subject: Identifier?
        /// The position, or how many rows: what the kind has.
        var number: Int64?
        /// A code or a role, where the kind has one.
        var code: String?
    }

    struct GrantKey: Hashable {
        let subscription: Int64
        let scope: Identifier
        let opened: Int64
    }

    /// A small number in published figures.
    struct WaivedKey: Hashable {
        let figures: [UInt8]
        /// The measure, with its area where it is one area's.
        let name: String
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
    /// The hashes of all keys that a device ever had, by device.
    var keys: [Identifier: [[UInt8]: UInt64]] = [:]
    /// Signed receipts of purges.
    var purges = Set<[UInt8]>()
    /// Figures that were published, by their hash.
    var published: [[UInt8]: UInt64] = [:]
    /// Small numbers that were let out.
    var waived: [WaivedKey: Claim] = [:]
    /// When the hub was last restored, milliseconds since 1970; nil where it never was.
    var restored: Int64?

    mutating func note(_ record: AuditRecord, at index: UInt64) {
        func claim(_ field: AuditField) -> Claim {
            Claim(index: index, kind: record.kind, hash: record.hash(field) ?? [])
        }
        switch record.kind {
        case .verdict:
            if let batch = record.hash(.batch) { verdicts[batch] = claim(.receipt) }
        case .grantOpened, .grantClosed: note(grant: record, at: index)
        case .disclosed:
            if let line = record.number(.line) {
                lines[line] = claim(.leaf)
                lines[line]?.number = record.number(.count)
            }
        case .conflictDecided, .conflictReopened:
            if let position = record.number(.position) {
                decisions[position] = claim(.why)
                decisions[position]?.subject = record.id(.subject)
            }
        case .purged:
            if let receipt = record.hash(.receipt) { purges.insert(receipt) }
        case .editReleased, .editRefused:
            guard let edit = record.id(.subject) else { return }
            acts[.editReleased]?[edit] = nil
            acts[.editRefused]?[edit] = nil
            acts[record.kind, default: [:]][edit] = claim(.why)
            acts[record.kind]?[edit]?.number = record.number(.position)
        case .legalHoldPlaced, .legalHoldLifted, .erasureRequested, .erasureDone, .operatorAdded, .operatorEnded:
            if let subject = record.id(.subject) { acts[record.kind, default: [:]][subject] = claim(.why) }
        case .partnerAdded:
            if let partner = record.id(.partner) {
                acts[record.kind, default: [:]][partner] = claim(.why)
                acts[record.kind]?[partner]?.code = record.word
            }
        case .deviceInvited, .deviceEnrolled, .deviceRevoked, .deviceWrittenOff, .deviceSuspended, .deviceRekeyed:
            if let device = record.id(.device) { note(record, of: device, claim(.key)) }
        case .deviceReadmitted:
            // With a code it is a lease that was renewed.
            if let device = record.id(.device), record.word == nil { acts[.deviceSuspended]?[device] = nil }
        case .written, .smallNumberWaived: note(figures: record, at: index)
        case .epoch:
            if let number = record.number(.epoch), number > 1 { restored = record.atMilliseconds }
        case .started, .batchReleased, .clashKept, .restoreOpened, .salvageDecided,
            .operatorSignedIn, .viewed, .exported, .hubRekeyed, .hubKeysDestroyed,
            .historyShown, .operatorSignInRefused, .operatorSignedOut:
            break
        }
    }

    private mutating func note(figures record: AuditRecord, at index: UInt64) {
        guard let figures = record.hash(.root), let word = record.word else { return }
        if record.kind == .smallNumberWaived {
            waived[WaivedKey(figures: figures, name: word)] = Claim(
                index: index, kind: record.kind, hash: record.hash(.why) ?? [], number: record.number(.under))
        } else if word == HubAction.publishing {
            published[figures] = index
        }
    }

    private mutating func note(_ record: AuditRecord, of device: Identifier, _ claim: Claim) {
        var claim = claim
        claim.subject = record.id(.partner)
        claim.code = record.word
        acts[record.kind, default: [:]][device] = claim
        if !claim.hash.isEmpty { keys[device, default: [:]][claim.hash] = claim.index }
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

extension AuditRecord {
    /// Its code or role, as it was cut to be recorded.
    fileprivate var word: String? {
        for case .word(.code, let word) in facts { return word }
        return nil
    }

    /// A text as a word of a leaf has it.
    static func word(for text: String) -> String {
        String(decoding: text.utf8.filter { $0 < 0x80 }.prefix(64), as: UTF8.self)
    }
}
