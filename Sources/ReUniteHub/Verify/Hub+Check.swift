package import ReUniteSync

extension Hub {
    /// Answers one `POST /v1/check`: what the rows that the device may hold come to. Nothing is changed, and no ticket is
    /// used up: an old request that comes again is answered, to the device alone.
    package func check(device id: Identifier, keyNumber: UInt32, body: [UInt8]) throws -> [UInt8] {
        let device = try admitted(id)
        guard let deviceKeys = device.keys[keyNumber], !device.isSuspended else {
            throw Hub.notAdmitted("its key is not known, or another copy of it has been used")
        }
        let (label, request) = try open(body, from: device, keys: deviceKeys, CheckRequest.init(decoding:))
        guard request.epoch == epoch else {
            throw Failure(
                .configuration, what: "Comparing with the hub", why: "the hub was restored and began a new epoch",
                remedy: "Sync first")
        }
        return try seal(try store.check(request, for: device).encoded(), .answer, id: label.id, to: deviceKeys)
    }
}
