import Crypto

/// A bundle that arrives piece by piece: each chunk is opened alone as it comes, and the signature over all of it is
/// checked at the end, before anything of the content is used.
public struct BundleOpening: Sendable {
    /// Where the parts of a bundle lie, by its beginning and its length alone.
    struct Shape {
        let header: BundleHeader
        let headerDigest: [UInt8]
        let headerEnd: Int
        let length: Int
        let bodyStart: Int
        let chunkCount: Int
        var bodyEnd: Int { length - BundleLayout.signatureLength }

        /// - Throws: `truncated` when the beginning is not all there, or the bundle ends before its last chunk can begin.
        init(beginning bytes: [UInt8], length: Int) throws(FormatError) {
            let opening = try BundleLayout.readHeader(of: bytes)
            header = opening.header
            headerDigest = opening.digest
            headerEnd = opening.end
            self.length = length
            bodyStart = opening.end + header.recipients.count * KeyWrap.length
            let stride = header.chunkSize + ChunkCipher.tagLength
            let body = length - BundleLayout.signatureLength - bodyStart
            guard body > 0 else { throw FormatError(.truncated, "bundle") }
            chunkCount = (body + stride - 1) / stride
            guard body - (chunkCount - 1) * stride > ChunkCipher.tagLength else {
                throw FormatError(.truncated, "bundle chunk")
            }
        }
    }

    private let shape: Shape
    public var header: BundleHeader { shape.header }
    /// How long the whole bundle is, in bytes.
    public var length: Int { shape.length }
    /// Where the first chunk begins.
    public var bodyStart: Int { shape.bodyStart }
    /// Where the trailer begins, behind the last chunk.
    public var bodyEnd: Int { shape.bodyEnd }
    public var chunkCount: Int { shape.chunkCount }
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
        do {
            _ = try BundleLayout.readHeader(of: bytes)
        } catch {
            guard error.code == .truncated, !isAll else { throw error }
            return nil
        }
        shape = try Shape(beginning: bytes, length: length)
        guard bytes.count >= shape.bodyStart else { return nil }
        guard let place = shape.header.recipients.firstIndex(of: keys.publicKeys.id) else {
            throw FormatError(.notAuthentic, "bundle recipient")
        }
        let wrap = shape.headerEnd + place * KeyWrap.length
        let contentKey = try KeyWrap.unwrap(
            bytes[wrap..<wrap + KeyWrap.length], with: keys, headerDigest: shape.headerDigest)
        cipher = ChunkCipher(contentKey: contentKey, headerDigest: shape.headerDigest)
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
