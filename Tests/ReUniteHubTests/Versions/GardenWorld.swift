import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A hub, an office and a laptop, whose programs may each be of another version.
final class GardenWorld {
    let folder: TemporaryFolder
    let time: ScriptedTime
    private let randomness = ScriptedRandomness(seed: 7)
    private(set) var hub: Hub
    /// Where it lives.
    private(set) var hubFolder: String
    private(set) var desks: [GardenDesk] = []
    var office: GardenDesk { desks[0] }
    var laptop: GardenDesk { desks[1] }
    static let room = Identifier(high: 0x4004_0000_0000_7000, low: 0x8000_0000_0000_0001)

    init(hub version: Int, office: Int, laptop: Int) throws {
        folder = try TemporaryFolder()
        time = ScriptedTime()
        hubFolder = folder.file("hub")
        hub = try Hub.create(
            folder: hubFolder, name: "Gardens", network: GardenNetwork.at(version), time: time,
            randomness: randomness.identifier)
        for (number, version) in [office, laptop].enumerated() {
            let id = try hub.addPartner(code: "S\(number)", name: "S\(number)") { database, id in
                try database.execute(sql: "INSERT INTO society(id, name) VALUES(?, 'S')", arguments: [id.sqlBlob])
            }
            try hub.insert("Adding a member") { database, _ in
                try database.execute(
                    sql: "INSERT INTO member(id, room_id, society_id, reads) VALUES(?, ?, ?, 1)",
                    arguments: [member(number).sqlBlob, Self.room.sqlBlob, id.sqlBlob])
            }
            desks.append(
                try GardenDesk(
                    "desk-\(number)", partner: "S\(number)", version: version, of: hub, in: folder, time: time,
                    seed: UInt64(11 + number)))
        }
        try syncAll()
    }

    private func member(_ number: Int) -> Identifier { row(0xFF00 + UInt64(number)) }

    /// The hub's program is replaced.
    func upgradeHub(to version: Int) throws {
        hub = try Hub.open(
            folder: hubFolder, network: GardenNetwork.at(version), time: time, randomness: randomness.identifier)
    }

    /// A copy of the hub's database as it is now.
    func copyHub() throws -> String {
        let path = folder.file("copy.sqlite")
        try DatabaseQueue(path: folder.file("hub/hub.sqlite")).backup(to: try DatabaseQueue(path: path))
        return path
    }

    /// Somebody puts an earlier copy in the place of the hub's database: a new life begins.
    func putBack(_ copy: String) throws {
        let version = hub.store.tables.version
        hubFolder = folder.file("hub-again")
        try FileManager.default.copyItem(atPath: folder.file("hub"), toPath: hubFolder)
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: hubFolder + "/hub.sqlite" + suffix)
        }
        try FileManager.default.copyItem(atPath: copy, toPath: hubFolder + "/hub.sqlite")
        try upgradeHub(to: version)
    }

    /// 1: reads everything; 2: not what is quiet; 0: is no member.
    func set(reads: Int64, of number: Int) throws {
        let op = Op(
            table: 2, key: member(number), kind: .set, groups: 1 << 2, stamp: HybridTime(milliseconds: 1),
            values: [.integer(reads)])
        #expect(try hub.submit([op]).flatMap(\.exceptions).isEmpty)
    }

    func sync(_ desk: GardenDesk) throws -> SyncOutcome {
        time.advance(milliseconds: 60_000)
        return try desk.sync(with: hub)
    }

    /// The same by files: what a stick carries there and back.
    func carry(_ desk: GardenDesk) throws {
        time.advance(milliseconds: 60_000)
        _ = try hub.take(upFile: desk.replica.upFile().bytes)
        guard case .applied(let effect) = try desk.replica.take(file: hub.downFile(for: desk.id).bytes) else { return }
        #expect(effect.digestMatches)
    }

    /// Everyone syncs until nothing moves.
    func syncAll() throws {
        for _ in 0..<3 {
            for desk in desks { _ = try sync(desk) }
        }
    }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: hubFolder + "/hub.sqlite", configuration: configuration).read(body)
    }

    func value(_ sql: String) throws -> Value {
        try read { database in
            let statement = try EngineStatement(database, sql)
            return try statement.step() ? statement.value(0) : .null
        }
    }

    /// Every synced row of the hub as text.
    func dump() throws -> [String] { try read(dumpGarden) }
}

/// Every row of the garden's tables that the database has, each with its columns by name.
func dumpGarden(_ database: Database) throws -> [String] {
    try ["plot", "crop", "tag", "bed", "grave"].filter { try database.tableExists($0) }.flatMap { table in
        try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY id").map { "\(table) \($0.description)" }
    }
}

/// One device: a replica's file, and the version of the program that opens it.
final class GardenDesk {
    private(set) var replica: Replica
    let id: Identifier
    private let time: ScriptedTime
    private let randomness: ScriptedRandomness

