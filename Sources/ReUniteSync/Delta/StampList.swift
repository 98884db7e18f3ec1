/// How a list of stamps is written: bits of its first byte.
private enum StampForm {
    /// A stamp's milliseconds may be before those of the stamp ahead of it.
    static let unordered: UInt8 = 1
    /// The counters are not those that a clock gives out when nothing else asks it.
    static let counters: UInt8 = 2
}

extension ByteWriter {
    /// Writes stamps: the milliseconds of each after the one before it, the first after `base`, then the counters.
    mutating func stamps(_ stamps: [HybridTime], base: Int64) {
        var form: UInt8 = 0
        var previous = HybridTime(milliseconds: base)
        for (index, stamp) in stamps.enumerated() {
            if stamp.milliseconds < previous.milliseconds { form |= StampForm.unordered }
            if stamp.counter != HybridTime.counter(after: index == 0 ? nil : previous, at: stamp.milliseconds) {
                form |= StampForm.counters
            }
            previous = stamp
        }
        byte(form)
        previous = HybridTime(milliseconds: base)
        for stamp in stamps {
            let difference = stamp.milliseconds - previous.milliseconds
            if form & StampForm.unordered == 0 { varint(UInt64(difference)) } else { zigzag(difference) }
            previous = stamp
        }
        guard form & StampForm.counters != 0 else { return }
        var last: HybridTime?
        for stamp in stamps {
            let expected = HybridTime.counter(after: last, at: stamp.milliseconds)
            zigzag(Int64(stamp.counter) - Int64(expected))
            last = stamp
        }
    }
}

extension ByteReader {
    mutating func stamps(count: Int, base: Int64) throws(FormatError) -> [HybridTime] {
        let form = try byte("stamp form")
        guard form <= StampForm.unordered | StampForm.counters else { throw FormatError(.malformed, "stamp form") }
        guard count <= remaining else { throw FormatError(.truncated, "stamps") }
        var times: [Int64] = []
        times.reserveCapacity(count)
        var time = base
        for _ in 0..<count {
            if form & StampForm.unordered == 0 {
                time += Int64(try self.count("stamp", limit: 1 << 48 - 1))
            } else {
                time &+= try zigzag("stamp")
            }
            guard time >= 0, time < 1 << 48 else { throw FormatError(.malformed, "stamp") }
            times.append(time)
        }
        var stamps: [HybridTime] = []
        stamps.reserveCapacity(count)
        for time in times {
            var counter = Int64(HybridTime.counter(after: stamps.last, at: time))
            if form & StampForm.counters != 0 { counter &+= try zigzag("stamp counter") }
            guard counter >= 0, counter <= 0xFFFF else { throw FormatError(.malformed, "stamp counter") }
            stamps.append(HybridTime(rawValue: UInt64(time) << 16 | UInt64(counter)))
        }
        return stamps
    }
}

extension HybridTime {
    /// The lower 16 bits.
    fileprivate var counter: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

    /// The counter that a clock gives at these milliseconds when it last gave `previous`.
    fileprivate static func counter(after previous: HybridTime?, at milliseconds: Int64) -> UInt16 {
        guard let previous, previous.milliseconds == milliseconds else { return 0 }
        return previous.counter &+ 1
    }
}
