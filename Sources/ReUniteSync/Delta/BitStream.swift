/// Writes numbers of up to 64 bits one after another, the most significant bit first.
struct BitWriter {
    private(set) var bytes: [UInt8] = []
    /// The bits of the last byte that are taken, 0 to 7.
    private var used = 0

    init(reserving count: Int = 0) {
        bytes.reserveCapacity(count)
    }

    mutating func put(_ value: UInt64, bits: Int) {
        var left = bits
        if used > 0 {
            let taken = min(8 - used, left)
            left -= taken
            let part = UInt8(truncatingIfNeeded: value >> UInt64(left)) & (0xFF >> UInt8(8 - taken))
            bytes[bytes.count - 1] |= part << UInt8(8 - used - taken)
            used = (used + taken) & 7
        }
        while left >= 8 {
            left -= 8
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(left)))
        }
        if left > 0 {
            bytes.append(UInt8(truncatingIfNeeded: value << UInt64(8 - left)))
            used = left
        }
    }
}

/// Reads what ``BitWriter`` wrote.
struct BitReader {
    private let bytes: ArraySlice<UInt8>
    /// Bits read so far.
    private var position = 0

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    mutating func take(_ bits: Int) throws(FormatError) -> UInt64 {
        guard bits <= bytes.count * 8 - position else { throw FormatError(.truncated, "identifier bits") }
        var value: UInt64 = 0
        var left = bits
        while left > 0 {
            let byte = bytes[bytes.startIndex + position >> 3]
            let offset = position & 7
            let taken = min(8 - offset, left)
            let part = (byte << UInt8(offset)) >> UInt8(8 - taken)
            value = value << UInt64(taken) | UInt64(part)
            position += taken
            left -= taken
        }
        return value
    }

    /// Ends the reading: only the zero bits that fill the last byte may be left.
    mutating func end() throws(FormatError) {
        let left = bytes.count * 8 - position
        guard left < 8 else { throw FormatError(.trailing, "identifier bits") }
        guard try take(left) == 0 else { throw FormatError(.malformed, "identifier bits") }
    }
}
