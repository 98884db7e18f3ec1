import ReUniteReplica
import ReUniteSync

/// A hub at the other end of a line that may break at any byte: sends, asks again, and goes on where it was.
///
/// What is sent needs no more than GET and POST with a body of known length, and no connection has to live from one
/// exchange to the next, so that any proxy will do.
final class HubLine {
    private let replica: Replica
    private let client: HubClient
    let persistence: Persistence
    /// The ticket that the hub gave where it did not know the replica's.
    private var given: Ticket?

    /// So many bytes of batches go up in one request: about 47 s at 700 bytes a second, and less is lost with an answer.
    static let pieceBytes = 32 * 1_024
    /// The same bytes of a delivery may come damaged so many times.
    static let damagedTries = 3

    init(replica: Replica, client: HubClient, patience: Duration, waiting: Waiting) {
        self.replica = replica
        self.client = client
        persistence = Persistence(patience: patience, waiting: waiting)
    }

    // MARK: One exchange

    /// Sends a request and opens its answer.
    func sync(_ request: SyncRequest) async throws -> SyncAnswer {
        var request = request
        while true {
            do {
                let (answer, sealed) = try await post("/v1/sync", "Syncing") { try replica.seal(request) }
                return try replica.open(answer: answer, to: sealed)
            } catch let failure as Failure where failure.code == .notPermitted {
                // It may have been put back to a time before this device's keys: it is told of them once more.
                guard try replica.stepBackKeys() else { throw failure }
                request.successions = try replica.unsaidKeys()
            }
        }
    }

    /// Posts what is sealed. Returns the sealed answer, and what it answers.
    ///
    /// Each try is sealed anew: the hub takes a bundle that it has seen for an old one that came again.
    ///
    /// - Parameter what: what is being done, for a failure.
    func post(
        _ path: String, _ what: String, _ seal: () throws -> Replica.SealedRequest
    ) async throws -> (answer: [UInt8], request: Replica.SealedRequest) {
        for _ in 0..<HubLine.keyTries {
            var request = try seal()
            var isFirst = true
            let reply = try await persistence.run(what) {
                try await signed(what, "POST", path) {
                    if !isFirst { request = try seal() }
                    isFirst = false
                    return request.body
                }
            }
            // It no longer has the keys that this is sealed to, and names those that took their place.
            if reply.status == HubLine.keysReplaced, try replica.follow(refusal: reply.body) { continue }
            if let failure = reply.failure(what: what) { throw failure }
            return (reply.body, request)
        }
        throw HubLine.strangeKeys
    }

    /// The status of a refusal that names newer keys of the hub's.
    private static let keysReplaced = 409
    /// Each time the hub names some of its newer keys; nobody is so far behind that this is too seldom.
    static let keyTries = 100

    /// A bundle is sealed to keys of the hub that are no more. Its batches are to be sealed to those that took their place,
    /// which the replica knows by now.
    struct KeysReplaced: Error {}

    static var strangeKeys: Failure {
        Failure(
            .badData, what: "Syncing", why: "the hub names newer keys of its own again and again",
            remedy: "Sync again; nothing was changed")
    }

    /// Keeps the ticket of an answer, before anything of the answer is used.
    func keep(ticket: [UInt8]) throws {
        try replica.keep(ticket: ticket)
        given = nil
    }

    /// One exchange that the replica's device signs, and once more where the hub does not know the ticket.
    func signed(
        _ what: String, _ method: String, _ path: String, limit: Int = DecodeLimits.messageBytes,
        body: () throws -> [UInt8] = { [] }, sink: HubClient.Sink? = nil
    ) async throws -> HubClient.Reply {
        for _ in 0..<2 {
            let body = try body()
            let signature = try replica.signature(
                method: method, path: client.path(path), body: body, ticket: try given ?? replica.ticket())
            let reply = try await client.exchangeOnce(
                method: method, path: path, headers: signature, body: body, answerLimit: limit, sink: sink)
            guard reply.status == 401, let ticket = try? Ticket(decoding: reply.body) else { return reply }
            given = ticket
        }
        throw Failure(
            .notPermitted, what: what, why: "the hub does not accept this device's tickets",
            remedy: "Ask the hub operator for a code and join again")
    }

    static func notAHub(_ what: String) -> Failure {
        Failure(
            .unavailable, what: what, why: "what answered is not a ReUnite Sync hub",
            remedy: "Check the hub's address")
    }

    // MARK: Deliveries

    /// How the fetching of a delivery ended.
    enum Fetched {
        case whole
        /// It is void, or cannot be fetched undamaged: another one is to be asked for.
        case void
        case damaged
    }

    private static let fetching = "Fetching a delivery"

    /// What an answer that took longer than this brings may have been closed meanwhile: a hub sends up to 512 KiB at a time,
    /// twelve minutes over 2G.
    private static let freshness = Duration.seconds(5)

