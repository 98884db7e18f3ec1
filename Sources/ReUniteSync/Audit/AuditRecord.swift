import Crypto

/// What a leaf of the audit log is about. The number is part of the leaf and never means anything else.
public enum AuditKind: UInt8, Hashable, Sendable, CaseIterable {
    case epoch = 1
    case started = 2
    case verdict = 3
    case grantOpened = 4
    case grantClosed = 5
    case disclosed = 6
    case conflictDecided = 7
    case conflictReopened = 8
    case editReleased = 9
    case editRefused = 10
    case batchReleased = 11
    case partnerAdded = 12
    case deviceInvited = 13
    case deviceEnrolled = 14
    case deviceRevoked = 15
    case legalHoldPlaced = 16
    case legalHoldLifted = 17
    case erasureRequested = 18
    case erasureDone = 19
    case purged = 20
    case clashKept = 21
    /// Rows that an operator's command wrote; the word says which command.
    case written = 22
    /// Nobody waits any more for a revoked device to purge.
    case deviceWrittenOff = 23
    /// A second copy of a device was seen: neither is served.
    case deviceSuspended = 24
    /// One of the copies is served again.
    case deviceReadmitted = 25
    /// A restored hub opens scopes again: all, or one that had been closed in the life that was lost.
    case restoreOpened = 26
    /// A value that only replicas knew was written, or let go.
    case salvageDecided = 27
    /// New keys took the place of a device's.
    case deviceRekeyed = 28
    /// Somebody may sign in at the console, or has a new code.
    case operatorAdded = 29
    case operatorEnded = 30
    case operatorSignedIn = 31
    /// An operator saw something of somebody; the word says on which page.
    case viewed = 32
    /// Figures or rows left the hub in a file or on a screen; the word says which.
    case exported = 33
    /// New keys took the place of the hub's own.
    case hubRekeyed = 34
    /// Keys of the hub's that nobody needs any more are gone, and what was sealed to them cannot be opened again.
    case hubKeysDestroyed = 35
    /// A device was told who wrote a row, and what of it.
    case historyShown = 36
    /// Somebody gave a code at the console that was not theirs; who, nobody knows.
    case operatorSignInRefused = 37
    case operatorSignedOut = 38
    /// A small number was let out in published figures; the word says of which measure and area.
    case smallNumberWaived = 39

    /// The word that is printed: fixed, lower case, hyphenated.
    public var word: String {
        switch self {
        case .epoch: "epoch"
        case .started: "started"
        case .verdict: "verdict"
        case .grantOpened: "grant-opened"
        case .grantClosed: "grant-closed"
        case .disclosed: "disclosed"
        case .conflictDecided: "conflict-decided"
        case .conflictReopened: "conflict-reopened"
        case .editReleased: "edit-released"
        case .editRefused: "edit-refused"
        case .batchReleased: "batch-released"
        case .partnerAdded: "partner-added"
        case .deviceInvited: "device-invited"
        case .deviceEnrolled: "device-enrolled"
        case .deviceRevoked: "device-revoked"
        case .legalHoldPlaced: "legal-hold-placed"
        case .legalHoldLifted: "legal-hold-lifted"
        case .erasureRequested: "erasure-requested"
        case .erasureDone: "erasure-done"
        case .purged: "purged"
        case .clashKept: "clash-kept"
        case .written: "written"
        case .deviceWrittenOff: "device-written-off"
        case .deviceSuspended: "device-suspended"
        case .deviceReadmitted: "device-readmitted"
        case .restoreOpened: "restore-opened"
        case .salvageDecided: "salvage-decided"
        case .deviceRekeyed: "device-rekeyed"
        case .operatorAdded: "operator-added"
        case .operatorEnded: "operator-ended"
        case .operatorSignedIn: "operator-signed-in"
        case .viewed: "viewed"
        case .exported: "exported"
        case .hubRekeyed: "hub-rekeyed"
        case .hubKeysDestroyed: "hub-keys-destroyed"
        case .historyShown: "history-shown"
        case .operatorSignInRefused: "operator-sign-in-refused"
        case .operatorSignedOut: "operator-signed-out"
        case .smallNumberWaived: "small-number-waived"
        }
    }
}

