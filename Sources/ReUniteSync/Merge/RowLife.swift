/// Whether a row is there. The raw value is what the hub stores.
public enum RowLife: UInt8, Sendable, CaseIterable {
    /// Deleted; a creation that knew of that may bring it back.
    case dead = 0
    case alive = 1
    /// Erased for ever: nothing of it is taken any more, whatever its author had seen.
    case erased = 2

    /// The life after a decision on the row.
    ///
    /// Erasure absorbs from either side, so it does not matter when it arrives; between being made and being deleted,
    /// causality has decided before.
    public func taking(_ decision: RowLife) -> RowLife {
        self == .erased ? .erased : decision
    }
}
