import Crypto

/// The hub takes a device in: who the device is from now on, and whom it may believe. The proof over both messages
/// shows that the hub has the code too, so that nobody in between could have put in keys of their own.
public struct EnrolAnswer: Hashable, Sendable {
    public var device: Identifier
    public var partner: Identifier
    /// The partner's short name, up to 64 bytes.
    public var partnerCode: String
    /// Up to 256 bytes.
    public var partnerName: String
    /// What the device is for, such as `office` or `field`; up to 32 bytes.
    public var role: String
    public var hub: Identifier
    /// Up to 256 bytes.
    public var hubName: String
    public var hubEpoch: HubEpoch
    public var hubKeys: PublicKeys
    public var firstTicket: Ticket
    /// An encoded ``SignedCheckpoint``, up to 1,024 bytes; empty where there is none yet.
    public var firstCheckpoint: [UInt8]

    public init(
        device: Identifier, partner: Identifier, partnerCode: String, partnerName: String, role: String,
        hub: Identifier, hubName: String, hubEpoch: HubEpoch, hubKeys: PublicKeys, firstTicket: Ticket,
        firstCheckpoint: [UInt8]
    ) {
        self.device = device
        self.partner = partner
        self.partnerCode = partnerCode
        self.partnerName = partnerName
        self.role = role
        self.hub = hub
        self.hubName = hubName
        self.hubEpoch = hubEpoch
        self.hubKeys = hubKeys
        self.firstTicket = firstTicket
        self.firstCheckpoint = firstCheckpoint
    }
}

extension EnrolAnswer {
    private static let version: UInt8 = 1
    private static let label = Array("ru/enrol answer".utf8)
    private static let nameLimit = 256
    private static let codeLimit = 64
    private static let roleLimit = 32
    private static let checkpointLimit = 1_024

    /// The message and its proof, as they travel.
    ///
    /// - Parameter request: the request's bytes as they came, proof and all.
    /// - Throws: `tooLarge` when a text is longer than it may be.
    public func encoded(
        to request: [UInt8], provedWith verifier: EnrolmentVerifier
    ) throws(FormatError) -> [UInt8] {
        try checkLengths()
        var out = ByteWriter(reserving: 512)
        out.byte(EnrolAnswer.version)
        out.identifier(device)
        out.identifier(partner)
        out.string(partnerCode)
        out.string(partnerName)
        out.string(role)
        out.identifier(hub)
        out.string(hubName)
        out.hubEpoch(hubEpoch)
        hubKeys.write(to: &out)
        out.raw(firstTicket.encoded())
        out.string(firstCheckpoint)
        let transcript = EnrolAnswer.transcriptHash(request: request, body: out.bytes[...])
        out.raw(verifier.proof(of: EnrolAnswer.label + transcript))
        return out.bytes
    }

    private func checkLengths() throws(FormatError) {
        let lengths = [
            ("partner code", partnerCode.utf8.count, EnrolAnswer.codeLimit),
            ("partner name", partnerName.utf8.count, EnrolAnswer.nameLimit),
            ("role", role.utf8.count, EnrolAnswer.roleLimit),
            ("hub name", hubName.utf8.count, EnrolAnswer.nameLimit),
            ("checkpoint", firstCheckpoint.count, EnrolAnswer.checkpointLimit),
        ]
        for (field, length, limit) in lengths where length > limit {
            throw FormatError(.tooLarge, "enrolment \(field)")
        }
    }

    /// Reads an answer to a request and checks its proof first.
    ///
    /// - Parameter request: the request's bytes as they were sent.
    /// - Throws: `notAuthentic` when the one who answered did not have the code, or answered another request.
    public init(
        decoding bytes: [UInt8], to request: [UInt8], provedBy verifier: EnrolmentVerifier
    ) throws(FormatError) {
        let body = bytes.dropLast(EnrolRequest.proofLength)
        let transcript = EnrolAnswer.transcriptHash(request: request, body: body)
        guard verifier.accepts(bytes.suffix(EnrolRequest.proofLength), of: EnrolAnswer.label + transcript) else {
            throw FormatError(.notAuthentic, "enrolment proof")
        }
        try self.init(proved: body)
    }

    /// Reads an answer whose proof, which is cut off, was checked.
    package init(proved body: ArraySlice<UInt8>) throws(FormatError) {
        var input = ByteReader(body)
        guard try input.byte("enrolment version") == EnrolAnswer.version else {
            throw FormatError(.unknownVersion, "enrolment version")
        }
        device = try input.identifier("enrolment device")
        partner = try input.identifier("enrolment partner")
        partnerCode = try input.text("enrolment partner code", limit: EnrolAnswer.codeLimit)
        partnerName = try input.text("enrolment partner name", limit: EnrolAnswer.nameLimit)
        role = try input.text("enrolment role", limit: EnrolAnswer.roleLimit)
        hub = try input.identifier("enrolment hub")
        hubName = try input.text("enrolment hub name", limit: EnrolAnswer.nameLimit)
        hubEpoch = try input.hubEpoch("enrolment hub epoch")
        hubKeys = try PublicKeys(reading: &input)
        firstTicket = try Ticket(decoding: Array(try input.raw("enrolment ticket", count: Ticket.byteCount)))
        firstCheckpoint = try input.string("enrolment checkpoint", limit: EnrolAnswer.checkpointLimit)
        try input.end("enrolment answer")
    }

    /// The hash of an enrolment's two messages as they travelled, for the four words that both screens show.
    public static func transcriptHash(request: [UInt8], answer: [UInt8]) -> [UInt8] {
        transcriptHash(request: request, body: answer.dropLast(EnrolRequest.proofLength))
    }

    private static func transcriptHash(request: [UInt8], body: ArraySlice<UInt8>) -> [UInt8] {
        var out = ByteWriter(reserving: request.count + body.count + 32)
        out.raw("ru/enrol transcript".utf8)
        out.string(request)
        out.varint(body.count)
        out.raw(body)
        return Array(SHA256.hash(data: out.bytes))
    }
}
