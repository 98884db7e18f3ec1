import Crypto

/// The one file that carries everything between a device and its hub, over HTTP and on a stick alike: sealed to its
/// recipients, signed by its sender. The format is in `Schemas/wire/bundle.md`.
public enum SealedBundle {
    /// Seals content to up to eight recipients and signs it.
    ///
    /// The content key and HPKE's ephemeral keys come from the system's randomness, so that two bundles of the same
    /// content differ. Compress the content before, if at all.
    ///
    /// - Parameters:
    ///   - recipients: 1 to 8 keys, for example a hub's present and next key.
    ///   - chunkSize: in bytes, 1,024 to 65,536. How much of the bundle can be verified before all of it is there.
    public static func seal(
        content: [UInt8], label: BundleLabel, to recipients: [PublicKeys], signedWith keys: DeviceKeys,
        chunkSize: Int = 16_384
    ) throws(FormatError) -> [UInt8] {
        var sealer = try BundleSealer(
            contentLength: content.count, label: label, to: recipients, signedWith: keys, chunkSize: chunkSize)
        guard sealer.length <= DecodeLimits.bundleBytes else { throw FormatError(.tooLarge, "bundle") }
        var out: [UInt8] = []
        out.reserveCapacity(sealer.length)
        out += sealer.beginning
        out += try sealer.add(content)
        out += try sealer.finish()
        return out
    }

    /// The header of a bundle, or of the beginning of one. It proves nothing: it tells which keys to open with.
    public static func readHeader(_ bytes: [UInt8]) throws(FormatError) -> BundleHeader {
        try BundleLayout.readHeader(of: try ToldFile.split(bytes).bundle).header
    }

    /// Opens a bundle: the whole content, or nothing.
    ///
    /// - Parameters:
    ///   - keys: those of one of the recipients.
    ///   - sender: the keys on record for the header's sender and key number.
    /// - Throws: `notAuthentic` when the signature, the recipient or the sealing does not fit.
    public static func open(
        _ bytes: [UInt8], with keys: DeviceKeys, from sender: PublicKeys
    ) throws(FormatError) -> (header: BundleHeader, content: [UInt8]) {
        let layout = try BundleLayout(of: bytes)
        guard layout.header.senderKeyNumber == sender.number else {
            throw FormatError(.notAuthentic, "bundle sender key number")
        }
        let message = BundleLayout.signedMessage(over: bytes[..<layout.trailer.lowerBound])
        guard sender.verify(bytes[layout.trailer], over: message) else {
            throw FormatError(.notAuthentic, "bundle signature")
        }
        let cipher = try self.cipher(of: bytes, layout: layout, with: keys)
        var body: [UInt8] = []
        body.reserveCapacity(layout.trailer.lowerBound - layout.chunks[0].lowerBound)
        for (index, range) in layout.chunks.enumerated() {
            body += try cipher.open(bytes[range], index: index, isLast: index == layout.chunks.count - 1)
        }
        return (layout.header, try Padding.content(of: body))
    }

    /// The cipher of a bundle's chunks, for the recipient whose keys these are.
    static func cipher(
        of bytes: [UInt8], layout: BundleLayout, with keys: DeviceKeys
    ) throws(FormatError) -> ChunkCipher {
        guard let place = layout.header.recipients.firstIndex(of: keys.publicKeys.id) else {
            throw FormatError(.notAuthentic, "bundle recipient")
        }
        let contentKey = try KeyWrap.unwrap(
            bytes[layout.wraps[place]], with: keys, headerDigest: layout.headerDigest)
        return ChunkCipher(contentKey: contentKey, headerDigest: layout.headerDigest)
    }
}
