import ReUniteSync
import Testing

@Suite("A list of values from outside")
struct ValueListTests {
    @Test("A real that is not a number is refused, and written as NULL: SQLite has none")
    func notANumber() throws {
        let list: [UInt8] = [1, 2, 0x33, 0x2D, 0x54, 0xB1, 0xC7, 0xFF, 0xFF, 0xFF]
        #expect(throws: FormatError.self) { try ValueList.decode(list) }
        #expect(try ValueList.decode(ValueList.encode([.real(.nan), .integer(3)])) == [.null, .integer(3)])
    }

    @Test("Negative zero is zero, and every other real comes back bit by bit")
    func reals() throws {
        let written: [Double] = [-0.0, 0.1, -1.5e300, .infinity, .leastNonzeroMagnitude]
        let read = try ValueList.decode(ValueList.encode(written.map { .real($0) }))
        let bits = read.map { if case .real(let real) = $0 { real.bitPattern } else { UInt64.max } }
        #expect(bits == [UInt64(0)] + written.dropFirst().map(\.bitPattern))
    }
}
