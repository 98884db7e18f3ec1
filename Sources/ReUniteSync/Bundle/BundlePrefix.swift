/// What can be known of a bundle without all of it, or without all of its keys.
extension SealedBundle {
    /// The beginning of a body whose bundle was cut short or damaged, as far as its chunks open one after the other.
    ///
    /// Each chunk proves itself to whoever can unwrap the content key, and the wrap proves the header. Not more: what
    /// is released here lacks the sender's signature over the whole, so that only what bears a signature of its own
    /// may be used. The last chunk of a whole bundle is never part of it: a bundle of one chunk opens whole or not.
    ///
    /// - Throws: `notAuthentic` when the header or the wrap was changed, or the bundle is somebody else's.
    package static func openPrefix(
        _ bytes: [UInt8], with keys: DeviceKeys
    ) throws(FormatError) -> (header: BundleHeader, content: [UInt8]) {
        guard bytes.count <= DecodeLimits.bundleBytes else { throw FormatError(.tooLarge, "bundle") }
        let opening = try BundleLayout.readHeader(of: bytes)
        let header = opening.header
        guard let place = header.recipients.firstIndex(of: keys.publicKeys.id) else {
            throw FormatError(.notAuthentic, "bundle recipient")
        }
        let wrap = opening.end + place * KeyWrap.length
        guard wrap + KeyWrap.length <= bytes.count else { throw FormatError(.truncated, "bundle") }
        let cipher = ChunkCipher(
            contentKey: try KeyWrap.unwrap(
                bytes[wrap..<(wrap + KeyWrap.length)], with: keys, headerDigest: opening.digest),
            headerDigest: opening.digest)
        var body: [UInt8] = []
        var next = opening.end + header.recipients.count * KeyWrap.length
        let stride = header.chunkSize + ChunkCipher.tagLength
        var index = 0
        while next + stride <= bytes.count,
            let piece = try? cipher.open(bytes[next..<(next + stride)], index: index, isLast: false)
        {
            body += piece
            next += stride
            index += 1
        }
        guard !body.isEmpty else { return (header, []) }
        var input = ByteReader(body)
        _ = try input.count("bundle content", limit: DecodeLimits.bundleBytes)
        return (header, Array(body[input.offset...]))
    }

    /// What a bundle says of itself, and which of that could be checked with the keys at hand.
    public struct Inspection: Hashable, Sendable {
        public enum Signature: String, Sendable {
            case good
            /// Changed, cut short, or not the sender's.
            case bad
            /// The sender's keys are not known here.
            case unchecked
        }

        public var header: BundleHeader
        /// The size of the whole, in bytes.
        public var bytes: Int
        public var chunks: Int
        public var signature: Signature
        /// How many chunks open; nil where nobody here is a recipient.
        public var goodChunks: Int?

        /// Whether nothing that could be checked speaks against it.
        public var isSound: Bool {
            signature != .bad && goodChunks.map { $0 == chunks } ?? true
        }
    }

    /// Looks at a bundle without releasing anything of its content.
    ///
    /// - Parameters:
    ///   - sender: the keys on record for the header's sender and key number; nil where they are not known.
    ///   - recipient: keys that may be among the recipients'; nil for none.
    /// - Throws: when the bytes are no bundle, or end before its last chunk can begin.
    public static func inspect(
        _ bytes: [UInt8], sender: PublicKeys?, recipient: DeviceKeys?
    ) throws(FormatError) -> Inspection {
        do {
            return try BundleSource(bytes).inspection(sender: sender, recipient: recipient)
        } catch let error as FormatError {
            throw error
        } catch {
            // Bytes in memory can be read.
            throw FormatError(.malformed, "bundle")
        }
    }
}
