import ReUniteSync

extension Hub {
    /// A ticket to sign again with, for a device that shows none of this hub's; nil where it shows a genuine one.
    func challenge(_ ticket: Ticket, of device: DeviceRecord, keyNumber: UInt32) -> Ticket? {
        if tickets.areOf(ticket, device.id, keyNumber: keyNumber) { return nil }
        return Ticket(number: device.ticket, device: device.id, keyNumber: keyNumber, key: ticketKey)
    }

    /// Answers a sealed question beside the syncs: it shows the device's newest ticket, and uses up none.
    ///
    /// - Throws: ``Failure``: notPermitted for a device that is shut out, tryLater for an old question that comes again,
    ///   badData for one that cannot be opened; and what the answer throws.
    func answer<Question>(
        _ signed: SignedRequest, _ decode: ([UInt8]) throws(FormatError) -> Question,
        with answer: (Question, DeviceRecord) throws -> [UInt8]
    ) throws -> Admission {
        try refreshLife()
        return try Hub.admitting { try answered(signed, decode, with: answer) }
    }

    /// Keys that others have taken the place of get no answer beside a sync, and no ticket to ask again with: each would
    /// use up one of the device's own.
    static var replacedKeys: Failure {
        Failure(
            .tryLater, what: "Asking the hub", why: "this device's keys have been replaced by others",
            remedy: "Sync first")
    }

    private func answered<Question>(
        _ signed: SignedRequest, _ decode: ([UInt8]) throws(FormatError) -> Question,
        with answer: (Question, DeviceRecord) throws -> [UInt8]
    ) throws -> Admission {
        let device = try admitted(signed.device)
        guard let deviceKeys = device.keys[signed.keyNumber], !device.isSuspended else {
            throw Hub.notAdmitted("its key is not known, or another copy of it has been used")
        }
        guard !device.hasReplaced(signed.keyNumber) else { throw Hub.replacedKeys }
        if let ticket = challenge(signed.ticket, of: device, keyNumber: signed.keyNumber) { return .challenge(ticket) }
        guard signed.ticket.number >= device.ticket else { throw Hub.repeatedRequest }
        let voice = try voice(of: signed.body)
        let (label, question) = try open(signed.body, with: voice, from: device, keys: deviceKeys, decode)
        return .answer(
            try seal(try answer(question, device), .answer, id: label.id, to: deviceKeys, signedWith: voice))
    }
}
