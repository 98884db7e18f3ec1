package import ReUniteSync

extension Replica {
    /// A request in its sealed form, ready for any carrier.
    package struct SealedRequest: Hashable, Sendable {
        /// The bundle's id, which its answer must bear.
        package var id: Identifier
        package var body: [UInt8]
        package var hub: Identifier
        package var device: Identifier
        /// The purge receipts in it, in order.
        package var purges: [[UInt8]]
        /// What the request says that the replica holds.
        package var digest: VersionDigest
        /// What it says that the replica knows of the hub's audit log.
        package var audit: AuditHead?
        /// Which of the device's keys it is signed with, and the request's signature too.
        package var keyNumber: UInt32 = 1
        /// Which of the hub's keys it is sealed to: the answer is signed with these.
        package var hubKeyNumber: UInt32 = 1
    }

    /// Seals a request to the hub: with batches or new keys as a bundle, which is signed, and else as a slip.
    package func seal(_ request: SyncRequest) throws -> SealedRequest {
        guard request.batches.isEmpty, request.successions.isEmpty else { return try seal(bundle: request) }
        let facts = try facts()
        let (request, audit) = try naming(request)
        let slip = try SealedSlip.sealRequest(request.encoded(), from: facts.device, to: facts.hub, keys: facts.hubKeys)
        return SealedRequest(
            id: SealedSlip.id(of: slip), body: slip, hub: facts.hub, device: facts.device, purges: request.purges,
            digest: request.digest, audit: audit, keyNumber: try keyRing(for: facts).speaking.number,
            hubKeyNumber: facts.hubKeys.number)
    }

    /// A request that names what is known of the hub's audit log at this moment.
    private func naming(_ request: SyncRequest) throws -> (SyncRequest, AuditHead?) {
        let known = try knownAudit()
        var request = request
        request.audit = known.map(AuditMark.init) ?? AuditMark()
        return (request, known)
    }

    /// Seals a request as a bundle, with batches or without.
    package func seal(bundle request: SyncRequest) throws -> SealedRequest {
        let (request, audit) = try naming(request)
        var sealed = try seal(
            request.encoded(), from: request.cursor, purges: request.purges, digest: request.digest)
        sealed.audit = audit
        return sealed
    }

    /// A batch of a request that is sealed while it is written.
    struct Packed {
        /// Its number in the outbox.
        let number: UInt64
        /// How long it is, encoded.
        let length: Int
    }

    /// A request as a bundle for a stick, which is sealed while it is written: its batches are read one by one.
    ///
    /// - Throws: when it is written, ``Failure`` (tryLater) if another program has changed one of the batches since.
    func parcel(of request: SyncRequest, batches: [Packed]) throws -> BundleParcel {
        let facts = try facts()
        let (request, _) = try naming(request)
        let claims = request.encodedClaims(batches: batches.count)
        let end = request.encodedEnd
        return try BundleParcel(
            contentLength: batches.reduce(claims.count + end.count) { $0 + $1.length },
            label: label(
                newIdentifier(), from: request.cursor, facts, at: try knownTime(rememberingIsNeeded: false).now),
            to: [facts.hubKeys],
            signedWith: try keyRing().speaking
        ) { put in
            try put(claims)
            for batch in batches {
                let bytes = try self.outgoingBatch(batch.number).map { SyncRequest.encoded($0) }
                guard let bytes, bytes.count == batch.length else {
                    throw Failure(
                        .tryLater, what: "Writing a bundle", why: "another program changed this replica meanwhile",
                        remedy: "Export it again")
                }
                try put(bytes)
            }
            try put(end)
        }
    }

    /// - Parameter now: of a file, which may come long after another: a time that never goes back, whatever the clock does.
    private func label(
        _ id: Identifier, from cursor: Position, _ facts: ReplicaFacts, at now: Int64? = nil
    ) -> BundleLabel {
        BundleLabel(
            id: id, kind: .up, hub: facts.hub, epoch: facts.epoch, sender: facts.device, from: cursor,
            createdMilliseconds: now ?? time.wallMilliseconds)
    }

