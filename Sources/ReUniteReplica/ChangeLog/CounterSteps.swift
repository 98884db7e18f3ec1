import ReUniteSync

/// What one counter of one row moved by since the last seal, from the steps that its triggers logged.
///
/// The sum of the differences, not the difference of two readings: another program's trigger that counts on is logged
/// before the step that set it off, and a sum does not care about order.
struct CounterSteps {
    private let steps: [JournalFold.Step]
    private let current: Value

    init(_ steps: [JournalFold.Step], of group: UInt8, current: Value) {
        self.steps = steps.filter { $0.group == group }
        self.current = current
    }

    /// The value that a new row began with.
    var beginning: Value {
        let steps = self.steps.suffix(while: { !$0.isEnd })
        guard let first = steps.first else { return current }
        let number = Int128(Counter.number(current) ?? 0) - CounterSteps.sum(steps)
        return number == 0 && first.old == .null ? .null : .integer(Int64(clamping: number))
    }

    /// The differences to send of a new row, which begins with ``beginning``.
    var deltasOfNewRow: [Int64] {
        let steps = self.steps.suffix(while: { !$0.isEnd })
        return deltas(CounterSteps.sum(steps), over: steps)
    }

    /// The differences to send of a row that the hub knows. One that was deleted and inserted again moved from what
    /// it showed before to what it shows now.
    var deltas: [Int64] {
        guard let end = steps.firstIndex(where: \.isEnd) else {
            return deltas(CounterSteps.sum(steps[...]), over: steps[...])
        }
        let before = Counter.difference(from: .null, to: steps[end].old) - CounterSteps.sum(steps[..<end])
        return deltas(Int128(Counter.number(current) ?? 0) - before, over: steps[...])
    }

    /// A step between NULL and 0 moves nothing, but the hub must hear of it: it holds the other of the two.
    private func deltas(_ total: Int128, over steps: ArraySlice<JournalFold.Step>) -> [Int64] {
        let meetsNull = steps.contains { !$0.isEnd && ($0.old == .null) != ($0.new == .null) }
        return total == 0 && meetsNull ? [0] : Counter.deltas(of: total)
    }

    private static func sum(_ steps: ArraySlice<JournalFold.Step>) -> Int128 {
        steps.reduce(0) { $0 + Counter.difference(from: $1.old, to: $1.new) }
    }
}

extension Array {
    /// The longest end of the list in which everything meets a condition.
    fileprivate func suffix(while condition: (Element) -> Bool) -> ArraySlice<Element> {
        self[(lastIndex { !condition($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
