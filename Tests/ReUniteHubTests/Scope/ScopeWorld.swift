import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A hub with duties and two offices on real files. The first office owns the centre.
final class ScopeWorld {
    let folder: TemporaryFolder
    let time: ScriptedTime
    private(set) var hub: Hub
    let owner: Office
    let guest: Office
    let centre = Identifier(high: 0xCE17_0000_0000_7000, low: 0x8000_0000_0000_0001)
    private(set) var partners: [String: Identifier] = [:]
    private let randomness = ScriptedRandomness(seed: 7)

    init(_ network: NetworkSchema = ScopeNetwork.network) throws {
        folder = try TemporaryFolder()
        time = ScriptedTime()
        hub = try Hub.create(
            folder: folder.file("hub"), name: "Test hub", network: network, time: time,
            randomness: randomness.identifier)
        for (code, relation) in [("OWN", "OWNER"), ("GST", "SENDER")] {
            partners[code] = try hub.addPartner(code: code, name: code) { database, id in
                try database.execute(
                    sql: "INSERT INTO office(id, relation) VALUES(?, ?)", arguments: [id.sqlBlob, relation])
            }
        }
        owner = try Office("owner", partner: "OWN", of: hub, network: network, in: folder, time: time, seed: 11)
        guest = try Office("guest", partner: "GST", of: hub, network: network, in: folder, time: time, seed: 12)
        try hub.insert("Making the centre") { [centre] database, _ in
            try database.execute(sql: "INSERT INTO centre(id, name) VALUES(?, 'Centre')", arguments: [centre.sqlBlob])
        }
        try settle()
    }

    /// Everyone syncs until nothing moves.
    func settle(_ rounds: Int = 3) throws {
        for _ in 0..<rounds {
            for office in [owner, guest] { try sync(office) }
        }
    }

    func sync(_ office: Office) throws {
        time.advance(milliseconds: 1_000)
        try office.sync()
    }

    /// The hub dies and starts again with what is on disk.
    func restart() throws {
        let randomness = ScriptedRandomness(seed: 99)
        hub = try Hub.open(
            folder: folder.file("hub"), network: ScopeNetwork.network, time: time, randomness: randomness.identifier)
    }

    /// The hub sets columns of a row that is there.
    func hubSets(_ table: UInt16, _ key: Identifier, groups: UInt64, _ values: [Value]) throws {
        let receipts = try hub.submit([
            Op(
                table: table, key: key, kind: .set, groups: groups,
                stamp: HybridTime(milliseconds: time.wallMilliseconds), values: values)
        ])
        try #require(receipts.flatMap(\.exceptions).isEmpty)
    }

    /// Ends or renews what an office may do.
    func setActive(_ isActive: Bool, _ code: String) throws {
        try hubSets(1, try #require(partners[code]), groups: 2, [.integer(isActive ? 1 : 0)])
    }

    /// A new row of the owner's with these columns.
    @discardableResult
    func job(_ number: UInt64, label: String, due: Int64? = nil, by office: Office? = nil) throws -> Identifier {
        let id = row(number)
        try (office ?? owner).edit(
            """
            INSERT INTO job(id, centre_id, label, due_ms)
            VALUES(\(literal(id)), \(literal(centre)), '\(label)', \(due.map(String.init) ?? "NULL"))
            """)
        return id
    }

    func text(_ sql: String) throws -> String? {
        try hub.read("Reading") { try String.fetchOne($0, sql: sql) }
    }

    func count(_ sql: String) throws -> Int {
        try hub.read("Reading") { try Int.fetchOne($0, sql: "SELECT count(*) FROM " + sql) ?? -1 }
    }

    func state(_ job: Identifier) throws -> String? {
        try text("SELECT state FROM job WHERE id = \(literal(job))")
    }
}
