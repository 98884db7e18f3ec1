/// Writes the integers, byte strings and identifiers of every message, least significant first.
///
/// A *varint* is LEB128: seven bits a byte, the top bit set on all but the last. A *zigzag* is a signed number as a
/// varint, with the sign in the lowest bit.
public struct ByteWriter: Sendable {
    public private(set) var bytes: [UInt8]

    public init(reserving capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    public var count: Int { bytes.count }

    @inlinable
    public mutating func byte(_ value: UInt8) {
        append(value)
    }

    public mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    public mutating func varint(_ value: Int) {
        varint(UInt64(value))
    }

    public mutating func zigzag(_ value: Int64) {
        varint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// Eight bytes, least significant first.
    public mutating func fixed64(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func identifier(_ value: Identifier) {
        value.withBigEndianBytes { bytes.append(contentsOf: $0) }
    }

    /// The bytes as they are, without a length.
    public mutating func raw(_ value: some Sequence<UInt8>) {
        bytes.append(contentsOf: value)
    }

    /// A varint of the length, then the bytes.
    public mutating func string(_ value: [UInt8]) {
        varint(value.count)
        bytes.append(contentsOf: value)
    }

    /// A varint of the UTF-8 length, then the UTF-8.
    public mutating func string(_ value: String) {
        varint(value.utf8.count)
        bytes.append(contentsOf: value.utf8)
    }

    @usableFromInline
    mutating func append(_ value: UInt8) {
        bytes.append(value)
    }
}
