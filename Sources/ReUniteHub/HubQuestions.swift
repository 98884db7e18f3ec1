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

    /// What came of opening a question that takes its ticket.
    enum Heard<Question> {
        /// Another copy of the device has been here.
        case suspended
        /// It was asked in another life of the hub than this one.
        case otherEpoch(HubEpoch)
        case question(Question, DeviceRecord)
    }

    /// Answers a sealed question that takes its ticket, as a sync does: once, and to one copy of the device.
    ///
    /// - Parameter answer: makes the answer, with the ticket for the next request, at this time of the hub's.
    /// - Throws: ``Failure``: notPermitted for a device that is not served, tryLater for an old question that comes again,
    ///   badData for one that cannot be opened; and what the answer throws.
    func answerOnce<Question>(
        _ signed: SignedRequest, _ decode: ([UInt8]) throws(FormatError) -> Question,
        with answer: (Heard<Question>, _ ticket: [UInt8], _ now: Int64) throws -> [UInt8]
    ) throws -> Admission {
        try refreshLife()
        return try Hub.admitting { try answeredOnce(signed, decode, with: answer) }
    }

    private func answeredOnce<Question>(
        _ signed: SignedRequest, _ decode: ([UInt8]) throws(FormatError) -> Question,
        with answer: (Heard<Question>, _ ticket: [UInt8], _ now: Int64) throws -> [UInt8]
    ) throws -> Admission {
        let device = try admitted(signed.device)
        guard !device.isLeaseOver(at: time.wallMilliseconds) else { throw Hub.leaseOver }
        guard let deviceKeys = device.keys[signed.keyNumber] else { throw Hub.notAdmitted("its key is not known") }
        guard !device.hasReplaced(signed.keyNumber) else { throw Hub.replacedKeys }
        if let ticket = challenge(signed.ticket, of: device, keyNumber: signed.keyNumber) { return .challenge(ticket) }
        let voice = try voice(of: signed.body)
        let (label, question) = try open(signed.body, with: voice, from: device, keys: deviceKeys, decode)
        let now = time.wallMilliseconds
        let freshness = try store.take(
            ticket: signed.ticket.number, request: label.id, of: device.id, atMilliseconds: now)
        if freshness == .repeated { throw Hub.repeatedRequest }
        let heard: Heard<Question> =
            if freshness == .cloned || device.isSuspended {
                .suspended
            } else if label.epoch != epoch {
                .otherEpoch(epoch)
            } else {
                .question(question, device)
            }
        let next = Ticket(
            number: signed.ticket.number + 1, device: device.id, keyNumber: signed.keyNumber, key: ticketKey)
        let content = try answer(heard, next.encoded(), now)
        return .answer(try seal(content, .answer, id: label.id, to: deviceKeys, signedWith: voice))
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
