/// The stored form of a few values in a row: what a sibling or a covered value is kept as.
public enum ValueList {
    public static func encode(_ values: [Value]) -> [UInt8] {
        var out = ByteWriter(reserving: 16)
        out.varint(values.count)
        for value in values {
            switch value {
            case .null: out.byte(0)
            case .integer(let integer):
                out.byte(1)
                out.zigzag(integer)
            case .real(let real):
                guard !real.isNaN else {
                    out.byte(0)
                    continue
                }
                out.byte(2)
                out.fixed64(Value.bits(of: real))
            case .text(let text):
                out.byte(3)
                out.string(text)
            case .blob(let bytes):
                out.byte(4)
                out.string(bytes)
            }
        }
        return out.bytes
    }

    public static func decode(_ bytes: [UInt8]) throws(FormatError) -> [Value] {
        var input = ByteReader(bytes)
        var values: [Value] = []
        for _ in 0..<(try input.count("values", limit: 2_000)) {
            switch try input.byte("value type") {
            case 0: values.append(.null)
            case 1: values.append(.integer(try input.zigzag("integer")))
            case 2:
                let real = Double(bitPattern: try input.fixed64("real"))
                // SQLite has no NaN, and one would not be equal to itself.
                guard !real.isNaN else { throw FormatError(.malformed, "real") }
                values.append(.real(real == 0 ? 0 : real))
            case 3: values.append(.text(try input.text("text", limit: DecodeLimits.valueBytes)))
            case 4: values.append(.blob(try input.string("blob", limit: DecodeLimits.valueBytes)))
            default: throw FormatError(.malformed, "value type")
            }
        }
        try input.end("values")
        return values
    }

    /// Whether two lists are the same bytes, value by value.
    public static func areIdentical(_ left: [Value], _ right: [Value]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { $0.isIdentical(to: $1) }
    }
}
