import Testing

@testable import ReUniteSync

@Suite("Delta codec: what others send is never trusted")
struct HostileInputTests {
    private let layout = TestLayout.sample

    /// Decodes and forgets: whatever the bytes are, the answer is a value or a `FormatError`.
    private func tryOps(_ bytes: [UInt8], _ count: Int, _ inflater: inout Inflater) -> Bool {
        do {
            let ops = try OpCodec.decode(bytes, expecting: count, with: &inflater)
            #expect(ops.count == count)
            return true
        } catch { return false }
    }

    private func tryRows(_ bytes: [UInt8], _ inflater: inout Inflater) -> Bool {
        do {
            _ = try RowCodec.decode(bytes, with: &inflater)
            return true
        } catch { return false }
    }

    @Test("no prefix of a payload decodes, and none crashes", arguments: 0..<12 as Range<UInt64>)
    func prefixes(seed: UInt64) throws {
        var source = RandomDeltas(seed: 50 + seed)
        var inflater = try Inflater()
        let ops = source.ops(1 + Int(seed) * 2)
        for bytes in [try OpCodec.encode(ops, layout: layout), try ops.unmodelled(layout)] {
            for length in 0..<bytes.count {
                #expect(!tryOps(Array(bytes[..<length]), ops.count, &inflater), "seed \(seed), length \(length)")
            }
            #expect(!tryOps(bytes + [0], ops.count, &inflater))
        }
        let rows = source.rows(1 + Int(seed) * 2)
        for bytes in [try RowCodec.encode(rows, layout: layout), try rows.unmodelled(layout)] {
            for length in 0..<bytes.count {
                #expect(!tryRows(Array(bytes[..<length]), &inflater), "seed \(seed), length \(length)")
            }
            #expect(!tryRows(bytes + [0], &inflater))
        }
    }

    @Test("every changed byte gives a value or an error, never a crash", arguments: 0..<8 as Range<UInt64>)
    func changedBytes(seed: UInt64) throws {
        var source = RandomDeltas(seed: 80 + seed)
        var inflater = try Inflater()
        let ops = source.ops(3 + Int(seed))
        let encodedOps = try ops.unmodelled(layout)
        let encodedRows = try source.rows(3 + Int(seed)).unmodelled(layout)
        let changes: [UInt8] = [1, 2, 4, 8, 16, 32, 64, 128, 255]
        for change in changes {
            for index in encodedOps.indices {
                var bytes = encodedOps
                bytes[index] ^= change
                _ = tryOps(bytes, ops.count, &inflater)
            }
            for index in encodedRows.indices {
                var bytes = encodedRows
                bytes[index] ^= change
                _ = tryRows(bytes, &inflater)
            }
        }
    }

    @Test("every changed byte of a modelled payload gives a value or an error", arguments: 0..<4 as Range<UInt64>)
    func changedCodes(seed: UInt64) throws {
        var mix = DailyMix(seed: 90 + seed)
        var inflater = try Inflater()
        let ops = mix.ops(5)
        let encodedOps = try OpCodec.encode(ops, layout: DailyMix.layout)
        let encodedRows = try RowCodec.encode(DailyMix.rows(ops), layout: DailyMix.layout)
        #expect(encodedOps[0] == DeltaFormat.modelledVersion && encodedRows[0] == DeltaFormat.modelledVersion)
        for change in [1, 16, 255] as [UInt8] {
            for index in encodedOps.indices {
                var bytes = encodedOps
                bytes[index] ^= change
                _ = tryOps(bytes, ops.count, &inflater)
            }
            for index in encodedRows.indices {
                var bytes = encodedRows
                bytes[index] ^= change
                _ = tryRows(bytes, &inflater)
            }
        }
    }

    /// A payload whose sections are stored, so that a changed byte reaches the decoder rather than the inflater.
    private func stored(_ payload: [UInt8]) throws -> [UInt8] {
        var input = ByteReader(payload)
        var inflater = try Inflater()
        _ = try input.byte("version")
        let dictionary = try #require(PresetDictionary(rawValue: try input.byte("dictionary")))
        let flags = try input.byte("flags")
        let first = try input.count("first", limit: payload.count)
        let second = try input.count("second", limit: payload.count)
        var structure = try input.raw("first", count: first)
        if flags & 2 != 0 { structure = try inflater.inflate(structure, limit: 1 << 20, "first")[...] }
        var text = try input.raw("second", count: second)
        if flags & 4 != 0 { text = try inflater.inflate(text, after: dictionary, limit: 1 << 20, "second")[...] }
        if flags & 8 != 0 {
            var words = ByteReader(text)
            var bare = ByteWriter()
            bare.byte(try words.byte("new"))
            let list = try words.raw("list", count: try words.count("list", limit: text.count))
            bare.string(undeflated(try inflater.inflate(list, after: dictionary, limit: 65_535, "list")))
            bare.raw(try words.raw("codes", count: words.remaining))
            text = bare.bytes[...]
        }
        var out = ByteWriter()
        out.raw([2, 0, flags & 9])
        out.varint(structure.count)
        out.varint(text.count)
        out.raw(structure)
        out.raw(text)
        out.raw(try input.raw("rest", count: input.remaining))
        return out.bytes
    }

    /// A deflate stream of one block that is not compressed.
    private func undeflated(_ bytes: [UInt8]) -> [UInt8] {
        let low = UInt8(bytes.count & 255)
        let high = UInt8(bytes.count >> 8)
        return [1, low, high, ~low, ~high] + bytes
    }

