/// Reads text that ``WordWriter`` wrote, value by value.
struct WordReader {
    /// The tokens' bytes one after another, and where each ends.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var codes: CodeReader
    /// The token that "new" names next.
    private var next = 0
    /// How many bytes of text may still come.
    private var left = DecodeLimits.inflatedSection

    init(
        _ section: ArraySlice<UInt8>, after dictionary: PresetDictionary, with inflater: inout Inflater
    ) throws(FormatError) {
        var input = ByteReader(section)
        var lengths = [try input.byte("new token code")]
        let count = try input.count("token list", limit: input.remaining)
        let list = try inflater.inflate(
            try input.raw("token list", count: count), after: dictionary, limit: DecodeLimits.inflatedSection,
            "token list")
        bytes.reserveCapacity(list.count)
        ends.reserveCapacity(list.count / 6)
        var place = 0
        while place < list.count {
            let byte = list[place]
            place += 1
            if byte >= WordList.bytesBelow {
                bytes.append(byte)
            } else if byte == WordList.escape {
                guard place < list.count else { throw FormatError(.truncated, "token") }
                bytes.append(list[place])
                place += 1
            } else {
                guard bytes.count > ends.last ?? 0 else { throw FormatError(.malformed, "token") }
                ends.append(bytes.count)
                lengths.append(byte)
            }
        }
        guard bytes.count == ends.last ?? 0 else { throw FormatError(.truncated, "token") }
        codes = try CodeReader(lengths, try input.raw("token codes", count: input.remaining))
    }

    /// Appends the next value, which has so many bytes.
    mutating func read(_ count: Int, into text: inout [UInt8]) throws(FormatError) {
        guard count <= left else { throw FormatError(.tooLarge, "text section") }
        left -= count
        let start = text.count
        while text.count - start < count {
            let symbol = try codes.next()
            var token = symbol - 1
            if symbol == 0 {
                guard next < ends.count else { throw FormatError(.malformed, "new token") }
                token = next
                next += 1
            }
            let first = token == 0 ? 0 : ends[token - 1]
            if text.count > start, WordList.isWord(text[text.count - 1]), WordList.isWord(bytes[first]) {
                text.append(UInt8(ascii: " "))
            }
            guard text.count - start + ends[token] - first <= count else { throw FormatError(.malformed, "token") }
            let end = ends[token]
            bytes.withUnsafeBufferPointer { text.append(contentsOf: $0.extracting(first..<end)) }
        }
    }

    func end() throws(FormatError) {
        guard next == ends.count else { throw FormatError(.trailing, "token list") }
        try codes.end()
    }
}

/// Reads the codes of symbols, one after another.
private struct CodeReader {
    private let table: PrefixCode.Table
    /// Eight zero bytes follow the codes, so that a whole word can be read anywhere.
    private let bytes: [UInt8]
    private let bits: Int
    private var position = 0

    init(_ lengths: [UInt8], _ codes: ArraySlice<UInt8>) throws(FormatError) {
        table = try PrefixCode.Table(lengths)
        bytes = codes + [UInt8](repeating: 0, count: 8)
        bits = codes.count * 8
    }

    @inline(__always)
    mutating func next() throws(FormatError) -> Int {
        if table.isEmpty { return 0 }
        guard position < bits else { throw FormatError(.truncated, "token codes") }
        let word = bytes.withUnsafeBytes {
            UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: position >> 3, as: UInt64.self))
        }
        let (symbol, length) = table.symbol((word << UInt64(position & 7)) >> 32)
        position += length
        guard position <= bits else { throw FormatError(.truncated, "token codes") }
        return symbol
    }

    /// Ends the reading: only the zero bits that fill the last byte may be left.
    func end() throws(FormatError) {
        guard bits - position < 8 else { throw FormatError(.trailing, "token codes") }
        let rest = position & 7
        guard rest == 0 || (bytes[position >> 3] << UInt8(rest)) == 0 else {
            throw FormatError(.malformed, "token codes")
        }
    }
}
