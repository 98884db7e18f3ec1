import ReUniteReplica
import ReUniteSync

extension Hub {
    /// Answers one `POST /v1/preview`: what a step would move if it were taken now. It takes the request's ticket and
    /// changes nothing else.
    ///
    /// A device is told of what it may know itself. What it does not hold is answered as what does not exist; of other
    /// partners it hears numbers, and only of those that hold the row it asks about.
    public func preview(_ signed: SignedRequest) throws -> Admission {
        try answerOnce(signed, StepQuestion.init(decoding:)) { heard, ticket, now in
            let body: PreviewAnswer.Body =
                switch heard {
                case .suspended: .suspended
                case .otherEpoch(let epoch): .epochChanged(epoch)
                case .question(let question, let device):
                    Hub.told(try store.preview(question, by: device, atMilliseconds: now), to: device)
                }
            return PreviewAnswer(hubMilliseconds: now, ticket: ticket, body: body).encoded()
        }
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
