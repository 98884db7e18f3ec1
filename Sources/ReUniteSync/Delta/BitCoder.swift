/// Writes or reads one bit after another, each with a probability that both sides know.
protocol BitCoder {
    /// Takes a bit and gives it back; one that reads gives what it reads instead. The probability of a one is of 65,536,
    /// and neither 0 nor 65,536.
    mutating func code(_ bit: Int, _ probability: UInt32) -> Int
}

/// Writes nothing: for what both sides know already.
struct BitListener: BitCoder {
    func code(_ bit: Int, _ probability: UInt32) -> Int { bit }
}

/// The arithmetic encoder (`Schemas/wire/delta.md`, section 14): a range of 32 bits that every bit cuts in two.
struct BitEncoder: BitCoder {
    private var bytes: [UInt8] = []
    private var range = BitRange()

    mutating func code(_ bit: Int, _ probability: UInt32) -> Int {
        range.cut(range.middle(probability), isOne: bit != 0)
        while let byte = range.settled {
            bytes.append(byte)
            range.shift()
        }
        return bit
    }

    /// The shortest bytes that are read as what was written: a reader sees zeros after them.
    consuming func finished() -> [UInt8] {
        for count in 0...4 as ClosedRange<UInt64> {
            let unit = UInt64(1) << (32 - 8 * count)
            let end = (UInt64(range.low) + unit - 1) / unit * unit
            guard end <= UInt64(range.high) else { continue }
            for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: end >> (24 - 8 * place))) }
            break
        }
        while bytes.last == 0 { bytes.removeLast() }
        return bytes
    }
}

/// The way back from ``BitEncoder``. After the bytes it reads zeros.
struct BitDecoder: BitCoder {
    private let bytes: ArraySlice<UInt8>
    private var next: Int
    private var range = BitRange()
    private var number: UInt32 = 0

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        next = bytes.startIndex
        for _ in 0..<4 { take() }
    }

    private mutating func take() {
        number <<= 8
        if next < bytes.endIndex {
            number |= UInt32(bytes[next])
            next &+= 1
        }
    }

    mutating func code(_ bit: Int, _ probability: UInt32) -> Int {
        let middle = range.middle(probability)
        let isOne = number <= middle
        range.cut(middle, isOne: isOne)
        while range.settled != nil {
            range.shift()
            take()
        }
        return isOne ? 1 : 0
    }

    /// Whether all bytes were taken. The last is never zero: it would be read without being there.
    var isAtEnd: Bool { next == bytes.endIndex && bytes.last != 0 }
}

/// The numbers that may still come, both ends included.
struct BitRange {
    private(set) var low: UInt32 = 0
    private(set) var high = UInt32.max

    /// The last number that is read as a one.
    @inline(__always)
    func middle(_ probability: UInt32) -> UInt32 {
        let width = high &- low
        return low &+ (width >> 16) &* probability &+ ((width & 0xFFFF) &* probability) >> 16
    }

    @inline(__always)
    mutating func cut(_ middle: UInt32, isOne: Bool) {
        if isOne { high = middle } else { low = middle &+ 1 }
    }

    /// The first byte where all the numbers have it in common.
    @inline(__always)
    var settled: UInt8? { (low ^ high) >> 24 == 0 ? UInt8(truncatingIfNeeded: low >> 24) : nil }

    @inline(__always)
    mutating func shift() {
        low <<= 8
        high = high << 8 | 255
    }
}
