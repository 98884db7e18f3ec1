import Crypto

/// The short form in which a request without batches, and the answer to it, travel over HTTP: sealed like a bundle and a
/// few hundred bytes shorter, so that a sync with nothing to say costs under 1 KB. The format is in
/// `Schemas/wire/bundle.md`.
///
/// Who asks is proved by the request's HTTP signature, which covers every byte of it; who answers by the hub's
/// signature over the answer and the request that it answers. Nothing in either is anybody's writing: batches, which
/// are, travel in bundles.
package enum SealedSlip {
    private static let requestMark: UInt8 = 1
    private static let answerMark: UInt8 = 2
    private static let signatureLength = 64

    /// Whether these bytes are a slip and not a bundle.
    package static func isRequest(_ bytes: [UInt8]) -> Bool { bytes.first == requestMark }

    /// The name of a request: the first 16 bytes of its SHA-256.
    package static func id(of request: [UInt8]) -> Identifier {
        Identifier(bytes: Array(SHA256.hash(data: request)).prefix(16)) ?? .zero
    }

    package static func sealRequest(
        _ content: [UInt8], from device: Identifier, to hub: Identifier, keys: PublicKeys
    ) throws(FormatError) -> [UInt8] {
        [requestMark]
            + (try SealedMessage.seal(Padding.body(of: content), to: keys, info: requestInfo(device, hub)))
    }

    /// - Throws: `notAuthentic` when it was sealed to other keys or hub, by another device, or changed.
    package static func openRequest(
        _ bytes: [UInt8], from device: Identifier, to hub: Identifier, with keys: DeviceKeys
    ) throws(FormatError) -> [UInt8] {
        guard isRequest(bytes) else { throw FormatError(.malformed, "slip mark") }
        return try Padding.content(
            of: try SealedMessage.open(bytes[1...], with: keys, info: requestInfo(device, hub)))
    }

    package static func sealAnswer(
        _ content: [UInt8], to request: [UInt8], device keys: PublicKeys, signedWith hub: DeviceKeys
    ) throws(FormatError) -> [UInt8] {
        let sealed =
            [answerMark]
            + (try SealedMessage.seal(Padding.body(of: content), to: keys, info: answerInfo(request)))
        return sealed + (try hub.sign(answerInfo(request) + sealed))
    }

    /// The name of the hub's key that a request is sealed to. It proves nothing; nil where the bytes are no request.
    package static func recipient(ofRequest bytes: [UInt8]) -> KeyID? {
        guard isRequest(bytes) else { return nil }
        var input = ByteReader(bytes[1...])
        return (try? input.fixed64("slip key")).map { KeyID(rawValue: $0) }
    }

    /// The name of the key that an answer is sealed to. It proves nothing; nil where the bytes are no answer.
    package static func recipient(ofAnswer bytes: [UInt8]) -> KeyID? {
        guard bytes.first == answerMark else { return nil }
        var input = ByteReader(bytes[1...])
        return (try? input.fixed64("slip key")).map { KeyID(rawValue: $0) }
    }

    /// - Throws: `notAuthentic` when it is not the hub's, answers another request, or was changed.
    package static func openAnswer(
        _ bytes: [UInt8], to request: [UInt8], with keys: DeviceKeys, from hub: PublicKeys
    ) throws(FormatError) -> [UInt8] {
        guard bytes.first == answerMark else { throw FormatError(.malformed, "slip mark") }
        guard bytes.count > signatureLength else { throw FormatError(.truncated, "slip") }
        let sealed = Array(bytes.dropLast(signatureLength))
        guard hub.verify(bytes.suffix(signatureLength), over: answerInfo(request) + sealed) else {
            throw FormatError(.notAuthentic, "slip signature")
        }
        return try Padding.content(
            of: try SealedMessage.open(sealed[1...], with: keys, info: answerInfo(request)))
    }

    private static func requestInfo(_ device: Identifier, _ hub: Identifier) -> [UInt8] {
        Array("ru/slip 1".utf8) + hub.bytes + device.bytes
    }

    private static func answerInfo(_ request: [UInt8]) -> [UInt8] {
        Array("ru/slip 2".utf8) + Array(SHA256.hash(data: request))
    }
}
