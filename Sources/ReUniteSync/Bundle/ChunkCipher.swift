import Crypto

/// Seals and opens the chunks of one bundle, each alone.
///
/// The construction is STREAM (Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its
/// Nonce-Reuse Misuse-Resistance", 2015): the nonce counts the chunks and marks the last one, so that none can be
/// moved, repeated, left out or cut off.
struct ChunkCipher {
    static let tagLength = 16

    private let key: SymmetricKey
    private let headerDigest: [UInt8]

    init(contentKey: SymmetricKey, headerDigest: [UInt8]) {
        key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: contentKey, info: Array("chunk".utf8), outputByteCount: 32)
        self.headerDigest = headerDigest
    }

    /// The encrypted bytes followed by the tag.
    func seal(_ plain: ArraySlice<UInt8>, index: Int, isLast: Bool) throws(FormatError) -> [UInt8] {
        do {
            let box = try ChaChaPoly.seal(
                plain, using: key, nonce: try nonce(index, isLast), authenticating: authenticated(index))
            return Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw FormatError(.malformed, "bundle chunk")
        }
    }

    func open(_ sealed: ArraySlice<UInt8>, index: Int, isLast: Bool) throws(FormatError) -> [UInt8] {
        do {
            let box = try ChaChaPoly.SealedBox(
                nonce: try nonce(index, isLast), ciphertext: sealed.dropLast(ChunkCipher.tagLength),
                tag: sealed.suffix(ChunkCipher.tagLength))
            return Array(try ChaChaPoly.open(box, using: key, authenticating: authenticated(index)))
        } catch {
            throw FormatError(.notAuthentic, "bundle chunk")
        }
    }

    /// Three zero bytes, the index in eight bytes, 1 for the last chunk and else 0.
    private func nonce(_ index: Int, _ isLast: Bool) throws -> ChaChaPoly.Nonce {
        var out = ByteWriter(reserving: 12)
        out.raw([0, 0, 0])
        out.fixed64(UInt64(index))
        out.byte(isLast ? 1 : 0)
        return try ChaChaPoly.Nonce(data: out.bytes)
    }

    private func authenticated(_ index: Int) -> [UInt8] {
        var out = ByteWriter(reserving: 40)
        out.raw(headerDigest)
        out.fixed64(UInt64(index))
        return out.bytes
    }
}
