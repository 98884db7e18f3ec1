/// A hub position: the place of one verdict in the hub's single order of everything it decided.
///
/// Positions only grow, are never reused, and may have gaps (`docs/protocol.md`, "Positions"). Zero comes before
/// all of them: a replica at position zero has seen nothing.
public struct Position: Hashable, Comparable, Sendable {
    public let rawValue: Int64

    public init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static let zero = Position(0)

    public static func < (left: Position, right: Position) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The position after this one.
    public var next: Position { Position(rawValue + 1) }
}

/// One life of a hub's position counter. A hub that was restored from a backup begins a new epoch, so that a
/// position of the lost future is never taken for one of the new.
public struct HubEpoch: Hashable, Sendable {
    /// Counts up from 1.
    public let number: UInt32
    /// Sixteen random bytes, so that two hubs restored from one backup do not share an epoch.
    public let salt: Identifier

    public init(number: UInt32, salt: Identifier) {
        self.number = number
        self.salt = salt
    }
}
