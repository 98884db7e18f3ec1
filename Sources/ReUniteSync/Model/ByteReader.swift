/// Why bytes could not be read as the message they claim to be.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The bytes end inside a field.
        case truncated
        /// A field holds what the format does not allow.
        case malformed
        /// A count or a length is above its limit.
        case tooLarge
        /// A version that this program does not know.
        case unknownVersion
        /// A signature, key or authentication tag does not fit.
        case notAuthentic
        /// Bytes follow the end of the message.
        case trailing
    }

    public let code: Code
    /// The field, for a person reading a log. Never a value from the data.
    public let field: String

    public init(_ code: Code, _ field: String) {
        self.code = code
        self.field = field
    }

    public var description: String { "\(field) \(code.words)" }
}

extension FormatError.Code {
    /// What is wrong with the field, for a person.
    var words: String {
        switch self {
        case .truncated: "ends too soon"
        case .malformed: "is not as it must be"
        case .tooLarge: "is too large"
        case .unknownVersion: "is of another version"
        case .notAuthentic: "does not fit"
        case .trailing: "is followed by more"
        }
    }
}

/// Reads what ``ByteWriter`` wrote, checking every length before it is used.
public struct ByteReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    private var next: Int

    public init(_ bytes: [UInt8]) {
        self.init(bytes[...])
    }

    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        next = bytes.startIndex
    }

    public var remaining: Int { bytes.endIndex - next }
    /// How many bytes have been read.
    public var offset: Int { next - bytes.startIndex }

    public mutating func byte(_ field: @autoclosure () -> String) throws(FormatError) -> UInt8 {
        guard next < bytes.endIndex else { throw FormatError(.truncated, field()) }
        defer { next += 1 }
        return bytes[next]
    }

    /// Reads a varint. Longer than ten bytes, above 64 bits, or with a needless last zero byte is malformed, so that
    /// a number has one form only.
    public mutating func varint(_ field: @autoclosure () -> String) throws(FormatError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard next < bytes.endIndex else { throw FormatError(.truncated, field()) }
            let byte = bytes[next]
            next += 1
            if shift == 63 && byte > 1 { throw FormatError(.malformed, field()) }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                if byte == 0 && shift > 0 { throw FormatError(.malformed, field()) }
                return value
            }
            shift += 7
            if shift > 63 { throw FormatError(.malformed, field()) }
        }
    }

    /// Reads a varint that counts something, and refuses it above the limit.
    public mutating func count(_ field: @autoclosure () -> String, limit: Int) throws(FormatError) -> Int {
        let value = try varint(field())
        guard value <= UInt64(limit) else { throw FormatError(.tooLarge, field()) }
        return Int(value)
    }

    public mutating func zigzag(_ field: @autoclosure () -> String) throws(FormatError) -> Int64 {
        let value = try varint(field())
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    public mutating func fixed64(_ field: @autoclosure () -> String) throws(FormatError) -> UInt64 {
        let slice = try raw(field(), count: 8)
        var value: UInt64 = 0
        for byte in slice.reversed() { value = value << 8 | UInt64(byte) }
        return value
    }

    /// Reads a byte that is 1 for yes and 0 for no.
    package mutating func flag(_ field: @autoclosure () -> String) throws(FormatError) -> Bool {
        let value = try byte(field())
        guard value <= 1 else { throw FormatError(.malformed, field()) }
        return value == 1
    }

    public mutating func identifier(_ field: @autoclosure () -> String) throws(FormatError) -> Identifier {
        let slice = try raw(field(), count: 16)
        guard let identifier = Identifier(bytes: slice) else { throw FormatError(.malformed, field()) }
        return identifier
    }

    /// So many bytes, as they are.
    public mutating func raw(_ field: @autoclosure () -> String, count: Int) throws(FormatError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw FormatError(.truncated, field()) }
        defer { next += count }
        return bytes[next..<(next + count)]
    }

    /// A length and that many bytes.
    public mutating func string(_ field: @autoclosure () -> String, limit: Int) throws(FormatError) -> [UInt8] {
        let length = try count(field(), limit: limit)
        return Array(try raw(field(), count: length))
    }

    /// A length and that many bytes of UTF-8.
    public mutating func text(_ field: @autoclosure () -> String, limit: Int) throws(FormatError) -> String {
        let length = try count(field(), limit: limit)
        let slice = try raw(field(), count: length)
        guard let text = String(validating: slice, as: UTF8.self) else { throw FormatError(.malformed, field()) }
        return text
    }

    /// Ends the reading: bytes that are left are an error.
    public func end(_ field: @autoclosure () -> String) throws(FormatError) {
        if remaining > 0 { throw FormatError(.trailing, field()) }
    }
}
