import ReUniteSync
import Testing

@Suite("Delta codec: what goes in comes out")
struct RoundTripTests {
    private let layout = TestLayout.sample

    @Test("random ops of every shape come back as they were, in their order", arguments: 0..<60 as Range<UInt64>)
    func randomOps(seed: UInt64) throws {
        var source = RandomDeltas(seed: seed)
        let ops = source.ops(Int(seed % 4) * 40 + Int(seed))
        let decoded = try OpCodec.decode(OpCodec.encode(ops, layout: layout), expecting: ops.count)
        #expect(isIdentical(decoded, ops.map(normalised)), "seed \(seed)")
    }

    @Test("random rows of every shape come back as they were, in their order", arguments: 0..<60 as Range<UInt64>)
    func randomRows(seed: UInt64) throws {
        var source = RandomDeltas(seed: 1_000 + seed)
        let rows = source.rows(Int(seed % 4) * 40 + Int(seed))
        let decoded = try RowCodec.decode(RowCodec.encode(rows, layout: layout))
        #expect(isIdentical(decoded, rows.map(normalised)), "seed \(seed)")
    }

    @Test("every value comes back alone and beside every other value")
    func everyPairOfValues() throws {
        var deflater = try Deflater()
        var inflater = try Inflater()
        var source = RandomDeltas(seed: 7)
        var values = RandomDeltas.texts.map(Value.text) + RandomDeltas.integers.map(Value.integer)
        values += RandomDeltas.reals.map(Value.real) + [.null, .blob([]), .blob([0]), .blob(Identifier.zero.bytes)]
        let key = source.random.identifier(at: 1_750_000_000_000)
        for first in values {
            for second in values {
                let ops = [first, second].map {
                    Op(table: 700, key: key, kind: .set, groups: 32, stamp: HybridTime(milliseconds: 5), values: [$0])
                }
                let bytes = try OpCodec.encode(ops, layout: layout, with: &deflater)
                let decoded = try OpCodec.decode(bytes, expecting: 2, with: &inflater)
                #expect(isIdentical(decoded, ops.map(normalised)), "\(first) \(second)")
            }
        }
    }

    @Test("no ops and no rows are payloads too")
    func nothing() throws {
        #expect(try OpCodec.decode(OpCodec.encode([], layout: layout), expecting: 0).isEmpty)
        #expect(try RowCodec.decode(RowCodec.encode([], layout: layout)).isEmpty)
    }

    @Test("a decoder needs no schema: ops of a table that the encoder does not know come back")
    func unknownTable() throws {
        var source = RandomDeltas(seed: 3)
        let ops = source.ops(200)
        let encoded = try OpCodec.encode(ops, layout: TestLayout(tables: [:]))
        #expect(isIdentical(try OpCodec.decode(encoded, expecting: 200), ops.map(normalised)))
    }

    @Test("a deflater and an inflater serve many payloads, also after a refused one")
    func reuse() throws {
        var deflater = try Deflater()
        var inflater = try Inflater()
        var source = RandomDeltas(seed: 11)
        for count in [1, 300, 2, 100] {
            let ops = source.ops(count)
            let bytes = try OpCodec.encode(ops, layout: layout, with: &deflater)
            #expect(try bytes == OpCodec.encode(ops, layout: layout))
            _ = try? OpCodec.decode(Array(bytes.dropLast(9)), expecting: count, with: &inflater)
            #expect(
                isIdentical(
                    try OpCodec.decode(bytes, expecting: count, with: &inflater), ops.map(normalised)))
        }
    }

    @Test("an encoder refuses what a decoder would refuse")
    func limits() throws {
        let op = Op(
            table: 700, key: .zero, kind: .set, groups: 32, stamp: .zero,
            values: [.blob(Array(repeating: 1, count: DecodeLimits.valueBytes + 1))])
        #expect(throws: FormatError(.tooLarge, "delta value")) { try OpCodec.encode([op], layout: layout) }
        let many = Array(repeating: op, count: DecodeLimits.opsPerBatch + 1)
        #expect(throws: FormatError(.tooLarge, "op count")) { try OpCodec.encode(many, layout: layout) }
    }

    @Test("every day of the years 0000 to 9999 has one number, and no other text has any")
    func days() throws {
        var texts: [String] = []
        for year in [0, 1, 4, 100, 400, 1582, 1899, 1900, 1970, 2000, 2024, 2025, 2026, 2100, 9999] {
            for month in 0...13 {
                for day in 0...32 {
                    let parts = [(year, 4), (month, 2), (day, 2)].map { value, width in
                        String(repeating: "0", count: max(0, width - "\(value)".count)) + "\(value)"
                    }
                    texts.append(parts.joined(separator: "-"))
                }
            }
        }
        var deflater = try Deflater()
        var inflater = try Inflater()
        for text in texts {
            let ops = [
                Op(
                    table: 700, key: .zero, kind: .set, groups: 32, stamp: .zero, values: [.text(text)])
            ]
            let bytes = try OpCodec.encode(ops, layout: layout, with: &deflater)
            #expect(try OpCodec.decode(bytes, expecting: 1, with: &inflater) == ops)
        }
    }
}
