import ReUniteReplica
import ReUniteSync

extension Hub {
    /// Answers one `POST /v1/recover`: takes note of what a replica knows of the life that was lost. The ticket must be
    /// the device's newest, and is not used up.
    package func recover(_ signed: SignedRequest) throws -> Admission {
        let device = try admitted(signed.device)
        guard let deviceKeys = device.keys[signed.keyNumber], !device.isSuspended else {
            throw Hub.notAdmitted("its key is not known, or another copy of it has been used")
        }
        guard signed.ticket.isGenuine(device: device.id, keyNumber: signed.keyNumber, key: ticketKey) else {
            return .challenge(
                Ticket(number: device.ticket, device: device.id, keyNumber: signed.keyNumber, key: ticketKey))
        }
        guard signed.ticket.number >= device.ticket else { throw Hub.repeatedRequest }
        let (label, report) = try open(signed.body, from: device, keys: deviceKeys, RecoveryReport.init(decoding:))
        let shown = report.known.checkpoint
        guard shown.isAuthentic(signedBy: keys.publicKeys), shown.checkpoint.device == device.id,
            shown.checkpoint.hub == id
        else { throw Hub.notAdmitted("it does not show a checkpoint of this hub's") }
        if report.epoch == epoch {
            try store.note(
                recalled: report.known, from: device.id, atMilliseconds: time.wallMilliseconds, fresh: randomness)
        }
        return .answer(try seal(RecoveryAnswer(epoch: epoch).encoded(), .answer, id: label.id, to: deviceKeys))
    }
}
