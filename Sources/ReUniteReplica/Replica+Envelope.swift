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
    }

    /// Seals a request to the hub and signs it.
    package func seal(_ request: SyncRequest) throws -> SealedRequest {
        try seal(request.encoded(), from: request.cursor, purges: request.purges)
    }

    /// Seals a question about a step.
    package func seal(_ question: StepQuestion) throws -> SealedRequest {
        try seal(question.encoded(), from: .zero, purges: [])
    }

    func seal(_ content: [UInt8], from cursor: Position, purges: [[UInt8]]) throws -> SealedRequest {
        let facts = try facts()
        let id = newIdentifier()
        let body = try SealedBundle.seal(
            content: content,
            label: BundleLabel(
                id: id, kind: .up, hub: facts.hub, epoch: facts.epoch, sender: facts.device, from: cursor,
                createdMilliseconds: time.wallMilliseconds), to: [facts.hubKeys], signedWith: keys)
        return SealedRequest(id: id, body: body, hub: facts.hub, device: facts.device, purges: purges)
    }

    /// Opens the hub's answer to a request, and forgets the purge receipts that the hub has.
    ///
    /// - Throws: ``Failure`` (badData) when it is not the hub's or answers another request; nothing changes.
    package func open(answer bytes: [UInt8], to request: SealedRequest) throws -> SyncAnswer {
        let answer = try open(bytes, to: request, SyncAnswer.init(decoding:))
        if answer.purgesTaken > 0 {
            try forget(purges: request.purges.prefix(Int(clamping: answer.purgesTaken)))
        }
        return answer
    }

    /// Opens the hub's answer to a question about a step.
    ///
    /// - Throws: ``Failure`` (badData) when it is not the hub's or answers another request.
    package func open(preview bytes: [UInt8], to request: SealedRequest) throws -> PreviewAnswer {
        try open(bytes, to: request, PreviewAnswer.init(decoding:))
    }

    func open<Answer>(
        _ bytes: [UInt8], to request: SealedRequest, _ decode: ([UInt8]) throws(FormatError) -> Answer
    ) throws -> Answer {
        do {
            let (header, content) = try SealedBundle.open(bytes, with: keys, from: try facts().hubKeys)
            guard header.label.kind == .answer, header.label.id == request.id, header.label.sender == request.hub
            else { throw FormatError(.notAuthentic, "answer label") }
            return try decode(content)
        } catch let error as FormatError {
            throw Replica.untrusted("the answer", error)
        }
    }

    /// Opens a delivery that was fetched.
    package func open(delivery bytes: [UInt8], id: Identifier) throws -> [UInt8] {
        do {
            let facts = try facts()
            let (header, content) = try SealedBundle.open(bytes, with: keys, from: facts.hubKeys)
            guard header.label.kind == .down, header.label.id == id, header.label.sender == facts.hub else {
                throw FormatError(.notAuthentic, "delivery label")
            }
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
                signedWith: keys)
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
