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
        guard (1...BundleHeader.recipientLimit).contains(recipients.count) else {
            throw FormatError(.malformed, "bundle recipients")
        }
        guard BundleHeader.chunkSizes.contains(chunkSize) else { throw FormatError(.malformed, "bundle chunk size") }
        let header = BundleHeader(
            label: label, senderKeyNumber: keys.number, recipients: recipients.map(\.id), chunkSize: chunkSize)
        let encodedHeader = header.encoded()
        let digest = Array(SHA256.hash(data: encodedHeader))
        let body = Padding.body(of: content)

        var out = ByteWriter(reserving: sealedLength(of: body.count, header: header, encodedHeader.count))
        out.raw(BundleLayout.magic)
        out.string(encodedHeader)
        let contentKey = SymmetricKey(size: .bits256)
        for recipient in recipients {
            out.raw(try KeyWrap.wrap(contentKey, to: recipient, headerDigest: digest))
        }
        let cipher = ChunkCipher(contentKey: contentKey, headerDigest: digest)
        for (index, start) in stride(from: 0, to: body.count, by: chunkSize).enumerated() {
            let end = min(start + chunkSize, body.count)
            out.raw(try cipher.seal(body[start..<end], index: index, isLast: end == body.count))
        }
        guard out.count + BundleLayout.signatureLength <= DecodeLimits.bundleBytes else {
            throw FormatError(.tooLarge, "bundle")
        }
        out.raw(try keys.sign(BundleLayout.signedMessage(over: out.bytes[...])))
        return out.bytes
    }

    /// The header of a bundle, or of the beginning of one. It proves nothing: it tells which keys to open with.
    public static func readHeader(_ bytes: [UInt8]) throws(FormatError) -> BundleHeader {
        try BundleLayout.readHeader(of: bytes).header
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

    private static func sealedLength(of body: Int, header: BundleHeader, _ headerLength: Int) -> Int {
        let chunks = (body + header.chunkSize - 1) / header.chunkSize
        return BundleLayout.magic.count + 2 + headerLength + header.recipients.count * KeyWrap.length + body
            + chunks * ChunkCipher.tagLength + BundleLayout.signatureLength
    }
}
