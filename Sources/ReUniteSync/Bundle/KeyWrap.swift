import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Wraps a bundle's content key for one recipient: HPKE (RFC 9180) in base mode with X25519, HKDF-SHA256 and
/// ChaCha20-Poly1305.
///
/// Base mode under a signature, not HPKE's authenticated mode: there a stolen recipient key would be enough to
/// forge a sender.
enum KeyWrap {
    private static let encapsulatedLength = 32
    private static let keyLength = 32
    /// The encapsulated key, the wrapped key and its tag.
    static let length = encapsulatedLength + keyLength + 16

    static let suite = HPKE.Ciphersuite(
        kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .chaChaPoly)

    static func wrap(
        _ contentKey: SymmetricKey, to recipient: PublicKeys, headerDigest: [UInt8]
    ) throws(FormatError) -> [UInt8] {
        do {
            let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: recipient.agreement)
            var sender = try HPKE.Sender(recipientKey: key, ciphersuite: suite, info: info(headerDigest))
            let sealed = try sender.seal(
                contentKey.withUnsafeBytes { Data($0) }, authenticating: authenticated(recipient.id))
            return Array(sender.encapsulatedKey) + Array(sealed)
        } catch {
            throw FormatError(.malformed, "recipient key")
        }
    }

    static func unwrap(
        _ wrapped: ArraySlice<UInt8>, with keys: DeviceKeys, headerDigest: [UInt8]
    ) throws(FormatError) -> SymmetricKey {
        do {
            let plain = try keys.withAgreementKey { key in
                var recipient = try HPKE.Recipient(
                    privateKey: key, ciphersuite: suite, info: info(headerDigest),
                    encapsulatedKey: Data(wrapped.prefix(encapsulatedLength)))
                return try recipient.open(
                    wrapped.dropFirst(encapsulatedLength), authenticating: authenticated(keys.publicKeys.id))
            }
            return SymmetricKey(data: plain)
        } catch {
            throw FormatError(.notAuthentic, "bundle key")
        }
    }

    private static func info(_ headerDigest: [UInt8]) -> Data {
        Data(Array("ru/b1".utf8) + headerDigest)
    }

    private static func authenticated(_ id: KeyID) -> [UInt8] {
        var out = ByteWriter(reserving: 8)
        out.fixed64(id.rawValue)
        return out.bytes
    }
}
