import Crypto

/// A bundle that arrives piece by piece: each chunk is opened alone as it comes, and the signature over all of it is
/// checked at the end, before anything of the content is used.
public struct BundleOpening: Sendable {
    public let header: BundleHeader
    /// How long the whole bundle is, in bytes.
    public let length: Int
    /// Where the first chunk begins.
    public let bodyStart: Int
    /// Where the trailer begins, behind the last chunk.
    public var bodyEnd: Int { length - BundleLayout.signatureLength }
    public let chunkCount: Int
    private let cipher: ChunkCipher

    /// How long the trailer is, in bytes.
    package static let trailerLength = BundleLayout.signatureLength

    /// No header and wraps are longer than this, in bytes.
    public static let beginningLimit =
        BundleLayout.magic.count + 2 + BundleLayout.headerLimit + BundleHeader.recipientLimit * KeyWrap.length

    /// Reads the beginning of a bundle; nil when more of it is needed.
    ///
    /// - Parameters:
    ///   - bytes: the bundle's first bytes, as many as there are.
    ///   - length: how long the whole bundle is.
    ///   - keys: those of one of the recipients.
    /// - Throws: `notAuthentic` when the bundle is for others or its key was changed.
    public init?(beginning bytes: [UInt8], length: Int, with keys: DeviceKeys) throws(FormatError) {
        let isAll = bytes.count >= min(length, BundleOpening.beginningLimit)
        let opening: (header: BundleHeader, digest: [UInt8], end: Int)
        do {
            opening = try BundleLayout.readHeader(of: bytes)
        } catch {
            guard error.code == .truncated, !isAll else { throw error }
            return nil
        }
        let start = opening.end + opening.header.recipients.count * KeyWrap.length
        guard length > start + BundleLayout.signatureLength else { throw FormatError(.truncated, "bundle") }
        guard bytes.count >= start else { return nil }
        guard let place = opening.header.recipients.firstIndex(of: keys.publicKeys.id) else {
            throw FormatError(.notAuthentic, "bundle recipient")
        }
        let wrap = opening.end + place * KeyWrap.length
        let contentKey = try KeyWrap.unwrap(
            bytes[wrap..<wrap + KeyWrap.length], with: keys, headerDigest: opening.digest)
        header = opening.header
        self.length = length
        bodyStart = start
        cipher = ChunkCipher(contentKey: contentKey, headerDigest: opening.digest)
        let stride = header.chunkSize + ChunkCipher.tagLength
        let body = length - BundleLayout.signatureLength - start
        chunkCount = (body + stride - 1) / stride
        guard body - (chunkCount - 1) * stride > ChunkCipher.tagLength else {
            throw FormatError(.truncated, "bundle chunk")
        }
    }

    /// Where a chunk with its tag lies in the bundle.
    public func place(ofChunk index: Int) -> Range<Int> {
        let stride = header.chunkSize + ChunkCipher.tagLength
        let start = bodyStart + index * stride
        return start..<min(start + stride, bodyEnd)
    }

    /// - Throws: `notAuthentic` when the chunk was changed, or is another's.
    public func open(_ chunk: ArraySlice<UInt8>, index: Int) throws(FormatError) -> [UInt8] {
        try cipher.open(chunk, index: index, isLast: index == chunkCount - 1)
    }

    /// Checks the sender's signature over the whole bundle.
    ///
    /// - Parameter read: reads a part of the bundle.
    public func verify(from sender: PublicKeys, read: (Range<Int>) throws -> [UInt8]) throws {
        try BundleSignature(length: length).verify(header, from: sender, read: read)
    }

    /// The content, chunk after chunk. Verify the signature first.
    ///
    /// - Parameter read: reads a part of the bundle.
    public func content(read: @escaping (Range<Int>) throws -> [UInt8]) -> BundleContent {
        BundleContent(self, read: read)
    }
}

/// The signature at the end of a bundle that is read in parts: whoever has the sender's public keys can check it, also
/// without a key to open the bundle with.
package struct BundleSignature {
    private let length: Int

    /// - Parameter length: of the whole bundle, in bytes.
    package init(length: Int) {
        self.length = length
    }

    /// - Parameter read: reads a part of the bundle.
    package func verify(
        _ header: BundleHeader, from sender: PublicKeys, read: (Range<Int>) throws -> [UInt8]
    ) throws {
        guard header.senderKeyNumber == sender.number else {
            throw FormatError(.notAuthentic, "bundle sender key number")
        }
        let end = length - BundleLayout.signatureLength
        guard end > 0 else { throw FormatError(.truncated, "bundle") }
        var hash = SHA256()
        for start in stride(from: 0, to: end, by: 1 << 16) {
            hash.update(data: try read(start..<min(start + 1 << 16, end)))
        }
        let message = BundleLayout.signedMessage(overDigest: Array(hash.finalize()))
        guard sender.verify(try read(end..<length), over: message) else {
            throw FormatError(.notAuthentic, "bundle signature")
        }
    }
}

/// The content of a bundle in pieces, in order.
public struct BundleContent {
    private let opening: BundleOpening
    private let read: (Range<Int>) throws -> [UInt8]
    private var index = 0
    private var body = 0
    private var rest: Int?
    private var expected = 0

    init(_ opening: BundleOpening, read: @escaping (Range<Int>) throws -> [UInt8]) {
        self.opening = opening
        self.read = read
    }

    /// The next piece; nil at the end, when padding and length have been found right too.
    public mutating func next() throws -> [UInt8]? {
        while index < opening.chunkCount {
            let sealed = try read(opening.place(ofChunk: index))
            var piece = try opening.open(sealed[...], index: index)[...]
            index += 1
            body += piece.count
            if rest == nil {
                var input = ByteReader(piece)
                let length = try input.count("bundle content", limit: DecodeLimits.backupBytes)
                piece = piece.dropFirst(input.offset)
                expected = Padding.paddedLength(input.offset + length)
                rest = length
            }
            let part = piece.prefix(rest ?? 0)
            rest = (rest ?? 0) - part.count
            guard piece.dropFirst(part.count).allSatisfy({ $0 == 0 }) else {
                throw FormatError(.malformed, "bundle padding")
            }
            if !part.isEmpty { return Array(part) }
        }
        guard rest == 0, body == expected else { throw FormatError(.malformed, "bundle padding") }
        return nil
    }
}

extension DecodeLimits {
    /// One delivery, sealed, that is fetched into a file: 4 GiB. It is opened chunk by chunk.
    public static let deliveryBytes = 4 << 30
    /// The content of any bundle that is read in parts: a hub's backup, up to 1 TiB.
    package static let backupBytes = 1 << 40
}
