/// Damages messages as a fuzzer does that knows nothing of what coverage they reach: a few changes at a time, of the
/// kinds that break counts, lengths and codes.
package struct Mutator<Generator: RandomNumberGenerator> {
    package var generator: Generator

    /// Bytes that stand at an edge of something: a varint's, a count's, a sign's.
    private static var edges: [UInt8] { [0, 1, 2, 0x3F, 0x40, 0x7F, 0x80, 0x81, 0xFE, 0xFF] }

    package init(generator: Generator) {
        self.generator = generator
    }

    private mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<max(1, limit), using: &generator) }

    /// - Parameter other: a second message, of which a piece may be put in.
    package mutating func damaged(_ message: [UInt8], with other: [UInt8]) -> [UInt8] {
        var bytes = message
        for _ in 0...below(4) where !bytes.isEmpty { damage(&bytes, other) }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8], _ other: [UInt8]) {
        // Half of all changes near the beginning, where the lengths and counts are.
        let place = below(2) == 0 ? below(min(bytes.count, 200)) : below(bytes.count)
        let end = min(bytes.count, place + 1 + below(16))
        switch below(8) {
        case 0: bytes[place] ^= 1 << UInt8(below(8))
        case 1: bytes[place] = Self.edges[below(Self.edges.count)]
        case 2: bytes[place] = UInt8(below(256))
        case 3: bytes.removeSubrange(place..<end)
        case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 5: bytes.insert(contentsOf: (0..<10).map { $0 < 9 ? 0xFF : 1 }, at: place)
        case 6: bytes.removeLast(min(bytes.count, 1 + below(bytes.count)))
        default:
            guard !other.isEmpty else { return }
            let from = below(other.count)
            bytes.replaceSubrange(place..<end, with: other[from..<min(other.count, from + 1 + below(64))])
        }
    }
}