    @Test(
        "every byte of the bare sections, set to what breaks counts and codes, gives a value or an error",
        arguments: 0..<4 as Range<UInt64>)
    func bareSections(seed: UInt64) throws {
        var source = RandomDeltas(seed: 120 + seed)
        var inflater = try Inflater()
        let ops = source.ops(4 + Int(seed) * 3)
        let encodedOps = try stored(ops.unmodelled(layout))
        #expect(tryOps(encodedOps, ops.count, &inflater))
        let encodedRows = try stored(source.rows(4 + Int(seed) * 3).unmodelled(layout))
        #expect(tryRows(encodedRows, &inflater))
        let values: [UInt8] = [0, 1, 2, 3, 4, 5, 8, 14, 38, 54, 63, 127, 128, 129, 254, 255]
        // Long texts make long payloads, whose last bytes are all alike.
        for index in encodedOps.indices.prefix(500) {
            var bytes = encodedOps
            for value in values {
                bytes[index] = value
                _ = tryOps(bytes, ops.count, &inflater)
            }
        }
        for index in encodedRows.indices.prefix(500) {
            var bytes = encodedRows
            for value in values {
                bytes[index] = value
                _ = tryRows(bytes, &inflater)
            }
        }
    }

    @Test("random bytes behind a good head give a value or an error", arguments: 0..<200 as Range<UInt64>)
    func noise(seed: UInt64) throws {
        var random = SeededRandom(seed)
        var inflater = try Inflater()
        for _ in 0..<50 {
            let length = random.below(200)
            var out = ByteWriter()
            let flags = random.pick([0, 1, 8, 9, 16, 17, 32, 33, 48, 49, 40])
            out.raw([flags < 16 ? 2 : 3, UInt8(random.below(2)), UInt8(flags)])
            out.varint(length)
            out.varint(random.below(20))
            for _ in 0..<(length + 60) { out.byte(UInt8(random.chance(60) ? random.below(4) : random.below(256))) }
            _ = tryOps(out.bytes, random.below(30), &inflater)
            _ = tryRows(out.bytes, &inflater)
        }
    }

    @Test("a section that inflates beyond its limit is refused")
    func bomb() throws {
        var deflater = try Deflater()
        let zeros = try deflater.deflate(Array(repeating: 0, count: DecodeLimits.inflatedSection + 1))
        #expect(zeros.count < DecodeLimits.batchBytes)
        var out = ByteWriter()
        out.raw([2, 0, 2])
        out.varint(zeros.count)
        out.varint(0)
        out.raw(zeros)
        #expect(throws: FormatError(.tooLarge, "delta structure")) { try OpCodec.decode(out.bytes, expecting: 1) }
        var inflater = try Inflater()
        #expect(throws: FormatError(.tooLarge, "bomb")) { try inflater.inflate(zeros[...], limit: 100, "bomb") }
        let whole = try inflater.inflate(zeros[...], limit: DecodeLimits.inflatedSection + 1, "bomb")
        #expect(whole.count == DecodeLimits.inflatedSection + 1)
    }

    @Test("a small payload cannot claim more values than the limit")
    func manyValues() throws {
        var out = ByteWriter()
        // One section of table 1: 2,000 columns of group 0; 5,000 entries with all of them.
        out.varint(1)
        out.varint(2)
        out.varint(5_000)
        out.varint(2_000)
        out.zigzag(0)
        for _ in 1..<2_000 { out.zigzag(-1) }
        out.byte(0)
        out.varint(0)
        out.varint(1)
        out.raw([1, 0, 1])
        out.byte(0)
        out.raw(Array(repeating: 0, count: 5_000))
        out.varint(1)
        for _ in 1..<5_000 { out.varint(2) }
        out.raw(Array(repeating: 1, count: 2_002))
        var payload = ByteWriter()
        payload.raw([2, 0, 0])
        payload.varint(out.count)
        payload.varint(0)
        payload.raw(out.bytes + Array(repeating: 0, count: 16))
        #expect(throws: FormatError(.tooLarge, "delta values")) {
            try OpCodec.decode(payload.bytes, expecting: 5_000)
        }
    }

    @Test("a version, a dictionary or a kind that is not known is refused, and so is a wrong count")
    func heads() throws {
        var source = RandomDeltas(seed: 1)
        let bytes = try source.ops(5).unmodelled(layout)
        func changed(_ index: Int, _ value: UInt8) -> [UInt8] {
            var copy = bytes
            copy[index] = value
            return copy
        }
        #expect(throws: FormatError(.unknownVersion, "delta version")) {
            try OpCodec.decode(changed(0, 1), expecting: 5)
        }
        #expect(throws: FormatError(.unknownVersion, "delta version")) {
            try OpCodec.decode(changed(0, 4), expecting: 5)
        }
        #expect(throws: FormatError(.malformed, "delta flags")) { try OpCodec.decode(changed(0, 3), expecting: 5) }
        #expect(throws: FormatError(.unknownVersion, "delta dictionary")) {
            try OpCodec.decode(changed(1, 2), expecting: 5)
        }
        #expect(throws: FormatError(.malformed, "delta flags")) { try RowCodec.decode(bytes) }
        #expect(throws: FormatError(.malformed, "delta flags")) { try OpCodec.decode(changed(2, 16), expecting: 5) }
        #expect(throws: FormatError(.malformed, "delta flags")) { try OpCodec.decode(changed(2, 12), expecting: 5) }
        #expect(throws: FormatError.self) { try OpCodec.decode(bytes, expecting: 4) }
        #expect(throws: FormatError(.malformed, "op count")) { try OpCodec.decode(bytes, expecting: 6) }
    }
}
