import Crypto

/// A bundle that is read where it lies, on a stick or in memory.
public struct BundleSource {
    /// In bytes.
    public let length: Int
    /// Reads a part of it.
    public let read: (Range<Int>) throws -> [UInt8]

    /// - Parameter read: throws when the part cannot be read.
    public init(length: Int, read: @escaping (Range<Int>) throws -> [UInt8]) {
        self.length = length
        self.read = read
    }

    public init(_ bytes: [UInt8]) {
        self.init(length: bytes.count) { Array(bytes[$0]) }
    }

    /// Its first bytes, as many as a header and wraps can be; of a file from a hub those of the bundle in it.
    public func beginning() throws -> [UInt8] {
        let bundle = try told().bundle
        return try bundle.read(0..<min(bundle.length, BundleOpening.beginningLimit))
    }

    /// A hub's words about its keys before the bundle, if there are any, and the bundle.
    package func told() throws -> (words: [[UInt8]], bundle: BundleSource) {
        let (words, start) = try ToldFile.words(in: try read(0..<min(length, ToldFile.wordsLimit)))
        guard start > 0 else { return ([], self) }
        let read = read
        return (words, BundleSource(length: length - start) { try read($0.lowerBound + start..<$0.upperBound + start) })
    }

    /// Opens it for one of its recipients, once the signature over all of it has been found good.
    ///
    /// - Throws: ``FormatError``: `notAuthentic` when it is not the sender's, or is not for these keys; and what reading
    ///   throws.
    public func opening(with keys: DeviceKeys, from sender: PublicKeys) throws -> BundleOpening {
        guard length <= DecodeLimits.deliveryBytes else { throw FormatError(.tooLarge, "bundle") }
        guard let opening = try BundleOpening(beginning: try beginning(), length: length, with: keys) else {
            throw FormatError(.truncated, "bundle")
        }
        try opening.verify(from: sender, read: read)
        return opening
    }

    /// Looks at it without releasing anything of its content (``SealedBundle/inspect(_:sender:recipient:)``).
    public func inspection(sender: PublicKeys?, recipient: DeviceKeys?) throws -> SealedBundle.Inspection {
        try told().bundle.bareInspection(sender: sender, recipient: recipient)
    }

    private func bareInspection(sender: PublicKeys?, recipient: DeviceKeys?) throws -> SealedBundle.Inspection {
        let beginning = try beginning()
        let shape = try BundleOpening.Shape(beginning: beginning, length: length)
        var result = SealedBundle.Inspection(
            header: shape.header, bytes: length, chunks: shape.chunkCount, signature: .unchecked)
        if let sender {
            do {
                try BundleSignature(length: length).verify(shape.header, from: sender, read: read)
                result.signature = .good
            } catch is FormatError {
                result.signature = .bad
            }
        }
        if let recipient, shape.header.recipients.contains(recipient.publicKeys.id) {
            result.goodChunks = 0
            if let opening = try? BundleOpening(beginning: beginning, length: length, with: recipient) {
                for index in 0..<opening.chunkCount {
                    let sealed = try read(opening.place(ofChunk: index))
                    if (try? opening.open(sealed[...], index: index)) != nil { result.goodChunks? += 1 }
                }
            }
        }
        return result
    }
}
