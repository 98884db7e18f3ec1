import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// What a network, a power cut and an impatient proxy do to the messages.
struct Faults {
    var generator: SeededGenerator
    /// How often something goes wrong at each step, out of a hundred.
    var percent: Int

    mutating func strikes() -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
}

/// Where a device may die in the middle of a sync. Everything before the point is on disk, nothing after it is.
enum CrashPoint: String, CaseIterable {
    /// The edits are sealed, and nothing has left the device.
    case sealed
    /// The hub has judged the batches, and its answer never arrives.
    case judged
    /// A page of a long delivery has come.
    case page
    /// The delivery is applied, and the next request is not built.
    case applied
    /// The delivery is applied, and the witness beside the replica is still the one from before.
    case appliedWithoutWitness
}

/// How a sync ended.
enum Ending: Hashable {
    case finished(SyncOutcome)
    case failed(Failure)
    /// A message was lost, and the client gave up for now.
    case lost
    /// The client died.
    case crashed
}

/// Carries real sealed messages between a replica and a hub, one step of ``ClientSession`` after the other.
struct Wire {
    var faults: Faults?
    /// Requests as they travelled, the newest last.
    private(set) var recorded: [Hub.SignedRequest] = []
    /// Requests that somebody holds back: they may still arrive, much later.
    private(set) var delayed: [Hub.SignedRequest] = []
    /// The proofs that went along with batches.
    private(set) var proofs: [[UInt8]] = []
    /// About how many bytes of batches go in one request; small, so that outboxes need several.
    var limit = 64 * 1_024
    /// What else happens on the device between two steps of a sync: somebody goes on typing.
    var meanwhile: (() throws -> Void)?
    /// The hub dies between two requests.
    var restartHub: (() throws -> Hub)?
    /// Where the device dies this time, unless the sync does not get there.
    var crash: CrashPoint?
    /// Looks at a message before it is delivered unharmed.
    var tamper: ((Hub.SignedRequest) throws -> Void)?
    /// Looks at an answer before it is opened.
    var tamperAnswer: (([UInt8], Replica.SealedRequest) throws -> Void)?
    /// What happens elsewhere after a page of a long delivery has come.
    var afterPage: (() throws -> Void)?
    /// What happens around the applying of a delivery.
    var beforeApply: (() throws -> Void)?
    var afterApply: (([UInt8], Int64) throws -> Void)?
    /// Puts back the witness of before ``beforeApply``.
    var loseWitness: (() -> Void)?

    init(faults: Faults?) {
        self.faults = faults
    }

    /// - Returns: how it ended; after a crash the caller has to open the replica anew.
    mutating func sync(
        _ replica: Replica, with hub: Hub, stoppingAfterApply isShort: Bool = false
    ) throws -> Ending {
        var hub = hub
        var session = ClientSession()
        var action = session.begin()
        var sent: UInt64 = 0
        var outgoing: OutgoingRequest?
        while true {
            if faults?.strikes() == true, faults?.pick(4) == 0 { return .crashed }
            try meanwhile?()
            switch action {
            case .prepare(let whole):
                var next = try replica.nextRequest(after: sent, limit: limit, whole: whole)
                if session.showsCheckpoint { try replica.showCheckpoint(in: &next.request) }
                outgoing = next
                if crash == .sealed { return .crashed }
                action = session.prepared(edits: next.edits, bytes: 0)
            case .send:
                guard let request = outgoing else { return .crashed }
                if faults?.strikes() == true, let restarted = try restartHub?() { hub = restarted }
                proofs += request.request.checkpoints
                guard let answer = try exchange(request.request, replica, hub) else {
                    return crash == .judged ? .crashed : .lost
                }
                sent = request.lastBatch
                action = session.answered(answer)
            case .fetch(let id, let bytes):
                guard let (content, pages) = try fetch(id, count: Int(bytes), replica, hub) else {
                    return crash == .page ? .crashed : .lost
                }
                action = session.fetched(content, exchanges: pages)
            case .apply(let bytes):
                try beforeApply?()
                let effect = try replica.apply(bytes, hubMilliseconds: session.hubMilliseconds)
                if crash == .appliedWithoutWitness { loseWitness?() }
                if crash == .applied || crash == .appliedWithoutWitness { return .crashed }
                try afterApply?(bytes, session.hubMilliseconds)
                action = session.applied(effect)
                if isShort { return .lost }
            case .applyUrgent(let bytes): action = session.urged(try replica.apply(urgent: bytes))
            case .applyFetched: return .crashed
            case .settle(let checkpoint):
                action = session.settled(
                    digestMatches: try replica.settle(
                        checkpoint, auditProof: session.auditProof, hubMilliseconds: session.hubMilliseconds))
            case .compare:
                let found = try HubCheck(replica: replica, hub: hub).run(repairs: true)
                action = session.compared(
                    found: found.drifted.count + found.stale.count + found.missing.count, exchanges: 1)
            case .recover(let epoch, let since):
                guard let exchanges = try recover(replica, hub, into: epoch, since: since) else { return .lost }
                sent = 0
                action = session.recovered(exchanges: exchanges)
            case .finish(let outcome): return .finished(outcome)
            case .fail(let failure): return .failed(failure)
            }
        }
    }

