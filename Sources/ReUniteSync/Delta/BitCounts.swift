/// What a place in a context has seen, in one byte: so many zeros in the upper half, so many ones in the lower.
enum BitCounts {
    /// The counts after a bit, at twice the counts before and the bit: one more of what was seen, and of more than two
    /// of the other only about half, because what was last is likelier than what was often.
    static let following: [UInt8] = (0..<512).map { place in
        let isOne = place & 1 == 1
        var (seen, other) = (place >> 5, place >> 1 & 15)
        if isOne { swap(&seen, &other) }
        seen = min(seen + 1, 15)
        if other > 2 { other = (other + 2) / 2 }
        return UInt8(isOne ? other << 4 | seen : seen << 4 | other)
    }

    /// How likely a one is after such counts before anything is learnt, of 65,535.
    static let probabilities: [UInt16] = (0..<256).map { counts in
        let (zeros, ones) = (counts >> 4, counts & 15)
        return UInt16((5 * ones + 2) * 65_535 / (5 * (zeros + ones) + 4))
    }
}