    /// Fetches what is still missing of a delivery. One that is all here, or was long on its way, is not taken for good
    /// before the hub has said that it still stands.
    ///
    /// - Parameter received: called with the bytes that are there.
    func fetch(
        _ staged: StagedDelivery, received: @escaping (Int) -> Void
    ) async throws -> (end: Fetched, exchanges: Int) {
        received(staged.offset)
        if staged.isComplete { return (try await stands(staged) ? .whole : .void, 1) }
        var exchanges = 0
        var damage: (offset: Int, times: Int) = (0, 0)
        var asked = ContinuousClock.now
        while !staged.isComplete {
            exchanges += 1
            let before = staged.offset
            asked = .now
            do {
                let reply = try await signed(
                    HubLine.fetching, "GET", "/v1/delivery/\(staged.ticket.id)/\(before)",
                    sink: HubClient.Sink(limit: staged.ticket.bytes - before) { part in
                        try staged.append(part)
                        received(staged.offset)
                    })
                if try isVoid(reply, staged) || reply.status == 200 && staged.offset == before {
                    return (.void, exchanges)
                }
                if let failure = reply.failure(what: HubLine.fetching) {
                    try await persistence.pause(after: failure, wish: reply.retryAfter)
                } else {
                    persistence.progressed()
                }
            } catch let failure as HubClient.Unreached {
                if staged.offset > before { persistence.progressed() }
                if !staged.isComplete { try await persistence.pause(after: failure.failure) }
            } catch let found as StagedDelivery.Damaged {
                damage = (found.offset, damage.offset == found.offset ? damage.times + 1 : 1)
                if damage.times == HubLine.damagedTries { return (.damaged, exchanges) }
            }
        }
        guard ContinuousClock.now - asked > HubLine.freshness else { return (.whole, exchanges) }
        return (try await stands(staged) ? .whole : .void, exchanges + 1)
    }

    /// Whether the hub would still serve a delivery of which all is here: asks for its last bytes once more.
    private func stands(_ staged: StagedDelivery) async throws -> Bool {
        let end = try staged.end
        let path = "/v1/delivery/\(staged.ticket.id)/\(staged.ticket.bytes - end.count)"
        let reply = try await persistence.run(HubLine.fetching) {
            try await signed(HubLine.fetching, "GET", path)
        }
        if try isVoid(reply, staged) { return false }
        if let failure = reply.failure(what: HubLine.fetching) { throw failure }
        // Whatever sits in between may say 200 to anything.
        guard reply.body == end else { throw HubLine.notAHub(HubLine.fetching) }
        return true
    }

    /// - Throws: what the hub refuses, but for what may pass. Who is served no longer keeps nothing.
    private func isVoid(_ reply: HubClient.Reply, _ staged: StagedDelivery) throws -> Bool {
        if reply.status == 410 || reply.status == 404 { return true }
        guard let failure = reply.failure(what: HubLine.fetching), failure.code != .tryLater else { return false }
        if failure.code == .notPermitted { staged.discard() }
        throw failure
    }

    // MARK: Batches

    /// Sends what the hub does not have yet of a bundle of batches. Returns how many exchanges it took.
    ///
    /// - Parameter isNew: the hub cannot have any of it, so it is not asked.
    /// - Throws: ``Failure``; ``KeysReplaced``.
    func send(_ upload: StagedUpload, isNew: Bool) async throws -> Int {
        let what = "Sending"
        let path = "/v1/up/\(upload.id)/\(upload.body.count)"
        var offset = isNew ? 0 : nil as Int?
        var exchanges = 0
        while offset != upload.body.count {
            exchanges += 1
            let reply: HubClient.Reply
            if let start = offset {
                let piece = Array(upload.body[start..<min(start + HubLine.pieceBytes, upload.body.count)])
                do {
                    reply = try await signed(what, "POST", "\(path)/\(start)") { piece }
                } catch let failure as HubClient.Unreached {
                    // Part of the piece may have arrived: the hub is asked how much.
                    try await persistence.pause(after: failure.failure)
                    offset = nil
                    continue
                }
            } else {
                reply = try await persistence.run(what) { try await signed(what, "GET", path) }
            }
            if reply.status == HubLine.keysReplaced, try replica.follow(refusal: reply.body) {
                // Its batches are in the outbox still, and are sealed anew.
                replica.discardUpload()
                throw KeysReplaced()
            }
            if let failure = reply.failure(what: what) {
                // A hub with a full disk says how much it has, and takes no more: asking would go on for ever.
                guard failure.code == .tryLater, failure != .hubsDisk else {
                    // It would be refused again; its batches are in the outbox still.
                    if [.badData, .notPermitted].contains(failure.code) { replica.discardUpload() }
                    throw failure
                }
                try await persistence.pause(after: failure, wish: reply.retryAfter)
                offset = nil
                continue
            }
            guard let next = HubLine.offset(in: reply.body, of: upload.body.count) else { throw HubLine.notAHub(what) }
            if next > offset ?? 0 {
                persistence.progressed()
            } else if offset != nil {
                // Nothing of the piece was taken.
                try await persistence.pause(after: HubLine.stuck)
            }
            offset = next
        }
        return exchanges
    }

    private static var stuck: Failure {
        Failure(
            .tryLater, what: "Sending", why: "the hub takes nothing more at this moment",
            remedy: "Sync again later; nothing was lost")
    }

    private static func offset(in body: [UInt8], of total: Int) -> Int? {
        guard body.count <= 16, let number = Int(String(decoding: body, as: UTF8.self)), (0...total).contains(number)
        else { return nil }
        return number
    }
}

extension HubLine {
    /// Why a hub answers no question of a device that it has met twice.
    static func suspended(_ what: String) -> Failure {
        Failure(
            .notPermitted, what: what, why: "another copy of this replica has been used with the hub",
            remedy: "Ask the hub operator for a new code; what was not sent is kept")
    }

    /// Why it answers none that was asked of an earlier life of the hub's.
    static func epochChanged(_ what: String) -> Failure {
        Failure(
            .tryLater, what: what, why: "the hub began anew since this replica last synced", remedy: "Sync first")
    }
}