    // MARK: Messages

    /// Tells a restored hub what it had decided; nil when a message was lost.
    private mutating func recover(
        _ replica: Replica, _ hub: Hub, into epoch: HubEpoch, since: Position
    ) throws -> Int? {
        let reports = try replica.recoveryReports(into: epoch, since: since)
        for report in try reports.map(replica.seal) {
            if faults?.strikes() == true { return nil }
            var ticket = try replica.ticket()
            for _ in 0..<2 {
                let signed = Hub.SignedRequest(
                    device: report.device, keyNumber: report.keyNumber, ticket: ticket, body: report.body)
                switch try hub.recover(signed) {
                case .challenge(let fresh): ticket = fresh
                case .keys: return nil
                case .answer(let bytes): _ = try replica.open(recovery: bytes, to: report)
                }
            }
            if faults?.strikes() == true { return nil }
        }
        try replica.begin(epoch, since: since)
        return reports.count
    }

    /// One request and its answer; nil when either was lost.
    private mutating func exchange(_ request: SyncRequest, _ replica: Replica, _ hub: Hub) throws -> SyncAnswer? {
        var sealed = try replica.seal(request)
        for _ in 0..<8 {
            let signed = Hub.SignedRequest(
                device: sealed.device, keyNumber: sealed.keyNumber, ticket: try replica.ticket(),
                body: sealed.body)
            try tamper?(signed)
            let admission: Hub.Admission?
            do {
                admission = try deliver(signed, to: hub)
            } catch let failure as Failure where failure.code == .notPermitted {
                guard try replica.stepBackKeys() else { throw failure }
                var again = request
                again.successions = try replica.unsaidKeys()
                sealed = try replica.seal(again)
                continue
            }
            switch admission {
            case nil: return nil
            case .challenge(let ticket): try replica.keep(ticket: ticket.encoded())
            case .keys(let words):
                guard try replica.follow(refusal: words) else { return nil }
                sealed = try replica.seal(request)
            case .answer(let bytes):
                if crash == .judged { return nil }
                try tamperAnswer?(bytes, sealed)
                let answer = try replica.open(answer: bytes, to: sealed)
                try replica.keep(ticket: answer.ticket)
                return answer
            }
        }
        return nil
    }

    private mutating func deliver(_ signed: Hub.SignedRequest, to hub: Hub) throws -> Hub.Admission? {
        guard faults?.strikes() == true else { return try admit(signed, hub) }
        switch faults?.pick(7) {
        case 0:
            delayed.append(signed)
            return nil
        case 1, 2: return nil
        case 3, 4:
            _ = try admit(signed, hub)
            return nil
        default:
            let first = try admit(signed, hub)
            let second = try admit(signed, hub)
            return faults?.pick(2) == 0 ? first : second
        }
    }

    private mutating func admit(_ signed: Hub.SignedRequest, _ hub: Hub) throws -> Hub.Admission {
        recorded.append(signed)
        return try hub.sync(signed)
    }

    /// All pages of a waiting delivery. The outer nil: one was lost. The inner: it became void meanwhile.
    private mutating func fetch(
        _ id: Identifier, count: Int, _ replica: Replica, _ hub: Hub
    ) throws -> ([UInt8]?, Int)? {
        var bytes: [UInt8] = []
        var pages = 0
        let device = try replica.facts().device
        while bytes.count < count {
            if faults?.strikes() == true { return nil }
            pages += 1
            guard let page = try hub.page(of: id, from: bytes.count, for: device), !page.isEmpty else {
                return (nil, pages)
            }
            bytes += page
            if crash == .page { return nil }
            try afterPage?()
        }
        return (try replica.open(delivery: bytes, id: id), pages)
    }
}
