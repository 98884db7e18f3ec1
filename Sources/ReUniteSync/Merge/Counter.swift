/// The arithmetic of a counter: every author's differences are added up, so no two of them compete.
///
/// A counter has no siblings. The hub adds each difference once, in whatever order they come: addition is commutative,
/// and a batch is taken once whatever carries it. A replica shows the hub's value and what it has not sent yet on top.
public enum Counter {
    /// What the value is worth; NULL counts as 0. Nil for a value of another type.
    public static func number(_ value: Value) -> Int64? {
        switch value {
        case .null: 0
        case .integer(let number): number
        default: nil
        }
    }

    /// A value with a difference added; nil when that does not fit 64 bits, or when the value is not a number.
    public static func sum(_ value: Value, _ delta: Int64) -> Value? {
        guard let number = number(value) else { return nil }
        let (sum, overflow) = number.addingReportingOverflow(delta)
        return overflow ? nil : .integer(sum)
    }

    /// What one value differs from another by. 128 bits: the ends of the range differ by more than 64 bits hold.
    public static func difference(from old: Value, to new: Value) -> Int128 {
        Int128(number(new) ?? 0) - Int128(number(old) ?? 0)
    }

    /// A total difference as the ops that carry it: none for 0, and one for all but the sums of a range's two ends.
    public static func deltas(of total: Int128) -> [Int64] {
        var left = total
        var deltas: [Int64] = []
        while left != 0 {
            let part = Int64(clamping: left)
            deltas.append(part)
            left -= Int128(part)
        }
        return deltas
    }
}
