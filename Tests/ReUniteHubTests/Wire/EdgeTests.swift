import ReUniteSync
import Testing

/// Payloads made by hand, one op each, that no encoder of ours would write.
@Suite("Wire: at the edges of the payload format")
struct EdgeTests {
    /// One column of one op: its presence and form, what follows, and the text section.
    struct Edge {
        var name: String
        var presence: UInt8
        var values: [UInt8] = []
        var text: [UInt8] = []
        var isInWords = false
        /// The value that is read; nil where it must be refused.
        var value: Plain?
    }

    private static func zigzag(_ number: Int64) -> [UInt8] {
        var out = ByteWriter()
        out.zigzag(number)
        return out.bytes
    }

    private static func real(_ real: Double) -> [UInt8] {
        var out = ByteWriter()
        out.fixed64(real.bitPattern)
        return out.bytes
    }

    private static func date(_ text: String) -> Plain { .value(.text(text)) }

    static let edges: [Edge] = [
        Edge(
            name: "the greatest whole real", presence: 9 << 2, values: zigzag((1 << 53) - 1),
            value: .value(.real(9_007_199_254_740_991))),
        Edge(name: "a whole real beyond it", presence: 9 << 2, values: zigzag(1 << 53)),
        Edge(name: "a whole real below the least", presence: 9 << 2, values: zigzag(-(1 << 53))),
        Edge(name: "negative zero", presence: 8 << 2, values: real(-0.0), value: .value(.real(0))),
        Edge(name: "infinity", presence: 8 << 2, values: real(.infinity), value: .value(.real(.infinity))),
        Edge(name: "not a number", presence: 8 << 2, values: real(.nan)),
        Edge(name: "the first day", presence: 4 << 2, values: zigzag(-739_617), value: date("0000-01-01")),
        Edge(name: "the day before it", presence: 4 << 2, values: zigzag(-739_618)),
        Edge(name: "a leap day of the year 0", presence: 4 << 2, values: zigzag(-739_558), value: date("0000-02-29")),
        Edge(name: "the last day", presence: 4 << 2, values: zigzag(2_912_807), value: date("9999-12-31")),
        Edge(name: "the day after it", presence: 4 << 2, values: zigzag(2_912_808)),
        Edge(name: "a day at the end of numbers", presence: 4 << 2, values: zigzag(.max)),
        Edge(name: "an unknown form without values", presence: 63 << 2 | 1, value: .null),
        Edge(name: "an unknown form", presence: 15 << 2, values: [0]),
        Edge(name: "an unknown presence", presence: 3),
        Edge(name: "an empty bitmap", presence: 15 << 2 | 2, values: [0], value: .null),
        Edge(name: "a bitmap with a bit too many", presence: 2, values: [3, 0]),
        Edge(name: "a dictionary", presence: 11 << 2, values: [1, 1, 0], text: [65], value: date("A")),
        Edge(
            name: "a dictionary with more texts than values", presence: 11 << 2, values: [2, 1, 1, 0], text: [65, 66]),
        Edge(name: "a text that is not there", presence: 11 << 2, values: [1, 1, 1], text: [65]),
        Edge(name: "U+0000", presence: 12 << 2, values: [1], text: [0], value: date("\u{0}")),
        Edge(name: "a surrogate", presence: 12 << 2, values: [3], text: [0xED, 0xA0, 0x80]),
        Edge(name: "an overlong zero", presence: 12 << 2, values: [2], text: [0xC0, 0x80]),
        Edge(name: "a text longer than the section", presence: 12 << 2, values: [2], text: [65]),
        Edge(name: "an integer that wraps", presence: 1 << 2, values: zigzag(.min), value: .value(.integer(.min))),
        Edge(name: "an identifier that is the key", presence: 10 << 2, values: [3], value: .value(.blob(key))),
        Edge(name: "an identifier that was not yet", presence: 10 << 2, values: [4]),
        Edge(name: "the same as nothing", presence: 10 << 2, values: [2]),
        Edge(name: "a value of an unknown kind", presence: 14 << 2, values: [5, 0]),
    ]

