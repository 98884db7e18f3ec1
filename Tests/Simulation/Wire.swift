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
    /// About how many bytes of batches go in one request; small, so that outboxes need several.
    var limit = 64 * 1_024
    /// What else happens on the device between two steps of a sync: somebody goes on typing.
    var meanwhile: (() throws -> Void)?
    /// The hub dies between two requests.
    var restartHub: (() throws -> Hub)?

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
                let next = try replica.nextRequest(after: sent, limit: limit, whole: whole)
                outgoing = next
                action = session.prepared(edits: next.edits, bytes: 0)
            case .send:
                guard let request = outgoing else { return .crashed }
                if faults?.strikes() == true, let restarted = try restartHub?() { hub = restarted }
                guard let answer = try exchange(request.request, replica, hub) else { return .lost }
                sent = request.lastBatch
                action = session.answered(answer)
            case .fetch(let id, let bytes):
                guard let (content, pages) = try fetch(id, count: Int(bytes), replica, hub) else { return .lost }
                action = session.fetched(content, exchanges: pages)
            case .apply(let bytes):
                action = session.applied(try replica.apply(bytes, hubMilliseconds: session.hubMilliseconds))
                if isShort { return .lost }
            case .settle(let checkpoint):
                action = session.settled(
                    digestMatches: try replica.settle(checkpoint, hubMilliseconds: session.hubMilliseconds))
            case .finish(let outcome): return .finished(outcome)
            case .fail(let failure): return .failed(failure)
            }
        }
    }

    // MARK: Messages

    /// One request and its answer; nil when either was lost.
    private mutating func exchange(_ request: SyncRequest, _ replica: Replica, _ hub: Hub) throws -> SyncAnswer? {
        let sealed = try replica.seal(request)
        for _ in 0..<2 {
            let signed = Hub.SignedRequest(
                device: sealed.device, keyNumber: try replica.facts().keyNumber, ticket: try replica.ticket(),
                body: sealed.body)
            switch try deliver(signed, to: hub) {
            case nil: return nil
            case .challenge(let ticket): try replica.keep(ticket: ticket.encoded())
            case .answer(let bytes):
                let answer = try replica.open(answer: bytes, to: sealed)
                try replica.keep(ticket: answer.ticket)
                return answer
            }
        }
        return nil
    }

    private mutating func deliver(_ signed: Hub.SignedRequest, to hub: Hub) throws -> Hub.Admission? {
        guard faults?.strikes() == true else { return try admit(signed, hub) }
        switch faults?.pick(3) {
        case 0: return nil
        case 1:
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
        }
        return (try replica.open(delivery: bytes, id: id), pages)
    }
}
