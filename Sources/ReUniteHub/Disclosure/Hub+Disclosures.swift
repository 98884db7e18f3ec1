public import ReUniteSync

/// One line of the disclosure ledger: what one delivery showed of one scope.
public struct Disclosure: Hashable, Sendable {
    /// Its place in the ledger, from 1.
    public var sequence: Int64
    public var atMilliseconds: Int64
    /// The partner's code and name.
    public var partner: String
    public var organisation: String
    public var device: String
    public var deviceName: String
    /// `office` or `field`.
    public var role: String
    public var scope: String
    /// The position at which the grant was opened that allowed it, and that of the delivery.
    public var opened: Int64
    public var position: Int64
    /// In what relations the partner stood to the scope then, and the grant's reason as the network words it.
    public var relations: String
    public var why: String
    /// Whether that grant is still open.
    public var isOpen: Bool
    public var count: Int
    /// Nil after an erasure.
    public var rows: [DisclosedRow]?
    /// Whether the line is as it was written; nil after an erasure.
    public var isIntact: Bool?

    public struct Table: Hashable, Sendable {
        public var name: String
        public var label: String
    }

    public struct DisclosedRow: Hashable, Sendable {
        public var table: Table
        public var row: String
        /// The last position that had touched the row.
        public var version: Int64
    }
}

extension Hub {
    /// What was shown of some scopes, to whom and when, oldest first.
    public func disclosures(of scopes: [Identifier]) throws -> [Disclosure] {
        try store.disclosures(of: scopes)
    }
}
