import ReUniteHub
import ReUniteReplica
import ReUniteSync

/// Carries sealed messages between a replica and a hub in one process: the same bytes as over a network, and no network.
struct DirectLine {
    let replica: Replica
    let hub: Hub

    private static let requestBytes = 512 * 1_024

    /// - Throws: ``Failure``, also where replica and hub cannot agree.
    func sync() throws -> SyncOutcome {
        var session = ClientSession()
        var action = session.begin()
        var sent: UInt64 = 0
        var outgoing: OutgoingRequest?
        while true {
            switch action {
            case .prepare(let whole):
                var next = try replica.nextRequest(after: sent, limit: DirectLine.requestBytes, whole: whole)
                if session.showsCheckpoint { try replica.showCheckpoint(in: &next.request) }
                outgoing = next
                action = session.prepared(edits: next.edits, bytes: 0)
            case .send:
                guard let request = outgoing else { throw DirectLine.outOfOrder }
                let answer = try exchange(request.request)
                sent = request.lastBatch
                action = session.answered(answer)
            case .fetch(let id, let bytes):
                let (content, pages) = try fetch(id, count: Int(bytes))
                action = session.fetched(content, exchanges: pages)
            case .apply(let bytes):
                action = session.applied(try replica.apply(bytes, hubMilliseconds: session.hubMilliseconds))
            case .applyUrgent(let bytes): action = session.urged(try replica.apply(urgent: bytes))
            case .settle(let checkpoint):
                action = session.settled(
                    digestMatches: try replica.settle(
                        checkpoint, auditProof: session.auditProof, hubMilliseconds: session.hubMilliseconds))
            case .finish(let outcome): return outcome
            case .fail(let failure): throw failure
            case .compare, .applyFetched, .recover: throw DirectLine.outOfOrder
            }
        }
    }

    private func exchange(_ request: SyncRequest) throws -> SyncAnswer {
        var sealed = try replica.seal(request)
        for _ in 0..<4 {
            let signed = Hub.SignedRequest(
                device: sealed.device, keyNumber: sealed.keyNumber, ticket: try replica.ticket(), body: sealed.body)
            switch try hub.sync(signed) {
            case .challenge(let ticket): try replica.keep(ticket: ticket.encoded())
            case .keys(let words):
                guard try replica.follow(refusal: words) else { throw DirectLine.outOfOrder }
                sealed = try replica.seal(request)
            case .answer(let bytes):
                let answer = try replica.open(answer: bytes, to: sealed)
                try replica.keep(ticket: answer.ticket)
                return answer
            }
        }
        throw DirectLine.outOfOrder
    }

    private func fetch(_ id: Identifier, count: Int) throws -> ([UInt8]?, Int) {
        var bytes: [UInt8] = []
        var pages = 0
        let device = try replica.facts().device
        while bytes.count < count {
            pages += 1
            guard let page = try hub.page(of: id, from: bytes.count, for: device), !page.isEmpty else {
                return (nil, pages)
            }
            bytes += page
        }
        return (try replica.open(delivery: bytes, id: id), pages)
    }

    private static var outOfOrder: Failure {
        Failure(
            .internalFault, what: "Syncing the invented network", why: "hub and replica do not understand each other",
            remedy: "Report this as a fault, with the seed")
    }
}
