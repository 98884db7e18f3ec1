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
    public func take(upFile file: BundleSource, progress: (Int, Int) -> Void = { _, _ in }) throws -> UpReport {
        guard file.length <= DecodeLimits.bundleBytes else {
            throw Hub.unreadable("it is larger than such a file can be", "Check that it is the right file")
        }
        try refreshLife()
        let (header, voice) = try destined(file)
        let label = header.label
        do {
            // The wrap proves the header: without it, an altered sender would look like an unknown device.
            _ = try SealedBundle.openPrefix(try file.beginning(), with: voice)
        } catch let error as FormatError {
            throw Hub.unreadable("its beginning is damaged (\(error))", "Copy it from the device again")
        }
        guard var device = try store.device(label.sender), let deviceKeys = device.keys[header.senderKeyNumber] else {
            throw Hub.notTaken("the hub does not know its device, or not the key that signed it")
        }
        let whole = try whole(file, with: voice, from: deviceKeys)
        _ = try recogniseLoss(by: whole?.request.checkpoints ?? [])
        guard label.epoch == epoch else {
            throw Hub.unreadable(
                "it was made before the hub was restored from a backup", "Sync that device over the network once")
        }
        if let reached = whole?.request.cursor, try reached > store.position() {
            throw Hub.unreadable(
                "its device has come further than this hub, which seems to have been put back to an earlier copy of itself",
                "Sync that device over the network once")
        }
        var report = UpReport(
            bundle: label.id, device: device.id, deviceName: device.name, partner: device.partnerCode,
            isRevoked: device.state == .revoked, batches: 0)
        if let whole {
            let request = whole.request
            var reader = try whole.opening.request(of: file)
            report.batches = reader.batchCount
            device = try take(successions: request.successions, from: device)
            // Of two copies nobody knows which one says it.
            if !device.isSuspended { try note(request, in: label, of: device) }
            var done = 0
            while let some = try reader.nextBatches() {
                report.note(
                    try take(some, basedOn: request.checkpoints, from: device) {
                        progress(done + $0, reader.batchCount)
                    })
                done += some.count
            }
            if !device.isSuspended {
                _ = try take(purgesOf: request, from: device)
                try self.note(voice, shownBy: device.id, head: request.chainHead)
            }
        } else {
            let prefix = try SealedBundle.openPrefix(try file.read(0..<file.length), with: voice)
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
    private func destined(_ file: BundleSource) throws -> (header: BundleHeader, voice: DeviceKeys) {
        let header: BundleHeader
        do {
            header = try SealedBundle.readHeader(try file.beginning())
        } catch let error as FormatError {
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
                "Check that it is the right stick, or restore the hub's newest backup if an older one was restored")
        }
    }

    /// The request in a file that is whole and signed, without its batches, and the way to these; nil when it is not.
    private func whole(
        _ file: BundleSource, with voice: DeviceKeys, from sender: PublicKeys
    ) throws -> (request: SyncRequest, opening: BundleOpening)? {
        do {
            let opening = try file.opening(with: voice, from: sender)
            var reader = try opening.request(of: file)
            return (try reader.rest(), opening)
        } catch is FormatError {
            return nil
        }
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
        taken += tally.taken
        edits += tally.edits
        quarantined += tally.quarantined
        duplicates += tally.duplicates
        held += tally.held
        passedOver += tally.passedOver
    }
}

extension BundleOpening {
    /// The request in a bundle whose signature has been found good.
    fileprivate func request(of bundle: BundleSource) throws -> SyncRequestReader {
        var content = content(read: bundle.read)
        return try SyncRequestReader { try content.next() }
    }
}

extension SyncRequestReader {
    /// Some more batches: not so many that they take much memory. Nil after the last.
    fileprivate mutating func nextBatches() throws -> [SignedBatch]? {
        var batches: [SignedBatch] = []
        var bytes = 0
        while bytes < 1 << 20, let batch = try nextBatch() {
            batches.append(batch)
            bytes += batch.ops.count
        }
        return batches.isEmpty ? nil : batches
    }
}
