/// Writes text as its words and what stands between them, each as a short code (`Schemas/wire/delta.md`, section 11).
///
/// Spaceless words are from E. de Moura and others, "Fast and flexible word searching on compressed text" (2000).
struct WordWriter {
    private let bytes: [UInt8]
    private let tokens: TokenTable
    private let lengths: [UInt8]

    /// Nil where the text would need codes that are too long.
    init?(_ text: TextWriter) {
        bytes = text.bytes
        tokens = TokenTable(text)
        // The first time that a token occurs it is named as the next new one.
        let counts = [tokens.entries.count] + tokens.entries.map { $0.count - 1 }
        guard let lengths = PrefixCode.lengths(of: counts) else { return nil }
        self.lengths = lengths
    }

    func written(with deflater: inout Deflater) throws(FormatError) -> [UInt8] {
        let list = try deflater.deflate(list[...], after: .first)
        let codes = codes
        var out = ByteWriter(reserving: list.count + codes.count + 8)
        out.byte(lengths[0])
        out.varint(list.count)
        out.raw(list)
        out.raw(codes)
        return out.bytes
    }

    /// Every token, and the length of its code.
    private var list: [UInt8] {
        var list: [UInt8] = []
        list.reserveCapacity(tokens.entries.count * 8)
        for (entry, length) in zip(tokens.entries, lengths.dropFirst()) {
            for byte in bytes[entry.range] {
                if byte < WordList.bytesBelow { list.append(WordList.escape) }
                list.append(byte)
            }
            list.append(length)
        }
        return list
    }

    private var codes: [UInt8] {
        let codes = PrefixCode.codes(lengths)
        var out = BitWriter(reserving: tokens.sequence.count)
        var met = 0
        for token in tokens.sequence {
            let symbol = Int(token) == met ? 0 : Int(token) + 1
            if symbol == 0 { met += 1 }
            out.put(codes[symbol], bits: Int(lengths[symbol]))
        }
        return out.bytes
    }
}

/// The list of tokens: what both sides know of it.
enum WordList {
    /// Bytes below this end a token, and are escaped within one.
    static let bytesBelow: UInt8 = 32
    /// The byte after this is part of the token.
    static let escape: UInt8 = 31

    /// Letters and digits of ASCII, the apostrophe, and what is not ASCII: between two of these in one text stands a
    /// space, unless another token does.
    @inline(__always)
    static func isWord(_ byte: UInt8) -> Bool {
        byte > 127 || (byte < 64 ? lowWords : highWords) >> UInt64(byte & 63) & 1 == 1
    }

    private static let lowWords: UInt64 = 0x03FF_0080_0000_0000
    private static let highWords: UInt64 = 0x07FF_FFFE_07FF_FFFE
}

/// The distinct tokens of a text, numbered as they first appear, and the text as their numbers.
struct TokenTable {
    struct Entry {
        var range: Range<Int>
        var count: Int
    }

    private(set) var entries: [Entry] = []
    private(set) var sequence: [Int32] = []
    private var slots = [Int32](repeating: -1, count: 1_024)
    private var hashes: [Int] = []
    private let hash = SeededHash()

    init(_ text: TextWriter) {
        sequence.reserveCapacity(text.bytes.count / 5)
        text.bytes.withUnsafeBytes { all in
            var start = 0
            for end in text.ends {
                var place = start
                while place < end {
                    let isWord = WordList.isWord(all[place])
                    var next = place + 1
                    while next < end && WordList.isWord(all[next]) == isWord { next += 1 }
                    // One space between two words is understood.
                    let isUnderstood =
                        next - place == 1 && all[place] == UInt8(ascii: " ") && place > start && next < end
                    if !isUnderstood { add(place..<next, of: all) }
                    place = next
                }
                start = end
            }
        }
    }

    @inline(__always)
    private mutating func add(_ range: Range<Int>, of all: UnsafeRawBufferPointer) {
        let token = UnsafeRawBufferPointer(rebasing: all[range])
        let key = hash(token)
        let mask = slots.count - 1
        var place = key & mask
        while slots[place] >= 0 {
            let number = Int(slots[place])
            if hashes[number] == key, entries[number].range.count == token.count,
                isEqual(token, UnsafeRawBufferPointer(rebasing: all[entries[number].range]))
            {
                entries[number].count += 1
                sequence.append(Int32(number))
                return
            }
            place = (place + 1) & mask
        }
        slots[place] = Int32(entries.count)
        sequence.append(Int32(entries.count))
        entries.append(Entry(range: range, count: 1))
        hashes.append(key)
        if entries.count * 2 > slots.count { grow() }
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        let mask = slots.count - 1
        for (number, key) in hashes.enumerated() {
            var place = key & mask
            while slots[place] >= 0 { place = (place + 1) & mask }
            slots[place] = Int32(number)
        }
    }
}
