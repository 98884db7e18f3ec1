import ReUniteReplica
public import ReUniteSync

extension Hub {
    /// A request whose signature has been found good.
    public struct SignedRequest: Hashable, Sendable {
        public var device: Identifier
        public var keyNumber: UInt32
        public var ticket: Ticket
        public var body: [UInt8]

        public init(device: Identifier, keyNumber: UInt32, ticket: Ticket, body: [UInt8]) {
            self.device = device
            self.keyNumber = keyNumber
            self.ticket = ticket
            self.body = body
        }
    }

    /// What comes of a request before it is read.
    public enum Admission: Hashable, Sendable {
        /// The sealed answer.
        case answer([UInt8])
        /// The ticket is missing or not the hub's: sign again with this one.
        case challenge(Ticket)
        /// It is sealed to keys of the hub's that are no more: the hub's words about those that took their place.
        case keys([UInt8])
    }

    /// A delivery up to this size is part of the answer; a larger one is fetched page by page, because an answer that is
    /// cut short must come again whole (`docs/decisions/0035-what-must-survive-a-cut.md`).
    static let inlineLimit = 8 * 1_024
    /// The largest page of a delivery.
    public static let pageLimit = 512 * 1_024
    /// How long a delivery waits to be fetched, in milliseconds: seven days.
    static let deliveryAge: Int64 = 7 * 86_400_000

    /// The keys on record for a device's key number; nil when nobody is known by it.
    public func keys(of device: Identifier, number: UInt32) -> PublicKeys? {
        known.keys(of: device, number: number) { try? store.device(device) }
    }

    /// The same without looking into the database; nil also where nobody has asked for them yet.
    func knownKeys(of device: Identifier, number: UInt32) -> PublicKeys? {
        known.keys(of: device, number: number) { nil }
    }

    /// The partner of a device that has been asked for by ``keys(of:number:)``.
    func partner(of device: Identifier) -> Identifier? {
        known.partner(of: device)
    }

    /// Answers one `POST /v1/sync`: judges the batches in it, and says what is new.
    ///
    /// Synchronous and without a clock, a socket or randomness of its own: a simulation drives it as the server does.
    public func sync(_ signed: SignedRequest) throws -> Admission {
        try refreshLife()
        return try Hub.admitting { try synced(signed) }
    }

