/// One column's value, with SQLite's five storage classes.
public enum Value: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// Whether two values are the same bytes: text by its UTF-8, not by Unicode equivalence; reals by their bits,
    /// with one zero.
    public func isIdentical(to other: Value) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.integer(let a), .integer(let b)): a == b
        case (.real(let a), .real(let b)): Value.bits(of: a) == Value.bits(of: b)
        case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
        case (.blob(let a), .blob(let b)): a == b
        default: false
        }
    }

    /// The bits that stand for a real on the wire and in digests: negative zero counts as zero.
    package static func bits(of real: Double) -> UInt64 {
        real == 0 ? 0 : real.bitPattern
    }
}

extension Value {
    /// What the value is called where a schema lists values as text: nil inside for NULL, nil outside for what has no
    /// such name.
    package var declaredName: String?? {
        switch self {
        case .null: .some(nil)
        case .integer(let integer): String(integer)
        case .text(let text): text
        case .real, .blob: .none
        }
    }

    /// The value as a person reads it; nil for NULL.
    package var readable: String? {
        switch self {
        case .null: nil
        case .integer(let integer): String(integer)
        case .real(let real): String(real)
        case .text(let text): text
        case .blob(let bytes): Identifier(bytes: bytes)?.description ?? "\(bytes.count) bytes"
        }
    }
}
