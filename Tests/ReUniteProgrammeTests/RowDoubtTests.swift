import GRDB
import Testing

@testable import ReUniteProgramme

/// What was typed and cannot be: kept, and said so with the reason.
@Suite("Rows that cannot be right are named with the reason")
struct RowDoubtTests {
    struct Doubt: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: String
        let whys: [String]

        init(_ name: String, _ sql: String, _ whys: String...) {
            (testDescription, self.sql, self.whys) = (name, sql, whys)
        }
    }

    private static let noDay = "there is no such day"
    private static let noMother = "the child would be older than the mother, or born before she was twelve"
    private static let grown = "the child was eighteen when the case was opened"

    static let doubts = [
        Doubt("She was born on 30 February", "UPDATE person SET date_of_birth = '1990-02-30'", noDay),
        Doubt("29 February of a leap year is a day", "UPDATE person SET date_of_birth = '1988-02-29'"),
        Doubt("29 February of another year is none", "UPDATE person SET date_of_birth = '1990-02-29'", noDay),
        Doubt(
            "She is fourteen", "UPDATE person SET date_of_birth = '2012-01-02'",
            "she would be younger than fifteen or older than ninety-nine", noMother),
        Doubt(
            "The child is older than the mother", "UPDATE child SET date_of_birth = '1980-01-01'",
            noMother, grown),
        Doubt(
            "The child was nineteen at the opening", "UPDATE child SET date_of_birth = '2006-12-01'",
            grown),
        Doubt("The child is expected", "UPDATE child SET date_of_birth = NULL, expected_on = '2027-02-01'"),
        Doubt(
            "A care episode from before the birth",
            """
            INSERT INTO child_care_episode(case_id, child_id, from_on, legal_status)
            SELECT case_id, id, '2015-01-01', 'C2' FROM child
            """, "it begins before the child was born"),
        Doubt(
            "She leaves prison before she came",
            """
            INSERT INTO custody_episode(case_id, received_on, release_date)
            SELECT id, '2026-05-01', '2026-04-01' FROM case_file
            """, "she would be released before she was received"),
        Doubt(
            "The day of release is past, and she is in prison by her case",
            """
            UPDATE case_file SET phase = 'PRE_RELEASE';
            INSERT INTO custody_episode(case_id, release_date) SELECT id, '2026-11-20' FROM case_file;
            INSERT INTO custody_episode(case_id, release_date) SELECT id, '2026-11-21' FROM case_file;
            INSERT INTO custody_episode(case_id, release_date, release_type) SELECT id, '2026-11-01', 'ROTL' FROM case_file
            """, "the day is past, and by her case she is not released"),
        Doubt(
            "She was released, recalled, and is in prison again",
            """
            UPDATE case_file SET phase = 'PRE_RELEASE';
            INSERT INTO custody_episode(case_id, release_date) SELECT id, '2026-11-10' FROM case_file;
            INSERT INTO outcome_event(case_id, kind, occurred_on, source)
            SELECT id, 'RECALL', '2026-11-12', 'PROBATION' FROM case_file
            """),
        Doubt(
            "She was released, and received once more",
            """
            UPDATE case_file SET phase = 'PRE_RELEASE';
            INSERT INTO custody_episode(case_id, release_date) SELECT id, '2026-11-10' FROM case_file;
            INSERT INTO custody_episode(case_id, received_on) SELECT id, '2026-11-12' FROM case_file
            """),
        Doubt(
            "The duty to refer goes to the county",
            """
            INSERT INTO duty_to_refer(case_id, la_gss, submitted_on) SELECT id, 'E10000030', '2026-11-01' FROM case_file
            """, "a county owes no homelessness duty: name the district"),
        Doubt(
            "Two women are in one case", "INSERT INTO person(case_id, known_as) SELECT id, 'Other' FROM case_file",
            "another woman is in the same case", "another woman is in the same case"),
        Doubt(
            "A contact that is still to come",
            """
            INSERT INTO engagement_event(case_id, kind, recorded_for_at, entered_at)
            SELECT id, 'ATTENDED', 1900000000000 + 86400001, 1900000000000 FROM case_file
            """, "it would have happened after it was typed"),
        Doubt(
            "A contact of today, at noon",
            """
            INSERT INTO engagement_event(case_id, kind, recorded_for_at, entered_at)
            SELECT id, 'ATTENDED', 1900000000000 + 43200000, 1900000000000 FROM case_file
            """),
        Doubt(
            "Days of what has happened that lie years ahead",
            """
            UPDATE case_file SET opened_on = '2036-01-01', closed_on = '2037-01-01';
            UPDATE child SET date_of_birth = '2036-01-01';
            INSERT INTO move_on(case_id, moved_on) SELECT id, '2036-01-01' FROM case_file;
            INSERT INTO custody_episode(case_id, received_on) SELECT id, '2036-01-01' FROM case_file;
            INSERT INTO child_care_episode(case_id, child_id, from_on, legal_status)
            SELECT case_id, id, '2036-01-01', 'C2' FROM child;
            INSERT INTO tenancy_check(case_id, counted_from, at_months, checked_on, source)
            SELECT id, 'RELEASE', 0, '2036-01-01', 'WOMAN' FROM case_file;
            INSERT INTO outcome_event(case_id, kind, occurred_on, proven_on, source)
            SELECT id, 'REOFFENCE', '2026-11-01', '2036-01-01', 'PROBATION' FROM case_file
            """, "the day is still to come", "the day is still to come", "the day is still to come",
            "the day is still to come", "the day is still to come", "the day is still to come",
            "the day is still to come", "the day is still to come"),
        Doubt(
            "Another machine's clock may be a day fast",
            "INSERT INTO move_on(case_id, moved_on) SELECT id, '2026-11-22' FROM case_file"),
        Doubt(
            "Convicted before the offence",
            """
            INSERT INTO outcome_event(case_id, kind, occurred_on, proven_on, source)
            SELECT id, 'REOFFENCE', '2026-11-02', '2026-11-01', 'PROBATION' FROM case_file
            """, "it was proven before it happened"),
        Doubt(
            "Planned by its reason, and not planned",
            """
            INSERT INTO move_on(case_id, moved_on, planned, departure_reason)
            SELECT id, '2026-11-01', 0, 'PLANNED' FROM case_file;
            INSERT INTO move_on(case_id, moved_on, planned, departure_reason)
            SELECT id, '2026-11-01', 1, 'PLANNED' FROM case_file;
            INSERT INTO move_on(case_id, moved_on, departure_reason) SELECT id, '2026-11-01', 'PLANNED' FROM case_file
            """, "it was planned by its reason, and not planned"),
        Doubt(
            "Nobody says what she is called", "UPDATE person SET known_as = ' ', legal_first = NULL, legal_last = NULL",
            "nobody says what she is called"),
        Doubt(
            "She is called by her last name alone",
            "UPDATE person SET known_as = NULL, legal_first = NULL, legal_last = 'Reed'"),
        Doubt(
            "She consented before she was born",
            """
            INSERT INTO consent(case_id, purpose, decision, recorded_for_at)
            SELECT id, 'STORE', 'GIVEN', -5364662400000 FROM case_file
            """, "it would have happened before she was born"),
        Doubt(
            "The referral is of another century",
            """
            INSERT INTO referral(case_id, to_partner_id, release_date, needed_from)
            SELECT f.id, p.id, '1999-01-01', '1999-01-01' FROM case_file f, partner p WHERE p.code = 'GLS';
            INSERT INTO referral(case_id, to_partner_id, release_date, needed_from)
            SELECT f.id, p.id, '2026-01-01', '2026-01-01' FROM case_file f, partner p WHERE p.code = 'GLS'
            """, "the day is more than a year before her case was opened",
            "the day is more than a year before her case was opened"),
        Doubt(
            "The duty to refer goes to nobody",
            """
            INSERT INTO duty_to_refer(case_id, la_gss, submitted_on) SELECT id, 'E07999999', '2026-11-01' FROM case_file
            """, "there is no such local authority"),
    ]

    @Test("A doubt names its reason, and what is possible raises none", arguments: RowDoubtTests.doubts)
    func doubt(_ doubt: Doubt) throws {
        let network = try Network()
        _ = try network.markedCase()
        let found = try network.edit { database in
            try database.execute(sql: "UPDATE person SET date_of_birth = '1990-02-28'")
            try database.execute(sql: "UPDATE child SET date_of_birth = '2015-06-01'")
            try database.execute(sql: "UPDATE case_file SET opened_on = '2026-11-21'")
            try database.execute(sql: "UPDATE ru_now SET ms = \(Network.noon)")
            try database.execute(sql: doubt.sql)
            return try String.fetchAll(database, sql: "SELECT why FROM row_doubt")
        }
        #expect(found.sorted() == doubt.whys.sorted())
    }

    @Test("Two authorities told at once are both in doubt, and one that was taken back is not")
    func twoAuthorities() throws {
        let network = try Network()
        _ = try network.markedCase()
        let counts = try network.edit { database in
            try database.execute(
                sql: """
                    INSERT INTO duty_to_refer(case_id, la_gss, submitted_on)
                    SELECT id, 'E07000081', '2026-11-01' FROM case_file;
                    INSERT INTO duty_to_refer(case_id, la_gss, submitted_on)
                    SELECT id, 'E07000217', '2026-11-02' FROM case_file;
                    """)
            let both = try Int.fetchOne(database, sql: "SELECT count(*) FROM row_doubt")
            try database.execute(sql: "UPDATE duty_to_refer SET status = 'WITHDRAWN' WHERE la_gss = 'E07000217'")
            return [both, try Int.fetchOne(database, sql: "SELECT count(*) FROM row_doubt")]
        }
        #expect(counts == [2, 0])
    }

    @Test(
        "What steers a screen or turns the direction is a control character; joiners, accents and line ends are none",
        arguments: [
            (0, 1), (7, 1), (127, 1), (133, 1), (155, 1), (8232, 1), (8238, 1), (8295, 1), (65534, 1), (9, 0), (10, 0),
            (160, 0), (8204, 0), (8205, 0), (8206, 0), (65533, 0),
        ])
    func controls(code: Int, count: Int) throws {
        let network = try Network()
        _ = try network.markedCase()
        let found = try network.edit { database in
            try database.execute(sql: "UPDATE person SET nationality = 'a' || char(\(code)) || 'b'")
            return try RowDoubts.all(in: database).filter { $0.column == "nationality" }.map(\.why)
        }
        #expect(found == Array(repeating: RowDoubts.control, count: count))
    }

    @Test("In every column: days that no calendar has, codes that no list has, control characters; with row and reason")
    func everyColumn() throws {
        let network = try Network()
        let summary = try network.markedCase()
        let found = try network.edit { database in
            try database.execute(sql: "UPDATE person SET date_of_birth = '1990-02-28', nationality = 'Bri' || char(7)")
            try database.execute(sql: "UPDATE child SET date_of_birth = '2015-06-01'")
            try database.execute(sql: "UPDATE case_file SET cohort = 'NOBODY'")
            try database.execute(sql: "INSERT INTO need(case_id, category) SELECT id, 'HOSING' FROM case_file")
            try database.execute(
                sql: """
                    INSERT INTO move_on(case_id, moved_on, tenancy_start) SELECT id, '1026-11-30', '2026-02-29'
                    FROM case_file
                    """)
            return try RowDoubts.all(in: database)
        }
        #expect(
            Set(found.map { "\($0.table).\($0.column): \($0.why)" }) == [
                "person.nationality: there is a control character in it",
                "case_file.cohort: it is not in the list of codes", "need.category: it is not in the list of codes",
                "move_on.moved_on: the year cannot be right", "move_on.tenancy_start: there is no such day",
            ])
        #expect(found.allSatisfy { $0.partner == "SRY" && !$0.row.isEmpty })
        #expect(found.contains { $0.row == summary.id })
    }

    @Test("Days and months are known by the table's own text, and of several codes in a cell each is looked up")
    func byTheTablesText() throws {
        let network = try Network()
        let found = try network.edit { database in
            func text(_ table: String) throws -> String {
                try #require(
                    try String.fetchOne(
                        database, sql: "SELECT sql FROM sqlite_schema WHERE name = ?", arguments: [table]))
            }
            let month = ColumnChecks(column: "release_month", sql: try text("enquiry"))
            #expect(month.isMonth && !month.isDate)
            let days = [("unit", "online_from"), ("unit", "online_to"), ("prison_authorisation", "valid_to")]
            for (table, column) in days {
                #expect(ColumnChecks(column: column, sql: try text(table)).isDate, "\(table).\(column)")
            }
            try database.execute(
                sql: """
                    INSERT INTO volunteer_mentor(partner_id, name, areas)
                    SELECT id, 'Both are known', 'BUDGETING,HEALTH' FROM partner WHERE code = 'SRY';
                    INSERT INTO volunteer_mentor(partner_id, name, areas)
                    SELECT id, 'One is not', 'BUDGETING,GARDEN' FROM partner WHERE code = 'SRY';
                    INSERT INTO volunteer_mentor(partner_id, name, areas)
                    SELECT id, 'One is empty', 'BUDGETING,' FROM partner WHERE code = 'SRY'
                    """)
            return try RowDoubts.all(in: database)
        }
        #expect(found.map(\.column) == ["areas", "areas"] && found.allSatisfy { $0.why == RowDoubts.noCode })
    }

    @Test("What is too long, or has no form of a day, is refused by the table itself")
    func refused() throws {
        let network = try Network()
        _ = try network.markedCase()
        for sql in [
            "UPDATE person SET known_as = printf('%101s', 'x')", "UPDATE person SET date_of_birth = '28/02/1990'",
            "UPDATE case_file SET phase = 'SOMETHING'", "UPDATE need SET category = ''",
        ] {
            #expect(throws: DatabaseError.self, "\(sql)") { try network.edit { try $0.execute(sql: sql) } }
        }
    }
}