    /// Seals a question about a step.
    package func seal(_ question: StepQuestion) throws -> SealedRequest {
        try seal(question.encoded(), from: .zero, purges: [])
    }

    /// Seals a question about a row's past.
    package func seal(_ question: HistoryQuestion) throws -> SealedRequest {
        try seal(question.encoded(), from: .zero, purges: [])
    }

    func seal(
        _ content: [UInt8], from cursor: Position, purges: [[UInt8]], digest: VersionDigest = VersionDigest()
    ) throws -> SealedRequest {
        let facts = try facts()
        let id = newIdentifier()
        let keys = try keyRing(for: facts).speaking
        let body = try SealedBundle.seal(
            content: content, label: label(id, from: cursor, facts), to: [facts.hubKeys], signedWith: keys)
        return SealedRequest(
            id: id, body: body, hub: facts.hub, device: facts.device, purges: purges, digest: digest,
            keyNumber: keys.number, hubKeyNumber: facts.hubKeys.number)
    }

    /// Opens the hub's answer to a request, follows the hub to its newer keys, forgets the purge receipts that the hub has,
    /// and notes its schema's version.
    ///
    /// - Throws: ``Failure`` (badData) when it is not the hub's or answers another request; nothing changes.
    package func open(answer bytes: [UInt8], to request: SealedRequest) throws -> SyncAnswer {
        var answer = try open(bytes, to: request, SyncAnswer.init(decoding:))
        try follow(hubKeys: answer.successions)
        if case .unchanged(let position, let issued, let terms, let keyNumber, let signature) = answer.body {
            let facts = try facts()
            let checkpoint = Checkpoint(
                hub: facts.hub, epoch: facts.epoch, device: facts.device, position: position,
                issuedMilliseconds: issued, digest: request.digest, audit: request.audit, terms: terms)
            answer.body = .idle(SignedCheckpoint(checkpoint, keyNumber: keyNumber, signature: signature))
        }
        if case .epochChanged(let lineage) = answer.body {
            let facts = try facts()
            guard lineage.leads(from: facts.epoch, of: facts.hub, signedBy: facts.hubKeys) else {
                throw Failure(
                    .badData, what: "Syncing",
                    why: "what answered names another life of the hub, and does not prove it",
                    remedy: "Check the hub's address; nothing was changed")
            }
        }
        answer.auditProof.since = request.audit?.size ?? 0
        if answer.purgesTaken > 0 {
            try forget(purges: request.purges.prefix(Int(clamping: answer.purgesTaken)))
        }
        try note(hubSchema: Int(answer.schemaVersion))
        return answer
    }

    /// Keeps the version of the hub's schema, for the status and for comparing values.
    private func note(hubSchema version: Int) throws {
        guard try facts().hubSchema != version else { return }
        try transaction("Reading the answer") { database in
            var facts = try ReplicaFacts(database)
            facts.hubSchema = version
            try facts.save(database)
        }
    }

    /// Opens the hub's answer to a question about a step.
    ///
    /// - Throws: ``Failure`` (badData) when it is not the hub's or answers another request.
    package func open(preview bytes: [UInt8], to request: SealedRequest) throws -> PreviewAnswer {
        try open(bytes, to: request, PreviewAnswer.init(decoding:))
    }

    /// Opens the hub's answer to a question about a row's past.
    ///
    /// - Throws: ``Failure`` (badData) when it is not the hub's or answers another request.
    package func open(history bytes: [UInt8], to request: SealedRequest) throws -> HistoryAnswer {
        try open(bytes, to: request, HistoryAnswer.init(decoding:))
    }

