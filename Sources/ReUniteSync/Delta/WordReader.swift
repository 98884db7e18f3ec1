/// Reads text that ``WordWriter`` wrote, value by value.
struct WordReader {
    /// The tokens' bytes one after another.
    private var bytes: [UInt8] = []
    private var tokens: [Token] = []
    private var codes: CodeReader
    /// The token that "new" names next.
    private var next = 0
    /// How many bytes of text may still come.
    private var left = DecodeLimits.inflatedSection

    private struct Token {
        let start: UInt32
        let end: UInt32
        let startsWord: Bool
        let endsWord: Bool

        /// Nil where it has no bytes.
        init?(_ bytes: [UInt8], from start: Int) {
            guard start < bytes.count else { return nil }
            self.start = UInt32(start)
            end = UInt32(bytes.count)
            startsWord = WordList.isWord(bytes[start])
            endsWord = WordList.isWord(bytes[bytes.count - 1])
        }
    }

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
        tokens.reserveCapacity(list.count / 6)
        var place = 0
        var start = 0
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
                guard let token = Token(bytes, from: start) else { throw FormatError(.malformed, "token") }
                tokens.append(token)
                start = bytes.count
                lengths.append(byte)
            }
        }
        guard bytes.count == start else { throw FormatError(.truncated, "token") }
        codes = try CodeReader(lengths, try input.raw("token codes", count: input.remaining))
    }

    /// Appends the next value, which has so many bytes.
    mutating func read(_ count: Int, into text: inout [UInt8]) throws(FormatError) {
        guard count <= left else { throw FormatError(.tooLarge, "text section") }
        left -= count
        let start = text.count
        text.append(contentsOf: repeatElement(0, count: count))
        var out = text.mutableSpan
        try fill(&out, from: start)
    }

    /// Written in place: appending a few bytes at a time took longer than decoding them.
    private mutating func fill(_ out: inout MutableSpan<UInt8>, from start: Int) throws(FormatError) {
        let (list, known) = (self.bytes, self.tokens)
        let bytes = list.span
        let tokens = known.span
        var place = start
        var endsWord = false
        while place < out.count {
            let symbol = try codes.next()
            var number = symbol - 1
            if symbol == 0 {
                guard next < tokens.count else { throw FormatError(.malformed, "new token") }
                number = next
                next += 1
            }
            let token = tokens[number]
            if endsWord && token.startsWord {
                out[place] = UInt8(ascii: " ")
                place += 1
            }
            guard place + Int(token.end - token.start) <= out.count else { throw FormatError(.malformed, "token") }
            for source in Int(token.start)..<Int(token.end) {
                out[place] = bytes[source]
                place += 1
            }
            endsWord = token.endsWord
        }
    }

    func end() throws(FormatError) {
        guard next == tokens.count else { throw FormatError(.trailing, "token list") }
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
