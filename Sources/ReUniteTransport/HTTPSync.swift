public import ReUniteReplica
public import ReUniteSync

/// Drives one sync of a replica over HTTP: does what the session says, and reports back to it.
public struct HTTPSync: Sendable {
    private let replica: Replica
    private let client: HubClient
    private let patience: Duration
    private let waiting: Waiting
    private let progress: @Sendable (Progress) -> Void

    /// About how many bytes of batches one request or bundle carries.
    static let requestBytes = 512 * 1_024
    /// Batches up to this size go with the request; more goes up as a bundle of its own, in pieces. Over a line of 700
    /// bytes a second this takes 12 s: seldom cut, and little lost when it is.
    static let inlineBytes = 8 * 1_024
    /// So many deliveries in a row may come damaged.
    static let damagedDeliveries = 2

    /// How far a sync has come, for a bar.
    public struct Progress: Hashable, Sendable {
        public var pushedEdits: Int
        public var pulledBytes: Int
        /// The size of the delivery that is being fetched; 0 when none is.
        public var expectedBytes: Int
    }

    /// - Parameter patience: how long to go on trying while nothing gets through. A line that is cut again and again and
    ///   carries something in between is not given up.
    public init(
        replica: Replica, client: HubClient, patience: Duration = .zero, waiting: Waiting = .system,
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.replica = replica
        self.client = client
        self.patience = patience
        self.waiting = waiting
        self.progress = progress
    }

    /// Seals, pushes, pulls, applies and acknowledges, until there is nothing more to say.
    ///
    /// - Throws: ``Failure``. Whatever was done until then stays done; running it again continues.
    ///
    /// Once a week it compares values too, which no digest covers, and mends what differs; and it looks for rows that
    /// the change log does not know.
    public func run() async throws -> SyncOutcome {
        let line = HubLine(replica: replica, client: client, patience: patience, waiting: waiting)
        var outcome = try await exchangeAll(over: line)
        guard outcome.digest != .mismatch, try replica.isCheckDue() else { return outcome }
        let alone = try replica.examine()
        outcome.isDamaged = !alone.damage.isEmpty
        // A damaged file is left as it is: what it shows is nobody's edit.
        guard !outcome.isDamaged else { return outcome }
        let check = try await HTTPCheck(replica: replica, over: line).run(repairs: false)
        outcome.roundTrips += check.exchanges
        outcome.missing = Set(alone.missing).union(check.findings.missing).count
        guard check.asked > 0 || alone.unlogged > 0 else { return outcome }
        outcome.add(try await exchangeAll(over: line))
        outcome.mended += check.findings.drifted + check.findings.stale
        if outcome.digest == .match && check.asked > 0 { outcome.digest = .repaired }
        return outcome
    }

    private func exchangeAll(over line: HubLine) async throws -> SyncOutcome {
        var session = ClientSession()
        let state = Shown(progress)
        var sent: UInt64 = 0
        if let upload = try replica.stagedUpload() {
            do {
                session.carried(
                    edits: upload.edits, bytes: upload.body.count, exchanges: try await line.send(upload, isNew: false))
                replica.discardUpload()
                sent = upload.lastBatch
            } catch is HubLine.KeysReplaced {
                // What was begun cannot be opened there any more: it begins anew below.
            }
        }
        var staged = try replica.stagedDelivery()
        if let staged { sent = max(sent, staged.ticket.sent) }
        var action = session.begin(
            holding: staged.map { HeldDelivery(id: $0.ticket.id, bytes: UInt64($0.ticket.bytes)) })
        var outgoing: OutgoingRequest?
        var hub = HubClock(waiting)
        var damaged = 0
        var mended: [RowKey] = []
        while true {
            switch action {
            case .prepare(let whole):
                var next = try replica.nextRequest(after: sent, limit: HTTPSync.requestBytes, whole: whole)
                if session.holdsDelivery { next.request.moreFollows = true }
                if session.showsCheckpoint { try replica.showCheckpoint(in: &next.request) }
                outgoing = next
                state.show(sending: next.edits)
                action = session.prepared(edits: next.edits, bytes: next.batchBytes)
            case .send:
                guard let request = outgoing else { throw HTTPSync.lost }
                if request.batchBytes > HTTPSync.inlineBytes {
                    var exchanges = try await send(request, over: line)
                    sent = request.lastBatch
                    if request.request.moreFollows {
                        // A bundle is answered with a number: what was closed meanwhile is asked for before the next.
                        var between = try replica.nextRequest(after: sent, limit: 1).request
                        (between.batches, between.checkpoints, between.moreFollows) = ([], [], true)
                        let answer = try await line.sync(between)
                        hub.read(answer)
                        try line.keep(ticket: answer.ticket)
                        exchanges += 1
                        if case .closings(let bytes) = answer.body {
                            session.closed(try replica.apply(urgent: bytes))
                        }
                    }
                    action = session.uploaded(exchanges: exchanges)
                } else {
                    let answer = try await line.sync(request.request)
                    hub.read(answer)
                    sent = request.lastBatch
                    try line.keep(ticket: answer.ticket)
                    try replica.note(standingIn: answer.body)
                    action = session.answered(answer)
                }
            case .fetch(let id, let bytes):
                let delivery: StagedDelivery
                if let staged, staged.ticket.id == id {
                    delivery = staged
                } else {
                    delivery = try replica.stage(
                        id, bytes: bytes, from: outgoing?.request.cursor ?? .zero, sent: sent,
                        hubMilliseconds: session.hubMilliseconds)
                    staged = delivery
                }
                state.show(expecting: Int(clamping: bytes))
                let (end, exchanges) = try await line.fetch(delivery) { state.show(received: $0) }
                switch end {
                case .whole: action = session.fetched(exchanges: exchanges, bytes: delivery.ticket.bytes)
                case .void, .damaged:
                    delivery.discard()
                    staged = nil
                    if case .damaged = end { damaged += 1 }
                    guard damaged < HTTPSync.damagedDeliveries else { throw HTTPSync.spoiled }
                    action = session.fetched(nil, exchanges: exchanges)
                }
            case .applyFetched:
                guard let delivery = staged else { throw HTTPSync.lost }
                action = session.applied(try replica.apply(delivery, hubMilliseconds: hub.now))
                staged = nil
            case .apply(let bytes):
                action = session.applied(
                    try replica.apply(bytes, hubMilliseconds: hub.now ?? session.hubMilliseconds))
            case .applyUrgent(let bytes):
                action = session.urged(try replica.apply(urgent: bytes))
            case .settle(let checkpoint):
                action = session.settled(
                    digestMatches: try replica.settle(
                        checkpoint, auditProof: session.auditProof,
                        hubMilliseconds: hub.now ?? session.hubMilliseconds))
            case .compare:
                let check = try await HTTPCheck(replica: replica, over: line).run(repairs: true)
                mended += check.findings.drifted + check.findings.stale + check.findings.missing
                action = session.compared(found: check.asked, exchanges: check.exchanges)
            case .recover(let epoch, let since):
                let exchanges = try await recover(into: epoch, since: since, over: line)
                // What the hub has forgotten goes out once more, from the first batch on.
                sent = 0
                staged = nil
                action = session.recovered(exchanges: exchanges)
            case .finish(var outcome):
                if outcome.digest != .mismatch { outcome.mended = mended }
                outcome.untoldEdits = try replica.unsentEdits(through: sent)
                outcome.heldEdits = try outcome.untoldEdits + replica.toldEdits()
                return outcome
            case .fail(let failure): throw failure
            }
        }
    }

