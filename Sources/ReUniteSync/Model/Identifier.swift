/// A 16-byte identifier: of a row, a scope, a device, a hub, a batch's short name.
///
/// Two machine words, because that is the cheapest dictionary key of that size in Swift. It is printed as a
/// lower-case UUID and stored in SQLite as a BLOB of 16 bytes; its order is the order of those bytes.
public struct Identifier: Hashable, Comparable, Sendable {
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// All bits zero: stands for "none", and names the scope of what the whole network shares.
    public static let zero = Identifier(high: 0, low: 0)

    public static func < (left: Identifier, right: Identifier) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }
}

extension Identifier {
    /// The identifier that these bytes spell, or nil when they are not exactly 16.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
        }
        self.init(high: high, low: low)
    }

    /// The identifier in 16 bytes of memory, read without a check of the length.
    package init(unsafeBytes pointer: UnsafeRawPointer) {
        high = UInt64(bigEndian: pointer.loadUnaligned(as: UInt64.self))
        low = UInt64(bigEndian: pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }

    /// The 16 bytes, most significant first.
    public var bytes: [UInt8] {
        withBigEndianBytes { Array($0) }
    }

    /// Lends the 16 bytes to the body without an array.
    public func withBigEndianBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let words = (high.bigEndian, low.bigEndian)
        return try withUnsafeBytes(of: words) { try body($0) }
    }
}

extension Identifier: CustomStringConvertible, LosslessStringConvertible {
    /// The lower-case UUID form, for example `01939f6e-0a00-7bcd-8123-456789abcdef`.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        withBigEndianBytes { bytes in
            for (index, byte) in bytes.enumerated() {
                if index == 4 || index == 6 || index == 8 || index == 10 { text.append(UInt8(ascii: "-")) }
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads 32 hexadecimal digits in either case; hyphens between them are ignored.
    public init?(_ text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        var half: UInt8?
        for character in text.utf8 where character != UInt8(ascii: "-") {
            guard let digit = Identifier.value(ofHexDigit: character) else { return nil }
            if let high = half {
                bytes.append(high << 4 | digit)
                half = nil
            } else {
                half = digit
            }
        }
        guard half == nil else { return nil }
        self.init(bytes: bytes)
    }

    private static func value(ofHexDigit character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
