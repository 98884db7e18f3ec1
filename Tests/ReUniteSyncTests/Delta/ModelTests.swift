import Testing

@testable import ReUniteSync

@Suite("Delta codec: small sections are modelled")
struct ModelTests {
    private static let text = DeltaFormat.Flags.textModelled.rawValue
    private static let structure = DeltaFormat.Flags.structureModelled.rawValue

    private func ops(_ texts: [String]) -> [Op] {
        texts.enumerated().map { index, text in
            Op(
                table: 700, key: .zero, kind: .set, groups: 32, stamp: HybridTime(milliseconds: Int64(index)),
                values: [.text(text)])
        }
    }

    private func writer(_ values: [[UInt8]]) -> TextWriter {
        var text = TextWriter()
        for value in values { text.append(value[...]) }
        return text
    }

    @Test("a day's work is modelled, all of it, is well below what it takes otherwise, and comes back")
    func prose() throws {
        var mix = DailyMix(seed: 5)
        let ops = mix.ops(60)
        let bytes = try OpCodec.encode(ops, layout: DailyMix.layout)
        #expect(bytes[0] == DeltaFormat.modelledVersion)
        #expect(bytes[2] == ModelTests.text | ModelTests.structure)
        #expect(try OpCodec.decode(bytes, expecting: ops.count) == ops)
        let plain = try ops.unmodelled(DailyMix.layout)
        #expect(plain[0] == DeltaFormat.version)
        #expect(bytes.count * 10 < plain.count * 9, "\(bytes.count) of \(plain.count)")
        let rows = DailyMix.rows(ops)
        let delivery = try RowCodec.encode(rows, layout: DailyMix.layout)
        #expect(delivery[2] == ModelTests.text | ModelTests.structure | DeltaFormat.Flags.rows.rawValue)
        #expect(try RowCodec.decode(delivery) == rows)
    }

    @Test("one short note is shorter too")
    func oneNote() throws {
        let ops = ops(["She rang to say that the keys are with the landlord and that she moves in on Friday."])
        let bytes = try OpCodec.encode(ops, layout: TestLayout.sample)
        #expect(bytes[2] & ModelTests.text != 0)
        #expect(try bytes.count < ops.unmodelled(TestLayout.sample).count)
        #expect(try OpCodec.decode(bytes, expecting: 1) == ops)
    }

    @Test("beyond 64 KiB of structure and text nothing is modelled")
    func large() throws {
        var mix = DailyMix(seed: 6)
        let ops = mix.ops(1_000)
        let out = try OpCodec.columns(of: ops, layout: DailyMix.layout)
        try #require(out.structure.count + out.text.bytes.count > DeltaFormat.modelledBytes)
        let bytes = try OpCodec.encode(ops, layout: DailyMix.layout)
        #expect(try bytes == ops.unmodelled(DailyMix.layout))
    }

    @Test("what repeats itself beyond the limit of a code is deflated")
    func repetition() throws {
        let ops = ops([String(repeating: "a", count: 40_000)])
        let bytes = try OpCodec.encode(ops, layout: TestLayout.sample)
        #expect(bytes[2] & ModelTests.text == 0)
        #expect(try OpCodec.decode(bytes, expecting: 1) == ops)
    }

