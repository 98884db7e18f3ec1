import Foundation

/// Steele, Lea and Flood's SplitMix64 (OOPSLA 2014): one word of state, so a run is named by its seed.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// 0 up to, but not including, the bound.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(max(bound, 1))).high)
    }

    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// 0 up to, but not including, 1.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    mutating func chance(_ probability: Double) -> Bool {
        unit() < probability
    }

    /// Zero or more, thinning out exponentially around the mean.
    mutating func exponential(mean: Double) -> Double {
        -log(1 - unit()) * mean
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// The index of one of the weights, each as likely as it weighs.
    mutating func weighted(_ weights: [Int]) -> Int {
        var remainder = below(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if remainder < weight { return index }
            remainder -= weight
        }
        return weights.count - 1
    }
}
