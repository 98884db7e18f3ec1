@testable import ReUniteSync

/// A seeded generator, so that a failing case can be named and run again.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
    mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

    /// A UUIDv7 of a millisecond.
    mutating func identifier(at milliseconds: Int64) -> Identifier {
        Identifier(
            high: UInt64(milliseconds) << 16 | 0x7000 | next() >> 52, low: 2 << 62 | next() >> 2)
    }
}

/// Tables by number, each the list of its columns' groups.
struct TestLayout: ColumnLayout {
    var tables: [UInt16: [UInt8]]
    func columnGroups(of table: UInt16) -> [UInt8]? { tables[table] }

    static let sample = TestLayout(tables: [
        1: [0, 1, 2, 3, 4, 5], 2: [0, 0, 1, 1, 2], 3: [3, 2, 61, 63], 9: [], 700: [5],
    ])
}

/// What an encoding promises to give back: not a number is null, negative zero is zero.
func normalised(_ value: Value) -> Value {
    guard case .real(let real) = value else { return value }
    return real.isNaN ? .null : .real(real == 0 ? 0 : real)
}

func normalised(_ op: Op) -> Op {
    var op = op
    op.values = op.values.map(normalised)
    op.from = normalised(op.from)
    return op
}

func normalised(_ row: RowState) -> RowState {
    var row = row
    row.values = row.values.map(normalised)
    return row
}

/// Whether two lists of values are the same bytes; `==` calls some different texts and both zeros equal.
func isIdentical(_ left: [Value], _ right: [Value]) -> Bool {
    left.count == right.count
        && zip(left, right).allSatisfy { a, b in
            if case .real(let x) = a, case .real(let y) = b { return x.bitPattern == y.bitPattern }
            return a.isIdentical(to: b)
        }
}

func isIdentical(_ left: [Op], _ right: [Op]) -> Bool {
    left == right
        && zip(left, right).allSatisfy { isIdentical($0.values + [$0.from], $1.values + [$1.from]) }
}

func isIdentical(_ left: [RowState], _ right: [RowState]) -> Bool {
    left == right && zip(left, right).allSatisfy { isIdentical($0.values, $1.values) }
}

extension [Op] {
    /// The payload in the forms that came before sections were modelled.
    func unmodelled(_ layout: some ColumnLayout) throws -> [UInt8] {
        var deflater = try Deflater()
        return try OpCodec.columns(of: self, layout: layout)
            .sealed([], limit: DecodeLimits.batchBytes, modelled: 0, with: &deflater)
    }
}

extension [RowState] {
    /// The payload in the forms that came before sections were modelled.
    func unmodelled(_ layout: some ColumnLayout) throws -> [UInt8] {
        var deflater = try Deflater()
        return try RowCodec.columns(of: self, layout: layout)
            .sealed(.rows, limit: DecodeLimits.messageBytes, modelled: 0, with: &deflater)
    }
}