    @Test("bytes of any kind come back", arguments: 0..<20 as Range<UInt64>)
    func anyBytes(seed: UInt64) throws {
        var random = SeededRandom(seed)
        var blobs: [[UInt8]] = []
        for _ in 0..<(1 + random.below(30)) {
            let alphabet = 1 + random.below(256)
            blobs.append((0..<random.below(60)).map { _ in UInt8(random.below(alphabet)) })
        }
        // Enough that is not foreseen to keep the code long.
        blobs.append((0..<200).map { _ in UInt8(random.below(256)) })
        let section = try #require(ModelWriter.text(writer(blobs)))
        var reader = TextReader(ModelReader(section[...], after: .first))
        for blob in blobs { #expect(try reader.blob(blob.count) == blob, "seed \(seed)") }
        try reader.end()
        let whole = blobs.flatMap { $0 }
        let structure = try #require(ModelWriter.structure(whole))
        #expect(try ModelReader.structure(structure[...]) == whole, "seed \(seed)")
    }

    /// The hardest for an arithmetic coder: what is all but certain, and then not so, again and again.
    @Test("bits come back whatever was expected of them", arguments: 0..<40 as Range<UInt64>)
    func bits(seed: UInt64) throws {
        var random = SeededRandom(700 + seed)
        let bits = (0..<4_000).map { _ in
            let probability = random.pick([32, 65_504, 33, 32_768, UInt32(32 + random.below(65_473))])
            let isLikely = random.chance(Int(seed) * 100 / 40)
            return (bit: isLikely == (probability > 32_768) ? 1 : 0, probability: probability)
        }
        var encoder = BitEncoder()
        for one in bits { _ = encoder.code(one.bit, one.probability) }
        let code = encoder.finished()
        #expect(code.last != 0)
        var decoder = BitDecoder(code[...])
        #expect(bits.allSatisfy { decoder.code(0, $0.probability) == $0.bit }, "seed \(seed)")
        #expect(decoder.isAtEnd, "seed \(seed)")
        // Nobody may add to a code what is never read, nor zeros that are read without being there.
        for more in [[0], Array(repeating: 1, count: 8_000)] as [[UInt8]] {
            var longer = BitDecoder((code + more)[...])
            for one in bits { _ = longer.code(0, one.probability) }
            #expect(!longer.isAtEnd, "seed \(seed), \(more.count)")
        }
    }

    @Test("a few bytes that stand for very many are refused, before anything is read")
    func bomb() throws {
        var structure = ByteWriter()
        structure.varint(8 * 3 + 64 + 1)
        structure.raw([1, 1, 1])
        #expect(throws: FormatError(.tooLarge, "delta structure")) { try ModelReader.structure(structure.bytes[...]) }
        var large = ByteWriter()
        large.varint(ModelLimits.sectionBytes + 1)
        large.raw(Array(repeating: 1, count: 20_000))
        #expect(throws: FormatError(.tooLarge, "delta structure")) { try ModelReader.structure(large.bytes[...]) }
        var reader = ModelReader(Array(repeating: 1, count: 9_000)[...], after: .first)
        var bytes: [UInt8] = []
        #expect(throws: FormatError(.tooLarge, "text section")) {
            try reader.read(ModelLimits.sectionBytes + 1, into: &bytes, "text section")
        }
        #expect(bytes.isEmpty)
        // What one value leaves is what the next may have.
        try reader.read(65_000, into: &bytes, "text section")
        #expect(throws: FormatError(.tooLarge, "text section")) { try reader.read(537, into: &bytes, "text section") }
        try reader.read(536, into: &bytes, "text section")
        #expect(bytes.count == ModelLimits.sectionBytes)
    }

    @Test("a section in two forms, or in one that its version does not know, is refused")
    func forms() throws {
        let modelled = try OpCodec.encode(ops(["She rang about the keys and the rent."]), layout: TestLayout.sample)
        let plain = try ops(["She rang about the keys and the rent."]).unmodelled(TestLayout.sample)
        for (bytes, flags) in [
            (modelled, [0, 2, 4, 8, 18, 36, 40, 50, 64] as [UInt8]), (plain, [12, 16, 32, 48, 64]),
        ] {
            for flag in flags {
                var changed = bytes
                changed[2] = flag
                #expect(throws: FormatError(.malformed, "delta flags"), "\(flag)") {
                    try OpCodec.decode(changed, expecting: 1)
                }
            }
        }
    }

    @Test("of counts none is above 15, and what was last weighs more than what was often")
    func counts() {
        for counts in 0..<256 {
            for bit in 0...1 {
                let next = BitCounts.following[counts << 1 | bit]
                let (seen, other) = bit == 0 ? (next >> 4, next & 15) : (next & 15, next >> 4)
                let (before, otherBefore) = bit == 0 ? (counts >> 4, counts & 15) : (counts & 15, counts >> 4)
                #expect(Int(seen) == min(before + 1, 15))
                #expect(Int(other) == (otherBefore > 2 ? (otherBefore + 2) / 2 : otherBefore))
            }
        }
    }

    @Test("the logistic function and its inverse are each other's, as near as whole numbers are")
    func logistic() {
        #expect(Logistic.squashed[2_048] == 32_768)
        for (place, next) in zip(Logistic.squashed, Logistic.squashed.dropFirst()) { #expect(place <= next) }
        for (probability, place) in Logistic.stretched.enumerated() {
            let back = Int(Logistic.squashed[Int(place) + 2_048])
            #expect(back >= min(probability * 16 + 8, 65_513))
            #expect(place == -2_047 || Int(Logistic.squashed[Int(place) + 2_047]) < probability * 16 + 8)
        }
    }
}
