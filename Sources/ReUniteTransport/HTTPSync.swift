public import ReUniteReplica
public import ReUniteSync

/// Drives one sync of a replica over HTTP: does what the session says, and reports back to it.
public struct HTTPSync: Sendable {
    private let replica: Replica
    private let client: HubClient
    private let progress: @Sendable (Progress) -> Void

    /// About how many bytes of batches one request carries.
    static let requestBytes = 512 * 1_024
    /// The same page may fail to come so many times in a row.
    static let retries = 3

    /// How far a sync has come, for a bar.
    public struct Progress: Hashable, Sendable {
        public var pushedEdits: Int
        public var pulledBytes: Int
        /// The size of the delivery that is being fetched; 0 when none is.
        public var expectedBytes: Int
    }

    public init(
        replica: Replica, client: HubClient, progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.replica = replica
        self.client = client
        self.progress = progress
    }

    /// Seals, pushes, pulls, applies and acknowledges, until there is nothing more to say.
    ///
    /// - Throws: ``Failure``. Whatever was done until then stays done; running it again continues.
    public func run() async throws -> SyncOutcome {
        var session = ClientSession()
        var action = session.begin()
        var outgoing: OutgoingRequest?
        var sent: UInt64 = 0
        var state = Progress(pushedEdits: 0, pulledBytes: 0, expectedBytes: 0)
        while true {
            switch action {
            case .prepare(let whole):
                let next = try replica.nextRequest(after: sent, limit: HTTPSync.requestBytes, whole: whole)
                outgoing = next
                state.pushedEdits += next.edits
                progress(state)
                let bytes = next.request.batches.reduce(0) { $0 + $1.header.count + $1.ops.count + $1.signature.count }
                action = session.prepared(edits: next.edits, bytes: bytes)
            case .send:
                guard let request = outgoing else { throw HTTPSync.lost }
                let answer = try await exchange(request.request)
                sent = request.lastBatch
                try replica.keep(ticket: answer.ticket)
                action = session.answered(answer)
            case .fetch(let id, let bytes):
                state.expectedBytes = Int(clamping: bytes)
                let (delivery, pages) = try await fetch(id, bytes: Int(clamping: bytes), &state)
                action = session.fetched(delivery, exchanges: pages)
            case .apply(let bytes):
                let effect = try replica.apply(bytes, hubMilliseconds: session.hubMilliseconds)
                action = session.applied(effect)
            case .settle(let checkpoint):
                let matches = try replica.settle(
                    checkpoint, auditProof: session.auditProof, hubMilliseconds: session.hubMilliseconds)
                action = session.settled(digestMatches: matches)
            case .finish(let outcome): return outcome
            case .fail(let failure): throw failure
            }
        }
    }

    private func exchange(_ request: SyncRequest) async throws -> SyncAnswer {
        let sealed = try replica.seal(request)
        var ticket = try replica.ticket()
        for _ in 0..<2 {
            let reply = try await send(method: "POST", path: "/v1/sync", body: sealed.body, ticket: ticket)
            if reply.status == 401, let fresh = try? Ticket(decoding: reply.body) {
                // The hub does not know the ticket: it gives one to sign again with.
                ticket = fresh
                continue
            }
            if let failure = reply.failure(what: "Syncing") { throw failure }
            return try replica.open(answer: reply.body, to: sealed)
        }
        throw Failure(
            .notPermitted, what: "Syncing", why: "the hub does not accept this device's tickets",
            remedy: "Ask the hub operator for a code and join again")
    }

    /// Fetches a waiting delivery page by page; nil when it has become void.
    private func fetch(_ id: Identifier, bytes: Int, _ state: inout Progress) async throws -> ([UInt8]?, Int) {
        guard bytes <= DecodeLimits.bundleBytes else {
            throw Failure(
                .badData, what: "Fetching a delivery", why: "it is larger than a delivery can be",
                remedy: "Install the current reunite-sync")
        }
        var received: [UInt8] = []
        received.reserveCapacity(bytes)
        var exchanges = 0
        var failures = 0
        while received.count < bytes {
            exchanges += 1
            do {
                let path = "/v1/delivery/\(id)/\(received.count)"
                let reply = try await send(method: "GET", path: path, body: [], ticket: try replica.ticket())
                if reply.status == 410 || reply.status == 404 { return (nil, exchanges) }
                if let failure = reply.failure(what: "Fetching a delivery") { throw failure }
                guard !reply.body.isEmpty else { return (nil, exchanges) }
                received += reply.body
                failures = 0
                state.pulledBytes = received.count
                progress(state)
            } catch let failure as Failure where failure.code == .tryLater && failures < HTTPSync.retries {
                failures += 1
                try await Task.sleep(for: .milliseconds(200 << failures))
            }
        }
        return (try replica.open(delivery: received, id: id), exchanges)
    }

    private func send(method: String, path: String, body: [UInt8], ticket: Ticket) async throws -> HubClient.Reply {
        let signature = try replica.signature(
            method: method, path: client.path(path), body: body, ticket: ticket)
        return try await client.exchange(method: method, path: path, headers: signature, body: body)
    }

    private static var lost: Failure {
        Failure(
            .internalFault, what: "Syncing", why: "there was nothing to send", remedy: "Report this as a fault")
    }
}
