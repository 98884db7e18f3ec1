import ReUniteReplica
import ReUniteSync
import Synchronization
import TestLine
import Testing

@testable import ReUniteHub
@testable import ReUniteTransport

@Suite("A hub that has too much to do", .serialized)
struct BusyHubTests {
    @Test("It answers 429 with the time to come again, and who waits that long is served: a sync, and a comparison")
    func comesAgain() async throws {
        try await LineWorld.run(limits: .init(jobs: 4)) { world in
            try world.writer.writeCase(bytes: 40_000)
            try await world.writer.sync()
            let replica = world.writer.replica
            try world.writer.writeCase(bytes: 40_000)
            let sync = try await pauses(world) { client, waiting in
                let outcome = try await HTTPSync(
                    replica: replica, client: client, patience: .seconds(60), waiting: waiting
                ).run()
                #expect(outcome.digest == .match)
            }
            let check = try await pauses(world) { client, waiting in
                let outcome = try await HTTPCheck(
                    replica: replica, client: client, patience: .seconds(60), waiting: waiting
                ).run(repairs: false)
                #expect(outcome.findings.isSound)
            }
            // What the hub wished for, though nothing at all would have been drawn.
            for pauses in [sync, check] { #expect(pauses == [2_000]) }
        }
    }

    @Test("Without patience nothing is lost: the failure says to try again, and the next sync sends what waits")
    func impatient() async throws {
        try await LineWorld.run(limits: .init(jobs: 4)) { world in
            try world.writer.writeCase(bytes: 40_000)
            let crowd = await Crowd(world.worker)
            let client = try HubClient(url: world.url)
            await #expect { try await HTTPSync(replica: world.writer.replica, client: client).run() } throws: {
                ($0 as? Failure)?.code == .tryLater
            }
            await client.close()
            await crowd.leave()
            #expect(try await world.writer.sync().digest == .match)
            try await world.reader.sync()
            #expect(try world.reader.bodies() == world.writer.bodies())
        }
    }

    /// Does something at a hub that has no room, until the first pause. Returns the pauses, in milliseconds.
    private func pauses(
        _ world: LineWorld, _ body: (HubClient, Waiting) async throws -> Void
    ) async throws -> [Int64] {
        let crowd = await Crowd(world.worker)
        let noted = Noted()
        let client = try HubClient(url: world.url)
        let waiting = Waiting(
            now: { 0 },
            pause: {
                noted.add($0)
                await crowd.leave()
            }, random: { $0.lowerBound })
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(client, waiting))
        } catch {
            result = .failure(error)
        }
        await client.close()
        await crowd.leave()
        try result.get()
        return noted.all
    }
}

private final class Noted: Sendable {
    private let pauses = Mutex<[Int64]>([])

    var all: [Int64] { pauses.withLock { $0 } }

    func add(_ pause: Int64) {
        pauses.withLock { $0.append(pause) }
    }
}

/// Work that fills a hub's queue until it is told to leave.
private final class Crowd: Sendable {
    private let isOver = Mutex(false)
    private let tasks: Mutex<[Task<Void, any Error>]> = Mutex([])

    init(_ worker: HubWorker) async {
        let begun = Begun()
        add(to: worker) { begun.set() }
        while !begun.isSet { await Task.yield() }
        for _ in 0..<4 { add(to: worker) {} }
        while worker.waitingCount < 4 { await Task.yield() }
    }

    private func add(to worker: HubWorker, _ first: @escaping @Sendable () -> Void) {
        let task = Task {
            try await worker.run(for: .init(partner: LineWorld.identifier(), device: LineWorld.identifier())) {
                [self] in
                first()
                while !isOver.withLock({ $0 }) {}
            }
        }
        tasks.withLock { $0.append(task) }
    }

    /// Returns once all of it is done.
    func leave() async {
        isOver.withLock { $0 = true }
        for task in tasks.withLock({ $0 }) { _ = await task.result }
    }
}

private final class Begun: Sendable {
    private let value = Mutex(false)

    var isSet: Bool { value.withLock { $0 } }

    func set() {
        value.withLock { $0 = true }
    }
}
