import Crypto

/// Where the parts of a bundle lie. It is made from the header and the length alone, before anything is believed.
struct BundleLayout {
    static let magic: [UInt8] = Array("RUB1".utf8)
    static let headerLimit = 512
    static let signatureLength = 64

    let header: BundleHeader
    /// SHA-256 of the header's bytes: every wrap and every chunk is bound to it.
    let headerDigest: [UInt8]
    /// The place of each recipient's wrapped key.
    let wraps: [Range<Int>]
    /// The place of each chunk with its tag; never empty.
    let chunks: [Range<Int>]
    let trailer: Range<Int>

    init(of bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= DecodeLimits.bundleBytes else { throw FormatError(.tooLarge, "bundle") }
        let opening = try BundleLayout.readHeader(of: bytes)
        header = opening.header
        headerDigest = opening.digest

        var next = opening.end
        var wraps: [Range<Int>] = []
        for _ in header.recipients {
            wraps.append(next..<(next + KeyWrap.length))
            next += KeyWrap.length
        }
        self.wraps = wraps

        let sealedEnd = bytes.count - BundleLayout.signatureLength
        guard sealedEnd > next else { throw FormatError(.truncated, "bundle") }
        let stride = header.chunkSize + ChunkCipher.tagLength
        var chunks: [Range<Int>] = []
        while next < sealedEnd {
            let end = min(next + stride, sealedEnd)
            guard end - next > ChunkCipher.tagLength else { throw FormatError(.truncated, "bundle chunk") }
            chunks.append(next..<end)
            next = end
        }
        self.chunks = chunks
        trailer = sealedEnd..<bytes.count
    }

    /// The header, its digest, and the place where it ends.
    static func readHeader(
        of bytes: [UInt8]
    ) throws(FormatError) -> (header: BundleHeader, digest: [UInt8], end: Int) {
        var input = ByteReader(bytes)
        let start = try input.raw("bundle mark", count: 4)
        guard start.elementsEqual(magic) else {
            throw FormatError(start.starts(with: magic.prefix(3)) ? .unknownVersion : .malformed, "bundle mark")
        }
        let length = try input.count("bundle header length", limit: headerLimit)
        let encoded = try input.raw("bundle header", count: length)
        return (try BundleHeader(decoding: encoded), Array(SHA256.hash(data: encoded)), input.offset)
    }

    /// What the trailer signs: the label and the digest of every byte before the trailer.
    ///
    /// The whole chunks are hashed and not only their tags, because a Poly1305 tag commits to nothing against those
    /// who know the key: one of several recipients could otherwise change the content under the sender's signature.
    static func signedMessage(over bytes: ArraySlice<UInt8>) -> [UInt8] {
        signedMessage(overDigest: Array(SHA256.hash(data: bytes)))
    }

    /// The same, where the digest is there already.
    static func signedMessage(overDigest digest: [UInt8]) -> [UInt8] {
        Array("ru/b1 trailer".utf8) + digest
    }
}

extension DecodeLimits {
    /// One bundle, sealed. It is opened in memory.
    public static let bundleBytes = 64 << 20
}
