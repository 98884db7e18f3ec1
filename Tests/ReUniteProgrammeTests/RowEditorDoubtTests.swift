import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

/// The same as ``BadInputTests`` plays with a file, typed into the forms of the desk.
@Suite("What cannot be is refused at its field, what can hardly be is said when it is saved")
struct RowEditorDoubtTests {
    private let network: Network
    private let first: Identifier
    private let second: Identifier
    private let home: Identifier
    private let mentor: Identifier
    private let child: Identifier

    init() throws {
        network = try Network()
        first = try #require(Identifier(try network.markedCase().id))
        second = try network.edit {
            let made = try CaseFiles.create(
                NewCase(person: .init(legalFirst: "Other", legalLast: "Woman", knownAs: "Other")), by: Network.surrey,
                in: $0, now: Network.noon)
            return try #require(Identifier(made.id))
        }
        (home, mentor, child) = try network.edit { database in
            let own = Network.surrey.sqlBlob
            let property = try database.add("property", ["partner_id": own, "name": "Elm House"])
            return (
                try database.add(
                    "unit", ["partner_id": own, "property_id": property.sqlBlob, "ref": "Flat 1"]),
                try database.add("volunteer_mentor", ["partner_id": own, "name": "Hope Hill"]),
                try #require(try Row.fetchOne(database, sql: "SELECT id FROM child")).identifier("id")
            )
        }
    }

    private func add(_ table: String, to caseID: Identifier, _ typed: [String: String]) throws -> RowEditor.Outcome {
        try network.edit {
            try RowEditor($0, partner: Network.surrey, now: Network.noon).add(table, to: caseID, typed)
        }
    }

    private func warnings(_ outcome: RowEditor.Outcome) -> [String]? {
        if case .saved(_, let warnings) = outcome { return warnings }
        Issue.record("it was refused: \(outcome)")
        return nil
    }

    private func refused(_ outcome: RowEditor.Outcome) -> [String] {
        if case .wrong(let problems) = outcome { return problems.map(\.column) }
        Issue.record("it was taken: \(outcome)")
        return []
    }

    @Test("A child older than the mother is kept, and said with the column and the reason")
    func olderThanTheMother() throws {
        let said = warnings(try add("child", to: first, ["first_name": "Ada", "date_of_birth": "1980-05-06"]))
        #expect(
            said?.contains(
                "Look at this. Child, Date of birth: the child would be older than the mother, or born before she was "
                    + "twelve. Compare it with the paper; it is kept as it is.") == true, "\(said ?? [])")
        #expect(warnings(try add("child", to: first, ["first_name": "Eve", "date_of_birth": "2016-05-06"])) == [])
    }

    @Test("A mother whose birthday is put right, and is younger than her child then: the child is said")
    func becameOlder() throws {
        let outcome = try network.edit { database in
            let editor = try RowEditor(database, partner: Network.surrey, now: Network.noon)
            let person = try #require(
                try Row.fetchOne(
                    database, sql: "SELECT id FROM person WHERE case_id = ?", arguments: [first.sqlBlob]))
            let id = person.identifier("id")
            let version = try editor.form(of: id, in: "person").version
            return try editor.change(id, in: "person", ["date_of_birth": "2006-02-28"], version: version)
        }
        #expect(warnings(outcome)?.contains { $0.hasPrefix("Look at this. Child, Date of birth: ") } == true)
    }

    @Test("A home for two families on the same nights, and a mentor for two women: asked for, and said")
    func twice() throws {
        func stay(_ caseID: Identifier, _ from: String, _ to: String) throws -> [String]? {
            warnings(
                try add("occupancy", to: caseID, ["unit_id": "\(home)", "arrive_on": from, "depart_on": to]))
        }
        #expect(try stay(first, "2026-12-01", "2027-06-01") == [])
        #expect(try stay(second, "2027-06-01", "2027-09-01") == [])
        let said = try stay(second, "2027-05-31", "2027-06-01")
        #expect(
            said == [
                "Look at this. Home: it is asked for or given on some of these days already. Both are kept; the hub "
                    + "gives it once, and the other waits for a person."
            ])
        func match(_ caseID: Identifier) throws -> [String]? {
            warnings(try add("mentor_match", to: caseID, ["mentor_id": "\(mentor)", "from_on": "2026-11-01"]))
        }
        #expect(try match(first) == [])
        #expect(try match(second)?.contains { $0.contains("asked for or given") } == true)
    }

    @Test("What was doubtful before is said to nobody who types something else")
    func once() throws {
        _ = try add("child", to: first, ["first_name": "Ada", "date_of_birth": "1980-05-06"])
        #expect(warnings(try add("need", to: first, ["category": "HEALTH"])) == [])
    }

    @Test("What is held for her by a referral is not in the way of her own home")
    func heldForHer() throws {
        try network.edit { database in
            let referral = Identifier(high: 7, low: 7)
            try database.execute(
                sql: """
                    INSERT INTO referral(id, case_id, from_partner_id, to_partner_id) VALUES(?, ?, ?, ?)
                    """,
                arguments: [
                    referral.sqlBlob, first.sqlBlob, Network.gloucestershire.sqlBlob, Network.surrey.sqlBlob,
                ])
            try database.execute(
                sql: """
                    INSERT INTO unit_hold(referral_id, unit_id, from_on, to_on) VALUES(?, ?, '2026-12-01', '2027-02-01')
                    """, arguments: [referral.sqlBlob, home.sqlBlob])
        }
        let nights = ["unit_id": "\(home)", "arrive_on": "2026-12-05", "depart_on": "2027-01-01"]
        #expect(warnings(try add("occupancy", to: first, nights)) == [])
        #expect(warnings(try add("occupancy", to: second, nights))?.count == 1)
    }

    @Test("What cannot be is refused at its field, and nothing is written")
    func cannotBe() throws {
        let before = try network.logged()
        for (table, typed, column) in [
            ("child", ["first_name": "Ada", "date_of_birth": "2016-02-30"], "date_of_birth"),
            ("child", ["first_name": "Ada", "date_of_birth": "2099-01-01"], "date_of_birth"),
            ("child", ["first_name": String(repeating: "a", count: 101)], "first_name"),
            ("child", ["first_name": "bell\u{7}"], "first_name"),
            ("need", ["category": "HOUSING"], "category"),
            ("occupancy", ["unit_id": "\(home)", "arrive_on": "2027-05-19", "depart_on": "2027-02-20"], "arrive_on"),
        ] {
            #expect(refused(try add(table, to: first, typed)) == [column], "\(table) \(typed.keys)")
        }
        #expect(try network.logged() == before)
    }

    @Test("A second care episode that goes on is refused at its field until the first has ended")
    func careEpisodes() throws {
        func episode(_ from: String) throws -> RowEditor.Outcome {
            try add(
                "child_care_episode", to: first, ["child_id": "\(child)", "from_on": from, "legal_status": "C2"])
        }
        #expect(warnings(try episode("2020-02-01")) == [])
        #expect(refused(try episode("2021-02-01")).count == 1)
    }
}
