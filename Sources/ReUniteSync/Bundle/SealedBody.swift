/// The ops of a batch that only the hub can read (``SealedMessage``).
///
/// A device seals a batch this way once a row in it has left: what was not judged must still arrive, and the device
/// itself may not read it any more. Who wrote it is proved by the batch's own signature, over the digest of the ops
/// as they were.
package enum SealedBody {
    /// How much longer than the ops it is.
    package static let overhead = SealedMessage.overhead

    /// Seals the encoded ops of a batch.
    package static func seal(
        _ body: [UInt8], of batch: BatchID, to recipient: PublicKeys
    ) throws(FormatError) -> [UInt8] {
        try SealedMessage.seal(body, to: recipient, info: info(batch))
    }

    /// The encoded ops of a batch, for the owner of the keys that they were sealed to.
    ///
    /// - Throws: `notAuthentic` when they were sealed to other keys, for another batch, or were changed.
    package static func open(
        _ sealed: [UInt8], of batch: BatchID, with keys: DeviceKeys
    ) throws(FormatError) -> [UInt8] {
        try SealedMessage.open(sealed, with: keys, info: info(batch))
    }

    private static func info(_ batch: BatchID) -> [UInt8] {
        Array("ru/batch 1".utf8) + batch.bytes
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

    /// Whether its ops are sealed to these keys. It proves nothing.
    package func isSealed(to keys: PublicKeys) -> Bool {
        var input = ByteReader(ops)
        return isSealed && (try? input.fixed64("sealed ops key")) == keys.id.rawValue
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