    /// One text of so many bytes, whose section is in words. The list is deflated without being any shorter.
    private static func words(
        _ name: String, _ length: UInt8, new: UInt8 = 0, list: [UInt8], codes: [UInt8] = [], reads text: String? = nil
    ) -> Edge {
        let count = UInt8(list.count)
        let deflated = [1, count, 0, ~count, 255] + list
        return Edge(
            name: "in words: \(name)", presence: 12 << 2, values: [length],
            text: [new, UInt8(deflated.count)] + deflated + codes, isInWords: true,
            value: text.map { .value(.text($0)) })
    }

    static let wordEdges: [Edge] = [
        words("two words", 5, list: [97, 98, 0, 99, 100, 0], reads: "ab cd"),
        words("what is not a word between them", 6, list: [97, 98, 0, 44, 32, 0, 99, 100, 0], reads: "ab, cd"),
        words("a space of its own", 3, list: [97, 0, 32, 0, 98, 0], reads: "a b"),
        words("an apostrophe and an accent", 6, list: [39, 0, 0xC3, 0xA9, 0, 48, 0], reads: "' \u{E9} 0"),
        words("a code", 5, new: 1, list: [97, 98, 1], codes: [0x40], reads: "ab ab"),
        words("a code before its token was new", 5, new: 1, list: [97, 98, 1], codes: [0x80], reads: "ab ab"),
        words("a newline", 1, list: [31, 10, 0], reads: "\n"),
        words("a needless escape", 1, list: [31, 65, 0], reads: "A"),
        words("half a character", 1, list: [0xC3, 0]),
        words("no token at all", 1, list: []),
        words("a token that goes beyond the text", 2, list: [97, 98, 99, 0]),
        words("a space that goes beyond the text", 4, list: [97, 98, 0, 99, 100, 0]),
        words("more texts than tokens", 5, list: [97, 98, 0]),
        words("a token that is never new", 2, list: [97, 98, 0, 99, 100, 0]),
        words("an empty token", 2, list: [0, 97, 98, 0]),
        words("a list that ends in a token", 2, list: [97, 98]),
        words("a list that ends in an escape", 2, list: [97, 98, 0, 31]),
        words("too few codes", 5, new: 2, list: [97, 98, 2], codes: [0x10]),
        words("too many codes", 5, new: 1, list: [97, 98, 1, 99, 1], codes: [0x40]),
        words("a code of a token alone", 2, list: [97, 98, 1], codes: [0]),
        words("a length of 31 bits", 5, new: 31, list: [97, 98, 1], codes: [0x40]),
        words("no bits", 5, new: 1, list: [97, 98, 1]),
        words("a bit after the last code", 5, new: 1, list: [97, 98, 1], codes: [0x41]),
        words("a byte after the last code", 5, new: 1, list: [97, 98, 1], codes: [0x40, 0]),
        words("bits where none are taken", 2, list: [97, 98, 0], codes: [0]),
    ]

    private static let key: [UInt8] = (1...16).map { $0 }

    /// `set` of group 0 in table 1, at 0 ms, with the key as it is.
    private static func payload(_ edge: Edge) -> [UInt8] {
        let head: [UInt8] = [1, 1 << 1, 1, 1, 0, 0, 0]
        let op: [UInt8] = [1, 1, 0, 1, 0, 0, 1]
        let structure = head + op + [edge.presence] + edge.values + [1, 0]
        let sizes = [UInt8(structure.count), UInt8(edge.text.count)]
        return [2, 0, edge.isInWords ? 8 : 0] + sizes + structure + edge.text + key
    }

    @Test("engine and decoder read what the page allows, and refuse the rest")
    func all() throws {
        let edges = EdgeTests.edges + EdgeTests.wordEdges
        let cases = edges.map {
            WireCase(name: $0.name, what: "ops", known: ["count": .number(1)], bytes: EdgeTests.payload($0))
        }
        let answers = try PythonDecoder.decode(cases)
        for (edge, (wire, answer)) in zip(edges, zip(cases, answers)) {
            let engine = try wire.engineContent()
            if let value = edge.value {
                #expect(engine == answer, "\(edge.name)")
                let read = try Plain(json: answer).items.first?["values"].items.first
                #expect(read?.canonical == value.canonical, "\(edge.name)")
            } else {
                #expect(engine == nil, "\(edge.name)")
                #expect(answer.hasPrefix("refused: "), "\(edge.name)")
            }
        }
    }
}
