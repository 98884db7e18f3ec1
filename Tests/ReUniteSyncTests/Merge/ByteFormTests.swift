import ReUniteSync
import Testing

@Suite("Bytes of every message")
struct ByteFormTests {
    private static let unsigned: [UInt64] = [
        0, 1, 127, 128, 300, 16_383, 16_384, UInt64(UInt32.max), UInt64(Int64.max), .max - 1, .max,
    ]

    /// One of everything.
    private static func message(_ random: inout SeededGenerator) -> [UInt8] {
        var out = ByteWriter(reserving: 64)
        out.byte(9)
        out.varint(random.next() >> UInt64(random.below(64)))
        out.zigzag(Int64(bitPattern: random.next()) >> Int64(random.below(64)))
        out.fixed64(random.next())
        out.identifier(Identifier(high: random.next(), low: random.next()))
        out.string([1, 2, 3])
        out.string("Žofia 🧶")
        out.raw([7, 7])
        return out.bytes
    }

    private static func read(_ bytes: ArraySlice<UInt8>) throws(FormatError) -> [UInt8] {
        var input = ByteReader(bytes)
        var out = ByteWriter()
        out.byte(try input.byte("byte"))
        out.varint(try input.varint("varint"))
        out.zigzag(try input.zigzag("zigzag"))
        out.fixed64(try input.fixed64("fixed"))
        out.identifier(try input.identifier("identifier"))
        out.string(try input.string("string", limit: 100))
        out.string(try input.text("text", limit: 100))
        out.raw(try input.raw("raw", count: 2))
        try input.end("message")
        return out.bytes
    }

    @Test("What was written is read back")
    func roundTrip() throws {
        for value in ByteFormTests.unsigned {
            var out = ByteWriter()
            out.varint(value)
            out.zigzag(Int64(bitPattern: value))
            out.fixed64(value)
            #expect(out.count == out.bytes.count)
            var input = ByteReader(out.bytes)
            #expect(try input.varint("v") == value)
            #expect(try input.zigzag("z") == Int64(bitPattern: value))
            #expect(try input.fixed64("f") == value)
            #expect(input.remaining == 0 && input.offset == out.count)
        }
        for value in [Int64.min, -129, -1, 0, 1, 63, 64, .max] {
            var out = ByteWriter()
            out.zigzag(value)
            var input = ByteReader(out.bytes)
            #expect(try input.zigzag("z") == value)
        }
    }

    @Test("The bytes are those of the format: LEB128, zigzag, least significant first")
    func knownBytes() {
        var out = ByteWriter()
        out.varint(300 as UInt64)
        out.varint(5)
        out.zigzag(-1)
        out.zigzag(1)
        out.fixed64(0x0102)
        out.string("é")
        #expect(out.bytes == [0xAC, 0x02, 5, 1, 2, 2, 1, 0, 0, 0, 0, 0, 0, 2, 0xC3, 0xA9])
    }

    @Test("Every prefix of a message is refused as truncated, and a longer one as trailing", arguments: UInt64(80)..<90)
    func prefixes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bytes = ByteFormTests.message(&random)
        #expect(try ByteFormTests.read(bytes[...]) == bytes)
        // Inside another array, so that nothing counts from zero.
        let inside = [0xFF, 0xFF] + bytes + [0xFF]
        #expect(try ByteFormTests.read(inside[2..<(2 + bytes.count)]) == bytes)
        for length in 0..<bytes.count {
            let error = #expect(throws: FormatError.self) { try ByteFormTests.read(bytes[..<length]) }
            #expect(error?.code == .truncated, "seed \(seed), length \(length)")
        }
        let error = #expect(throws: FormatError.self) { try ByteFormTests.read((bytes + [0])[...]) }
        #expect(error?.code == .trailing)
    }

    @Test(
        "A number has one form only",
        arguments: [
            [0x80, 0x00], [0xFF, 0x80, 0x00], Array(repeating: 0x80, count: 9) + [0x02],
            Array(repeating: 0xFF, count: 9) + [0x02], Array(repeating: 0x80, count: 10) + [0x01],
            Array(repeating: 0x80, count: 9) + [0x00],
        ] as [[UInt8]])
    func nonCanonical(bytes: [UInt8]) {
        var input = ByteReader(bytes)
        let error = #expect(throws: FormatError.self) { try input.varint("number") }
        #expect(error == FormatError(.malformed, "number"))
    }

    @Test("A length above its limit is refused before anything is read")
    func limits() {
        var out = ByteWriter()
        out.varint(UInt64.max)
        var numbers = ByteReader(out.bytes)
        #expect(throws: FormatError(.tooLarge, "n")) { try numbers.count("n", limit: .max) }
        var strings = ByteReader(out.bytes)
        #expect(throws: FormatError(.tooLarge, "n")) { try strings.string("n", limit: 5) }
        var texts = ByteReader(out.bytes)
        #expect(throws: FormatError(.tooLarge, "n")) { try texts.text("n", limit: 5) }
        var input = ByteReader([1, 2, 3])
        #expect(throws: FormatError(.truncated, "r")) { try input.raw("r", count: .max) }
        #expect(throws: FormatError(.truncated, "r")) { try input.raw("r", count: -1) }
        #expect(input.offset == 0)
    }

    @Test(
        "Text that is not UTF-8 is refused, not mended", arguments: [[0xC3], [0xFF], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func badText(bytes: [UInt8]) {
        var out = ByteWriter()
        out.string(bytes)
        var input = ByteReader(out.bytes)
        #expect(throws: FormatError(.malformed, "t")) { try input.text("t", limit: 10) }
    }

    @Test("An error names its field and its kind")
    func errorText() {
        #expect("\(FormatError(.truncated, "batch salt"))" == "batch salt ends too soon")
    }
}
