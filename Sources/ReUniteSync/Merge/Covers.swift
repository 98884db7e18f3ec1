extension CellSibling {
    /// Whether this value's author had seen the other value and meant to replace it.
    ///
    /// The whole of causality here (`docs/protocol.md`, "Seen and unseen"): no vectors, only the hub's positions, the
    /// author's own chain, and the exceptions that the op names. The rules are tried in this order.
    public func covers(_ other: CellSibling, lineage: Lineage) -> Bool {
        if kept.contains(other.name) { return false }
        if supersedes.contains(other.name) { return true }
        if lineage.precedes(other.dot, dot) { return true }
        if let position = other.position, position <= base { return true }
        if other.earlier?.isSeen(at: base) == true { return true }
        return extras.contains { $0 == other.dot || lineage.precedes(other.dot, $0) }
    }
}

/// What became of a new value of a cell.
public enum CellJoin: Hashable, Sendable {
    /// A value that is already there was written in knowledge of it.
    case obsolete
    /// It stands. The siblings are the values that stand beside it, itself last.
    case joined([CellSibling])
}

/// The maximal values of a cell after one more has arrived.
///
/// A cell's state is the set of values that no other value covers. Joining is commutative, associative and
/// idempotent, so every order of arrival ends with the same set; a policy only says which one is shown.
///
/// - Parameter policy: says which values take the place of others that their authors had seen; by default all do.
public func join(
    _ siblings: [CellSibling], with incoming: CellSibling, lineage: Lineage, policy: any CellPolicy = Review()
) -> CellJoin {
    if siblings.contains(where: { $0.name == incoming.name }) { return .obsolete }
    if siblings.contains(where: { policy.replaces($0, incoming, lineage: lineage) }) { return .obsolete }
    return .joined(siblings.filter { !policy.replaces(incoming, $0, lineage: lineage) } + [incoming])
}
