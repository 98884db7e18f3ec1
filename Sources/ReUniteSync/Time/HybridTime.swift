/// A hybrid logical clock value: milliseconds since 1970 in the upper 48 bits, a counter in the lower 16.
///
/// Causality is decided by hub positions; this only breaks ties between concurrent values and says when something
/// was written. Algorithm: Kulkarni, Demirbas and others, "Logical Physical Clocks" (2014), with the physical part
/// in milliseconds.
public struct HybridTime: Hashable, Comparable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The first value of a millisecond. Times before 1970 count as 1970, times after the year 10889 as that year.
    public init(milliseconds: Int64) {
        let clamped = min(max(milliseconds, 0), HybridTime.greatestMilliseconds)
        rawValue = UInt64(clamped) << 16
    }

    public static let zero = HybridTime(rawValue: 0)
    /// The last millisecond that fits.
    static let greatestMilliseconds: Int64 = (1 << 48) - 1

    /// Milliseconds since 1970-01-01 UTC.
    public var milliseconds: Int64 { Int64(rawValue >> 16) }

    public static func < (left: HybridTime, right: HybridTime) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Hands out hybrid times that grow while the wall clock stands still or takes a small step back.
///
/// A large step back is a clock that was put right: the times follow it, so that one wrong day does not spoil every
/// later stamp. Stamps only break ties, so causality does not suffer.
public struct HybridClock: Sendable {
    public private(set) var last: HybridTime

    public init(last: HybridTime = .zero) {
        self.last = last
    }

    /// The time of a change written when the wall clock showed these milliseconds.
    public mutating func tick(milliseconds: Int64) -> HybridTime {
        let wall = HybridTime(milliseconds: milliseconds)
        let steppedBack = last.milliseconds - wall.milliseconds > EffectiveTime.tolerance
        last = wall > last || steppedBack ? wall : HybridTime(rawValue: last.rawValue &+ 1)
        return last
    }
}
