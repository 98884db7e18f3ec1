import ReUniteSync

/// Short ways to write siblings and to try every order of a few things.
enum MergeFixtures {
    static func name(_ number: UInt64, _ index: UInt32 = 0) -> OpID {
        OpID(batch: Identifier(high: number, low: 0), index: index)
    }

    static func sibling(
        _ number: UInt64, branch: Int64, sequence: UInt64 = 1, position: Int64? = nil, base: Int64 = 0,
        kept: [OpID] = [], supersedes: [OpID] = [], milliseconds: Int64 = 0, suspect: Bool = false,
        value: Value = .null
    ) -> CellSibling {
        CellSibling(
            name: name(number), dot: Dot(branch: branch, sequence: sequence), position: position.map { Position($0) },
            base: Position(base), kept: kept, supersedes: supersedes, stamp: HybridTime(milliseconds: milliseconds),
            isClockSuspect: suspect, values: [value])
    }

    /// What stands after these have arrived in this order.
    static func fold(_ arriving: [CellSibling], onto start: [CellSibling] = [], lineage: Lineage = Lineage())
        -> [CellSibling]
    {
        arriving.reduce(start) { standing, next in
            guard case .joined(let after) = join(standing, with: next, lineage: lineage) else { return standing }
            return after
        }
    }

    static func permutations<Element>(_ elements: [Element]) -> [[Element]] {
        guard elements.count > 1 else { return [elements] }
        return elements.indices.flatMap { index in
            var rest = elements
            let first = rest.remove(at: index)
            return permutations(rest).map { [first] + $0 }
        }
    }
}
