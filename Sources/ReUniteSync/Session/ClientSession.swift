/// One sync from the replica's side, as a state machine without a socket, a file or a clock: what happened goes in,
/// what to do next comes out.
///
/// Whatever drives it (a program over HTTP, a file on a stick, a simulation) does each action and reports back:
///
///     var session = ClientSession()
///     var action = session.begin()
///     // .prepare: build a request from the replica, then session.prepared(…)
///     // .send:    exchange it, keep the ticket, then session.answered(…)
public struct ClientSession: ~Copyable, Sendable {
    public enum Action: Hashable, Sendable {
        /// Seal what was written and build the next request; all from the beginning if `whole`.
        case prepare(whole: Bool)
        /// Send the request that was prepared.
        case send
        /// Fetch a waiting delivery of so many bytes.
        case fetch(id: Identifier, bytes: UInt64)
        /// Apply a delivery.
        case apply([UInt8])
        /// Apply what a delivery closes, before it is fetched.
        case applyUrgent([UInt8])
        /// Find out in which rows replica and hub differ, and put them on the list of what to ask for.
        case compare
        /// Apply the delivery that was fetched into a file.
        case applyFetched
        /// Record that nothing was new up to this checkpoint.
        case settle(SignedCheckpoint)
        /// The hub was restored: tell it what it had decided after a position, and begin anew with it.
        case recover(HubEpoch, since: Position)
        case finish(SyncOutcome)
        case fail(Failure)
    }

    private enum State: Hashable, Sendable {
        case idle
        case preparing
        case waiting
        case fetching
        case applying
        case urging
        case closing
        case settling
        case comparing
        case recovering
        case over
    }

    /// A sync ends after so many exchanges, however much is being written meanwhile.
    static let exchangeLimit = 10_000

    private var state = State.idle
    private var hasCompared = false
    private var hasRepaired = false
    private var isWhole = false
    private var held: HeldDelivery?
    private var hasRecovered = false
    /// Whether requests are to hold the checkpoint that the replica is at, as proof of where it has been.
    public private(set) var showsCheckpoint = false
    private var hasShown = false
    private var outcome = SyncOutcome()
    /// The hub's clock in the last answer, milliseconds since 1970.
    public private(set) var hubMilliseconds: Int64 = 0
    /// The proof in the last answer that the hub's audit log only grew.
    public private(set) var auditProof = AuditProof.none

    public init() {}

    /// - Parameter delivery: one whose fetching was broken off: what waits to be sent is sent first, and then it goes on.
    public mutating func begin(holding delivery: HeldDelivery? = nil) -> Action {
        held = delivery
        return prepare(whole: false)
    }

    /// Whether what is sent now should not be answered with a delivery, because one is being fetched: the requests say
    /// that more follows.
    public var holdsDelivery: Bool { held != nil }

    /// Something was closed, and applied, between two bundles of batches.
    public mutating func closed(_ effect: DeliveryEffect) {
        outcome.pulledRows += effect.rows
        outcome.note(entered: [], left: effect.left)
    }

    /// Something was carried besides the session's own exchanges.
    public mutating func carried(edits: Int = 0, bytes: Int = 0, exchanges: Int) {
        outcome.pushedEdits += edits
        outcome.pushedBytes += bytes
        outcome.roundTrips += exchanges
    }

    /// A request has been built.
    ///
    /// - Parameters:
    ///   - edits: how many edits are in it.
    ///   - bytes: how many bytes of batches.
    public mutating func prepared(edits: Int, bytes: Int) -> Action {
        guard state == .preparing else { return outOfOrder() }
        if edits == 0, let held { return fetch(held) }
        outcome.pushedEdits += edits
        outcome.pushedBytes += bytes
        outcome.roundTrips += 1
        state = .waiting
        return .send
    }

    /// The batches of the request that was prepared went to the hub as a bundle of their own, instead of the request.
    public mutating func uploaded(exchanges: Int) -> Action {
        guard state == .waiting else { return outOfOrder() }
        outcome.roundTrips += exchanges - 1
        return prepare(whole: isWhole)
    }

