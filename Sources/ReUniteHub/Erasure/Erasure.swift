public import ReUniteSync

/// The erasure of a person: what was asked for, and what has come of it.
public struct Erasure: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, Encodable {
        case requested
        /// Nobody confirmed it in time.
        case lapsed
        case executed
    }

    public var id: String
    public var state: State
    /// The person's case and the scopes that hang on it.
    public var scopes: [Identifier]
    /// Scopes of others that name hers: their grants are looked at again.
    public var touching: [Identifier]
    public var code: String
    public var reason: String
    public var requestedMilliseconds: Int64
    public var requestedBy: String
    public var executedMilliseconds: Int64?
    public var confirmedBy: String?
    public var position: Int64?
    /// Rows that it takes, or took, by table.
    public var rows: [TableCount]
    /// How many stored batches had values taken out.
    public var batches: Int
    /// Whether free pages and the write-ahead log were cleared after it.
    public var isScrubbed: Bool
    /// Every device that holds something of hers, or once did.
    public var holders: [Holder]
    /// What forbids it now.
    public var holds: [LegalHold]

    public struct TableCount: Hashable, Sendable, Encodable {
        public var table: String
        public var label: String
        public var count: Int
    }

    public struct Holder: Hashable, Sendable {
        public var partner: String
        public var device: String
        public var deviceName: String
        public var role: String
        public var state: String
        /// Whether a grant of hers is open for it.
        public var holds: Bool
        public var lastSeenMilliseconds: Int64?
        /// Whether it owes no purge of hers any more, after the erasure.
        public var hasConfirmed: Bool
    }
}

/// Something that forbids an erasure: a court, a safeguarding inquiry.
public struct LegalHold: Hashable, Sendable {
    public var id: String
    public var scope: Identifier
    public var reason: String
    public var placedMilliseconds: Int64
    public var placedBy: String
    public var liftedMilliseconds: Int64?
    public var liftedBy: String?
}

/// What an erasure is to be recorded as.
package struct ErasureOrder: Hashable, Sendable {
    package var id: Identifier
    package var scopes: [Identifier]
    package var touching: [Identifier]
    package var code: String
    package var reason: String
    package var requestedMilliseconds: Int64
    package var requestedBy: String
    package var confirmedBy: String
}
