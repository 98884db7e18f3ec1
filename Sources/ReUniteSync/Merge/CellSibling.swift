/// The place of an op in its author's history: which branch of which chain, and where on it.
public struct Dot: Hashable, Sendable {
    public let branch: Int64
    public let sequence: UInt64

    public init(branch: Int64, sequence: UInt64) {
        self.branch = branch
        self.sequence = sequence
    }
}

/// Which branch grew out of which, so that a fork of a device's chain counts as having seen what came before it.
public struct Lineage: Hashable, Sendable {
    private var forks: [Int64: Dot] = [:]

    public init() {}

    /// Records that a branch continues another after one of its ops.
    public mutating func add(branch: Int64, after fork: Dot) {
        forks[branch] = fork
    }

    /// Whether `earlier` lies before `later` on the same chain, forks included.
    public func precedes(_ earlier: Dot, _ later: Dot) -> Bool {
        if earlier.branch == later.branch { return earlier.sequence < later.sequence }
        var branch = later.branch
        // A chain of forks is finite; the bound guards against a table that names a circle.
        for _ in 0...forks.count {
            guard let fork = forks[branch] else { return false }
            branch = fork.branch
            if branch == earlier.branch { return earlier.sequence <= fork.sequence }
        }
        return false
    }
}

/// One value of one cell, with what decides whether another value was written in knowledge of it.
public struct CellSibling: Hashable, Sendable {
    public var name: OpID
    public var dot: Dot
    /// When the hub made it visible; nil while it is only being judged.
    public var position: Position?
    /// The position that it had in an earlier life of the hub, where a restored hub was given it once more; and the
    /// beginning of the life in which it was.
    public var earlier: EarlierPosition?
    /// What its author had applied: the op's own base if it has one, else its batch's.
    public var base: Position
    /// Siblings that its author saw and left standing.
    public var kept: [OpID]
    /// Siblings that its author decided on by name.
    public var supersedes: [OpID]
    /// Ops of other chains that its author had seen before the hub had.
    public var extras: [Dot]
    /// The effective time: only breaks ties between concurrent values.
    public var stamp: HybridTime
    public var isClockSuspect: Bool
    /// For a state: how often its path had stepped back.
    public var round: Int64
    /// The values of the cell's columns.
    public var values: [Value]

    public init(
        name: OpID, dot: Dot, position: Position?, earlier: EarlierPosition? = nil, base: Position, kept: [OpID] = [],
        supersedes: [OpID] = [],
        extras: [Dot] = [], stamp: HybridTime, isClockSuspect: Bool = false, round: Int64 = 0,
        values: [Value]
    ) {
        self.name = name
        self.dot = dot
        self.position = position
        self.earlier = earlier
        self.base = base
        self.kept = kept
        self.supersedes = supersedes
        self.extras = extras
        self.stamp = stamp
        self.isClockSuspect = isClockSuspect
        self.round = round
        self.values = values
    }
}

/// Where an op stood in a life of the hub that was lost with the machine and came back by its author's hand.
public struct EarlierPosition: Hashable, Sendable {
    public let position: Position
    /// Where the life began in which it came back: no checkpoint from below it knows its new position.
    public let returned: Position

    public init(position: Position, returned: Position) {
        self.position = position
        self.returned = returned
    }

    /// Whether somebody whose base is from an earlier life had seen it there.
    public func isSeen(at base: Position) -> Bool {
        position <= base && base < returned
    }
}
