/// Shows the value written last. The others stay until an edit covers them, and a person is asked only when a clock
/// among them cannot be trusted.
public struct LastWriterWins: CellPolicy {
    public init() {}

    public func displayed(_ siblings: [CellSibling]) -> Int {
        greatest(siblings, by: CellSibling.writtenEarlier)
    }

    public func needsPerson(_ siblings: [CellSibling]) -> Bool {
        siblings.count > 1 && siblings.contains(where: \.isClockSuspect)
    }
}
