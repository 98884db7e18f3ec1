import Crypto

extension SignedBatch {
    /// Signs a batch. The header is taken as it is: its digest must be that of the ops, and its key number that of
    /// the keys, or the batch is refused as malformed.
    ///
    /// - Parameter ops: the encoded ops.
    public static func sign(
        header: BatchHeader, ops: [UInt8], with keys: DeviceKeys
    ) throws(FormatError) -> SignedBatch {
        guard header.opsDigest == Array(SHA256.hash(data: ops)) else {
            throw FormatError(.malformed, "batch ops digest")
        }
        guard header.keyNumber == keys.number else { throw FormatError(.malformed, "batch key number") }
        let bytes = header.encoded()
        return SignedBatch(header: bytes, ops: ops, signature: try keys.sign(bytes))
    }

    /// Whether the owner of these keys wrote exactly this batch: the signature, the key's number and the digest of
    /// the ops all fit. Whether the keys are those of the device that the header names is for the caller to know.
    public func isAuthentic(signedBy keys: PublicKeys) -> Bool {
        guard let decoded = try? verifiedHeader(), decoded.keyNumber == keys.number else { return false }
        return keys.verify(signature, over: header)
    }

    /// Whether the owner of these keys signed the header, which names the digest of the ops: all that can still be told
    /// of a batch from whose ops an erasure took values.
    package func isHeaderAuthentic(signedBy keys: PublicKeys) -> Bool {
        guard let decoded = try? BatchHeader(decoding: header), decoded.keyNumber == keys.number else { return false }
        return keys.verify(signature, over: header)
    }
}
