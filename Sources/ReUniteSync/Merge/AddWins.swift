/// For rows that are the elements of a set: added and removed, never changed. An addition stands until a removal
/// whose author had seen it, so of an addition and a removal that did not know of each other the addition stays.
///
/// The observed-remove set of Shapiro, Preguiça, Baquero and Zawirski (2011), with this engine's causality instead of
/// tags. The siblings of a cell are the additions that stand; the element is there while there is one.
public struct AddWins: CellPolicy {
    public init() {}

    public func displayed(_ siblings: [CellSibling]) -> Int {
        greatest(siblings, by: CellSibling.writtenEarlier)
    }

    public func needsPerson(_ siblings: [CellSibling]) -> Bool { false }

    /// The additions that a removal leaves standing: those that its author had not seen.
    public static func standing(
        _ additions: [CellSibling], after removal: CellSibling, lineage: Lineage
    ) -> [CellSibling] {
        additions.filter { !removal.covers($0, lineage: lineage) }
    }

    /// Whether an addition that arrives after its row was removed brings the row back.
    public static func revives(_ addition: CellSibling, after removal: CellSibling, lineage: Lineage) -> Bool {
        !removal.covers(addition, lineage: lineage)
    }
}
