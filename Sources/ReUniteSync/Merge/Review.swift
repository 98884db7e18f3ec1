/// Shows the value written last, and asks a person whenever two stand beside each other.
public struct Review: CellPolicy {
    public init() {}

    public func displayed(_ siblings: [CellSibling]) -> Int {
        greatest(siblings, by: CellSibling.writtenEarlier)
    }

    public func needsPerson(_ siblings: [CellSibling]) -> Bool {
        siblings.count > 1
    }
}
