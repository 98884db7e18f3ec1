import ReUniteReplica
import ReUniteSync

extension Hub {
    /// What comes of a piece before it is read.
    enum UploadAdmission: Sendable {
        /// The ticket is missing or not the hub's: sign again with this one.
        case challenge(Ticket)
        /// Nothing of the piece is needed now: so many bytes are here for good.
        case here(Int)
        case piece(UploadPiece)
    }

    /// Admits a piece of a bundle as a sync is admitted: by the device's state and its ticket. Whatever shows an old
    /// ticket is another copy of the device, unless the bundle is known, which came again.
    ///
    /// - Throws: ``Failure``: notPermitted for a device that was shut out, badData for a bundle that is too large,
    ///   tryLater for an old request.
    func admit(
        upload id: Identifier, bytes: Int, from start: Int, by claim: RequestSignature.Claim
    ) throws -> UploadAdmission {
        let device = try device(claim.device)
        if let ticket = challenge(claim.ticket, of: device, keyNumber: claim.keyNumber) { return .challenge(ticket) }
        guard (1...DecodeLimits.uploadBytes).contains(bytes) else {
            throw Failure(
                .badData, what: "Taking batches", why: "the bundle is larger than the hub takes",
                remedy: "Use the current version of reunite-sync")
        }
        let files = HubFiles(folder: folder).uploads
        // What a replaced key signed counts by the batches in it, and says nothing of tickets.
        let isOld = device.hasReplaced(claim.keyNumber)
        if !isOld, claim.ticket.number != device.ticket || !files.has(id, bytes: bytes, from: device.id) {
            switch try store.take(
                ticket: claim.ticket.number, request: id, of: device.id, atMilliseconds: time.wallMilliseconds)
            {
            // What a copy sends is taken too, and waits whole (decision 47); the next answer tells it.
            case .newest, .cloned: break
            case .repeated: throw Hub.repeatedRequest
            }
        }
        guard let file = try files.open(id, bytes: bytes, from: device.id) else { return .here(bytes) }
        // Bytes behind a gap are not taken: the answer says where to go on.
        guard start <= file.count else { return .here(min(file.count, bytes - 1)) }
        return .piece(UploadPiece(file, from: start, of: bytes))
    }

    /// How many bytes of a bundle of batches are here for good; all of them once it has been judged.
    func uploadOffset(_ id: Identifier, bytes: Int, from device: Identifier) throws -> Int {
        try HubFiles(folder: folder).uploads.offset(of: id, bytes: bytes, from: device)
    }

    /// Judges the batches of a bundle that has come whole, as if they had come with a request.
    ///
    /// It is harmless to repeat: a batch is judged once, whatever it comes in.
    func complete(upload id: Identifier, bytes: Int, from sender: Identifier) throws {
        let files = HubFiles(folder: folder).uploads
        guard let file = try files.open(id, bytes: bytes, from: sender), file.count >= bytes else { return }
        let body = try file.read(0..<bytes)
        try refreshLife()
        var device = try device(sender)
        let request: SyncRequest
        let voice: DeviceKeys
        do {
            voice = try self.voice(of: body)
            let number = (try? SealedBundle.readHeader(body))?.senderKeyNumber ?? 0
            guard let deviceKeys = device.keys[number] else { throw Hub.notAdmitted("its key is not known") }
            let (label, content) = try open(
                body, with: voice, from: device, keys: deviceKeys, SyncRequest.init(decoding:))
            guard label.id == id else {
                throw Failure(
                    .badData, what: "Taking batches", why: "the bundle has another name than it came under",
                    remedy: "Sync again; nothing was changed")
            }
            request = content
        } catch {
            files.discard(id, bytes: bytes, from: sender)
            throw error
        }
        device = try take(successions: request.successions, from: device)
        _ = try recogniseLoss(by: request.checkpoints)
        if request.epoch == epoch || device.state == .revoked || device.isSuspended {
            // From a revoked device and from copies too: what they had written is kept for a person.
            _ = try take(request, from: device)
            if device.state != .revoked, !device.isSuspended { attendInPassing() }
        }
        try files.finish(id, bytes: bytes, from: sender)
    }

    /// Removes the files that nobody came for: deliveries and unfinished uploads of a week ago.
    func pruneFiles() throws {
        let files = HubFiles(folder: folder)
        files.uploads.prune(atMilliseconds: time.wallMilliseconds)
        files.carried.prune(atMilliseconds: time.wallMilliseconds)
        try pruneAnswers()
        guard files.hasDeliveries else { return }
        files.prune(keeping: try store.pruneDeliveries(before: time.wallMilliseconds - Hub.deliveryAge))
    }
}
