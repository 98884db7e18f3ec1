/// Which parts a section's row clocks have: bits of a byte.
private enum ClockPart {
    static let exceptions: UInt8 = 1
    static let siblings: UInt8 = 2
    static let all: UInt8 = 3
}

extension ByteWriter {
    /// Writes row clocks: the position of each row after the one before it, the first after `base`; then the counts,
    /// groups and positions of the exceptions; then the rows with siblings, by the gaps between them.
    mutating func rowClocks(_ clocks: [RowClock], base: Int64) {
        var parts: UInt8 = 0
        if clocks.contains(where: { !$0.exceptions.isEmpty }) { parts |= ClockPart.exceptions }
        if clocks.contains(where: { !$0.siblings.isEmpty }) { parts |= ClockPart.siblings }
        byte(parts)
        var previous = base
        for clock in clocks {
            zigzag(clock.stamp.rawValue &- previous)
            previous = clock.stamp.rawValue
        }
        if parts & ClockPart.exceptions != 0 {
            for clock in clocks { varint(clock.exceptions.count) }
            for clock in clocks {
                for exception in clock.exceptions { byte(exception.group) }
            }
            previous = base
            for clock in clocks {
                for exception in clock.exceptions {
                    zigzag(exception.stamp.rawValue &- previous)
                    previous = exception.stamp.rawValue
                }
            }
        }
        guard parts & ClockPart.siblings != 0 else { return }
        varint(clocks.count { !$0.siblings.isEmpty })
        var next = 0
        for (index, clock) in clocks.enumerated() where !clock.siblings.isEmpty {
            varint(index - next)
            next = index + 1
            siblings(clock.siblings)
        }
    }
}

extension ByteReader {
    mutating func rowClocks(count: Int, base: Int64) throws(FormatError) -> [RowClock] {
        let parts = try byte("clock parts")
        guard parts <= ClockPart.all else { throw FormatError(.malformed, "clock parts") }
        guard count <= remaining else { throw FormatError(.truncated, "row stamps") }
        var clocks: [RowClock] = []
        clocks.reserveCapacity(count)
        var previous = base
        for _ in 0..<count {
            previous &+= try zigzag("row stamp")
            clocks.append(RowClock(stamp: Position(previous)))
        }
        if parts & ClockPart.exceptions != 0 { try exceptions(into: &clocks, base: base) }
        guard parts & ClockPart.siblings != 0 else { return clocks }
        let rows = try self.count("sibling rows", limit: count)
        var next = 0
        for _ in 0..<rows {
            let index = next + (try self.count("sibling row", limit: count))
            guard index < count else { throw FormatError(.malformed, "sibling row") }
            next = index + 1
            clocks[index].siblings = try siblings()
        }
        return clocks
    }

    private mutating func exceptions(into clocks: inout [RowClock], base: Int64) throws(FormatError) {
        var counts: [Int] = []
        counts.reserveCapacity(clocks.count)
        var total = 0
        for _ in clocks.indices {
            counts.append(try count("clock exceptions", limit: Int(UInt8.max)))
            total += counts[counts.count - 1]
        }
        let groups = try raw("exception groups", count: total)
        guard groups.allSatisfy({ $0 < 64 }) else { throw FormatError(.malformed, "exception group") }
        guard total <= remaining else { throw FormatError(.truncated, "exception stamps") }
        var previous = base
        var next = groups.startIndex
        for (index, count) in counts.enumerated() where count > 0 {
            clocks[index].exceptions.reserveCapacity(count)
            for _ in 0..<count {
                previous &+= try zigzag("exception stamp")
                clocks[index].exceptions.append(
                    RowClock.Exception(group: groups[next], stamp: Position(previous)))
                next += 1
            }
        }
    }
}
