import Foundation
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestLine
import TestSupport
import Testing

@testable import ReUniteTransport

@Suite("A delivery that came whole, and whose program ended before it was applied", .serialized)
struct KeptDeliveryTests {
    /// The reader fetches all of what the hub offers, and its program ends.
    private func fetchWhole(_ world: LineWorld) async throws {
        try world.writer.writeCase(bytes: 60_000)
        try await world.writer.sync()
        let replica = world.reader.replica
        let client = try HubClient(url: world.url)
        let line = HubLine(replica: replica, client: client, patience: .zero, waiting: .hurried())
        let outgoing = try replica.nextRequest(after: 0, limit: 1 << 20)
        let answer = try await line.sync(outgoing.request)
        try line.keep(ticket: answer.ticket)
        guard case .fetch(let id, let bytes, _) = answer.body else {
            Issue.record("\(answer.body) is not to be fetched")
            return
        }
        let staged = try replica.stage(
            id, bytes: bytes, from: outgoing.request.cursor, sent: 0, hubMilliseconds: answer.hubMilliseconds)
        let (end, _) = try await line.fetch(staged) { _ in }
        #expect(end == .whole && staged.isComplete)
        await client.close()
        try world.reader.restart()
        #expect(try replica.stagedDelivery()?.isComplete == true)
    }

    @Test("It is applied once the hub has said that it stands, and does not come again")
    func stands() async throws {
        try await LineWorld.run { world in
            try await fetchWhole(world)
            let proxy = try world.proxy()
            let outcome = try await world.reader.sync(via: proxy.url)
            proxy.close()
            #expect(outcome.digest == .match && outcome.roundTrips == 2)
            #expect(try world.reader.bodies() == world.writer.bodies())
            #expect(proxy.count.down < 4_000)
            #expect(world.reader.stagedBytes == 0)
        }
    }

    @Test("It is not applied where the hub cannot be asked, and is kept")
    func unreached() async throws {
        try await LineWorld.run { world in
            try await fetchWhole(world)
            let before = world.reader.stagedBytes
            await #expect(throws: (any Error).self) {
                try await world.reader.sync(via: "http://127.0.0.1:1", isCutShort: true)
            }
            #expect(try world.reader.count("case_note") == 0)
            #expect(world.reader.stagedBytes == before)
        }
    }

    @Test("It is thrown away where a closing has made it void, and asked for anew")
    func void() async throws {
        try await LineWorld.run { world in
            try await fetchWhole(world)
            // As a closing does, in the same transaction.
            try EngineFile.open(world.folder.file("hub/hub.sqlite")).write("DELETE FROM hub_delivery")
            let proxy = try world.proxy()
            let outcome = try await world.reader.sync(via: proxy.url)
            proxy.close()
            #expect(outcome.digest == .match && proxy.count.down > 30_000)
            #expect(try world.reader.bodies() == world.writer.bodies())
        }
    }

    @Test("A device that has been revoked meanwhile is shown none of it, and keeps none of it")
    func revoked() async throws {
        try await LineWorld.run { world in
            try await fetchWhole(world)
            _ = try world.hub.revoke(device: try world.reader.replica.facts().device.description)
            await #expect(throws: Failure.self) { try await world.reader.sync() }
            #expect(try world.reader.count("case_note") == 0)
            #expect(world.reader.stagedBytes == 0)
        }
    }

    @Test("What is beyond the end of a delivery is not read")
    func endless() async throws {
        let server = try EndlessServer()
        let client = try HubClient(url: server.url)
        var taken = 0
        let reply = try await client.exchangeOnce(
            method: "GET", path: "/", headers: [], body: [], sink: HubClient.Sink(limit: 100_000) { taken += $0.count })
        await client.close()
        #expect(reply.status == 200 && taken == 100_000)
    }
}