    init(
        _ name: String, partner: String, version: Int, of hub: Hub, in folder: TemporaryFolder, time: ScriptedTime,
        seed: UInt64
    ) throws {
        self.time = time
        randomness = ScriptedRandomness(seed: seed)
        let invitation = try hub.invite(partner: partner, name: name, role: "office", hours: 1)
        replica = try Replica.join(
            path: folder.file("\(name).sqlite"), name: name, code: invitation.code,
            network: GardenNetwork.at(version), time: time, randomness: randomness, enrol: hub.enrol)
        id = try replica.facts().device
    }

    var version: Int { replica.schema.version }

    /// The program is replaced.
    func upgrade(to version: Int) throws {
        replica = try Replica.open(
            path: replica.path, network: GardenNetwork.at(version), time: time, randomness: randomness.identifier)
    }

    func edit(_ sql: String) throws { try replica.edit(sql) }
    func value(_ sql: String) throws -> Value { try replica.value(sql) }
    func dump() throws -> [String] { try replica.read("Reading", dumpGarden) }

    /// One whole sync, step by step as the client does it.
    func sync(with hub: Hub) throws -> SyncOutcome {
        var session = ClientSession()
        var action = session.begin()
        var sent: UInt64 = 0
        var outgoing: OutgoingRequest?
        while true {
            switch action {
            case .prepare(let whole):
                let next = try replica.nextRequest(after: sent, limit: 64 * 1_024, whole: whole)
                outgoing = next
                action = session.prepared(edits: next.edits, bytes: 0)
            case .send:
                let request = try #require(outgoing)
                sent = request.lastBatch
                let sealed = try replica.seal(request.request)
                let answer = try replica.open(
                    answer: try asked(sealed) { try hub.sync($0) }, to: sealed)
                try replica.keep(ticket: answer.ticket)
                action = session.answered(answer)
            case .applyUrgent(let bytes): action = session.urged(try replica.apply(urgent: bytes))
            case .fetch(let id, let bytes):
                var sealed: [UInt8] = []
                while sealed.count < bytes {
                    sealed += try #require(try hub.page(of: id, from: sealed.count, for: self.id))
                }
                action = session.fetched(try replica.open(delivery: sealed, id: id), exchanges: 1)
            case .apply(let bytes):
                action = session.applied(try replica.apply(bytes, hubMilliseconds: session.hubMilliseconds))
            case .settle(let checkpoint):
                action = session.settled(
                    digestMatches: try replica.settle(
                        checkpoint, auditProof: session.auditProof, hubMilliseconds: session.hubMilliseconds))
            case .finish(let outcome):
                #expect(outcome.digest == .match)
                return outcome
            case .fail(let failure): throw failure
            case .recover(let epoch, let since):
                let reports = try replica.recoveryReports(into: epoch, since: since)
                for report in try reports.map(replica.seal) {
                    _ = try replica.open(recovery: try asked(report) { try hub.recover($0) }, to: report)
                }
                try replica.begin(epoch, since: since)
                sent = 0
                action = session.recovered(exchanges: reports.count)
            case .applyFetched, .compare: throw FormatError(.malformed, "a step that no test expects")
            }
        }
    }

    /// The rows that are not what the hub has, by a comparison of values.
    func differences(from hub: Hub) throws -> VerifyFindings {
        let key = replica.newIdentifier()
        func ask(_ scopes: [Identifier]) throws -> CheckAnswer {
            let sealed = try replica.seal(check: scopes, key: key)
            return try replica.open(check: try asked(sealed) { try hub.check($0) }, to: sealed)
        }
        let scopes = try replica.differing(from: try ask([]), key: key)
        guard !scopes.isEmpty else { return VerifyFindings() }
        return try replica.compare(try ask(scopes), scopes: scopes, key: key, repairs: true)
    }

    private func asked(
        _ sealed: Replica.SealedRequest, _ body: (Hub.SignedRequest) throws -> Hub.Admission
    ) throws -> [UInt8] {
        for _ in 0..<2 {
            let signed = Hub.SignedRequest(
                device: sealed.device, keyNumber: try replica.facts().keyNumber, ticket: try replica.ticket(),
                body: sealed.body)
            switch try body(signed) {
            case .challenge(let ticket): try replica.keep(ticket: ticket.encoded())
            case .keys: throw FormatError(.notAuthentic, "hub keys")
            case .answer(let bytes): return bytes
            }
        }
        throw FormatError(.notAuthentic, "ticket")
    }
}

extension GardenDesk {
    /// Rows of which something is kept that this program cannot show.
    var keptRows: Int { get throws { try replica.status().keptRows } }

    func add(plot number: UInt64, name: String, _ more: [(String, String)] = []) throws {
        let columns = ["id", "room_id", "name"] + more.map(\.0)
        let values = [literal(row(number)), literal(GardenWorld.room), "'\(name)'"] + more.map(\.1)
        try edit(
            "INSERT INTO plot(\(columns.joined(separator: ", "))) VALUES(\(values.joined(separator: ", ")))")
    }

    func add(bed number: UInt64, words: String) throws {
        try edit(
            """
            INSERT INTO bed(id, room_id, words) VALUES(\(literal(row(number))), \(literal(GardenWorld.room)), '\(words)')
            """)
    }
}
