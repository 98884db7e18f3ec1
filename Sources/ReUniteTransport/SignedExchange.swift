import ReUniteReplica
import ReUniteSync

/// Signed requests of one replica to its hub.
struct SignedExchange: Sendable {
    let replica: Replica
    let client: HubClient

    /// Posts a sealed body, and signs it once more where the hub does not know the ticket. Returns the sealed answer.
    ///
    /// - Parameter what: what is being done, for a failure.
    func post(_ path: String, _ body: [UInt8], what: String) async throws -> [UInt8] {
        var ticket = try replica.ticket()
        for _ in 0..<2 {
            let reply = try await send(method: "POST", path, body, ticket: ticket)
            if reply.status == 401, let fresh = try? Ticket(decoding: reply.body) {
                // The hub does not know the ticket: it gives one to sign again with.
                ticket = fresh
                continue
            }
            if let failure = reply.failure(what: what) { throw failure }
            return reply.body
        }
        throw Failure(
            .notPermitted, what: what, why: "the hub does not accept this device's tickets",
            remedy: "Ask the hub operator for a code and join again")
    }

    func send(method: String, _ path: String, _ body: [UInt8], ticket: Ticket) async throws -> HubClient.Reply {
        let signature = try replica.signature(method: method, path: client.path(path), body: body, ticket: ticket)
        return try await client.exchange(method: method, path: path, headers: signature, body: body)
    }
}
