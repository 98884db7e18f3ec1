/// For rows that are only ever added: a cell has one value for ever, so there is nothing to choose.
public struct AppendOnly: CellPolicy {
    public init() {}

    public func displayed(_ siblings: [CellSibling]) -> Int {
        greatest(siblings, by: CellSibling.writtenEarlier)
    }

    public func needsPerson(_ siblings: [CellSibling]) -> Bool { false }
}
