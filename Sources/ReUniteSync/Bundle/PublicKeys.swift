import Crypto

/// The name of a key that bundles are sealed to: the first 8 bytes of the SHA-256 of the X25519 public key.
///
/// It finds a key among a few; it proves nothing.
public struct KeyID: Hashable, Sendable {
    /// The 8 bytes, least significant first.
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    init(agreementKey: [UInt8]) {
        rawValue = leadingWord(of: SHA256.hash(data: agreementKey))
    }
}

/// What everybody may know of a device's or a hub's keys.
public struct PublicKeys: Hashable, Sendable {
    /// Which of its owner's keys, from 1. A rotation takes the next number.
    public let number: UInt32
    /// The Ed25519 public key, 32 bytes.
    public let signing: [UInt8]
    /// The X25519 public key, 32 bytes.
    public let agreement: [UInt8]
    public let id: KeyID

    /// Throws when the number is zero or a key is not 32 bytes long.
    public init(number: UInt32, signing: [UInt8], agreement: [UInt8]) throws(FormatError) {
        guard number > 0 else { throw FormatError(.malformed, "key number") }
        guard signing.count == 32 else { throw FormatError(.malformed, "signing key") }
        guard agreement.count == 32 else { throw FormatError(.malformed, "agreement key") }
        self.init(checkedNumber: number, signing: signing, agreement: agreement)
    }

    init(checkedNumber number: UInt32, signing: [UInt8], agreement: [UInt8]) {
        self.number = number
        self.signing = signing
        self.agreement = agreement
        id = KeyID(agreementKey: agreement)
    }

    /// Whether the owner of these keys made the Ed25519 signature over the message.
    package func verify(_ signature: some Collection<UInt8>, over message: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: signing) else { return false }
        return key.isValidSignature(Array(signature), for: message)
    }
}

extension PublicKeys {
    package func write(to out: inout ByteWriter) {
        out.varint(UInt64(number))
        out.raw(signing)
        out.raw(agreement)
    }

    package init(reading input: inout ByteReader) throws(FormatError) {
        try self.init(
            number: try input.keyNumber("key number"), signing: Array(try input.raw("signing key", count: 32)),
            agreement: Array(try input.raw("agreement key", count: 32)))
    }

    /// The number as a varint and the two keys, 65 bytes or a few more.
    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 69)
        write(to: &out)
        return out.bytes
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        try self.init(reading: &input)
        try input.end("public keys")
    }
}

extension ByteReader {
    /// Reads a key number, which counts from 1.
    mutating func keyNumber(_ field: String) throws(FormatError) -> UInt32 {
        let number = UInt32(try count(field, limit: Int(UInt32.max)))
        guard number > 0 else { throw FormatError(.malformed, field) }
        return number
    }

    mutating func hubEpoch(_ field: String) throws(FormatError) -> HubEpoch {
        HubEpoch(
            number: UInt32(try count(field, limit: Int(UInt32.max))), salt: try identifier("\(field) salt"))
    }
}

extension ByteWriter {
    mutating func hubEpoch(_ epoch: HubEpoch) {
        varint(UInt64(epoch.number))
        identifier(epoch.salt)
    }
}
