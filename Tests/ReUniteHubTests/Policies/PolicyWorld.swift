import Crypto
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A hub and two offices on real files, which sync without a socket. The first office owns the centre.
final class PolicyWorld {
    let folder: TemporaryFolder
    let time: ScriptedTime
    let hub: Hub
    let owner: Office
    let guest: Office
    let centre = Identifier(high: 0xCE17_0000_0000_7000, low: 0x8000_0000_0000_0001)
    var centreLiteral: String { literal(centre) }

    init() throws {
        folder = try TemporaryFolder()
        time = ScriptedTime()
        let randomness = ScriptedRandomness(seed: 7)
        hub = try Hub.create(
            folder: folder.file("hub"), name: "Test hub", network: PolicyNetwork.network, time: time,
            randomness: randomness.identifier)
        for (code, relation) in [("OWN", "OWNER"), ("GST", "SENDER")] {
            _ = try hub.addPartner(code: code, name: code) { database, id in
                try database.execute(
                    sql: "INSERT INTO office(id, relation) VALUES(?, ?)", arguments: [id.sqlBlob, relation])
            }
        }
        owner = try Office("owner", partner: "OWN", of: hub, in: folder, time: time, seed: 11)
        guest = try Office("guest", partner: "GST", of: hub, in: folder, time: time, seed: 12)
        #expect(try write("INSERT INTO centre(id, name) VALUES(\(centreLiteral), 'Centre');") == [])
        try settle()
    }

    /// What the hub writes itself, as SQL. Returns the reasons for which it was not taken.
    @discardableResult
    func write(_ sql: String) throws -> [Reason] {
        let ops = try ScratchCapture.ops(
            network: PolicyNetwork.network
        ) { database in
            try database.execute(sql: sql)
        }
        return try submit(ops)
    }

    @discardableResult
    func submit(_ ops: [Op]) throws -> [Reason] {
        try hub.submit(ops).flatMap(\.exceptions).map(\.reason)
    }

    /// Everyone syncs until nothing moves.
    func settle() throws {
        for _ in 0..<3 {
            for office in [owner, guest] { try office.sync() }
        }
        #expect(try owner.dump() == dump(), "the owner's office shows other values than the hub")
        #expect(try guest.dump() == dump(), "the guest's office shows other values than the hub")
    }

    /// The two offices in one order or the other.
    func offices(swapped: Bool) -> [Office] { swapped ? [guest, owner] : [owner, guest] }

    // MARK: Looking into the hub

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: folder.file("hub/hub.sqlite"), configuration: configuration).read(body)
    }

    func value(_ sql: String) throws -> Value {
        try read { database in
            let statement = try EngineStatement(database, sql)
            return try statement.step() ? statement.value(0) : .null
        }
    }

    func openConflicts() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hub_conflict WHERE closed IS NULL") ?? -1 }
    }

    /// The reasons in quarantine, in the order of arrival.
    func quarantined() throws -> [Reason] {
        try read { try Int.fetchAll($0, sql: "SELECT reason FROM hub_quarantine ORDER BY position, idx") }
            .compactMap { Reason(rawValue: UInt8($0)) }
    }

    /// The op that decided on a cell, to be named in a resolution.
    func siblings(of table: UInt16, _ key: Identifier, group: UInt8) throws -> [SiblingName] {
        let row = try read { database in
            try Row.fetchOne(
                database, sql: "SELECT h, ext FROM hub_row WHERE tbl = ? AND key = ?",
                arguments: [Int64(table), key.sqlBlob])
        }
        let found = try #require(row)
        let clock = try RowClock(stamp: Position(found["h"]), extension: found.bytes("ext"))
        return clock.siblings.filter { $0.group == group }
    }

    private func dump() throws -> [String] { try read(dumpTables) }
}

/// Every synced row of the centre as text.
func dumpTables(_ database: Database) throws -> [String] {
    try ["tally", "risk", "tag", "link", "booking", "plan", "stay"].flatMap { table in
        try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY id").map { "\(table) \($0.description)" }
    }
}

/// One office of a partner: a replica's file, edited as any program would.
final class Office {
    let replica: Replica
    /// Another one where a test sends it to a copy of its hub.
    var hub: Hub
    let keys: DeviceKeys
    /// Sees every sealed request with its sealed answer.
    var watch: ((_ request: [UInt8], _ answer: [UInt8]) throws -> Void)?

    init(
        _ name: String, partner: String, role: String = "office", of hub: Hub,
        network: NetworkSchema = PolicyNetwork.network, in folder: TemporaryFolder, time: ScriptedTime, seed: UInt64
    ) throws {
        self.hub = hub
        let invitation = try hub.invite(partner: partner, name: name, role: role, hours: 1)
        keys = DeviceKeys.generate()
        replica = try Replica.join(
            path: folder.file("\(name).sqlite"), name: name, code: invitation.code, network: network, keys: keys,
            time: time, randomness: ScriptedRandomness(seed: seed), enrol: hub.enrol)
    }

    func edit(_ sql: String) throws { try replica.edit(sql) }

