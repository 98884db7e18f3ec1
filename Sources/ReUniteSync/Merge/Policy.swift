/// How one cell shows its siblings. A policy never drops a value: it picks the one that ordinary SQL sees, and says
/// whether a person must be asked.
public protocol CellPolicy: Sendable {
    /// The place of the sibling to show. Depends on the set alone, never on the order of arrival.
    func displayed(_ siblings: [CellSibling]) -> Int
    /// Whether siblings that stand beside each other need a person's decision.
    func needsPerson(_ siblings: [CellSibling]) -> Bool
    /// Whether a value takes the place of another. Never without its author having seen that one.
    func replaces(_ new: CellSibling, _ old: CellSibling, lineage: Lineage) -> Bool
    /// Whether a value closes or protects more than all others, so that it must not wait however many stand there.
    func outranks(_ new: CellSibling, _ others: [CellSibling]) -> Bool
}

extension CellPolicy {
    public func replaces(_ new: CellSibling, _ old: CellSibling, lineage: Lineage) -> Bool {
        new.covers(old, lineage: lineage)
    }

    public func outranks(_ new: CellSibling, _ others: [CellSibling]) -> Bool { false }

    /// The place of the greatest sibling by a rule; ties, which only equal names could make, fall to the first.
    func greatest(_ siblings: [CellSibling], by less: (CellSibling, CellSibling) -> Bool) -> Int {
        siblings.indices.max { less(siblings[$0], siblings[$1]) } ?? 0
    }
}

extension CellSibling {
    /// The order of concurrent writing: effective time, then name.
    static func writtenEarlier(_ left: CellSibling, _ right: CellSibling) -> Bool {
        left.stamp != right.stamp ? left.stamp < right.stamp : left.name < right.name
    }
}