    /// The hub answered. The driver has kept the answer's ticket by now.
    public mutating func answered(_ answer: SyncAnswer) -> Action {
        guard state == .waiting else { return outOfOrder() }
        hubMilliseconds = answer.hubMilliseconds
        auditProof = answer.auditProof
        switch answer.body {
        case .taken: return prepare(whole: isWhole)
        case .closings(let bytes):
            outcome.pulledBytes += bytes.count
            state = .closing
            return .applyUrgent(bytes)
        case .idle(let checkpoint):
            state = .settling
            return .settle(checkpoint)
        case .delivery(let bytes): return apply(bytes)
        case .fetch(let id, let bytes, let urgent):
            held = HeldDelivery(id: id, bytes: bytes)
            guard urgent.isEmpty else {
                outcome.pulledBytes += urgent.count
                state = .urging
                return .applyUrgent(urgent)
            }
            return fetch(HeldDelivery(id: id, bytes: bytes))
        // Whoever opened the answer has put the checkpoint together.
        case .unchanged: return outOfOrder()
        case .suspended:
            return end(
                with: Failure(
                    .notPermitted, what: "Syncing", why: "another copy of this replica has been used with the hub",
                    remedy: "Ask the hub operator to let this device in again; what was written here waits at the hub"))
        case .revoked:
            return end(
                with: Failure(
                    .notPermitted, what: "Syncing", why: "this device has been revoked",
                    remedy: "Ask the hub operator for a new code; what was written here is kept"))
        case .leaseOver:
            return end(
                with: Failure(
                    .notPermitted, what: "Syncing", why: "this device's lease has ended",
                    remedy: "What was written here has reached the hub and is judged as ever. Ask the hub operator to "
                        + "renew it ('hub device renew'), then sync again"))
        case .unproven:
            guard !hasShown else {
                return end(
                    with: Failure(
                        .notPermitted, what: "Syncing",
                        why: "this replica comes from a life of the hub that the hub never had",
                        remedy: "Check the hub's address, or ask the hub operator for a code and join again"))
            }
            hasShown = true
            showsCheckpoint = true
            return prepare(whole: isWhole)
        case .epochChanged(let lineage):
            guard !hasRecovered else {
                return end(
                    with: Failure(
                        .tryLater, what: "Syncing", why: "the hub was restored from a backup at this moment",
                        remedy: "Sync again; what was not sent is kept"))
            }
            hasRecovered = true
            state = .recovering
            return .recover(lineage.epoch, since: lineage.kept)
        }
    }

    /// The waiting delivery has come, or nil when it had become void meanwhile.
    ///
    /// - Parameter exchanges: how many pages it took.
    public mutating func fetched(_ bytes: [UInt8]?, exchanges: Int) -> Action {
        guard state == .fetching else { return outOfOrder() }
        outcome.roundTrips += exchanges
        guard let bytes else { return prepare(whole: false) }
        return apply(bytes)
    }

    /// The waiting delivery is in a file, whole.
    public mutating func fetched(exchanges: Int, bytes: Int) -> Action {
        guard state == .fetching else { return outOfOrder() }
        outcome.roundTrips += exchanges
        outcome.pulledBytes += bytes
        state = .applying
        return .applyFetched
    }

    /// A delivery has been applied.
    public mutating func applied(_ effect: DeliveryEffect) -> Action {
        guard state == .applying else { return outOfOrder() }
        outcome.pulledRows += effect.rows
        outcome.returned += effect.returned
        outcome.note(entered: effect.entered, left: effect.left)
        return effect.digestMatches ? prepare(whole: false) : repair()
    }

    /// What a delivery closes has been applied.
    public mutating func urged(_ effect: DeliveryEffect) -> Action {
        guard state == .urging || state == .closing else { return outOfOrder() }
        outcome.pulledRows += effect.rows
        outcome.note(entered: [], left: effect.left)
        if state == .closing { return prepare(whole: isWhole) }
        guard let held else { return outOfOrder() }
        return fetch(held)
    }

    /// An idle answer has been recorded.
    public mutating func settled(digestMatches: Bool) -> Action {
        guard state == .settling else { return outOfOrder() }
        guard digestMatches else { return repair() }
        outcome.digest = hasRepaired || hasCompared ? .repaired : .match
        state = .over
        return .finish(outcome)
    }

    /// Replica and hub have been compared row by row.
    ///
    /// - Parameters:
    ///   - found: how many rows are to be asked for.
    ///   - exchanges: how many questions it took.
    public mutating func compared(found: Int, exchanges: Int) -> Action {
        guard state == .comparing else { return outOfOrder() }
        outcome.roundTrips += exchanges
        return found > 0 ? prepare(whole: false) : repair()
    }

    /// The restored hub knows what it had decided, and the replica begins anew with it. Whatever it had judged since
    /// its backup is sent once more.
    ///
    /// - Parameter exchanges: how many messages it took.
    public mutating func recovered(exchanges: Int) -> Action {
        guard state == .recovering else { return outOfOrder() }
        // Whatever was being fetched, or shown, is of a life that is over.
        held = nil
        showsCheckpoint = false
        outcome.roundTrips += exchanges
        return prepare(whole: true)
    }

