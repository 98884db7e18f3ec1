import Crypto

/// The hub's key for tickets: 32 bytes, kept outside its database so that a restored database cannot make old
/// tickets good again.
public struct TicketKey: Sendable, CustomStringConvertible, CustomReflectable {
    fileprivate let key: SymmetricKey

    public init(bytes: [UInt8]) throws(FormatError) {
        guard bytes.count == 32 else { throw FormatError(.malformed, "ticket key") }
        key = SymmetricKey(data: bytes)
    }

    /// Makes a new key. The generator must be one that nobody can predict.
    public init(using generator: inout some RandomNumberGenerator) {
        key = SymmetricKey(data: randomBytes(32, using: &generator))
    }

    /// The 32 bytes, for a file that only the hub can read.
    public func exportSecret() -> [UInt8] {
        key.withUnsafeBytes { Array($0) }
    }

    public var description: String { "TicketKey" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// A numbered pass for one device's next request. It stands as the nonce of a request's signature: the hub hands
/// out one with each answer and takes none that is below the highest it was shown.
public struct Ticket: Hashable, Sendable {
    public let number: UInt64
    /// The first 16 bytes of the HMAC-SHA256.
    private let code: [UInt8]

    public static let byteCount = 24
    private static let codeLength = 16

    /// What a device shows that has lost its ticket. No hub ever issued it: the answer is a challenge that carries
    /// a good one.
    public static let none = Ticket(number: 0, code: Array(repeating: 0, count: codeLength))

    private init(number: UInt64, code: [UInt8]) {
        self.number = number
        self.code = code
    }

    /// Issues a ticket to a device's key.
    public init(number: UInt64, device: Identifier, keyNumber: UInt32, key: TicketKey) {
        self.number = number
        code = Ticket.code(number: number, device: device, keyNumber: keyNumber, key: key)
    }

    /// Whether the hub with this key issued the ticket to this device's key.
    public func isGenuine(device: Identifier, keyNumber: UInt32, key: TicketKey) -> Bool {
        constantTimeEqual(code, Ticket.code(number: number, device: device, keyNumber: keyNumber, key: key))
    }

    private static func code(number: UInt64, device: Identifier, keyNumber: UInt32, key: TicketKey) -> [UInt8] {
        var out = ByteWriter(reserving: 48)
        out.raw("ru/ticket".utf8)
        out.identifier(device)
        out.fixed64(UInt64(keyNumber))
        out.fixed64(number)
        return Array(HMAC<SHA256>.authenticationCode(for: out.bytes, using: key.key).prefix(codeLength))
    }
}

extension Ticket {
    /// The number in eight bytes, least significant first, and the code: 24 bytes.
    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: Ticket.byteCount)
        out.fixed64(number)
        out.raw(code)
        return out.bytes
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        number = try input.fixed64("ticket number")
        code = Array(try input.raw("ticket code", count: Ticket.codeLength))
        try input.end("ticket")
    }

    /// The 24 bytes as 32 characters of base64url.
    public var text: String { Base64.encode(encoded(), .url) }

    public init?(text: String) {
        guard let bytes = Base64.decode(text, .url, count: Ticket.byteCount),
            let ticket = try? Ticket(decoding: bytes)
        else { return nil }
        self = ticket
    }
}
