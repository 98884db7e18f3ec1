import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A few bytes sealed to one key at once: HPKE (RFC 9180) in base mode, as in ``KeyWrap``, behind the name of the key.
enum SealedMessage {
    private static let encapsulatedLength = 32
    private static let keyIDLength = 8
    /// How much longer it is than what is sealed: the key's id, the encapsulated key and the tag.
    static let overhead = keyIDLength + encapsulatedLength + 16

    /// - Parameter info: what it is bound to; begins with a label of its kind.
    static func seal(_ plain: [UInt8], to recipient: PublicKeys, info: [UInt8]) throws(FormatError) -> [UInt8] {
        var out = ByteWriter(reserving: plain.count + overhead)
        out.fixed64(recipient.id.rawValue)
        do {
            let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: recipient.agreement)
            var sender = try HPKE.Sender(recipientKey: key, ciphersuite: KeyWrap.suite, info: Data(info))
            let sealed = try sender.seal(plain, authenticating: out.bytes)
            out.raw(Array(sender.encapsulatedKey))
            out.raw(Array(sealed))
        } catch {
            throw FormatError(.malformed, "recipient key")
        }
        return out.bytes
    }

    /// - Throws: `notAuthentic` when it was sealed to other keys, is bound to something else, or was changed.
    static func open(
        _ sealed: some Collection<UInt8>, with keys: DeviceKeys, info: [UInt8]
    ) throws(FormatError) -> [UInt8] {
        let sealed = Array(sealed)
        guard sealed.count >= overhead else { throw FormatError(.truncated, "sealed message") }
        var input = ByteReader(sealed)
        guard try input.fixed64("sealed message key") == keys.publicKeys.id.rawValue else {
            throw FormatError(.notAuthentic, "sealed message key")
        }
        let start = keyIDLength + encapsulatedLength
        do {
            return try keys.withAgreementKey { key in
                var recipient = try HPKE.Recipient(
                    privateKey: key, ciphersuite: KeyWrap.suite, info: Data(info),
                    encapsulatedKey: Data(sealed[keyIDLength..<start]))
                return Array(try recipient.open(sealed[start...], authenticating: sealed[..<keyIDLength]))
            }
        } catch {
            throw FormatError(.notAuthentic, "sealed message")
        }
    }
}
