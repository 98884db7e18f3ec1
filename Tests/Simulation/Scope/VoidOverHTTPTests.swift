import GRDB
import Logging
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import ReUniteTransport
import Synchronization
import TestSupport
import Testing

/// B22 over a real socket.
@Suite("A delivery that a closing made void is gone for whoever fetches it, who goes on with a new one")
struct VoidOverHTTPTests {
    /// Surrey's case that Gloucestershire works on, with more in it than one page holds.
    private func fill(_ scene: Situation, seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        try scene.office.edit { database in
            for _ in 0..<500 {
                let text = String(
                    decoding: (0..<2_000).map { _ in UInt8.random(in: 33...122, using: &generator) }, as: UTF8.self)
                try database.execute(
                    sql: "INSERT INTO need(id, case_id, category, detail) VALUES(?, ?, 'HEALTH', ?)",
                    arguments: [scene.world.newID().sqlBlob, scene.rows.id.sqlBlob, text])
            }
        }
        try await scene.sync(scene.office)
    }

    /// The case becomes somebody else's, so that neither of the two may see it any more.
    private static func close(_ id: Identifier, at hub: Hub) throws {
        let stranger = Identifier(high: 7, low: 7)
        let receipts = try hub.submit([
            Op(
                table: 10, key: id, kind: .set, groups: 2, stamp: HybridTime(milliseconds: World.start + 60_000),
                values: [.blob(stranger.bytes)])
        ])
        try #require(receipts.flatMap(\.exceptions).isEmpty)
    }

    private static func withClient<Result>(
        of url: String, _ body: (HubClient) async throws -> Result
    ) async throws -> Result {
        let client = try HubClient(url: url)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    @Test("Fetched page by page: 200 before the closing, 410 after it, for every page")
    func status() async throws {
        try await Situation.play(seed: 251) { scene in
            try await fill(scene, seed: 251)
            let replica = scene.gloucestershire.replica
            try await Self.withClient(of: scene.url) { client in
                func send(
                    _ method: String, _ path: String, _ body: [UInt8] = [], ticket: Ticket
                ) async throws -> HubClient.Reply {
                    let headers = try replica.signature(
                        method: method, path: client.path(path), body: body, ticket: ticket)
                    return try await client.exchange(method: method, path: path, headers: headers, body: body)
                }
                let sealed = try replica.seal(try replica.nextRequest(after: 0, limit: .max).request)
                var reply = try await send("POST", "/v1/sync", sealed.body, ticket: try replica.ticket())
                if reply.status == 401 {
                    let fresh = try Ticket(decoding: reply.body)
                    reply = try await send("POST", "/v1/sync", sealed.body, ticket: fresh)
                }
                try #require(reply.status == 200)
                let answer = try replica.open(answer: reply.body, to: sealed)
                try replica.keep(ticket: answer.ticket)
                guard case .fetch(let id, let bytes, _) = answer.body else {
                    Issue.record("the delivery did not wait")
                    return
                }
                #expect(bytes > UInt64(Hub.pageLimit))
                let first = try await send("GET", "/v1/delivery/\(id)/0", ticket: try replica.ticket())
                #expect(first.status == 200 && first.body.count == Hub.pageLimit)
                try Self.close(scene.rows.id, at: scene.world.hub)
                for offset in [Hub.pageLimit, 0] {
                    let gone = try await send("GET", "/v1/delivery/\(id)/\(offset)", ticket: try replica.ticket())
                    #expect(gone.status == 410 && gone.body.isEmpty)
                }
            }
            try await scene.settle()
        }
    }

    @Test("In the middle of a sync: the same session asks anew, and what closed leaves")
    func sameSession() async throws {
        try await Situation.play(seed: 252) { scene in
            try await fill(scene, seed: 252)
            let (hub, id) = (scene.world.hub, scene.rows.id)
            let closed = Mutex<(isDone: Bool, failure: (any Error)?)>((false, nil))
            #expect(try scene.gloucestershire.holds("case_file", id))
            scene.world.advance(milliseconds: 1_000)
            let outcome = try await Self.withClient(of: scene.url) { client in
                let sync = HTTPSync(replica: scene.gloucestershire.replica, client: client) { progress in
                    closed.withLock { state in
                        // Once, as soon as the first page is here and more is to come.
                        guard !state.isDone, progress.pulledBytes > 0, progress.pulledBytes < progress.expectedBytes
                        else { return }
                        state.isDone = true
                        do { try Self.close(id, at: hub) } catch { state.failure = error }
                    }
                }
                return try await sync.run()
            }
            try closed.withLock { state in
                if let failure = state.failure { throw failure }
                #expect(state.isDone, "the delivery came in one page")
            }
            #expect(outcome.left.contains(id) && outcome.digest == .match)
            #expect(try !scene.gloucestershire.holds("case_file", id))
        }
    }
}
