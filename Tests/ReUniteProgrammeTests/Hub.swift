import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

/// What a hub adds to the rules: its clock, what it knows of devices and conflicts, and its own hand.
extension Network {
    static let day: Int64 = 86_400_000

    /// Puts tables in place of the views that only a hub fills.
    func becomeHub() throws {
        try edit { database in
            for (view, columns) in [
                ("ru_seen", "tbl, key, partner"), ("ru_open_conflict", "scope, tbl, key, col"),
                ("ru_taken", "tbl, key, col, ms"),
            ] {
                try database.execute(sql: "DROP VIEW \(view); CREATE TABLE \(view)(\(columns));")
            }
        }
        try setClock(Network.noon)
    }

    /// Writes what only a hub writes: past the triggers.
    func writeAsHub(_ table: String, _ body: (Database) throws -> Void) throws {
        try edit { database in
            let triggers = try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?",
                arguments: [table])
            for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(quoted(trigger))") }
            try body(database)
        }
    }

    func setClock(_ now: Int64) throws { try edit { try Guards.setClock(now, in: $0) } }

    /// The names of the duties that the hub has towards a scope, in order.
    func duties(_ subject: String) throws -> [String] {
        let id = try #require(Identifier(subject))
        return try edit {
            try String.fetchAll(
                $0, sql: "SELECT DISTINCT duty FROM referral_duty WHERE subject = ? ORDER BY duty",
                arguments: [id.sqlBlob])
        }
    }

    /// Does what the hub has to do for a scope, and expects that nothing is left to do.
    @discardableResult
    func perform(_ subject: String) throws -> [String] {
        let id = try #require(Identifier(subject))
        let names = try duties(subject)
        for name in names {
            try edit { database in
                let rows = try Row.fetchAll(
                    database, sql: "SELECT * FROM referral_duty WHERE subject = ? AND duty = ? ORDER BY step",
                    arguments: [id.sqlBlob, name])
                let steps = Dictionary(grouping: rows) { $0["step"] as Int }.sorted { $0.key < $1.key }
                for cells in steps.map(\.value) { try write(cells, in: database) }
            }
        }
        #expect(try duties(subject).isEmpty, "a duty that is done is no more")
        return names
    }

    private func write(_ cells: [Row], in database: Database) throws {
        let table: String = cells[0]["tbl"]
        let columns = cells.map { $0["col"] as String }
        let values = cells.map { $0["value"] as DatabaseValue }
        let key = cells[0]["key"] as DatabaseValue
        if key.isNull {
            let marks = columns.map { _ in "?" }.joined(separator: ", ")
            try database.execute(
                sql: "INSERT INTO \(table)(\(columns.joined(separator: ", "))) VALUES(\(marks))",
                arguments: StatementArguments(values))
        } else {
            let sets = columns.map { "\($0) = ?" }.joined(separator: ", ")
            try database.execute(
                sql: "UPDATE \(table) SET \(sets) WHERE id = ?", arguments: StatementArguments(values + [key]))
        }
    }

    /// What stands against a step.
    func against(_ state: String, _ referral: String) throws -> [String] {
        let id = try #require(Identifier(referral))
        return try edit { try Guards.reasons(against: state, of: id, in: $0) }
    }

    /// The codes of the classes that a partner may read in a scope.
    func reads(_ partner: Identifier, _ scope: String) throws -> Set<String> {
        try classes("read_mask", partner, scope)
    }

    func writes(_ partner: Identifier, _ scope: String) throws -> Set<String> {
        try classes("write_mask", partner, scope)
    }

    private func classes(_ mask: String, _ partner: Identifier, _ scope: String) throws -> Set<String> {
        let id = try #require(Identifier(scope))
        return try edit {
            Set(
                try String.fetchAll(
                    $0,
                    sql: """
                        SELECT k.code FROM ru_grant_source g JOIN ru_class k ON g.\(mask) & (1 << k.bit)
                        WHERE g.scope = ? AND g.partner = ?
                        """, arguments: [id.sqlBlob, partner.sqlBlob]))
        }
    }

    /// A home of Gloucestershire's.
    func home() throws -> String {
        try edit { database in
            let property = try database.add(
                "property", ["partner_id": Network.gloucestershire.sqlBlob, "name": "The Terrace"])
            return try database.add(
                "unit",
                [
                    "partner_id": Network.gloucestershire.sqlBlob, "property_id": property.sqlBlob, "ref": "Flat 1",
                ]
            ).description
        }
    }

    /// A home that the hub holds for a referral.
    func hold(for referral: ReferralSummary) throws {
        let unit = try #require(Identifier(try home()))
        let id = try #require(Identifier(referral.id))
        try writeAsHub("unit_hold") { database in
            _ = try database.add(
                "unit_hold",
                [
                    "referral_id": id.sqlBlob, "unit_id": unit.sqlBlob, "from_on": "2027-01-15",
                    "to_on": "2028-01-15", "status": "HELD",
                ])
        }
    }

    /// A referral that Gloucestershire accepted.
    func accepted(kind: String = "REFER_HOUSE") throws -> ReferralSummary {
        let summary = try markedCase()
        try consent(summary.id)
        return try edit { database in
            let draft = try Referrals.create(
                NewReferral(to: "GLS", kind: kind), of: summary.id, by: Network.surrey, in: database,
                now: Network.noon)
            try Referrals.send(draft.id, by: Network.surrey, in: database, now: Network.noon)
            return try Referrals.accept(draft.id, by: Network.gloucestershire, in: database, now: Network.noon)
        }
    }

    static let done = HandoverChecklist(
        riskCall: "DONE", childrenPlan: "DONE", dutyToRefer: "NOT_NEEDED", transport: "DONE")

    func sign(_ referral: ReferralSummary, _ partner: Identifier, now: Int64 = Network.noon) throws {
        try edit { _ = try Referrals.handOver(referral.id, Network.done, by: partner, in: $0, now: now) }
    }

    /// A referral whose case changed hands.
    func transferred() throws -> ReferralSummary {
        let referral = try accepted()
        try sign(referral, Network.surrey)
        try sign(referral, Network.gloucestershire)
        #expect(try perform(referral.id) == ["TRANSFERRED"])
        return try edit { database in
            try #require(
                try Referrals.list(in: database, by: Network.surrey).first { $0.id == referral.id })
        }
    }
}