    /// Sends a request's batches as a bundle of their own. Returns how many exchanges that took.
    private func send(_ request: OutgoingRequest, over line: HubLine) async throws -> Int {
        for _ in 0..<HubLine.keyTries {
            do {
                let exchanges = try await line.send(try replica.stageUpload(request), isNew: true)
                replica.discardUpload()
                return exchanges
            } catch is HubLine.KeysReplaced {
                continue
            }
        }
        throw HubLine.strangeKeys
    }

    /// Tells a hub that was restored what it had decided, and begins anew with it. Returns how many messages that took.
    private func recover(into epoch: HubEpoch, since: Position, over line: HubLine) async throws -> Int {
        let reports = try replica.recoveryReports(into: epoch, since: since)
        for report in reports {
            let (answer, sealed) = try await line.post("/v1/recover", "Syncing") { try replica.seal(report) }
            guard try replica.open(recovery: answer, to: sealed).epoch == epoch else {
                throw Failure(
                    .tryLater, what: "Syncing", why: "the hub was restored from a backup at this moment",
                    remedy: "Sync again; what was not sent is kept")
            }
        }
        try replica.begin(epoch, since: since)
        return reports.count
    }

    private static var lost: Failure {
        Failure(
            .internalFault, what: "Syncing", why: "there was nothing to send", remedy: "Report this as a fault")
    }

    private static var spoiled: Failure {
        Failure(
            .badData, what: "Reading the delivery", why: "it is damaged on the way each time it comes",
            remedy: "Sync over another network; something on the way changes what it carries")
    }

    /// What the hub's clock says, told once and counted on from there: fetching may take long.
    private struct HubClock {
        private let waiting: Waiting
        private var told: (hub: Int64, at: Int64)?

        init(_ waiting: Waiting) {
            self.waiting = waiting
        }

        mutating func read(_ answer: SyncAnswer) {
            told = (answer.hubMilliseconds, waiting.now())
        }

        /// Milliseconds since 1970; nil before the hub has said anything.
        var now: Int64? { told.map { $0.hub + waiting.now() - $0.at } }
    }

    /// What the bar shows.
    private final class Shown {
        private let progress: @Sendable (Progress) -> Void
        private var state = Progress(pushedEdits: 0, pulledBytes: 0, expectedBytes: 0)

        init(_ progress: @escaping @Sendable (Progress) -> Void) {
            self.progress = progress
        }

        func show(sending edits: Int) {
            state.pushedEdits += edits
            progress(state)
        }

        func show(expecting bytes: Int) {
            state.expectedBytes = bytes
        }

        func show(received bytes: Int) {
            state.pulledBytes = bytes
            progress(state)
        }
    }
}

extension OutgoingRequest {
    /// How many bytes of batches are in it.
    var batchBytes: Int {
        request.batches.reduce(0) { $0 + $1.header.count + $1.ops.count + $1.signature.count }
    }
}
