import ReUniteSync

/// Choices from a seed: the same seed makes the same choices on every machine.
///
/// SplitMix64 (Steele, Lea and Flood, 2014). Ranges are taken by remainder: what is left of a bias matters to nobody.
struct Chance: Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Choices of its own for one part of the whole, so that a change there moves nothing elsewhere.
    mutating func part() -> Chance { Chance(seed: next()) }

    mutating func between(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    /// So often out of a hundred.
    mutating func happens(_ percent: Int) -> Bool { between(0...99) < percent }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[between(0...choices.count - 1)] }

    /// One of some choices, each as often as the number beside it.
    mutating func pick<Element>(_ choices: KeyValuePairs<Element, Int>) -> Element {
        var place = between(0...choices.reduce(0) { $0 + $1.value } - 1)
        for (choice, weight) in choices {
            if place < weight { return choice }
            place -= weight
        }
        return choices[choices.startIndex].key
    }

    /// An identifier in the form of a random one (version 8: made by rules of one's own).
    mutating func identifier() -> Identifier {
        Identifier(high: next() & ~0xF000 | 0x8000, low: next() & ~(3 << 62) | 1 << 63)
    }
}