    func open<Answer>(
        _ bytes: [UInt8], to request: SealedRequest, _ decode: ([UInt8]) throws(FormatError) -> Answer
    ) throws -> Answer {
        do {
            let facts = try facts()
            let ring = try keyRing(for: facts)
            let (content, keys) = try content(of: bytes, to: request, facts, ring)
            let answer = try decode(content)
            try noteKnown(keys, facts)
            return answer
        } catch let error as FormatError {
            throw Replica.untrusted("the answer", error)
        }
    }

    private func content(
        of bytes: [UInt8], to request: SealedRequest, _ facts: ReplicaFacts, _ ring: KeyRing
    ) throws(FormatError) -> ([UInt8], DeviceKeys) {
        guard let hub = facts.hubChain.keys(numbered: request.hubKeyNumber) else {
            throw FormatError(.notAuthentic, "hub key number")
        }
        if SealedSlip.isRequest(request.body) {
            let keys = ring.keys(named: SealedSlip.recipient(ofAnswer: bytes).map { [$0] } ?? []) ?? ring.current
            return (try SealedSlip.openAnswer(bytes, to: request.body, with: keys, from: hub), keys)
        }
        let (header, content, keys) = try ring.open(bytes) { (_) throws(FormatError) in hub }
        guard header.label.kind == .answer, header.label.id == request.id, header.label.sender == request.hub
        else { throw FormatError(.notAuthentic, "answer label") }
        return (content, keys)
    }

    /// Opens a delivery that was fetched.
    package func open(delivery bytes: [UInt8], id: Identifier) throws -> [UInt8] {
        do {
            let facts = try facts()
            let (header, content, keys) = try keyRing(for: facts).open(bytes, from: facts.hubChain.signer)
            guard header.label.kind == .down, header.label.id == id, header.label.sender == facts.hub else {
                throw FormatError(.notAuthentic, "delivery label")
            }
            try noteKnown(keys, facts)
            return content
        } catch let error as FormatError {
            throw Replica.untrusted("the delivery", error)
        }
    }

    /// The headers that sign a request over HTTP.
    package func signature(
        method: String, path: String, body: [UInt8], ticket: Ticket
    ) throws -> [(name: String, value: String)] {
        let facts = try facts()
        do {
            return try RequestSignature.headers(
                method: method, path: path, body: body, hub: facts.hub, device: facts.device, ticket: ticket,
                signedWith: try keyRing(for: facts).speaking)
        } catch {
            throw Failure(
                .internalFault, what: "Signing a request", why: "\(error)", remedy: "Report this as a fault")
        }
    }

    private static func untrusted(_ thing: String, _ error: FormatError) -> Failure {
        Failure(
            .badData, what: "Reading \(thing)", why: "it is damaged, or not from this replica's hub (\(error))",
            remedy: "Sync again; if it happens again, check the hub's address")
    }
}

extension KeyRing {
    /// Opens a bundle with whichever of the keys it is sealed to. Returns those too.
    func open(
        _ bytes: [UInt8], from sender: (BundleHeader) throws(FormatError) -> PublicKeys
    ) throws(FormatError) -> (header: BundleHeader, content: [UInt8], keys: DeviceKeys) {
        let outside = try SealedBundle.readHeader(bytes)
        guard let keys = keys(named: outside.recipients) else { throw FormatError(.notAuthentic, "bundle recipient") }
        let (header, content) = try SealedBundle.open(bytes, with: keys, from: try sender(outside))
        return (header, content, keys)
    }

    /// Opens a bundle that is read in place.
    func opening(
        of bundle: BundleSource, from sender: (BundleHeader) throws(FormatError) -> PublicKeys
    ) throws -> (bundle: BundleOpening, keys: DeviceKeys) {
        let outside = try SealedBundle.readHeader(try bundle.beginning())
        guard let keys = keys(named: outside.recipients) else { throw FormatError(.notAuthentic, "bundle recipient") }
        return (try bundle.opening(with: keys, from: try sender(outside)), keys)
    }
}
