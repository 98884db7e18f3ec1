import Testing

@testable import ReUniteSync

@Suite("Delta codec: text in words")
struct WordTests {
    private static let inWords = DeltaFormat.Flags.textInWords.rawValue

    private func ops(_ texts: [String]) -> [Op] {
        texts.enumerated().map { index, text in
            Op(
                table: 700, key: .zero, kind: .set, groups: 32, stamp: HybridTime(milliseconds: Int64(index)),
                values: [.text(text)])
        }
    }

    @Test("prose is written in words, and every text comes back", arguments: [60, 2_000])
    func prose(count: Int) throws {
        var mix = DailyMix(seed: 5)
        let ops = mix.ops(count)
        let bytes = try ops.unmodelled(DailyMix.layout)
        #expect(bytes[0] == DeltaFormat.version)
        #expect(bytes[2] & WordTests.inWords != 0)
        #expect(try OpCodec.decode(bytes, expecting: count) == ops)
    }

    @Test("what words cannot say simply comes back too: spaces anywhere, other signs, nothing")
    func oddTexts() throws {
        let parts = [
            "", " ", "  ", "the", "don't", "the  two", " first", "last ", "a, b", "a ,b", ",", "\u{0}", "\u{1F}", "\n",
            "é",
            "l'été", "\u{7F}", "a\u{1F}b", "x y z", "  x", "1 2", "1-2", "-", "- -", "Æ ø",
        ]
        var texts: [String] = []
        for first in parts {
            for second in parts { texts += [first + second, first + " " + second] }
        }
        let ops = ops(texts)
        let bytes = try OpCodec.encode(ops, layout: TestLayout.sample)
        #expect(isIdentical(try OpCodec.decode(bytes, expecting: ops.count), ops))
        // Whatever the encoder chose for all of them: in words alone.
        var text = TextWriter()
        for one in texts { text.append(Array(one.utf8)[...]) }
        var deflater = try Deflater()
        var inflater = try Inflater()
        let section = try #require(try WordWriter(text)?.written(with: &deflater))
        var reader = TextReader(try WordReader(section[...], after: .first, with: &inflater))
        for one in texts { #expect(try Array(reader.text(one.utf8.count).utf8) == Array(one.utf8)) }
        try reader.end()
    }

    @Test("bytes of any kind come back from words", arguments: 0..<20 as Range<UInt64>)
    func anyBytes(seed: UInt64) throws {
        var random = SeededRandom(seed)
        var text = TextWriter()
        var blobs: [[UInt8]] = []
        for _ in 0..<40 {
            let alphabet = 1 + random.below(256)
            let blob = (0..<random.below(60)).map { _ in UInt8(random.below(alphabet)) }
            blobs.append(blob)
            text.append(blob[...])
        }
        var deflater = try Deflater()
        var inflater = try Inflater()
        let section = try #require(try WordWriter(text)?.written(with: &deflater))
        var reader = TextReader(try WordReader(section[...], after: .first, with: &inflater))
        for blob in blobs { #expect(try reader.blob(blob.count) == blob, "seed \(seed)") }
        try reader.end()
    }

    @Test("a long text that deflate makes shorter is deflated")
    func repetition() throws {
        // One sentence of words that occur in no other order: deflate copies it, words name each of them.
        let sentence = (0..<200).map { "w\($0)" }.joined(separator: " ")
        let ops = ops((0..<300).map { "\(sentence) \($0)" })
        let bytes = try OpCodec.encode(ops, layout: TestLayout.sample)
        #expect(bytes[2] & WordTests.inWords == 0)
        #expect(try OpCodec.decode(bytes, expecting: ops.count) == ops)
    }

    @Test("words that come to more text than a section may hold are refused")
    func bomb() throws {
        let count = DecodeLimits.inflatedSection / DecodeLimits.valueBytes + 1
        var structure = ByteWriter()
        structure.raw([1, 1 << 1, UInt8(count), 1, 0, 0, 0])
        structure.raw([1, 1, 0, 1, 0])
        structure.raw(Array(repeating: 0, count: count))
        structure.raw([1] + Array(repeating: 2, count: count - 1))
        structure.byte(12 << 2)
        for _ in 0..<count { structure.varint(DecodeLimits.valueBytes) }
        structure.raw([1, 0])
        var deflater = try Deflater()
        let token = [UInt8](repeating: 97, count: DecodeLimits.valueBytes)
        let list = try deflater.deflate(token + [1])
        var text = ByteWriter()
        text.byte(1)
        text.string(list)
        // New, and the same ever after.
        text.raw([0x7F, 0xFF, 0x80])
        var payload = ByteWriter()
        payload.raw([2, 0, WordTests.inWords])
        payload.varint(structure.count)
        payload.varint(text.count)
        payload.raw(structure.bytes + text.bytes + Array(repeating: 0, count: 16))
        #expect(payload.count < 4_000)
        #expect(throws: FormatError(.tooLarge, "text section")) { try OpCodec.decode(payload.bytes, expecting: count) }
    }

    @Test("a list of tokens that inflates beyond its limit is refused")
    func listBomb() throws {
        var deflater = try Deflater()
        var inflater = try Inflater()
        let list = try deflater.deflate(Array(repeating: 97, count: DecodeLimits.inflatedSection) + [0])
        var text = ByteWriter()
        text.byte(0)
        text.string(list)
        #expect(throws: FormatError(.tooLarge, "token list")) {
            try WordReader(text.bytes[...], after: .none, with: &inflater)
        }
    }

    @Test("codes are complete, and each is found again", arguments: 0..<30 as Range<UInt64>)
    func codes(seed: UInt64) throws {
        var random = SeededRandom(900 + seed)
        var counts = (0..<(2 + random.below(400))).map { _ in
            random.chance(20) ? 0 : 1 + random.below(1 << random.below(20))
        }
        counts[0] = 1
        counts[1] = 1
        let lengths = try #require(PrefixCode.lengths(of: counts))
        let table = try PrefixCode.Table(lengths)
        for (symbol, code) in PrefixCode.codes(lengths).enumerated() where lengths[symbol] > 0 {
            let found = table.symbol(code << UInt64(32 - Int(lengths[symbol])))
            #expect(found.symbol == symbol && found.length == Int(lengths[symbol]), "seed \(seed)")
        }
        // Nothing shorter is possible than what two symbols of least weight at the bottom give.
        let cost = zip(counts, lengths).reduce(0) { $0 + $1.0 * Int($1.1) }
        let flat = counts.reduce(0) { $0 + ($1 > 0 ? $1 : 0) } * (64 - (counts.count - 1).leadingZeroBitCount)
        #expect(cost <= flat, "seed \(seed)")
    }

    @Test("codes that would be too long are not made")
    func tooLong() {
        var counts = [1, 1]
        while counts.count <= PrefixCode.longest + 1 {
            counts.append(counts[counts.count - 1] + counts[counts.count - 2])
        }
        #expect(PrefixCode.lengths(of: counts) == nil)
        #expect(PrefixCode.lengths(of: Array(counts.dropLast()))?.max() == UInt8(PrefixCode.longest))
    }
}
