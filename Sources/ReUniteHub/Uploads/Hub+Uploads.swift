import ReUniteReplica
import ReUniteSync

extension Hub {
    /// How many bytes of a bundle of batches are here for good; all of them once it has been judged.
    func uploadOffset(_ id: Identifier, bytes: Int, from device: Identifier) throws -> Int {
        try HubFiles(folder: folder).uploads.offset(of: id, bytes: bytes, from: device)
    }

    /// The file to put pieces of a bundle into; nil when all of it has been judged.
    func upload(_ id: Identifier, bytes: Int, from device: Identifier) throws -> PartialFile? {
        guard (1...DecodeLimits.uploadBytes).contains(bytes) else {
            throw Failure(
                .badData, what: "Taking batches", why: "the bundle is larger than the hub takes",
                remedy: "Use the current version of reunite-sync")
        }
        return try HubFiles(folder: folder).uploads.open(id, bytes: bytes, from: device)
    }

    /// Judges the batches of a bundle that has come whole, as if they had come with a request.
    ///
    /// It is harmless to repeat: a batch is judged once, whatever it comes in.
    func complete(upload id: Identifier, bytes: Int, from sender: Identifier) throws {
        let files = HubFiles(folder: folder).uploads
        guard let file = try files.open(id, bytes: bytes, from: sender), file.count >= bytes else { return }
        let body = try file.read(0..<bytes)
        let device = try device(sender)
        let request: SyncRequest
        do {
            let number = (try? SealedBundle.readHeader(body))?.senderKeyNumber ?? 0
            guard let deviceKeys = device.keys[number] else { throw Hub.notAdmitted("its key is not known") }
            let (label, content) = try open(body, from: device, keys: deviceKeys, SyncRequest.init(decoding:))
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
        if !device.isSuspended && request.epoch == epoch {
            // From a revoked device too: what it had written before it knew is kept for a person.
            _ = try take(request, from: device)
            if device.state != .revoked { attendInPassing() }
        }
        try files.finish(id, bytes: bytes, from: sender)
    }

    /// Removes the files that nobody came for: deliveries and unfinished uploads of a week ago.
    func pruneFiles() throws {
        let files = HubFiles(folder: folder)
        files.uploads.prune(atMilliseconds: time.wallMilliseconds)
        guard files.hasDeliveries else { return }
        files.prune(keeping: try store.pruneDeliveries(before: time.wallMilliseconds - Hub.deliveryAge))
    }
}
