import ReUniteReplica
import ReUniteSync

extension Hub {
    /// Answers one `POST /v1/preview`: what a step would move if it were taken now. It takes the request's ticket and
    /// changes nothing else.
    ///
    /// A device is told of what it may know itself. What it does not hold is answered as what does not exist; of other
    /// partners it hears numbers, and only of those that hold the row it asks about.
    public func preview(_ signed: SignedRequest) throws -> Admission {
        try refreshLife()
        return try Hub.admitting { try previewed(signed) }
    }

    private func previewed(_ signed: SignedRequest) throws -> Admission {
        let device = try admitted(signed.device)
        guard !device.isLeaseOver(at: time.wallMilliseconds) else { throw Hub.leaseOver }
        guard let deviceKeys = device.keys[signed.keyNumber] else { throw Hub.notAdmitted("its key is not known") }
        guard !device.hasReplaced(signed.keyNumber) else { throw Hub.replacedKeys }
        if let ticket = challenge(signed.ticket, of: device, keyNumber: signed.keyNumber) { return .challenge(ticket) }
        let voice = try voice(of: signed.body)
        let (label, question) = try open(
            signed.body, with: voice, from: device, keys: deviceKeys, StepQuestion.init(decoding:))
        let now = time.wallMilliseconds
        let freshness = try store.take(
            ticket: signed.ticket.number, request: label.id, of: device.id, atMilliseconds: now)
        if freshness == .repeated { throw Hub.repeatedRequest }
        let body: PreviewAnswer.Body
        if freshness == .cloned || device.isSuspended {
            body = .suspended
        } else if label.epoch != epoch {
            body = .epochChanged(epoch)
        } else {
            body = Hub.told(try store.preview(question, by: device, atMilliseconds: now), to: device)
        }
        let next = Ticket(
            number: signed.ticket.number + 1, device: device.id, keyNumber: signed.keyNumber, key: ticketKey)
        let answer = PreviewAnswer(hubMilliseconds: now, ticket: next.encoded(), body: body)
        return .answer(try seal(answer.encoded(), .answer, id: label.id, to: deviceKeys, signedWith: voice))
    }

    /// The part of a forecast that a device is told: numbers, without classes, and the names of its own partner's
    /// devices alone.
    private static func told(_ forecast: StepForecast, to device: DeviceRecord) -> PreviewAnswer.Body {
        switch forecast {
        case .unknown: .unknown
        case .notOpen(let from, let open): .notOpen(from: from, open: open)
        case .moves(let from, let preview):
            .moves(
                from: from,
                preview.partners.map { partner in
                    PreviewAnswer.Move(
                        partner: partner.code,
                        gains: .init(rows: UInt64(partner.gainedRows), devices: UInt64(partner.gainingDevices)),
                        loses: .init(rows: UInt64(partner.lostRows), devices: UInt64(partner.losingDevices)),
                        unsent: UInt64(clamping: partner.unsent),
                        devices: partner.id == device.partner ? partner.devices.map(told) : nil)
                })
        }
    }

    private static func told(_ device: AccessPreview.Device) -> PreviewAnswer.Device {
        PreviewAnswer.Device(
            id: device.id, name: device.name, role: device.role, gains: UInt64(device.gains),
            loses: UInt64(device.loses), lastSeenMilliseconds: device.lastSeenMilliseconds,
            unsent: UInt64(clamping: device.unsent))
    }
}
