/// A device asks to join: its public keys, under a proof that it was given the code.
public struct EnrolRequest: Hashable, Sendable {
    public let keys: PublicKeys
    /// 16 random bytes, so that no two enrolments have the same transcript.
    public let nonce: Identifier
    /// The slot of the code, 8 bytes.
    public let slot: [UInt8]

    private static let version: UInt8 = 1
    static let label = Array("ru/enrol request".utf8)
    static let proofLength = 32

    /// Asks to join with the keys. The generator must be one that nobody can predict.
    public init(keys: PublicKeys, verifier: EnrolmentVerifier, using generator: inout some RandomNumberGenerator) {
        self.keys = keys
        nonce = Identifier(high: generator.next(), low: generator.next())
        slot = verifier.slot
    }

    /// The message and its proof, as they travel.
    public func encoded(provedWith verifier: EnrolmentVerifier) -> [UInt8] {
        var out = ByteWriter(reserving: 128)
        out.byte(EnrolRequest.version)
        keys.write(to: &out)
        out.identifier(nonce)
        out.raw(slot)
        out.raw(verifier.proof(of: EnrolRequest.label + out.bytes))
        return out.bytes
    }

    /// Reads a request, to find its slot. Nothing is proved until ``isProved(_:by:)``.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("enrolment version") == EnrolRequest.version else {
            throw FormatError(.unknownVersion, "enrolment version")
        }
        keys = try PublicKeys(reading: &input)
        nonce = try input.identifier("enrolment nonce")
        slot = Array(try input.raw("enrolment slot", count: EnrolmentVerifier.slotLength))
        _ = try input.raw("enrolment proof", count: EnrolRequest.proofLength)
        try input.end("enrolment request")
    }

    /// Whether whoever sent these bytes had the code.
    public static func isProved(_ bytes: [UInt8], by verifier: EnrolmentVerifier) -> Bool {
        verifier.accepts(bytes.suffix(proofLength), of: label + bytes.dropLast(proofLength))
    }
}