/// What a fact in a leaf is called. The number says the form of its value as well: below 64 an id, below 128 a number,
/// below 192 a hash of 32 bytes, from there on a word.
public enum AuditField: UInt8, Hashable, Sendable, CaseIterable {
    case hub = 1
    case salt = 2
    case scope = 3
    case partner = 4
    case device = 5
    case subject = 6
    /// The conflict, edit or pair of rows that a page asks about.
    case question = 7
    /// The operator who had signed in at the console, where the subject is something else.
    case actor = 8
    case epoch = 64
    case size = 65
    case position = 66
    case opened = 67
    case subscription = 68
    case read = 69
    case write = 70
    case count = 71
    case line = 72
    case clean = 73
    case alone = 74
    /// Of a small number that was let out: fewer than so many in a hundred.
    case under = 75
    case root = 128
    case batch = 129
    case receipt = 130
    case leaf = 131
    case key = 132
    case why = 133
    case code = 192

    public var word: String { "\(self)" }
}

/// One fact: never a text that anybody typed, nor a value of a row.
public enum AuditFact: Hashable, Sendable {
    case id(AuditField, Identifier)
    case number(AuditField, Int64)
    case hash(AuditField, [UInt8])
    case word(AuditField, String)

    public var field: AuditField {
        switch self {
        case .id(let field, _), .number(let field, _), .hash(let field, _), .word(let field, _): field
        }
    }

    /// Who decided and why, as a hash: the words themselves stay where they are kept and may be taken out.
    public static func why(by person: String, _ reason: String) -> AuditFact {
        var out = ByteWriter(reserving: 128)
        out.string(person)
        out.string(reason)
        return .hash(.why, Array(SHA256.hash(data: out.bytes)))
    }
}

/// What a leaf says, in one form only (`docs/audit.md`, "Forms").
public struct AuditRecord: Hashable, Sendable {
    public let kind: AuditKind
    /// By the hub's clock, milliseconds since 1970.
    public let atMilliseconds: Int64
    /// Ascending by field, each field once.
    public let facts: [AuditFact]

    private static let version: UInt8 = 1
    static let wordLimit = 64
    /// Sixteen random bytes for every leaf of its own, so that two leaves that say the same are different, and so that
    /// a leaf whose salt is gone tells nothing even to somebody who guesses what it said.
    public static let saltLength = 16

    public init(_ kind: AuditKind, atMilliseconds: Int64, _ facts: [AuditFact]) {
        self.kind = kind
        self.atMilliseconds = atMilliseconds
        self.facts = facts.sorted { $0.field.rawValue < $1.field.rawValue }
    }

    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 160)
        out.byte(AuditRecord.version)
        out.byte(kind.rawValue)
        out.zigzag(atMilliseconds)
        for fact in facts {
            out.byte(fact.field.rawValue)
            switch fact {
            case .id(_, let id): out.identifier(id)
            case .number(_, let number): out.zigzag(number)
            case .hash(_, let bytes): out.raw(bytes)
            case .word(_, let text): out.string(Array(text.utf8.filter { $0 < 0x80 }.prefix(AuditRecord.wordLimit)))
            }
        }
        return out.bytes
    }

    /// - Throws: ``FormatError`` for a field, kind or version that this program does not know.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("audit version") == AuditRecord.version,
            let kind = AuditKind(rawValue: try input.byte("audit kind"))
        else { throw FormatError(.unknownVersion, "audit record") }
        self.kind = kind
        atMilliseconds = try input.zigzag("audit time")
        var facts: [AuditFact] = []
        while input.remaining > 0 {
            guard let field = AuditField(rawValue: try input.byte("audit field")) else {
                throw FormatError(.unknownVersion, "audit field")
            }
            if let last = facts.last, last.field.rawValue >= field.rawValue {
                throw FormatError(.malformed, "audit field")
            }
            switch field.rawValue {
            case ..<64: facts.append(.id(field, try input.identifier("audit id")))
            case ..<128: facts.append(.number(field, try input.zigzag("audit number")))
            case ..<192: facts.append(.hash(field, Array(try input.raw("audit hash", count: 32))))
            default:
                let word = try input.text("audit word", limit: AuditRecord.wordLimit)
                // Nothing else is ever written: a leaf has one form.
                guard word.utf8.allSatisfy({ $0 < 0x80 }) else { throw FormatError(.malformed, "audit word") }
                facts.append(.word(field, word))
            }
        }
        self.facts = facts
    }

    /// The leaf of a record: SHA-256(0x00 ‖ salt ‖ record).
    public static func leaf(salt: [UInt8], record: [UInt8]) -> MerkleHash {
        MerkleTree.leaf(salt + record)
    }

    // MARK: Reading one

    public func id(_ field: AuditField) -> Identifier? {
        for case .id(field, let id) in facts { return id }
        return nil
    }

    public func number(_ field: AuditField) -> Int64? {
        for case .number(field, let number) in facts { return number }
        return nil
    }

    public func hash(_ field: AuditField) -> [UInt8]? {
        for case .hash(field, let bytes) in facts { return bytes }
        return nil
    }
}
