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
    ///
    /// Once a week it compares values too, which no digest covers, and mends what differs.
    public func run() async throws -> SyncOutcome {
        var outcome = try await exchangeAll()
        guard outcome.digest != .mismatch, try replica.isCheckDue() else { return outcome }
        let check = try await HTTPCheck(replica: replica, client: client).run(repairs: false)
        outcome.roundTrips += check.exchanges
        guard check.asked > 0 else { return outcome }
        outcome.add(try await exchangeAll())
        if outcome.digest == .match { outcome.digest = .repaired }
        return outcome
    }

    private func exchangeAll() async throws -> SyncOutcome {
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
                let matches = try replica.settle(checkpoint, hubMilliseconds: session.hubMilliseconds)
                action = session.settled(digestMatches: matches)
            case .compare:
                let check = try await HTTPCheck(replica: replica, client: client).run(repairs: true)
                action = session.compared(found: check.asked, exchanges: check.exchanges)
            case .recover(let epoch, let since):
                let exchanges = try await recover(into: epoch, since: since)
                // What the hub has forgotten goes out once more, from the first batch on.
                sent = 0
                action = session.recovered(exchanges: exchanges)
            case .finish(let outcome): return outcome
            case .fail(let failure): throw failure
            }
        }
    }

    private func exchange(_ request: SyncRequest) async throws -> SyncAnswer {
        let sealed = try replica.seal(request)
        let body = try await SignedExchange(replica: replica, client: client)
            .post("/v1/sync", sealed.body, what: "Syncing")
        return try replica.open(answer: body, to: sealed)
    }

    /// Tells a hub that was restored what it had decided, and begins anew with it. Returns how many messages that took.
    private func recover(into epoch: HubEpoch, since: Position) async throws -> Int {
        let reports = try replica.recoveryReports(into: epoch, since: since)
        for report in reports {
            let body = try await SignedExchange(replica: replica, client: client)
                .post("/v1/recover", report.body, what: "Syncing")
            guard try replica.open(recovery: body, to: report).epoch == epoch else {
                throw Failure(
                    .tryLater, what: "Syncing", why: "the hub was restored from a backup at this moment",
                    remedy: "Sync again; what was not sent is kept")
            }
        }
        try replica.begin(epoch, since: since)
        return reports.count
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
                let reply = try await SignedExchange(replica: replica, client: client)
                    .send(method: "GET", path, [], ticket: try replica.ticket())
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

    private static var lost: Failure {
        Failure(
            .internalFault, what: "Syncing", why: "there was nothing to send", remedy: "Report this as a fault")
    }
}
