import ReUniteReplica
public import ReUniteSync

extension Hub {
    /// What came of a file from a device.
    public struct UpReport: Hashable, Sendable {
        public var bundle: Identifier
        public var device: Identifier
        public var deviceName: String
        /// The partner's code.
        public var partner: String
        /// Whether all of the file was there. Of one that was cut short only whole batches count, and nothing else.
        public var isWhole = true
        /// Whether the device was revoked: what it sent waits for a person.
        public var isRevoked: Bool
        /// Batches in what could be read of the file.
        public var batches: Int
        /// Batches that were judged now, and their edits.
        public var taken = 0
        public var edits = 0
        /// Of these edits, those that wait in quarantine.
        public var quarantined = 0
        /// Batches that were here already.
        public var duplicates = 0
        /// Batches whose predecessors have not arrived, or that wait for the hub's upgrade.
        public var held = 0
        /// Batches that are not the device's own, or were damaged before they were packed.
        public var passedOver = 0
    }

    /// Takes a file that a device made for this hub: judges its batches, and notes what the device says of itself.
    ///
    /// The same file may come any number of times, from anybody, whenever: batches are known by their ids, and nothing
    /// that is known of the device goes back by what it said earlier.
    ///
    /// - Parameter progress: called with the number of batches done and the number of all.
    /// - Throws: ``Failure``: badData when it is damaged from its beginning or meant for somebody else, notPermitted for
    ///   a device that is unknown or shut out. Nothing was changed then.
    public func take(upFile bytes: [UInt8], progress: (Int, Int) -> Void = { _, _ in }) throws -> UpReport {
        try refreshLife()
        let (header, voice) = try destined(bytes)
        let label = header.label
        // The wrap proves the header: without it, an altered sender would look like an unknown device.
        let prefix: (header: BundleHeader, content: [UInt8])
        do {
            prefix = try SealedBundle.openPrefix(bytes, with: voice)
        } catch {
            throw Hub.unreadable("its beginning is damaged (\(error))", "Copy it from the device again")
        }
        guard var device = try store.device(label.sender), let deviceKeys = device.keys[header.senderKeyNumber] else {
            throw Hub.notTaken("the hub does not know its device, or not the key that signed it")
        }
        let request = whole(bytes, with: voice, from: deviceKeys)
        _ = try recogniseLoss(by: request?.checkpoints ?? [])
        guard label.epoch == epoch else {
            throw Hub.unreadable(
                "it was made before the hub was restored from a backup", "Sync that device over the network once")
        }
        var report = UpReport(
            bundle: label.id, device: device.id, deviceName: device.name, partner: device.partnerCode,
            isRevoked: device.state == .revoked, batches: 0)
        if let request {
            report.batches = request.batches.count
            device = try take(successions: request.successions, from: device)
            // Of two copies nobody knows which one says it.
            if !device.isSuspended { try note(request, in: label, of: device) }
            report.note(
                try take(request.batches, basedOn: request.checkpoints, from: device) {
                    progress($0, request.batches.count)
                })
            if !device.isSuspended {
                _ = try take(purgesOf: request, from: device)
                try note(voice, shownBy: device.id, head: request.chainHead)
            }
        } else {
            let found = SyncRequest.salvage(prefix.content)
            report.isWhole = false
            report.batches = found.batches.count
            report.note(
                try take(found.batches, basedOn: found.checkpoints, from: device) {
                    progress($0, found.batches.count)
                })
        }
        attendInPassing()
        return report
    }

    // MARK: Steps

    /// The header of a file, once it is clear that it is meant for this hub, and the keys that it is sealed to.
    private func destined(_ bytes: [UInt8]) throws -> (header: BundleHeader, voice: DeviceKeys) {
        let header: BundleHeader
        do {
            header = try SealedBundle.readHeader(bytes)
        } catch {
            throw Hub.unreadable("it is no bundle, or its beginning is damaged (\(error))", "Copy it again")
        }
        guard header.label.kind == .up else {
            throw Hub.unreadable(
                "it is on its way to a device", "Import it there with 'bundle import'")
        }
        guard header.label.hub == id else {
            throw Hub.unreadable("it is for another hub", "Check that it is the right stick")
        }
        do {
            return (header, try voice(for: header.recipients))
        } catch is ReplacedKeys {
            throw Hub.unreadable(
                "it is sealed to keys of this hub that have been destroyed since",
                "Make it anew on the device, once that has synced over the network or imported a file from the hub")
        } catch is Failure {
            throw Hub.unreadable(
                "it is sealed to keys that this hub does not have",
                "Check that it is the right stick, or restore the "
                    + "hub's newest backup if it was restored from an older one")
        }
    }

    /// The request in a file that is whole and signed; nil when it is not.
    private func whole(_ bytes: [UInt8], with voice: DeviceKeys, from sender: PublicKeys) -> SyncRequest? {
        guard let content = try? SealedBundle.open(bytes, with: voice, from: sender).content else { return nil }
        return try? SyncRequest(decoding: content)
    }

    private func note(_ request: SyncRequest, in label: BundleLabel, of device: DeviceRecord) throws {
        let now = time.wallMilliseconds
        let presence = Presence(
            request: label.id, ticket: device.ticket, cursor: request.cursor,
            digestMatches: try agrees(device, request), skewMilliseconds: 0, schemaVersion: request.schemaVersion,
            unsent: request.unsent, atMilliseconds: min(now, label.createdMilliseconds),
            auditSize: request.audit.size)
        try store.note(carried: presence, want: request.want, of: device.id, atMilliseconds: now)
    }

    private static func unreadable(_ why: String, _ remedy: String) -> Failure {
        Failure(.badData, what: "Importing the bundle", why: why, remedy: remedy + "; nothing was changed")
    }

    private static func notTaken(_ why: String) -> Failure {
        Failure(
            .notPermitted, what: "Importing the bundle", why: why,
            remedy: "Give the device a new code with 'hub device enrol'; nothing was changed")
    }
}

extension Hub.UpReport {
    fileprivate mutating func note(_ tally: BatchTally) {
        taken = tally.taken
        edits = tally.edits
        quarantined = tally.quarantined
        duplicates = tally.duplicates
        held = tally.held
        passedOver = tally.passedOver
    }
}
