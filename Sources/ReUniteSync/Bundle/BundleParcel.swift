/// A bundle that is sealed while it is written: to a stick, or into a file that waits. In memory there is a piece of it.
public struct BundleParcel {
    /// The pieces of the content, in order, each given to a closure.
    public typealias Content = (_ put: ([UInt8]) throws -> Void) throws -> Void

    public let label: BundleLabel
    /// How long the bundle will be, in bytes, with what stands before it.
    public var length: Int { prefix.count + sealer.length }

    /// A hub's words about its keys, which stand before the bundle.
    private let prefix: [UInt8]
    private let sealer: BundleSealer
    private let content: Content

    /// - Parameters:
    ///   - contentLength: how long the content is, in bytes.
    ///   - recipients: 1 to 8 keys.
    ///   - words: what a hub says of its own keys, for a file.
    ///   - content: gives the same bytes each time it is called.
    public init(
        contentLength: Int, label: BundleLabel, to recipients: [PublicKeys], signedWith keys: DeviceKeys,
        words: [[UInt8]] = [], content: @escaping Content
    ) throws(FormatError) {
        self.label = label
        self.content = content
        prefix = ToldFile.encode(words)
        sealer = try BundleSealer(contentLength: contentLength, label: label, to: recipients, signedWith: keys)
    }

    /// Seals and writes all of it.
    ///
    /// - Parameter put: is given the bundle's bytes, in order.
    /// - Throws: what `put` and the content throw, and `malformed` when the content is not as long as it was said to be.
    public func write(_ put: ([UInt8]) throws -> Void) throws {
        var sealer = sealer
        try put(prefix + sealer.beginning)
        try content { try put(try sealer.add($0)) }
        while let piece = try sealer.nextEnd() { try put(piece) }
    }

    /// The whole bundle, for carriers that take nothing else.
    ///
    /// - Throws: `tooLarge` when it is larger than a bundle in memory may be (``DecodeLimits/bundleBytes``).
    public func bytes() throws -> [UInt8] {
        guard length <= DecodeLimits.bundleBytes else { throw FormatError(.tooLarge, "bundle") }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        try write { bytes += $0 }
        return bytes
    }
}
