import ReUniteSync

extension Hub {
    /// Answers one `POST /v1/check`: what the rows that the device may hold come to. Nothing is changed.
    package func check(_ signed: SignedRequest) throws -> Admission {
        try answer(signed, CheckRequest.init(decoding:)) { request, device in
            guard !device.isLeaseOver(at: time.wallMilliseconds) else { throw Hub.leaseOver }
            guard request.epoch == epoch else {
                throw Failure(
                    .configuration, what: "Comparing with the hub", why: "the hub was restored and began a new epoch",
                    remedy: "Sync first")
            }
            return try store.check(request, for: device).encoded()
        }
    }
}