    func value(_ sql: String) throws -> Value { try replica.value(sql) }

    func dump() throws -> [String] { try replica.read("Reading", dumpTables) }

    /// The reasons for which edits came back, in order.
    func returned() throws -> [Reason] {
        try replica.read("Reading") {
            try Int.fetchAll($0, sql: "SELECT reason FROM ru_returned ORDER BY id")
        }.compactMap { Reason(rawValue: UInt8($0)) }
    }

    /// One whole sync, step by step as the client does it.
    func sync() throws {
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
                action = session.answered(try exchange(request.request))
            case .fetch(let id, let bytes):
                var sealed: [UInt8] = []
                while sealed.count < bytes {
                    sealed += try #require(
                        try hub.page(of: id, from: sealed.count, for: try replica.facts().device))
                }
                action = session.fetched(try replica.open(delivery: sealed, id: id), exchanges: 1)
            case .applyUrgent(let bytes): action = session.urged(try replica.apply(urgent: bytes))
            case .applyFetched: throw FormatError(.malformed, "nothing is fetched into a file here")
            case .apply(let bytes):
                action = session.applied(try replica.apply(bytes, hubMilliseconds: session.hubMilliseconds))
            case .settle(let checkpoint):
                action = session.settled(
                    digestMatches: try replica.settle(
                        checkpoint, auditProof: session.auditProof, hubMilliseconds: session.hubMilliseconds))
            case .compare: action = session.compared(found: 0, exchanges: 0)
            case .recover(let epoch, let since):
                try replica.begin(epoch, since: since)
                action = session.recovered(exchanges: 0)
            case .finish(let outcome):
                #expect(outcome.digest == .match)
                return
            case .fail(let failure): throw failure
            }
        }
    }

    /// Signs and sends ops that no write makes, as a device whose owner tampers with it could.
    func forge(_ ops: [Op]) throws {
        let body = try OpCodec.encode(ops, layout: replica.schema)
        _ = try exchange(bringing: [try forged(body: body, count: UInt32(ops.count))])
    }

    /// Signs what is given as the next batch of this device.
    func forged(body: [UInt8], count: UInt32) throws -> SignedBatch {
        let facts = try replica.facts()
        return try forged(
            body, count: count, after: (facts.chainHead, facts.chainNumber, facts.chainSequence), salt: row(77), facts)
    }

    /// Signs ops as the first batch of another chain.
    func forged(_ ops: [Op], salt: Identifier, _ facts: ReplicaFacts) throws -> SignedBatch {
        try forged(
            try OpCodec.encode(ops, layout: replica.schema), count: UInt32(ops.count), after: (.none, 0, 0), salt: salt,
            facts)
    }

    private func forged(
        _ body: [UInt8], count: UInt32, after end: (head: BatchID, number: UInt64, sequence: UInt64),
        salt: Identifier, _ facts: ReplicaFacts
    ) throws -> SignedBatch {
        let header = BatchHeader(
            salt: salt, hub: facts.hub, device: facts.device, keyNumber: facts.keyNumber, parent: end.head,
            number: end.number + 1, firstSequence: end.sequence + 1, opCount: count,
            epoch: facts.epoch, base: facts.cursor, checkpointTag: facts.checkpointTag, schemaVersion: 1,
            clock: ClockReport(
                wallMilliseconds: facts.lastHubMilliseconds, monotonicMilliseconds: 0, boot: .zero,
                lastHubMilliseconds: facts.lastHubMilliseconds, skewMilliseconds: 0),
            author: .zero, opsDigest: Array(SHA256.hash(data: body)))
        return try SignedBatch.sign(header: header, ops: body, with: keys)
    }

    /// A sync with these batches instead of its own.
    func exchange(bringing batches: [SignedBatch]) throws -> SyncAnswer {
        var request = try replica.nextRequest(after: 0, limit: 64 * 1_024).request
        request.batches = batches
        request.checkpoints = [try replica.facts().checkpoint]
        return try exchange(request)
    }

    /// Sends what is in the outbox, and loses the answer.
    func send() throws {
        _ = try exchange(try replica.nextRequest(after: 0, limit: 64 * 1_024).request)
    }

    func exchange(_ request: SyncRequest) throws -> SyncAnswer {
        // Who watches reads bundles.
        let sealed = try watch == nil ? replica.seal(request) : replica.seal(bundle: request)
        for _ in 0..<2 {
            let signed = Hub.SignedRequest(
                device: sealed.device, keyNumber: try replica.facts().keyNumber, ticket: try replica.ticket(),
                body: sealed.body)
            switch try hub.sync(signed) {
            case .challenge(let ticket): try replica.keep(ticket: ticket.encoded())
            case .keys: throw FormatError(.notAuthentic, "hub keys")
            case .answer(let bytes):
                try watch?(sealed.body, bytes)
                let answer = try replica.open(answer: bytes, to: sealed)
                try replica.keep(ticket: answer.ticket)
                return answer
            }
        }
        throw FormatError(.malformed, "the hub asked for a ticket twice")
    }
}
