import GRDB
import ReUniteReplica
import ReUniteSync

/// What the hub must see to: subjects that have duties, and proposals that were answered.
///
/// Written in the transaction that gave rise to it, so that a hub that dies in between finds it when it starts again.
struct DueList {
    private let database: Database
    private let schema: HubSchema

    init(_ database: Database, _ schema: HubSchema) {
        self.database = database
        self.schema = schema
    }

    /// What a line of the list is about.
    enum Kind: Int64 {
        case subject = 0
        case answer = 1
    }

    /// Tells the network's rules the time.
    static func set(now: Int64, _ database: Database) throws {
        try database.cachedStatement(sql: "UPDATE ru_now SET ms = ?").execute(arguments: [now])
    }

    /// Puts on the list which of these scopes, and of the subjects that hang on them, have duties.
    func note(_ scopes: Set<Identifier>) throws {
        guard !scopes.isEmpty, schema.has(.duty) else { return }
        let subjects = try scopes.union(DutyReach(database, schema).subjects(of: scopes))
        // The rules are long, and to prepare them takes longer than to ask them.
        let look = try database.cachedStatement(sql: "SELECT 1 FROM ru_duty WHERE subject = ? LIMIT 1")
        let forget = try database.cachedStatement(sql: "DELETE FROM hub_stuck WHERE subject = ?")
        for subject in subjects.sorted() {
            if try Int.fetchOne(look, arguments: [subject.sqlBlob]) != nil {
                try add(.subject, subject)
            } else {
                try forget.execute(arguments: [subject.sqlBlob])
            }
        }
    }

    /// The same for the partner of a device that comes, joins or goes.
    func note(partnerOf device: Identifier) throws {
        guard schema.has(.duty),
            let row = try Row.fetchOne(
                database, sql: "SELECT partner FROM hub_device WHERE id = ?", arguments: [device.sqlBlob])
        else { return }
        try note([row.identifier("partner")])
    }

    func note(answered proposals: Set<Identifier>) throws {
        for proposal in proposals.sorted() { try add(.answer, proposal) }
    }

    /// Puts every subject on the list that has a duty, and lets every duty be tried again.
    func noteAll() throws {
        guard schema.has(.duty) else { return }
        try database.execute(sql: "UPDATE hub_stuck SET endless = 0")
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO hub_due(kind, id)
                SELECT DISTINCT 0, subject FROM ru_duty WHERE subject IS NOT NULL
                """
        ).execute()
        // Where nothing is stuck, the rules are not asked a second time.
        guard try Int.fetchOne(database, sql: "SELECT 1 FROM hub_stuck LIMIT 1") != nil else { return }
        try database.cachedStatement(
            sql: "DELETE FROM hub_stuck WHERE (subject, duty) NOT IN (SELECT subject, duty FROM ru_duty)"
        ).execute()
    }

    /// The duties of the subjects on the list. Subjects that have none left to do come off it.
    func duties(leavingOut putOff: Set<Duty>) throws -> [Duty] {
        guard schema.has(.duty) else { return [] }
        let subjects = try ids(.subject)
        let look = try database.cachedStatement(
            sql: "SELECT DISTINCT duty FROM ru_duty WHERE subject = ? ORDER BY duty")
        var all: [Duty] = []
        for subject in subjects {
            var found = try String.fetchAll(look, arguments: [subject.sqlBlob])
                .map { Duty(subject: subject, name: $0) }
            let stuck = try Row.fetchAll(
                database, sql: "SELECT duty, endless FROM hub_stuck WHERE subject = ?", arguments: [subject.sqlBlob])
            for row in stuck where !found.contains(where: { $0.name == row["duty"] }) {
                try forget(stuck: Duty(subject: subject, name: row["duty"]))
            }
            let endless = Set(stuck.filter { $0["endless"] == 1 }.map { $0["duty"] as String })
            found.removeAll { putOff.contains($0) || endless.contains($0.name) }
            if found.isEmpty { try remove(.subject, subject) }
            all += found
        }
        return all
    }

    func forget(stuck duty: Duty) throws {
        try database.execute(
            sql: "DELETE FROM hub_stuck WHERE subject = ? AND duty = ?", arguments: [duty.subject.sqlBlob, duty.name])
    }

    /// Records that a duty could not be done.
    func putOff(_ duty: Duty, why: String, isEndless: Bool = false, at now: Int64) throws {
        try database.execute(
            sql: """
                INSERT INTO hub_stuck(subject, duty, why, since_ms, endless) VALUES(?, ?, ?, ?, ?)
                ON CONFLICT(subject, duty) DO UPDATE SET why = excluded.why, endless = excluded.endless
                """, arguments: [duty.subject.sqlBlob, duty.name, why, now, isEndless])
    }

    // MARK: The list

    static func isAnything(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT 1 FROM hub_due LIMIT 1") != nil
    }

    func ids(_ kind: Kind) throws -> [Identifier] {
        try Row.fetchAll(
            database, sql: "SELECT id FROM hub_due WHERE kind = ? ORDER BY id", arguments: [kind.rawValue]
        ).map { $0.identifier("id") }
    }

    func remove(_ kind: Kind, _ id: Identifier) throws {
        try database.execute(
            sql: "DELETE FROM hub_due WHERE kind = ? AND id = ?", arguments: [kind.rawValue, id.sqlBlob])
    }

    private func add(_ kind: Kind, _ id: Identifier) throws {
        try database.execute(
            sql: "INSERT OR IGNORE INTO hub_due(kind, id) VALUES(?, ?)", arguments: [kind.rawValue, id.sqlBlob])
    }
}

extension SQLiteHubStore {
    /// Puts what a device has acknowledged since it last asked on the list of what to look at: only an office's word
    /// counts as its partner's.
    ///
    /// - Parameter now: the hub's clock; a file's presence is of the time when it was made.
    func noteAcknowledged(
        _ presence: Presence, by device: Identifier, atMilliseconds now: Int64, _ database: Database
    ) throws {
        guard schema.has(.duty),
            let row = try Row.fetchOne(
                database, sql: "SELECT sub, cursor FROM hub_device WHERE id = ? AND role = 'office'",
                arguments: [device.sqlBlob]),
            presence.cursor.rawValue > row["cursor"]
        else { return }
        let (subscription, before): (Int64, Int64) = (row["sub"], row["cursor"])
        let scopes = try Row.fetchAll(
            database,
            sql: """
                SELECT key AS id FROM hub_feed WHERE sub = ?1 AND position > ?2 AND position <= ?3 AND kind = 1
                UNION
                SELECT s.id FROM hub_feed f
                CROSS JOIN hub_row r ON r.tbl = f.tbl AND r.key = f.key CROSS JOIN hub_scope s ON s.no = r.scope
                WHERE f.sub = ?1 AND f.position > ?2 AND f.position <= ?3 AND f.kind = 0
                """, arguments: [subscription, before, presence.cursor.rawValue])
        // The rules ask how far the device has come.
        try database.execute(
            sql: "UPDATE hub_device SET cursor = ? WHERE id = ?",
            arguments: [presence.cursor.rawValue, device.sqlBlob])
        try DueList.set(now: now, database)
        try DueList(database, schema).note(Set(scopes.map { $0.identifier("id") }))
    }
}