    private func synced(_ signed: SignedRequest) throws -> Admission {
        var device = try device(signed.device)
        guard var deviceKeys = device.keys[signed.keyNumber] else { throw Hub.notAdmitted("its key is not known") }
        if let ticket = challenge(signed.ticket, of: device, keyNumber: signed.keyNumber) { return .challenge(ticket) }
        let voice = try voice(of: signed.body)
        let (name, request) = try open(request: signed.body, with: voice, from: device, keys: deviceKeys)
        device = try take(successions: request.successions, from: device)
        _ = try recogniseLoss(by: request.checkpoints)
        let isReplaced = device.hasReplaced(signed.keyNumber)
        // Sealed to the new keys, which tells the device that the hub knows them.
        if isReplaced, let current = device.currentKeys, request.names(current) { deviceKeys = current }
        let now = time.wallMilliseconds
        let next = Ticket(
            number: signed.ticket.number + 1, device: device.id, keyNumber: deviceKeys.number, key: ticketKey)
        var answer = SyncAnswer(
            hubMilliseconds: now, ticket: next.encoded(), duplicates: 0,
            schemaVersion: UInt32(store.tables.version), body: .taken)
        if request.epoch != epoch, device.state != .revoked, !device.isSuspended {
            // Of a life that was lost, this hub knows no tickets: nothing is noted, and nothing is told but that.
            answer.body = try lineage(from: request.epoch).map { SyncAnswer.Body.epochChanged($0) } ?? .unproven
            return try reply(answer, to: signed, name: name, request, deviceKeys, voice)
        }
        if try isBeyond(request), device.state != .revoked, !device.isSuspended {
            answer.body = .unproven
            return try reply(answer, to: signed, name: name, request, deviceKeys, voice)
        }
        if isReplaced, deviceKeys.number == signed.keyNumber, device.state != .revoked {
            // A copy that knows nothing of the new keys: the device itself goes on being served. What was signed before
            // they came counts; the rest of what the copy sends waits for a person.
            answer.duplicates = try take(request, from: device)
            answer.body = request.moreFollows ? .taken : .suspended
            return try reply(answer, to: signed, name: name, request, deviceKeys, voice)
        }
        let freshness = try store.note(
            Presence(
                request: name, ticket: signed.ticket.number, cursor: request.cursor,
                digestMatches: try agrees(device, request),
                skewMilliseconds: Presence.skew(of: request.clock.wallMilliseconds, at: now),
                schemaVersion: request.schemaVersion,
                unsent: request.unsent, atMilliseconds: now, auditSize: request.audit.size, bytes: signed.body.count),
            of: device.id)
        if freshness == .repeated { throw Hub.repeatedRequest }
        if device.state == .revoked {
            // What it had written before it knew is kept for a person; it is told nothing else.
            answer.duplicates = try take(request, from: device)
            answer.purgesTaken = try take(purgesOf: request, from: device)
            answer.body = request.moreFollows ? .taken : .revoked
        } else if freshness == .cloned || device.isSuspended {
            // Which of the copies wrote it is for a person to say; nobody is told anything before.
            var device = device
            device.isSuspended = true
            answer.duplicates = try take(request, from: device)
            answer.body = request.moreFollows ? .taken : .suspended
        } else {
            answer.duplicates = try take(request, from: device)
            answer.purgesTaken = try take(purgesOf: request, from: device)
            try note(voice, shownBy: device.id, head: request.chainHead)
            attendInPassing()
            if device.isLeaseOver(at: now) {
                // What it wrote counts by its base, however old that is; what it would be shown waits for a person.
                answer.body = request.moreFollows ? .taken : .leaseOver
            } else if request.moreFollows {
                if let closings = try closedMeanwhile(for: device, request) { answer.body = .closings(closings) }
            } else if let held = try held(of: device, whoseSchemaIs: request.schemaVersion) {
                answer.body = .closings(held)
            } else {
                // Once for the whole exchange, before the device is told what is safe.
                secureLedger()
                (answer.body, answer.auditProof) = try news(for: device, request)
                // With that a sync is over. The device believes the word for as long as it hears it at each.
                if case .idle = answer.body { try store.tellHeldAgain(to: device.id) }
            }
        }
        return try reply(answer, to: signed, name: name, request, deviceKeys, voice)
    }

    /// Seals an answer in the form in which the request came, signed with the keys that the device knows.
    private func reply(
        _ answer: SyncAnswer, to signed: SignedRequest, name: Identifier, _ request: SyncRequest,
        _ deviceKeys: PublicKeys, _ voice: DeviceKeys
    ) throws -> Admission {
        var answer = answer
        answer.successions = try words(for: signed.device, spokenToWith: voice)
        guard SealedSlip.isRequest(signed.body) else {
            return .answer(try seal(answer.encoded(), .answer, id: name, to: deviceKeys, signedWith: voice))
        }
        answer.shorten(knowing: request)
        return .answer(
            try SealedSlip.sealAnswer(answer.encoded(), to: signed.body, device: deviceKeys, signedWith: voice))
    }

    /// Part of a delivery that waits: at most a page. Nil when it is void and must be built anew.
    ///
    /// - Parameter keyNumber: of the keys that signed the request; what others have taken the place of fetches nothing.
    ///   By default the device's current ones.
    public func page(
        of delivery: Identifier, from offset: Int, for device: Identifier, keyNumber: UInt32? = nil
    ) throws -> [UInt8]? {
        let asking = try admitted(device)
        if let keyNumber, asking.hasReplaced(keyNumber) { return nil }
        guard !asking.isSuspended, !asking.isLeaseOver(at: time.wallMilliseconds),
            let waiting = try store.waitingDelivery(delivery),
            waiting.device == device, (0..<waiting.bytes).contains(offset)
        else {
            try dropVoidDeliveries()
            return nil
        }
        return HubFiles(folder: folder).read(delivery: delivery, from: offset, count: Hub.pageLimit)
    }

    // MARK: Steps

    func device(_ id: Identifier) throws -> DeviceRecord {
        guard let device = try store.device(id), device.state != .invited else {
            throw Hub.notAdmitted("the hub does not know this device")
        }
        return device
    }

