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

    private static let key: [UInt8] = (1...16).map { $0 }

    /// `set` of group 0 in table 1, at 0 ms, with the key as it is.
    private static func payload(_ edge: Edge) -> [UInt8] {
        let head: [UInt8] = [1, 1 << 1, 1, 1, 0, 0, 0]
        let op: [UInt8] = [1, 1, 0, 1, 0, 0, 1]
        let structure = head + op + [edge.presence] + edge.values + [1, 0]
        return [1, 0, 0, UInt8(structure.count), UInt8(edge.text.count)] + structure + edge.text + key
    }

    @Test("engine and decoder read what the page allows, and refuse the rest")
    func all() throws {
        let cases = EdgeTests.edges.map {
            WireCase(name: $0.name, what: "ops", known: ["count": .number(1)], bytes: EdgeTests.payload($0))
        }
        let answers = try PythonDecoder.decode(cases)
        for (edge, (wire, answer)) in zip(EdgeTests.edges, zip(cases, answers)) {
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
