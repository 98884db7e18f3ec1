import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

/// What the programme asks for by name, line by line.
@Suite("Lists of the programme")
struct ProgrammeListTests {
    private func lines(
        _ name: String, _ network: Network, asAt day: String = "2026-11-21", partner: Identifier? = nil
    ) throws -> [[String]] {
        let list = try #require(ProgrammeList.all.first { $0.id == name })
        let lines = try network.edit { try list.lines(asAt: day, partner: partner, in: $0) }
        for line in lines { #expect(line.count == list.headings.count) }
        return lines
    }

    @Test("Every list can be asked on an empty network, and says that nothing is in it")
    func empty() throws {
        let network = try Network()
        for list in ProgrammeList.all where list.id != "areas" {
            #expect(try lines(list.id, network).isEmpty, "\(list.id)")
        }
    }

    @Test("A child that waits, a duty that was refused for want of children, and a grant that is half spent")
    func filled() throws {
        let network = try Network()
        _ = try network.markedCase()
        try network.edit { database in
            try database.execute(
                sql: """
                    UPDATE child SET date_of_birth = '2015-06-01', first_name = 'Otis';
                    INSERT INTO child_care_episode(case_id, child_id, from_on, legal_status)
                    SELECT case_id, id, '2026-01-01', 'V2' FROM child LIMIT 1;
                    INSERT INTO duty_to_refer(case_id, la_gss, submitted_on, outcome_reason)
                    SELECT id, 'E07000217', '2026-06-01', 'PREVENTION_AND_RELIEF_DUTY' FROM case_file;
                    INSERT INTO visit(case_id, type, prison, travel_metres, travel_cost_pence)
                    SELECT id, 'IN_REACH', 'EWI', 270000, 4850 FROM case_file;
                    INSERT INTO visit(case_id, type, prison) SELECT id, 'IN_REACH', 'DHI' FROM case_file;
                    INSERT INTO visit(case_id, type, prison, travel_cost_pence)
                    SELECT id, 'IN_REACH', 'PFI', 1200 FROM case_file;
                    INSERT INTO funding_grant(partner_id, funder, purpose, amount_pence, network_helped)
                    SELECT id, 'An invented trust', 'SETUP', 2000000, 1 FROM partner WHERE code = 'SRY';
                    INSERT INTO funding_spend(grant_id, partner_id, amount_pence, spent_on, what)
                    SELECT id, partner_id, 50050, '2026-05-01', 'Beds' FROM funding_grant;
                    INSERT INTO support_package(case_id, type, from_on, women, children)
                    SELECT id, 'FLOATING', '2026-03-01', 1, 2 FROM case_file;
                    INSERT INTO support_package(case_id, type, from_on, women, children)
                    SELECT id, 'FLOATING', '2024-03-01', 1, 1 FROM case_file;
                    """)
        }
        #expect(try lines("limbo", network).map { $0[1...2].joined(separator: " ") } == ["Otis 2026-01-01"])
        #expect(
            try lines("catch-22", network).map { Array($0[2...]) } == [
                ["2026-06-01", "Sent", "Prevention or relief duty accepted"]
            ])
        #expect(
            try lines("grants", network).map { Array($0[1...]) } == [
                ["An invented trust", "20000.00", "500.50", "19499.50", "yes"]
            ])
        #expect(
            try lines("travel", network).map { Array($0[1...]) } == [
                ["EWI", "Eastwood Park", "1", "135", "48.50"], ["PFI", "Peterborough Female", "1", "", "12.00"],
            ])
        #expect(try lines("residents", network).map { Array($0[1...]) } == [["1", "1", "2"]])
        #expect(try lines("residents", network, asAt: "2024-12-31").map { Array($0[1...]) } == [["1", "1", "1"]])
    }

    @Test("A child waits while her mother has no home: not once she moved on to one, nor when the case is closed")
    func limbo() throws {
        let network = try Network()
        _ = try network.markedCase()
        let today = "(SELECT date(ms / 1000, 'unixepoch') FROM ru_now)"
        try network.edit { database in
            try database.execute(sql: "UPDATE ru_now SET ms = \(Network.noon)")
            try database.execute(
                sql: """
                    INSERT INTO child_care_episode(case_id, child_id, from_on, legal_status)
                    SELECT case_id, id, '2026-11-01', 'V2' FROM child LIMIT 1;
                    INSERT INTO custody_episode(case_id, received_on) SELECT id, '2025-06-01' FROM case_file;
                    """)
        }
        for (what, sql, count) in [
            ("nothing", "SELECT 1", 1),
            ("before prison", "UPDATE move_on SET moved_on = '2025-05-31'", 1),
            ("to friends for a while", "UPDATE move_on SET moved_on = '2026-11-10', category = 'A07A'", 1),
            ("to come", "UPDATE move_on SET moved_on = date(\(today), '+1 day'), category = 'A01D'", 1),
            ("to a home of her own", "UPDATE move_on SET moved_on = \(today)", 0),
            ("gone", "UPDATE move_on SET category = 'PRISON'", 1),
            (
                "closed", "UPDATE case_file SET phase = 'CLOSED', closed_on = '2026-11-20', close_reason = 'COMPLETED'",
                0
            ),
        ] {
            try network.edit { database in
                if what == "before prison" {
                    try database.execute(
                        sql: """
                            INSERT INTO move_on(case_id, moved_on, category) SELECT id, '2025-05-01', 'A01D' FROM case_file
                            """)
                }
                try database.execute(sql: sql)
            }
            #expect(try lines("limbo", network).count == count, "\(what)")
            let view = try network.edit { try Int.fetchOne($0, sql: "SELECT count(*) FROM child_in_limbo") }
            #expect(view == count, "\(what)")
        }
    }

    @Test("An area is one line, with all who work there")
    func areas() throws {
        let network = try Network()
        let before = try lines("areas", network).count
        try network.edit { database in
            try database.execute(
                sql: """
                    INSERT INTO area(code, name) VALUES('XYZ', 'An invented area');
                    INSERT INTO area_membership(area, partner_id, status, from_on)
                    SELECT 'XYZ', id, 'LIVE', CASE code WHEN 'SRY' THEN '2025-01-01' ELSE '2024-06-01' END
                    FROM partner WHERE code IN ('SRY', 'DBY');
                    """)
        }
        let found = try lines("areas", network)
        #expect(found.count == before + 1)
        #expect(
            found.filter { $0[0] == "XYZ" } == [
                ["XYZ", "An invented area", "Derwent Women's Centre, Willow House", "2024-06-01"]
            ])
        #expect(
            try lines("areas", network, asAt: "2024-12-31").filter { $0[0] == "XYZ" }.map { $0[2] } == [
                "Derwent Women's Centre"
            ])
    }

    @Test("A name that none has is answered with those there are, and a day only where the list can tell")
    func named() throws {
        #expect(throws: Failure.self) { try ProgrammeList.named("nothing", asAt: nil, today: "2026-11-21") }
        #expect(throws: Failure.self) { try ProgrammeList.named("limbo", asAt: "2026-01-01", today: "2026-11-21") }
        #expect(throws: Failure.self) { try ProgrammeList.named("areas", asAt: "2026-12-01", today: "2026-11-21") }
        #expect(try ProgrammeList.named("areas", asAt: "2026-01-01", today: "2026-11-21").hasDay)
    }
}
