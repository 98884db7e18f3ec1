import Crypto
import ReUniteReplica
import ReUniteSync

extension Hub {
    /// A wrong code may be tried so many times.
    static let proofLimit = 5

    /// Answers a device that asks to join with a one-time code.
    ///
    /// The same request gets the same answer again, so that a device that lost the answer is not locked out.
    ///
    /// - Throws: ``Failure`` (notPermitted) for a wrong, used or expired code; badData for bytes that are no request.
    public func enrol(_ bytes: [UInt8]) throws -> [UInt8] {
        let request: EnrolRequest
        do {
            request = try EnrolRequest(decoding: bytes)
        } catch {
            throw Failure(
                .badData, what: "Joining", why: "the request could not be read (\(error))",
                remedy: "If it came as a file, check that it is the right one and whole; else use the same version of "
                    + "reunite-sync as the hub")
        }
        guard let slot = try store.device(slot: request.slot) else { throw Hub.wrongCode }
        let hash = Hub.digest(of: bytes)
        if let answer = slot.answer {
            if slot.requestHash == hash { return answer }
            throw Hub.refusal("the code has been used")
        }
        guard slot.device.state == .invited, let key = slot.codeKey, slot.wrongProofs < Hub.proofLimit else {
            throw Hub.refusal("the code is no longer good")
        }
        guard time.wallMilliseconds < slot.expiresMilliseconds else { throw Hub.refusal("the code has run out") }
        let verifier = try EnrolmentVerifier(slot: request.slot, key: key)
        guard EnrolRequest.isProved(bytes, by: verifier) else {
            try store.countWrongProof(device: slot.device.id)
            throw Hub.wrongCode
        }
        let device = slot.device
        try refreshLife()
        let hubKeys = keys.publicKeys
        let checkpoint = try checkpoint(for: device.id, at: .zero, VersionDigest(), audit: try auditHead())
        let answer = try EnrolAnswer(
            device: device.id, partner: device.partner, partnerCode: device.partnerCode,
            partnerName: device.partnerName, role: device.role, hub: id, hubName: name, hubEpoch: epoch,
            hubKeys: hubKeys,
            firstTicket: Ticket(number: 1, device: device.id, keyNumber: request.keys.number, key: ticketKey),
            firstCheckpoint: checkpoint.bytes
        ).encoded(to: bytes, provedWith: verifier)
        try store.enrol(
            device: device.id, keys: request.keys, hubKey: hubKeys.number, requestHash: hash, answer: answer,
            words: fourWords(EnrolAnswer.transcriptHash(request: bytes, answer: answer)).joined(separator: " "),
            atMilliseconds: time.wallMilliseconds)
        attendInPassing()
        return answer
    }

    private static var wrongCode: Failure {
        refusal(
            "the code is wrong",
            "Look at how it was typed, and try again; if it is right, ask the hub operator for a new one")
    }

    private static func refusal(
        _ why: String, _ remedy: String = "Ask the hub operator for a new code"
    ) -> Failure {
        Failure(.notPermitted, what: "Joining", why: why, remedy: remedy)
    }
}
