import Foundation
import GRDB
import Logging
import ReUniteHub
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import ReUniteTransport
import TestLine

/// What a bad line costs: the real client and the real hub, with a proxy between them that shapes and cuts.
///
/// Time is scaled: with a factor of *n* the line is *n* times as fast and everything that takes time on it (cuts,
/// reconnecting, latency, pauses) *n* times as short, while the bytes are the same. What the machine itself takes is not
/// scaled and so counts *n* times; a factor of 1 is the true line.
struct LineRows {
    struct Figures {
        var seconds: Double
        var count: LineCount
        var delivery: Int
    }

    /// Bytes a second each way: 5.6 kbit/s.
    static let rate = 700.0
    /// The mean life of a connection, and the time that a new one takes, in seconds.
    static let life = 20.0
    static let reconnect = 6.0
    static let deliveryBytes = 512 * 1_024

    let factor: Double
    let seed: UInt64
    let folder: String

    func report() async throws -> String {
        let world = try await LineBenchWorld(folder: folder)
        defer { world.end() }
        let cut = try await delivery(world, isCut: true)
        let smooth = try await delivery(world, isCut: false)
        let idle = try await nothing(world)
        let ideal = Double(cut.delivery) / LineRows.rate
        // A line that is down for so long after every life carries only so much of the time.
        let share = LineRows.life / (LineRows.life + LineRows.reconnect)
        func line(_ what: String, _ figures: Figures) -> String {
            let seconds = figures.seconds
            return "\(what): \(Format.fixed(seconds, 0)) s for \(figures.delivery) bytes at 700 B/s, "
                + "\(Format.ratio(seconds / (Double(figures.delivery) / LineRows.rate))) of ideal, "
                + "\(figures.count.connections) connections, \(figures.count.bytes) bytes carried ("
                + "\(Format.ratio(Double(figures.count.bytes) / Double(figures.delivery))) of the delivery)"
        }
        return """
            A delivery over 2G. Time is scaled by \(Format.fixed(factor, 0)): rate, cuts, reconnecting and pauses; \
            seconds are those of the true line. Seed \(seed).

            \(line("17  no cuts", smooth))
            \(line("17  cut every 20 s on average, 6 s until it is there again", cut))
                ideal: \(Format.fixed(ideal, 0)) s for the bytes alone, \(Format.fixed(ideal / share, 0)) s on a line \
            that is away for that long. Target: under twice the first; \(cut.seconds < 2 * ideal ? "met" : "short")
            18  nothing to say: \(idle.bytes) bytes (\(idle.up) up, \(idle.down) down), heads and bodies, in \
            \(idle.turns) exchange. Target: under 1024 in 1; \(idle.bytes < 1_024 && idle.turns == 1 ? "met" : "short")

            """
    }

    private func delivery(_ world: LineBenchWorld, isCut: Bool) async throws -> Figures {
        try world.write(bytes: LineRows.deliveryBytes)
        _ = try await world.sync(world.writer, via: world.url, factor: factor)
        var shape = LineShape()
        shape.bytesPerSecond = LineRows.rate * factor
        shape.latency = 400 / factor
        shape.seed = seed
        if isCut {
            shape.cut = .afterTime(mean: LineRows.life * 1_000 / factor)
            shape.reconnect = LineRows.reconnect * 1_000 / factor
        }
        let proxy = try FaultProxy(target: world.port, shape: shape)
        defer { proxy.close() }
        let start = ContinuousClock.now
        let outcome = try await world.sync(world.reader, via: proxy.url, factor: factor)
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return Figures(
            seconds: (Double(seconds) + Double(attoseconds) / 1e18) * factor, count: proxy.count,
            delivery: outcome.pulledBytes)
    }

    private func nothing(_ world: LineBenchWorld) async throws -> LineCount {
        for replica in [world.writer, world.reader] {
            _ = try await world.sync(replica, via: world.url, factor: factor)
        }
        let proxy = try FaultProxy(target: world.port)
        defer { proxy.close() }
        _ = try await world.sync(world.reader, via: proxy.url, factor: factor)
        try await Task.sleep(for: .milliseconds(200))
        return proxy.count
    }
}

