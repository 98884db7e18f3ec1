import GRDB
import Logging
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import ReUniteTransport
import TestSupport
import Testing

/// The order in which devices bring what they wrote apart from each other to the hub.
struct SyncOrder: Sendable, CustomTestStringConvertible {
    let places: [Int]

    static let ofTwo = permutations(of: 2)
    static let ofThree = permutations(of: 3)

    var testDescription: String { places.map { String($0 + 1) }.joined(separator: " then ") }

    func apply<Element>(to elements: [Element]) -> [Element] { places.map { elements[$0] } }

    private static func permutations(of count: Int) -> [SyncOrder] {
        func arrange(_ left: [Int]) -> [[Int]] {
            left.isEmpty ? [[]] : left.flatMap { first in arrange(left.filter { $0 != first }).map { [first] + $0 } }
        }
        return arrange(Array(0..<count)).map(SyncOrder.init)
    }
}

/// One situation of the catalogue of conflicts, played over a real hub behind a real socket.
///
/// A Surrey office, a Surrey field laptop and a Gloucestershire office; a case of Surrey's that Gloucestershire has
/// accepted, so that all three work on it.
final class Situation {
    let world: World
    let url: String
    /// Surrey's case, on which all three work.
    let rows: CaseRows

    var office: Device { world.surreyOffice }
    var laptop: Device { world.surreyLaptop }
    var gloucestershire: Device { world.gloucestershire }

    private init(world: World, url: String) throws {
        self.world = world
        self.url = url
        rows = try #require(world.sharedCases.first)
    }

    /// Serves a fresh world on a free port while the situation is played.
    static func play(seed: UInt64 = 1, _ scene: @escaping (Situation) async throws -> Void) async throws {
        let world = try World(seed: seed, withSharedCases: true)
        try await world.served { try await scene(try Situation(world: world, url: $0)) }
    }

    /// One sync over HTTP.
    @discardableResult
    func sync(_ device: Device) async throws -> SyncOutcome {
        world.advance(milliseconds: 1_000)
        let client = try HubClient(url: url)
        do {
            let outcome = try await HTTPSync(replica: device.replica, client: client).run()
            await client.close()
            return outcome
        } catch {
            await client.close()
            throw error
        }
    }

    /// These bring what they wrote, one after the other; then everyone syncs until nothing moves any more.
    func meet(_ devices: [Device], in order: SyncOrder) async throws {
        for device in order.apply(to: devices) { try await sync(device) }
        try await settle()
    }

    func settle() async throws {
        for _ in 0..<8 {
            var isIdle = true
            for device in world.devices {
                let outcome = try await sync(device)
                if outcome.roundTrips > 1 || outcome.digest != .match { isIdle = false }
            }
            if isIdle { return }
        }
        Issue.record("the replicas never became idle")
    }

    /// What a person at each of these devices, and whoever looks into the hub, reads in a column.
    func expect(
        _ column: String, of table: String, _ id: Identifier, is value: String?, on devices: [Device]? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(
            try world.reader.text(column, of: table, id) == value, "at the hub", sourceLocation: sourceLocation)
        for device in devices ?? world.devices {
            #expect(
                try device.text(column, of: table, id) == value, "\(device.name)", sourceLocation: sourceLocation)
        }
    }

    /// The values that stand beside each other in a column.
    func standing(_ column: String, of table: String, _ id: Identifier) throws -> Set<[Value]> {
        Set(try world.reader.siblings(table, id, column: column))
    }

    func conflicts() throws -> [OpenConflict] { try world.hub.conflicts() }
}

extension World {
    /// Serves this world's hub on a free port for as long as a scene takes, and gives the scene its address.
    func served(_ scene: (String) async throws -> Void) async throws {
        let server = HubServer(hub: hub, logger: Logger(label: "hub") { _ in SwiftLogNoOpLogHandler() })
        let (urls, ready) = AsyncStream<String>.makeStream()
        let serving = Task(executorPreference: OwnThreads.servers) {
            defer { ready.finish() }
            try await server.run(host: "127.0.0.1", port: 0) { ready.yield($0) }
        }
        defer { serving.cancel() }
        var iterator = urls.makeAsyncIterator()
        guard let url = await iterator.next() else { return try await serving.value }
        try await scene(url)
    }
}
