import Crypto

/// Seals a bundle piece by piece, so that a large one need never be in memory whole.
///
///     var sealer = try BundleSealer(contentLength: length, label: label, to: [keys], signedWith: own)
///     write(sealer.beginning)
///     for piece in pieces { write(try sealer.add(piece)) }
///     write(try sealer.finish())
public struct BundleSealer {
    /// The mark, the header and the wraps: the first bytes of the bundle.
    public let beginning: [UInt8]
    /// How long the bundle will be, in bytes.
    public let length: Int

    private let keys: DeviceKeys
    private let chunkSize: Int
    private let cipher: ChunkCipher
    private let contentLength: Int
    private let bodyLength: Int
    private var hash = SHA256()
    private var pending: [UInt8]
    private var index = 0
    private var sealedBody = 0
    /// Whether as much content was added as was said; nil before the end is asked for.
    private var isContentWhole: Bool?
    private var isFinished = false

    /// - Parameters:
    ///   - contentLength: how many bytes ``add(_:)`` will be given in all.
    ///   - recipients: 1 to 8 keys.
    ///   - chunkSize: in bytes, 1,024 to 65,536.
    public init(
        contentLength: Int, label: BundleLabel, to recipients: [PublicKeys], signedWith keys: DeviceKeys,
        chunkSize: Int = 16_384
    ) throws(FormatError) {
        guard (1...BundleHeader.recipientLimit).contains(recipients.count) else {
            throw FormatError(.malformed, "bundle recipients")
        }
        guard BundleHeader.chunkSizes.contains(chunkSize) else { throw FormatError(.malformed, "bundle chunk size") }
        let header = BundleHeader(
            label: label, senderKeyNumber: keys.number, recipients: recipients.map(\.id), chunkSize: chunkSize)
        let encodedHeader = header.encoded()
        let digest = Array(SHA256.hash(data: encodedHeader))
        let contentKey = SymmetricKey(size: .bits256)
        var out = ByteWriter(reserving: 1_024)
        out.raw(BundleLayout.magic)
        out.string(encodedHeader)
        for recipient in recipients {
            out.raw(try KeyWrap.wrap(contentKey, to: recipient, headerDigest: digest))
        }
        beginning = out.bytes
        hash.update(data: out.bytes)
        cipher = ChunkCipher(contentKey: contentKey, headerDigest: digest)
        self.keys = keys
        self.chunkSize = chunkSize
        self.contentLength = contentLength
        var lengthField = ByteWriter()
        lengthField.varint(contentLength)
        pending = lengthField.bytes
        bodyLength = Padding.paddedLength(pending.count + contentLength)
        let chunks = (bodyLength + chunkSize - 1) / chunkSize
        length = out.count + bodyLength + chunks * ChunkCipher.tagLength + BundleLayout.signatureLength
    }

    /// Takes more of the content, and returns what of the bundle follows from it.
    public mutating func add(_ content: some Collection<UInt8>) throws(FormatError) -> [UInt8] {
        pending.append(contentsOf: content)
        return try sealWholeChunks()
    }

    /// The rest of the bundle, once all of the content was added.
    public mutating func finish() throws(FormatError) -> [UInt8] {
        var out: [UInt8] = []
        while let piece = try nextEnd() { out += piece }
        return out
    }

    /// The next piece of what follows the content; nil once that is all. The padding of a large bundle is megabytes.
    public mutating func nextEnd() throws(FormatError) -> [UInt8]? {
        guard !isFinished else { return nil }
        let missing = bodyLength - sealedBody - pending.count
        if isContentWhole == nil {
            var lengthField = ByteWriter()
            lengthField.varint(contentLength)
            isContentWhole = missing >= 0 && missing == bodyLength - lengthField.count - contentLength
        }
        guard isContentWhole == true else { throw FormatError(.malformed, "bundle content") }
        pending.append(contentsOf: repeatElement(0, count: min(missing, BundleSealer.paddingAtOnce)))
        var out = try sealWholeChunks()
        guard sealedBody == bodyLength else { return out }
        out += try keys.sign(BundleLayout.signedMessage(overDigest: Array(hash.finalize())))
        isFinished = true
        return out
    }

    /// How much of the padding is in memory, in bytes.
    private static let paddingAtOnce = 256 << 10

    private mutating func sealWholeChunks() throws(FormatError) -> [UInt8] {
        var out: [UInt8] = []
        var start = 0
        while start < pending.count {
            let end = min(start + chunkSize, pending.count)
            let isLast = sealedBody + (end - start) == bodyLength
            guard isLast || end - start == chunkSize else { break }
            out += try cipher.seal(pending[start..<end], index: index, isLast: isLast)
            index += 1
            sealedBody += end - start
            start = end
        }
        pending.removeFirst(start)
        hash.update(data: out)
        return out
    }
}
