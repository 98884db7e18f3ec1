import ReUniteReplica
import ReUniteSync

/// A hub at the other end of a line that may break at any byte: sends, asks again, and goes on where it was.
///
/// What is sent needs no more than GET and POST with a body of known length, and no connection has to live from one
/// exchange to the next, so that any proxy will do.
struct HubLine {
    private let replica: Replica
    private let client: HubClient
    private let waiting: Waiting
    private var backoff: Backoff
    /// Called with the bytes of a delivery that are there.
    private let received: (Int) -> Void

    /// So many bytes of batches go up in one request: about 47 s at 700 bytes a second, and less is lost with an answer.
    static let pieceBytes = 32 * 1_024
    /// The same bytes of a delivery may come damaged so many times.
    static let damagedTries = 3

    init(
        replica: Replica, client: HubClient, patience: Duration, waiting: Waiting, received: @escaping (Int) -> Void
    ) {
        self.replica = replica
        self.client = client
        self.waiting = waiting
        self.received = received
        backoff = Backoff(patienceMilliseconds: patience.components.seconds * 1_000)
    }

    // MARK: One exchange

    /// Sends a request and opens its answer.
    mutating func sync(_ request: SyncRequest) async throws -> SyncAnswer {
        let (replica, client) = (replica, client)
        var ticket = try replica.ticket()
        for _ in 0..<2 {
            // Sealed anew each time: the hub takes a bundle that it has seen for an old one that came again.
            var last: Replica.SealedRequest?
            let first = ticket
            let reply = try await persist("Syncing") {
                let sealed = try replica.seal(request)
                last = sealed
                return try await client.signed(replica, "POST", "/v1/sync", body: sealed.body, ticket: first)
            }
            if reply.status == 401, let fresh = try? Ticket(decoding: reply.body) {
                // The hub does not know the ticket: it gives one to sign again with.
                ticket = fresh
                continue
            }
            if let failure = reply.failure(what: "Syncing") { throw failure }
            if let last { return try replica.open(answer: reply.body, to: last) }
        }
        throw Failure(
            .notPermitted, what: "Syncing", why: "the hub does not accept this device's tickets",
            remedy: "Ask the hub operator for a code and join again")
    }

    /// Repeats an exchange until something else than "try later" comes back, or patience ends.
    private mutating func persist(
        _ what: String, _ exchange: () async throws -> HubClient.Reply
    ) async throws -> HubClient.Reply {
        while true {
            do {
                let reply = try await exchange()
                guard let failure = reply.failure(what: what), failure.code == .tryLater else {
                    backoff.progressed()
                    return reply
                }
                try await pause(after: failure, wish: reply.retryAfter)
            } catch let failure as HubClient.Unreached {
                try await pause(after: failure.failure, wish: nil)
            }
        }
    }

    private mutating func pause(after failure: Failure, wish: Int64?) async throws {
        guard let pause = backoff.failed(at: waiting.now(), wish: wish, random: waiting.random) else { throw failure }
        try await waiting.pause(pause)
    }

    // MARK: Deliveries

    /// How the fetching of a delivery ended.
    enum Fetched {
        case whole
        /// It is void, or cannot be fetched undamaged: another one is to be asked for.
        case void
        case damaged
    }

    /// Fetches what is still missing of a delivery.
    mutating func fetch(_ staged: StagedDelivery) async throws -> (end: Fetched, exchanges: Int) {
        var exchanges = 0
        var damage: (offset: Int, times: Int) = (0, 0)
        received(staged.offset)
        while !staged.isComplete {
            exchanges += 1
            let before = staged.offset
            do {
                let received = received
                let reply = try await client.signed(
                    replica, "GET", "/v1/delivery/\(staged.ticket.id)/\(before)", ticket: try replica.ticket()
                ) { part in
                    try staged.append(part)
                    received(staged.offset)
                }
                if reply.status == 410 || reply.status == 404 || reply.status == 200 && staged.offset == before {
                    return (.void, exchanges)
                }
                if let failure = reply.failure(what: "Fetching a delivery") {
                    guard failure.code == .tryLater else { throw failure }
                    try await pause(after: failure, wish: reply.retryAfter)
                } else {
                    backoff.progressed()
                }
            } catch let failure as HubClient.Unreached {
                if staged.offset > before { backoff.progressed() }
                try await pause(after: failure.failure, wish: nil)
            } catch let found as StagedDelivery.Damaged {
                damage = (found.offset, damage.offset == found.offset ? damage.times + 1 : 1)
                if damage.times == HubLine.damagedTries { return (.damaged, exchanges) }
            }
        }
        return (.whole, exchanges)
    }

    // MARK: Batches

    /// Sends what the hub does not have yet of a bundle of batches. Returns how many exchanges it took.
    ///
    /// - Parameter isNew: the hub cannot have any of it, so it is not asked.
    mutating func send(_ upload: StagedUpload, isNew: Bool) async throws -> Int {
        let path = "/v1/up/\(upload.id)/\(upload.body.count)"
        let (replica, client) = (replica, client)
        var offset = isNew ? 0 : nil as Int?
        var exchanges = 0
        while offset != upload.body.count {
            exchanges += 1
            let reply: HubClient.Reply
            if let start = offset {
                let piece = Array(upload.body[start..<min(start + HubLine.pieceBytes, upload.body.count)])
                do {
                    reply = try await client.signed(
                        replica, "POST", "\(path)/\(start)", body: piece, ticket: try replica.ticket())
                } catch let failure as HubClient.Unreached {
                    // Part of the piece may have arrived: the hub is asked how much.
                    try await pause(after: failure.failure, wish: nil)
                    offset = nil
                    continue
                }
            } else {
                reply = try await persist("Sending") {
                    try await client.signed(replica, "GET", path, ticket: try replica.ticket())
                }
            }
            if let failure = reply.failure(what: "Sending") {
                guard failure.code == .tryLater else {
                    if failure.code == .badData { replica.discardUpload() }
                    throw failure
                }
                try await pause(after: failure, wish: reply.retryAfter)
                offset = nil
                continue
            }
            guard let next = HubLine.offset(in: reply.body, of: upload.body.count) else {
                throw Failure(
                    .unavailable, what: "Sending", why: "what answered is not a ReUnite Sync hub",
                    remedy: "Check the hub's address")
            }
            if next > offset ?? 0 { backoff.progressed() }
            offset = next
        }
        return exchanges
    }

    private static func offset(in body: [UInt8], of total: Int) -> Int? {
        guard body.count <= 16, let number = Int(String(decoding: body, as: UTF8.self)), (0...total).contains(number)
        else { return nil }
        return number
    }
}

extension HubClient {
    /// An exchange that the replica's device signs. What comes goes to the sink, where there is one and the status is
    /// 200, and else into the reply.
    func signed(
        _ replica: Replica, _ method: String, _ path: String, body: [UInt8] = [], ticket: Ticket,
        sink: (([UInt8]) throws -> Void)? = nil
    ) async throws -> Reply {
        let signature = try replica.signature(
            method: method, path: self.path(path), body: body, ticket: ticket)
        return try await exchangeOnce(method: method, path: path, headers: signature, body: body, sink: sink)
    }
}