/// A hub that serves in this process, and two offices of one partner.
final class LineBenchWorld {
    let port: Int
    let hub: Hub
    let writer: Replica
    let reader: Replica
    var url: String { "http://127.0.0.1:\(port)" }
    private let serving: Task<Void, any Error>
    private let application: DatabaseQueue

    init(folder: String) async throws {
        let time = MachineTime()
        let network = NetworkSchema(
            migrations: Schemas.network.map { NetworkSchema.Migration(name: $0.name, sql: $0.sql) },
            reference: Schemas.reference)
        hub = try Hub.create(
            folder: folder + "/hub", name: "Bench", network: network, time: time, randomness: MachineTime.identifier)
        _ = try hub.addPartner(code: "SRY", name: "Surrey") { database, id in
            try database.execute(
                sql: "INSERT INTO partner(id, code, name, area) VALUES(?, 'SRY', 'Surrey', 'SRY')",
                arguments: [id.sqlBlob])
        }
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        let server = HubServer(hub: hub, logger: logger)
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        serving = Task { try await server.run(host: "127.0.0.1", port: 0) { told.yield(URL(string: $0)?.port ?? 0) } }
        var port = 0
        for await value in ports {
            port = value
            break
        }
        self.port = port
        let client = try HubClient(url: "http://127.0.0.1:\(port)")
        var replicas: [Replica] = []
        for name in ["writer", "reader"] {
            let code = try hub.invite(partner: "SRY", name: name, role: "office", hours: 1).code
            replicas.append(
                try await Enrolment.join(
                    client: client, url: "http://127.0.0.1:\(port)", code: code, path: "\(folder)/\(name).sqlite",
                    deviceName: name, network: network, time: time, randomness: MachineTime.identifier
                ).replica)
        }
        await client.close()
        (writer, reader) = (replicas[0], replicas[1])
        application = try EngineDatabase.open(path: writer.path, role: .application, label: "application")
    }

    func end() {
        serving.cancel()
    }

    /// Writes notes of so many random bytes, which do not compress.
    func write(bytes: Int) throws {
        let id = "0194aaaaaaaa7000800000000000000a"
        try application.write { database in
            try database.execute(
                sql: """
                    INSERT INTO case_file(id, ref, cohort)
                    SELECT x'\(id)', 'LINE-1', 'PRISON_LEAVER' WHERE NOT EXISTS (SELECT 1 FROM case_file)
                    """)
            for _ in 0..<bytes / 2_000 {
                try database.execute(
                    sql: "INSERT INTO case_note(case_id, body) VALUES(x'\(id)', hex(randomblob(2000)))")
            }
        }
    }

    /// Types at the writer, as an application does.
    func type(_ sql: String) throws {
        try application.write { try $0.execute(sql: sql) }
    }

    func sync(_ replica: Replica, via url: String, factor: Double) async throws -> SyncOutcome {
        let client = try HubClient(url: url)
        let start = ContinuousClock.now
        // Pauses are as much shorter as the line is faster.
        let waiting = Waiting(
            now: {
                let (seconds, attoseconds) = (ContinuousClock.now - start).components
                return Int64((Double(seconds) * 1_000 + Double(attoseconds) / 1e15) * factor)
            },
            pause: { try await Task.sleep(for: .microseconds(Int64(Double($0) * 1_000 / factor))) },
            random: { Int64.random(in: $0) })
        let result: Result<SyncOutcome, any Error>
        do {
            result = .success(
                try await HTTPSync(
                    replica: replica, client: client, patience: .seconds(86_400), waiting: waiting
                ).run())
        } catch {
            result = .failure(error)
        }
        await client.close()
        return try result.get()
    }
}

private struct MachineTime: TimeSource {
    var boot: Identifier { .zero }
    var wallMilliseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }
    var monotonicMilliseconds: Int64 { Int64(ProcessInfo.processInfo.systemUptime * 1_000) }

    static func identifier() -> Identifier {
        Identifier(high: UInt64.random(in: 0...UInt64.max), low: UInt64.random(in: 0...UInt64.max))
    }
}
