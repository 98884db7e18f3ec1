import Foundation
import GRDB
import Logging
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import ReUniteTransport
import Synchronization
import TestLine
import TestSupport
import Testing

@testable import ReUniteHub

extension NetworkSchema {
    static var reunite: NetworkSchema {
        NetworkSchema(
            migrations: Schemas.network.map { Migration(name: $0.name, sql: $0.sql) }, reference: Schemas.reference)
    }
}

/// A hub that serves over a real socket in this process, and two offices of one partner.
final class LineWorld {
    let folder: TemporaryFolder
    let hub: Hub
    let port: Int
    var url: String { "http://127.0.0.1:\(port)" }
    /// Where the case is written.
    let writer: Office
    /// Where it is read.
    let reader: Office
    private let serving: Task<Void, any Error>
    private let time = RealTime()
    /// What does the hub's work.
    let worker: HubWorker

    /// Makes a world, runs the body and stops the hub.
    ///
    /// - Parameters:
    ///   - limits: how much may wait at the hub.
    ///   - connections: how many may be open there.
    static func run(
        limits: FairQueue<@Sendable () -> Void>.Limits = .init(), connections: Int = HubServer.connections,
        _ body: (LineWorld) async throws -> Void
    ) async throws {
        let world = try await LineWorld(limits, connections)
        do {
            try await body(world)
        } catch {
            await world.end()
            throw error
        }
        await world.end()
    }

    private init(_ limits: FairQueue<@Sendable () -> Void>.Limits, _ connections: Int) async throws {
        worker = HubWorker(limits: limits)
        folder = try TemporaryFolder()
        let hub = try Hub.create(
            folder: folder.file("hub"), name: "Test hub", network: .reunite, time: time,
            randomness: LineWorld.identifier)
        self.hub = hub
        _ = try hub.addPartner(code: "SRY", name: "Surrey") { database, id in
            try database.execute(
                sql: "INSERT INTO partner(id, code, name, area) VALUES(?, 'SRY', 'Surrey', 'SRY')",
                arguments: [id.sqlBlob])
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let server = HubServer(hub: hub, logger: logger, worker: worker, connections: connections)
        let (ready, told) = AsyncStream.makeStream(of: Int.self)
        serving = Task(executorPreference: OwnThreads.servers) {
            defer { told.finish() }
            try await server.run(host: "127.0.0.1", port: 0) { url in
                told.yield(URL(string: url)?.port ?? 0)
            }
        }
        var port = 0
        for await value in ready {
            port = value
            break
        }
        self.port = port
        let address = "http://127.0.0.1:\(port)"
        writer = try await Office("writer", hub: hub, url: address, in: folder, time: time)
        reader = try await Office("reader", hub: hub, url: address, in: folder, time: time)
    }

    private func end() async {
        serving.cancel()
        _ = await serving.result
    }

    static func identifier() -> Identifier {
        Identifier(high: UInt64.random(in: 0...UInt64.max), low: UInt64.random(in: 0...UInt64.max))
    }

    /// What a line in between counts while both offices say that there is nothing to say.
    func proxy(_ shape: LineShape = LineShape()) throws -> FaultProxy {
        try FaultProxy(target: port, shape: shape)
    }
}

struct RealTime: TimeSource {
    var boot: Identifier { .zero }
    var wallMilliseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
    var monotonicMilliseconds: Int64 { Int64(ProcessInfo.processInfo.systemUptime * 1_000) }
}

/// An office with a replica, and somebody who types.
final class Office {
    let path: String
    private(set) var replica: Replica
    private let application: DatabaseQueue
    private let time: RealTime
    private let url: String

    init(_ name: String, hub: Hub, url: String, in folder: TemporaryFolder, time: RealTime) async throws {
        path = folder.file("\(name).sqlite")
        self.time = time
        self.url = url
        let invitation = try hub.invite(partner: "SRY", name: name, role: "office", hours: 1)
        let client = try HubClient(url: url)
        do {
            replica = try await Enrolment.join(
                client: client, url: url, code: invitation.code, path: path, deviceName: name, network: .reunite,
                time: time, randomness: LineWorld.identifier
            ).replica
        } catch {
            await client.close()
            throw error
        }
        await client.close()
        application = try EngineDatabase.open(path: path, role: .application, label: "application")
    }

    /// A copy of the replica and its device folder, as a backup that somebody goes on working with.
    func copied(to other: String) throws -> Office {
        try replica.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        for suffix in ["", ".device"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: other + suffix)
        }
        return try Office(opening: other, url: url, time: time)
    }

    private init(opening path: String, url: String, time: RealTime) throws {
        self.path = path
        self.time = time
        self.url = url
        replica = try Replica.open(path: path, network: .reunite, time: time, randomness: LineWorld.identifier)
        application = try EngineDatabase.open(path: path, role: .application, label: "application")
    }

    /// The program ends and starts again.
    func restart() throws {
        replica = try Replica.open(
            path: path, network: .reunite, time: time, randomness: LineWorld.identifier)
    }

    /// Syncs through an address, with pauses that take no time.
    ///
    /// - Parameter isCutShort: the program ends when the line breaks for the first time.
    @discardableResult
    func sync(
        via address: String? = nil, isCutShort: Bool = false,
        progress: @escaping @Sendable (HTTPSync.Progress) -> Void = { _ in }
    ) async throws -> SyncOutcome {
        let client = try HubClient(url: address ?? url)
        let result: Result<SyncOutcome, any Error>
        do {
            result = .success(
                try await HTTPSync(
                    replica: replica, client: client, patience: .seconds(3_600),
                    waiting: .hurried(isCutShort: isCutShort), progress: progress
                ).run())
        } catch {
            result = .failure(error)
        }
        await client.close()
        return try result.get()
    }

    /// Writes a case with notes of random text, so many bytes in all.
    func writeCase(bytes: Int, note: Int = 2_000) throws {
        try application.write { database in
            try database.execute(
                sql: """
                    INSERT INTO case_file(id, ref, cohort)
                    SELECT x'\(Office.caseID)', 'LINE-1', 'PRISON_LEAVER' WHERE NOT EXISTS (SELECT 1 FROM case_file)
                    """)
            for _ in 0..<max(1, bytes / note) {
                try database.execute(
                    sql: "INSERT INTO case_note(case_id, body) VALUES(x'\(Office.caseID)', hex(randomblob(\(note))))")
            }
        }
    }

    static let caseID = "0194aaaaaaaa7000800000000000000a"

    func count(_ table: String) throws -> Int {
        try application.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    func bodies() throws -> [String] {
        try application.read { try String.fetchAll($0, sql: "SELECT body FROM case_note ORDER BY id") }
    }

    /// What of a delivery is in its file.
    var stagedBytes: Int {
        let path = path + ".device/delivery.part"
        return (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
}

extension Waiting {
    /// Time passes only where there is a pause, and then at once.
    static func hurried(isCutShort: Bool = false) -> Waiting {
        let holder = ClockHolder()
        return Waiting(
            now: { holder.now },
            pause: {
                if isCutShort { throw CancellationError() }
                holder.advance($0)
            }, random: { $0.upperBound })
    }
}

private final class ClockHolder: Sendable {
    private let time = Mutex<Int64>(0)

    var now: Int64 { time.withLock { $0 } }

    func advance(_ milliseconds: Int64) {
        time.withLock { $0 += milliseconds }
    }
}