    func admitted(_ id: Identifier) throws -> DeviceRecord {
        let device = try device(id)
        guard device.state == .enrolled else { throw Hub.notAdmitted("this device has been revoked") }
        return device
    }

    /// Opens a request in either form, and names it.
    private func open(
        request body: [UInt8], with voice: DeviceKeys, from device: DeviceRecord, keys deviceKeys: PublicKeys
    ) throws -> (name: Identifier, request: SyncRequest) {
        guard SealedSlip.isRequest(body) else {
            let (label, request) = try open(
                body, with: voice, from: device, keys: deviceKeys, SyncRequest.init(decoding:))
            return (label.id, request)
        }
        do {
            let content = try SealedSlip.openRequest(body, from: device.id, to: id, with: voice)
            let request = try SyncRequest(decoding: content)
            // What somebody wrote comes under the device's own signature, whatever carries it.
            guard request.batches.isEmpty else { throw FormatError(.malformed, "slip batches") }
            return (SealedSlip.id(of: body), request)
        } catch let error as FormatError {
            throw Hub.unreadable(error)
        }
    }

    func open<Request>(
        _ body: [UInt8], with voice: DeviceKeys, from device: DeviceRecord, keys deviceKeys: PublicKeys,
        _ decode: ([UInt8]) throws(FormatError) -> Request
    ) throws -> (BundleLabel, Request) {
        do {
            let (header, content) = try SealedBundle.open(body, with: voice, from: deviceKeys)
            guard header.label.kind == .up, header.label.hub == id, header.label.sender == device.id else {
                throw FormatError(.notAuthentic, "bundle label")
            }
            return (header.label, try decode(content))
        } catch let error as FormatError {
            throw Hub.unreadable(error)
        }
    }

    private static func unreadable(_ error: FormatError) -> Failure {
        Failure(
            .badData, what: "Reading the request", why: "it is damaged or was changed on the way (\(error))",
            remedy: "Sync again; nothing was changed")
    }

    /// Whether the device holds what the hub thinks it holds. Only an unchanged scope can be compared here; the
    /// device compares for itself after every delivery.
    func agrees(_ device: DeviceRecord, _ request: SyncRequest) throws -> Bool? {
        guard request.cursor > .zero else { return nil }
        guard try !store.hasChanged(for: device, since: request.cursor) else { return nil }
        return try store.digest(for: device) == request.digest
    }

    func take(_ request: SyncRequest, from device: DeviceRecord) throws -> UInt64 {
        UInt64(try take(request.batches, basedOn: request.checkpoints, from: device).duplicates)
    }

    /// A batch as its device signed it. One with a row that left its device comes sealed to the hub.
    package func opened(_ batch: SignedBatch) throws(FormatError) -> SignedBatch {
        guard batch.isSealed, let keys = ring.keys.first(where: { batch.isSealed(to: $0.publicKeys) }) else {
            return try batch.opened(with: keys)
        }
        return try batch.opened(with: keys)
    }

    /// An answer's body, and the proof that goes with the checkpoint in it.
    private typealias News = (body: SyncAnswer.Body, proof: AuditProof)

    private func news(for device: DeviceRecord, _ request: SyncRequest) throws -> News {
        // What was closed between building a delivery and writing it into the ledger voids it.
        for _ in 0..<3 {
            if let news = try delivered(to: device, request) { return news }
        }
        throw Failure(
            .tryLater, what: "Syncing", why: "its grants are changing at this moment", remedy: "Sync again")
    }

