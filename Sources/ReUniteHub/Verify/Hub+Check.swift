import ReUniteSync

extension Hub {
    /// Answers one `POST /v1/check`: what the rows that the device may hold come to. Nothing is changed. The ticket must be
    /// the device's newest, and is not used up.
    package func check(_ signed: SignedRequest) throws -> Admission {
        let device = try admitted(signed.device)
        guard let deviceKeys = device.keys[signed.keyNumber], !device.isSuspended else {
            throw Hub.notAdmitted("its key is not known, or another copy of it has been used")
        }
        guard signed.ticket.isGenuine(device: device.id, keyNumber: signed.keyNumber, key: ticketKey) else {
            return .challenge(
                Ticket(number: device.ticket, device: device.id, keyNumber: signed.keyNumber, key: ticketKey))
        }
        guard signed.ticket.number >= device.ticket else { throw Hub.repeatedRequest }
        let (label, request) = try open(signed.body, from: device, keys: deviceKeys, CheckRequest.init(decoding:))
        guard request.epoch == epoch else {
            throw Failure(
                .configuration, what: "Comparing with the hub", why: "the hub was restored and began a new epoch",
                remedy: "Sync first")
        }
        let answer = try store.check(request, for: device)
        return .answer(try seal(answer.encoded(), .answer, id: label.id, to: deviceKeys))
    }
}
