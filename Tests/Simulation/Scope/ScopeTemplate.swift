import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// Three teams, their devices and three folders before anybody was let in anywhere; made once and then copied.
struct ScopeTemplate: Sendable {
    struct Place: Sendable {
        let name: String
        /// The place of the team in ``partners``.
        let team: Int
    }

    /// The first team's office, two machines of the second, one of the third.
    static let places = [
        Place(name: "a1", team: 0), Place(name: "b1", team: 1), Place(name: "b2", team: 1), Place(name: "c1", team: 2),
    ]
    static let start: Int64 = 1_772_366_400_000
    static let codes = ["AAA", "BBB", "CCC"]

    let folder: TemporaryFolder
    let partners: [Identifier]
    /// Each folder with the place of its owner: two of the first team's, one of the second's.
    let folders: [(id: Identifier, owner: Int)]
    /// Every row with the folder that it belongs to.
    let rows: [RowKey: Identifier]
    /// How many words have been written.
    let words: Int

    static let shared = Result { try ScopeTemplate() }

    private init() throws {
        folder = try TemporaryFolder()
        let time = ScriptedTime(wall: ScopeTemplate.start - 3_600_000)
        let randomness = ScriptedRandomness(seed: 0x5C0)
        let hub = try Hub.create(
            folder: folder.file("hub"), name: "Test hub", network: ScopeNetwork.network, time: time,
            randomness: { randomness.identifier() })
        partners = try ScopeTemplate.codes.map { code in
            try hub.addPartner(code: code, name: code) { database, id in
                try database.execute(sql: "INSERT INTO team(id, code) VALUES(?, ?)", arguments: [id.sqlBlob, code])
            }
        }
        var rows: [RowKey: Identifier] = [:]
        var folders: [(id: Identifier, owner: Int)] = []
        var words = 0
        for place in ScopeTemplate.places {
            let code = ScopeTemplate.codes[place.team]
            let invitation = try hub.invite(partner: code, name: place.name, role: "office", hours: 1)
            let replica = try Replica.join(
                path: folder.file("\(place.name).sqlite"), name: place.name, code: invitation.code,
                network: ScopeNetwork.network, time: time, randomness: randomness, enrol: hub.enrol)
            for _ in 0..<(place.name == "a1" ? 2 : place.name == "b1" ? 1 : 0) {
                let (id, made) = try ScopeTemplate.fill(replica, owner: partners[place.team], randomness, &words)
                folders.append((id, place.team))
                for row in made { rows[row] = id }
            }
            var wire = Wire(faults: nil)
            _ = try wire.sync(replica, with: hub)
            _ = try replica.database.writeWithoutTransaction {
                try Row.fetchAll($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            }
            try replica.database.close()
        }
        self.rows = rows
        self.folders = folders
        self.words = words
        let database = try EngineDatabase.open(path: folder.file("hub/hub.sqlite"), role: .engine, label: "operator")
        _ = try database.writeWithoutTransaction { try Row.fetchAll($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try database.close()
    }

    /// A folder with two items, a need, two risks and an entry.
    private static func fill(
        _ replica: Replica, owner: Identifier, _ randomness: ScriptedRandomness, _ words: inout Int
    ) throws -> (id: Identifier, rows: [RowKey]) {
        let id = randomness.identifier()
        var rows = [RowKey(table: ScopeNetwork.folder, key: id)]
        func word() -> String {
            words += 1
            return ScopeWorld.word(words)
        }
        try replica.edit("Editing") { database in
            try database.execute(
                sql: "INSERT INTO folder(id, owner, title) VALUES(?, ?, ?)",
                arguments: [id.sqlBlob, owner.sqlBlob, word()])
            let tables = [
                ScopeNetwork.item, ScopeNetwork.item, ScopeNetwork.need, ScopeNetwork.risk, ScopeNetwork.risk,
                ScopeNetwork.entry,
            ]
            for table in tables {
                let row = RowKey(table: table, key: randomness.identifier())
                try ScopeWorld.insert(row, into: id, database) { _ in word() }
                rows.append(row)
            }
        }
        return (id, rows)
    }
}