    private func delivered(to device: DeviceRecord, _ request: SyncRequest) throws -> News? {
        let layout = store.tables
        let pages = HubFiles(folder: folder).spool(names: randomness)
        let cursor = try store.start(for: device, after: request.cursor)
        let content = try store.delivery(
            for: device, after: cursor, want: request.want, echoes: cursor == request.cursor,
            page: { try pages.add(try Delivery.encodedPages(of: $0[...], layout: layout)) })
        let audit = try store.audit(since: request.audit.size)
        let checkpoint = try checkpoint(for: device.id, at: content.position, content.digest, audit: audit.head)
        if content.isEmpty && cursor > .zero { return (.idle(checkpoint), audit.proof) }
        let delivery = Delivery(
            from: cursor, checkpoint: checkpoint, events: content.events, receipts: content.receipts,
            tombstones: content.tombstones, auditProof: audit.proof)
        let head = delivery.encodedHead(pages: pages.count)
        let waiting =
            head.count + pages.length <= Hub.inlineLimit
            ? nil : try wait(head, pages, for: device, content, cursor)
        guard
            try store.disclose(
                content, to: device, waiting: waiting, bytes: head.count + pages.length,
                atMilliseconds: time.wallMilliseconds)
        else {
            waiting.map { HubFiles(folder: folder).remove(delivery: $0.id) }
            return nil
        }
        guard let waiting else {
            var whole = head
            for number in 0..<pages.count { whole += try pages.page(number) }
            return (.delivery(whole), .none)
        }
        // Of the one before nothing more can be fetched.
        try dropVoidDeliveries()
        let urgent =
            cursor > .zero
            ? delivery.closings(within: Hub.inlineLimit).map { $0.encodedHead(pages: 0) } ?? [] : []
        return (.fetch(id: waiting.id, bytes: UInt64(waiting.bytes), urgent: urgent), .none)
    }

    /// Puts a large delivery into a file, sealed, to be fetched page by page once it is on record.
    private func wait(
        _ head: [UInt8], _ pages: PageSpool, for device: DeviceRecord, _ content: DeliveryContent, _ from: Position
    ) throws -> WaitingDelivery {
        guard let deviceKeys = device.currentKeys else { throw Hub.notAdmitted("its key is not known") }
        let files = HubFiles(folder: folder)
        files.prune(keeping: try store.pruneDeliveries(before: time.wallMilliseconds - Hub.deliveryAge))
        let delivery = randomness()
        let parcel = try BundleParcel(
            contentLength: head.count + pages.length,
            label: label(delivery, .down, from: from, position: content.position),
            to: [deviceKeys], signedWith: keys
        ) { put in
            try put(head)
            for number in 0..<pages.count { try put(try pages.page(number)) }
        }
        return WaitingDelivery(
            id: delivery, device: device.id, subscription: device.subscription, from: from, to: content.position,
            bytes: try files.write(delivery: delivery, parcel),
            madeMilliseconds: time.wallMilliseconds)
    }

    func seal(
        _ content: [UInt8], _ kind: BundleLabel.Kind, id: Identifier, to recipient: PublicKeys,
        from: Position = .zero, position: Position = .zero, signedWith voice: DeviceKeys? = nil
    ) throws -> [UInt8] {
        try SealedBundle.seal(
            content: content, label: label(id, kind, from: from, position: position), to: [recipient],
            signedWith: voice ?? keys)
    }

    static var repeatedRequest: Failure {
        Failure(.tryLater, what: "Syncing", why: "an old request came again", remedy: "Sync again; nothing was changed")
    }

    func label(
        _ bundle: Identifier, _ kind: BundleLabel.Kind, from: Position = .zero, position: Position = .zero
    ) -> BundleLabel {
        BundleLabel(
            id: bundle, kind: kind, hub: id, epoch: epoch, sender: id, from: from, to: position,
            createdMilliseconds: time.wallMilliseconds)
    }

    static func notAdmitted(_ why: String) -> Failure {
        Failure(.notPermitted, what: "Syncing", why: why, remedy: "Ask the hub operator for a code and join again")
    }
}

extension SyncRequest {
    /// Whether it brings the word that these are the device's keys.
    fileprivate func names(_ keys: PublicKeys) -> Bool {
        successions.contains { (try? SignedKeySuccession(decoding: $0))?.succession.keys == keys }
    }
}

extension SyncAnswer {
    /// Leaves out of an idle answer what the device knows already.
    fileprivate mutating func shorten(knowing request: SyncRequest) {
        guard case .idle(let signed) = body, signed.checkpoint.digest == request.digest,
            let audit = signed.checkpoint.audit, AuditMark(audit) == request.audit
        else { return }
        body = .unchanged(
            position: signed.checkpoint.position, issuedMilliseconds: signed.checkpoint.issuedMilliseconds,
            terms: signed.checkpoint.terms, keyNumber: signed.keyNumber, signature: signed.signature)
    }
}
