import Crypto

/// The private keys of one device or one hub: Ed25519 to sign with, X25519 to be sealed to.
///
/// Neither a description nor a mirror shows the keys, so that a log line cannot give them away.
public struct DeviceKeys: Sendable {
    private let signingKey: Curve25519.Signing.PrivateKey
    private let agreementKey: Curve25519.KeyAgreement.PrivateKey
    public let publicKeys: PublicKeys

    /// Which of its owner's keys, from 1.
    public var number: UInt32 { publicKeys.number }

    /// Makes new keys from the system's own randomness.
    ///
    /// - Parameter number: from 1; zero counts as 1.
    public static func generate(number: UInt32 = 1) -> DeviceKeys {
        DeviceKeys(number: max(number, 1), signingKey: .init(), agreementKey: .init())
    }

    private init(
        number: UInt32, signingKey: Curve25519.Signing.PrivateKey, agreementKey: Curve25519.KeyAgreement.PrivateKey
    ) {
        self.signingKey = signingKey
        self.agreementKey = agreementKey
        publicKeys = PublicKeys(
            checkedNumber: number, signing: Array(signingKey.publicKey.rawRepresentation),
            agreement: Array(agreementKey.publicKey.rawRepresentation))
    }

    /// Signs with Ed25519 (64 bytes). Every message starts with a label of its kind, or with a version byte in the
    /// case of a batch, so that no signature can be passed off as one over something else.
    package func sign(_ message: [UInt8]) throws(FormatError) -> [UInt8] {
        guard let signature = try? signingKey.signature(for: message) else {
            throw FormatError(.malformed, "signing key")
        }
        return Array(signature)
    }

    /// Lends the agreement key to the one who unwraps.
    func withAgreementKey<Result>(
        _ body: (Curve25519.KeyAgreement.PrivateKey) throws -> Result
    ) rethrows -> Result {
        try body(agreementKey)
    }
}

extension DeviceKeys {
    private static let version: UInt8 = 1

    /// The private keys as bytes, for a file that only their owner can read: a version byte, the number as a varint,
    /// the Ed25519 seed and the X25519 scalar of 32 bytes each.
    public func exportSecret() -> [UInt8] {
        var out = ByteWriter(reserving: 70)
        out.byte(DeviceKeys.version)
        out.varint(UInt64(number))
        out.raw(Array(signingKey.rawRepresentation))
        out.raw(Array(agreementKey.rawRepresentation))
        return out.bytes
    }

    /// Reads what ``exportSecret()`` wrote.
    public init(importingSecret bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("key file version") == DeviceKeys.version else {
            throw FormatError(.unknownVersion, "key file version")
        }
        let number = try input.keyNumber("key number")
        let seed = Array(try input.raw("signing key", count: 32))
        let scalar = Array(try input.raw("agreement key", count: 32))
        try input.end("key file")
        guard let signingKey = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw FormatError(.malformed, "signing key")
        }
        guard let agreementKey = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: scalar) else {
            throw FormatError(.malformed, "agreement key")
        }
        self.init(number: number, signingKey: signingKey, agreementKey: agreementKey)
    }
}

extension DeviceKeys: CustomStringConvertible, CustomReflectable {
    public var description: String { "DeviceKeys(number: \(number))" }
    public var customMirror: Mirror { Mirror(self, children: ["number": number]) }
}
