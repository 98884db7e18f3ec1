import ReUniteSync
import Testing

@Suite("Identifiers")
struct IdentifierTests {
    private let text = "01939f6e-0a00-7bcd-8123-456789abcdef"

    @Test("Text forms: hyphens or none, either case, always printed in one form")
    func textForms() throws {
        let identifier = try #require(Identifier(text))
        #expect(identifier.description == text)
        #expect(Identifier(text.uppercased()) == identifier)
        #expect(Identifier(text.filter { $0 != "-" }) == identifier)
        #expect(identifier.high == 0x0193_9F6E_0A00_7BCD && identifier.low == 0x8123_4567_89AB_CDEF)
        #expect(Identifier.zero.description == "00000000-0000-0000-0000-000000000000")
    }

    @Test(
        "What is not an identifier is refused",
        arguments: [
            "", "-", "01939f6e", "01939f6e-0a00-7bcd-8123-456789abcde", "01939f6e-0a00-7bcd-8123-456789abcdef0",
            "01939f6e-0a00-7bcd-8123-456789abcdef00", "g1939f6e-0a00-7bcd-8123-456789abcdef",
            " 1939f6e-0a00-7bcd-8123-456789abcdef", "０1939f6e-0a00-7bcd-8123-456789abcdef",
        ])
    func refused(text: String) {
        #expect(Identifier(text) == nil)
    }

    @Test("Bytes and text read back, and the order is the order of the bytes")
    func bytesAndOrder() {
        var random = SeededGenerator(seed: 90)
        var identifiers = (0..<300).map { _ in
            Identifier(high: random.next() >> UInt64(random.below(64)), low: random.next())
        }
        // Neighbours that differ in one word only, and across the sign bits.
        identifiers += [
            .zero, Identifier(high: 0, low: .max), Identifier(high: .max, low: 0), Identifier(high: 1 << 63, low: 0),
            Identifier(high: (1 << 63) - 1, low: .max), Identifier(high: 0, low: 1 << 63),
        ]
        for identifier in identifiers {
            #expect(identifier.bytes.count == 16)
            #expect(Identifier(bytes: identifier.bytes) == identifier)
            #expect(Identifier(identifier.description) == identifier)
        }
        let byBytes = identifiers.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        #expect(identifiers.sorted() == byBytes)
        #expect(identifiers.sorted { $0.description < $1.description } == byBytes)
    }

    @Test("Only 16 bytes make an identifier", arguments: [0, 1, 15, 17, 32])
    func length(count: Int) {
        #expect(Identifier(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test("Ops are ordered by batch, then by place")
    func opOrder() {
        #expect(MergeFixtures.name(1, 9) < MergeFixtures.name(2, 0))
        #expect(MergeFixtures.name(1, 1) < MergeFixtures.name(1, 2))
        #expect(!(MergeFixtures.name(1, 1) < MergeFixtures.name(1, 1)))
    }
}
