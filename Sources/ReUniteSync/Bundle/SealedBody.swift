import Crypto

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The ops of a batch that only the hub can read: HPKE (RFC 9180) in base mode, as in ``KeyWrap``.
///
/// A device seals a batch this way once a row in it has left: what was not judged must still arrive, and the device
/// itself may not read it any more. Who wrote it is proved by the batch's own signature, over the digest of the ops
/// as they were.
package enum SealedBody {
    private static let encapsulatedLength = 32
    private static let keyIDLength = 8
    /// How much longer than the ops it is: the key's id, the encapsulated key and the tag.
    package static let overhead = keyIDLength + encapsulatedLength + 16

    /// Seals the encoded ops of a batch.
    package static func seal(
        _ body: [UInt8], of batch: BatchID, to recipient: PublicKeys
    ) throws(FormatError) -> [UInt8] {
        var out = ByteWriter(reserving: body.count + overhead)
        out.fixed64(recipient.id.rawValue)
        do {
            let key = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: recipient.agreement)
            var sender = try HPKE.Sender(recipientKey: key, ciphersuite: KeyWrap.suite, info: info(batch))
            let sealed = try sender.seal(body, authenticating: out.bytes)
            out.raw(Array(sender.encapsulatedKey))
            out.raw(Array(sealed))
        } catch {
            throw FormatError(.malformed, "recipient key")
        }
        return out.bytes
    }

    /// The encoded ops of a batch, for the owner of the keys that they were sealed to.
    ///
    /// - Throws: `notAuthentic` when they were sealed to other keys, for another batch, or were changed.
    package static func open(
        _ sealed: [UInt8], of batch: BatchID, with keys: DeviceKeys
    ) throws(FormatError) -> [UInt8] {
        guard sealed.count >= overhead else { throw FormatError(.truncated, "sealed batch") }
        var input = ByteReader(sealed)
        guard try input.fixed64("sealed batch key") == keys.publicKeys.id.rawValue else {
            throw FormatError(.notAuthentic, "sealed batch key")
        }
        let start = keyIDLength + encapsulatedLength
        do {
            return try keys.withAgreementKey { key in
                var recipient = try HPKE.Recipient(
                    privateKey: key, ciphersuite: KeyWrap.suite, info: info(batch),
                    encapsulatedKey: Data(sealed[keyIDLength..<start]))
                return Array(try recipient.open(sealed[start...], authenticating: sealed[..<keyIDLength]))
            }
        } catch {
            throw FormatError(.notAuthentic, "sealed batch")
        }
    }

    private static func info(_ batch: BatchID) -> Data {
        Data(Array("ru/batch 1".utf8) + batch.bytes)
    }
}

extension SignedBatch {
    /// The same batch with its ops sealed to the hub.
    package func sealed(to hub: PublicKeys) throws(FormatError) -> SignedBatch {
        isSealed
            ? self
            : SignedBatch(
                header: header, ops: try SealedBody.seal(ops, of: id, to: hub), signature: signature, isSealed: true)
    }

    /// The same batch with readable ops.
    ///
    /// - Throws: `notAuthentic` when it was not sealed to these keys, or was changed.
    package func opened(with keys: DeviceKeys) throws(FormatError) -> SignedBatch {
        isSealed
            ? SignedBatch(header: header, ops: try SealedBody.open(ops, of: id, with: keys), signature: signature)
            : self
    }
}
