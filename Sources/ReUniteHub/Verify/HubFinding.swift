/// One thing that is not as it should be at the hub.
public struct HubFinding: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// SQLite finds the file's structure unsound.
        case damage
        /// The sum that is kept of a class of a scope's rows is not what they come to.
        case scopeDigest = "scope-digest"
        /// The sum that is kept for a subscription is not that of the grants that it has.
        case subscriptionDigest = "subscription-digest"
        /// A live row is not in its table, or the table has a row that is not live.
        case row
        /// Values that stand beside each other, or the question about them, are not those of their row's clock.
        case conflict
        /// A value is not the one that its author signed.
        case value
        /// A device said at its last sync that it holds something else than the hub thinks.
        case device
    }

    public var kind: Kind
    /// What it is about: ids and names, never a value.
    public var what: String

    public init(_ kind: Kind, _ what: String) {
        self.kind = kind
        self.what = what
    }
}

extension Hub {
    /// Recomputes what the hub keeps about its rows, and looks at what its devices said last.
    public func verify() throws -> [HubFinding] {
        let devices = try devices().filter { $0.digest == "mismatch" && $0.state == "enrolled" }
        return try store.verify()
            + devices.map { HubFinding(.device, "\($0.name) of \($0.partner) (\($0.id)) holds something else") }
    }
}