    // MARK: Steps

    private mutating func prepare(whole: Bool) -> Action {
        guard outcome.roundTrips < ClientSession.exchangeLimit else {
            return end(
                with: Failure(
                    .tryLater, what: "Syncing", why: "there was always more to exchange", remedy: "Sync again later"))
        }
        state = .preparing
        isWhole = whole
        return .prepare(whole: whole)
    }

    private mutating func fetch(_ delivery: HeldDelivery) -> Action {
        held = nil
        state = .fetching
        return .fetch(id: delivery.id, bytes: delivery.bytes)
    }

    private mutating func apply(_ bytes: [UInt8]) -> Action {
        outcome.pulledBytes += bytes.count
        state = .applying
        return .apply(bytes)
    }

    /// Asks for the rows that differ, once; then for everything anew, once. What was not sent is not touched by that.
    private mutating func repair() -> Action {
        guard hasCompared else {
            hasCompared = true
            state = .comparing
            return .compare
        }
        guard !hasRepaired else {
            outcome.digest = .mismatch
            state = .over
            return .finish(outcome)
        }
        hasRepaired = true
        return prepare(whole: true)
    }

    private mutating func end(with failure: Failure) -> Action {
        state = .over
        return .fail(failure)
    }

    private mutating func outOfOrder() -> Action {
        end(
            with: Failure(
                .internalFault, what: "Syncing", why: "the steps of the session came out of order",
                remedy: "Report this as a fault"))
    }
}

/// A delivery that waits at the hub, and may be in part here.
public struct HeldDelivery: Hashable, Sendable {
    public var id: Identifier
    /// Its size, sealed.
    public var bytes: UInt64

    public init(id: Identifier, bytes: UInt64) {
        self.id = id
        self.bytes = bytes
    }
}

/// What applying a delivery did, as a session counts it.
public struct DeliveryEffect: Hashable, Sendable {
    public var rows: Int
    public var returned: Int
    public var entered: [Identifier]
    public var left: [Identifier]
    public var digestMatches: Bool

    public init(rows: Int, returned: Int, entered: [Identifier], left: [Identifier], digestMatches: Bool) {
        self.rows = rows
        self.returned = returned
        self.entered = entered
        self.left = left
        self.digestMatches = digestMatches
    }
}

/// What a sync did.
public struct SyncOutcome: Hashable, Sendable {
    public enum Digest: String, Sendable {
        /// Replica and hub hold the same.
        case match
        /// They did not, and do after everything was fetched anew.
        case repaired
        case mismatch
    }

    public var pushedEdits = 0
    public var pushedBytes = 0
    public var pulledRows = 0
    public var pulledBytes = 0
    public private(set) var entered: [Identifier] = []
    public private(set) var left: [Identifier] = []
    /// Edits that came back.
    public var returned = 0
    /// Edits that the hub was sent and neither took nor gave back: it holds them, because something before them is missing.
    public var heldEdits = 0
    /// Of these, those of which the hub has not said so: an older hub says it of none.
    public var untoldEdits = 0
    public var digest = Digest.match
    public var roundTrips = 0
    /// Rows that are gone from the tables without a mark, as the weekly comparison found them.
    public var missing = 0
    /// Rows that were not as at the hub without an edit, and are again.
    package var mended: [RowKey] = []
    /// Whether the weekly comparison found the file's structure unsound, and so compared nothing.
    public var isDamaged = false

    public init() {}

    /// Adds what a sync did that followed this one.
    package mutating func add(_ next: SyncOutcome) {
        pushedEdits += next.pushedEdits
        pushedBytes += next.pushedBytes
        pulledRows += next.pulledRows
        pulledBytes += next.pulledBytes
        returned += next.returned
        roundTrips += next.roundTrips
        heldEdits = next.heldEdits
        untoldEdits = next.untoldEdits
        digest = next.digest
        mended += next.mended
        note(entered: next.entered, left: next.left)
    }

    /// Notes a delivery that came by itself, in a file of so many bytes.
    public mutating func note(_ effect: DeliveryEffect, bytes: Int) {
        pulledRows += effect.rows
        pulledBytes += bytes
        returned += effect.returned
        note(entered: effect.entered, left: effect.left)
        if !effect.digestMatches { digest = .mismatch }
    }

    fileprivate mutating func note(entered: [Identifier], left: [Identifier]) {
        for scope in entered {
            self.left.removeAll { $0 == scope }
            if !self.entered.contains(scope) { self.entered.append(scope) }
        }
        for scope in left {
            self.entered.removeAll { $0 == scope }
            if !self.left.contains(scope) { self.left.append(scope) }
        }
    }
}
