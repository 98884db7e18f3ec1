/// One op as the oracle knows it: not by positions and chains, but by the exact set of ops its author had seen.
struct TrueOp {
    let cell: Int
    /// Every op of this cell that was behind what the author's database held when the op was written.
    let seen: OpSet
    /// What the author saw beside the value that was edited, and left standing.
    let kept: [Int]
    /// What a resolution named.
    let named: [Int]

    /// Whether this op was written in knowledge of the other, to replace it.
    func replaces(_ other: Int) -> Bool {
        seen.contains(other) && !kept.contains(other)
    }
}

/// What really happened, and what should follow from it.
///
/// It never looks at a position, a branch or a clock: its answers are what those are there to find.
struct TrueHistory {
    private(set) var ops: [TrueOp] = []

    mutating func append(_ op: TrueOp) -> Int {
        ops.append(op)
        return ops.count - 1
    }

    /// The members of a set that no other member replaces.
    func maximal(_ set: [Int]) -> [Int] {
        set.filter { op in !set.contains { $0 != op && ops[$0].replaces(op) } }
    }

    /// What a hub with these siblings should do with an op that arrives.
    func judge(_ arriving: Int, among siblings: [Int]) -> TrueVerdict {
        if siblings.contains(where: { ops[$0].replaces(arriving) }) { return .obsolete }
        return .joins(survivors: siblings.filter { !ops[arriving].replaces($0) })
    }
}

enum TrueVerdict: Equatable {
    case obsolete
    /// The op stands, beside these.
    case joins(survivors: [Int])
}
