import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

/// The edges of the measures: on which day somebody begins to count, for what a check counts, and who never counts.
@Suite("Who counts, from when, and for what")
struct WhoCountsTests {
    private let network: Network

    init() throws { network = try Network() }

    /// One woman with a child whose return is the plan, released on 10 January 2024 by what she said.
    private func woman(_ more: String...) throws {
        try network.edit { database in
            try database.execute(
                sql: """
                    INSERT INTO case_file(ref, owner_partner_id, phase, opened_on)
                    SELECT 'SRY-23-0001-A', id, 'HOUSED', '2023-10-01' FROM partner WHERE code = 'SRY';
                    INSERT INTO person(case_id, known_as) SELECT id, 'Ann' FROM case_file;
                    INSERT INTO child(case_id, first_name) SELECT id, 'Ben' FROM case_file;
                    INSERT INTO contact_plan(case_id, child_id, return_planned) SELECT case_id, id, 1 FROM child;
                    INSERT INTO custody_episode(case_id, release_date, release_type)
                    SELECT id, '2024-01-10', 'CRD_LICENCE' FROM case_file;
                    """)
            for sql in more { try database.execute(sql: sql) }
        }
    }

    private func run(_ sql: String) throws { try network.edit { try $0.execute(sql: sql) } }

    private func report(_ day: String) throws -> OutcomeReport {
        try network.edit { try OutcomeReport(asAt: day, published: false, in: $0) }
    }

    /// Yes, known, unknown.
    private func line(_ measure: String, asAt day: String = "2026-09-30") throws -> [Int] {
        let figure = try #require(try report(day).figures.first { $0.measure == measure })
        let line = try #require(figure.lines.last)
        return [line.yes, line.of, line.unknown].compactMap { Int($0) }
    }

    private static func check(_ at: Int, _ day: String, _ type: String) -> String {
        """
        INSERT INTO tenancy_check(case_id, counted_from, at_months, checked_on, type)
        SELECT id, 'RELEASE', \(at), '\(day)', '\(type)' FROM case_file
        """
    }

    private static func release(_ day: String, _ type: String = "CRD_LICENCE") -> String {
        """
        INSERT INTO custody_episode(case_id, release_date, release_type)
        SELECT id, '\(day)', '\(type)' FROM case_file
        """
    }

    private static let everything = [
        check(0, "2024-01-10", "A04"), check(3, "2024-04-10", "A01C"),
        """
        INSERT INTO occupancy(case_id, unit_id, arrive_on, depart_on, status)
        SELECT id, randomblob(16), '2024-01-12', '2025-06-01', 'DEPARTED' FROM case_file;
        INSERT INTO tenancy_check(case_id, at_months, checked_on, sustained)
        SELECT id, 6, '2024-07-12', 1 FROM case_file;
        INSERT INTO tenancy_check(case_id, at_months, checked_on, sustained)
        SELECT id, 12, '2025-01-12', 1 FROM case_file;
        INSERT INTO move_on(case_id, moved_on, planned, category) SELECT id, '2025-06-01', 1, 'A01C' FROM case_file;
        INSERT INTO child_care_episode(case_id, child_id, from_on, to_on, legal_status, end_reason)
        SELECT case_id, id, '2023-11-01', '2024-02-01', 'V2', 'E4A' FROM child;
        """,
    ]

    @Test("A child counts from the day on which the case was opened")
    func children() throws {
        try woman()
        for measure in ["reunited", "regular-contact"] {
            #expect(try line(measure, asAt: "2023-09-30") == [0, 0, 0], "\(measure)")
            #expect(try line(measure, asAt: "2023-10-01") == [0, 1, 0], "\(measure)")
        }
    }

    @Test("A case that was opened by mistake counts in no measure, and no enquiry", arguments: ["mistake", "enquiry"])
    func never(why: String) throws {
        try woman()
        for sql in Self.everything { try run(sql) }
        let before = try report("2026-09-30")
        let counted = before.figures.filter { $0.lines.last?.of != "0" }.map(\.measure)
        #expect(counted.count >= 12, "\(counted)")
        #expect(before.times.prefix(2).allSatisfy { $0.lines.last?.of == "1" })
        try run(
            why == "enquiry"
                ? "UPDATE case_file SET phase = 'ENQUIRY'"
                : """
                UPDATE case_file SET phase = 'CLOSED', closed_on = '2026-09-01', close_reason = 'MISTAKEN_OR_DUPLICATE'
                """)
        for day in ["2025-09-30", "2026-09-30"] {
            let report = try report(day)
            for figure in report.figures {
                #expect(figure.lines.last?.of == "0" && figure.lines.last?.unknown == "0", "\(figure.measure)")
            }
            for figure in report.times { #expect(figure.lines.last?.of == "0", "\(figure.measure)") }
        }
    }

    @Test("Every release counts by itself, and a check for the one that it is of")
    func releases() throws {
        try woman(Self.check(0, "2024-01-10", "A04"), Self.check(3, "2024-04-10", "A01C"))
        #expect(try line("housed-on-release") == [1, 1, 0] && line("settled-3-months") == [1, 1, 0])
        // Released once more, months later, to the street.
        try run(Self.release("2025-03-01"))
        #expect(try line("housed-on-release") == [1, 1, 1] && line("settled-3-months") == [1, 1, 1])
        try run(Self.check(0, "2025-03-02", "A08A"))
        try run(Self.check(3, "2025-05-30", "A08C"))
        #expect(try line("housed-on-release") == [1, 2, 0] && line("settled-3-months") == [1, 2, 0])
        #expect(try line("housed-on-release", asAt: "2025-02-28") == [1, 1, 0])
        #expect(try line("recall") == [0, 1, 0], "women are counted as women")
    }

    @Test("What was checked before it could be checked counts for nothing")
    func early() throws {
        try woman(Self.check(0, "2024-01-09", "A04"), Self.check(3, "2024-03-09", "A01C"))
        #expect(try line("housed-on-release") == [0, 0, 1] && line("settled-3-months") == [0, 0, 1])
        // The tenth of April less 31 days.
        try run(Self.check(3, "2024-03-10", "A01C"))
        #expect(try line("settled-3-months") == [1, 1, 0])
        try run(
            """
            INSERT INTO occupancy(case_id, unit_id, arrive_on, depart_on, status)
            SELECT id, randomblob(16), '2024-01-12', '2025-06-01', 'DEPARTED' FROM case_file;
            INSERT INTO tenancy_check(case_id, at_months, checked_on, sustained)
            SELECT id, 12, '2024-01-12', 1 FROM case_file;
            """)
        #expect(try line("sustained-12") == [0, 0, 1])
        for (day, counts) in [("2024-12-11", [0, 0, 1]), ("2024-12-12", [1, 1, 0])] {
            try run(
                """
                INSERT INTO tenancy_check(case_id, at_months, checked_on, sustained)
                SELECT id, 12, '\(day)', 1 FROM case_file
                """)
            #expect(try line("sustained-12") == counts, "\(day)")
        }
    }

    @Test("One release that two partners have on record is one")
    func twoCases() throws {
        try woman(
            """
            INSERT INTO case_file(ref, owner_partner_id, phase, opened_on)
            SELECT 'DBY-23-0001-A', id, 'HOUSED', '2023-10-01' FROM partner WHERE code = 'DBY';
            INSERT INTO person(case_id, known_as) SELECT id, 'Ann' FROM case_file WHERE ref LIKE 'DBY%';
            INSERT INTO custody_episode(case_id, release_date, release_type)
            SELECT id, '2024-01-10', 'CRD_LICENCE' FROM case_file WHERE ref LIKE 'DBY%';
            """)
        #expect(try line("housed-on-release") == [0, 0, 2])
        try run(
            """
            INSERT INTO person_link(a_person_id, a_case_id, b_person_id, b_case_id, decision, rationale)
            SELECT a.id, a.case_id, b.id, b.case_id, 'SAME', 'One number' FROM person a JOIN person b ON a.id < b.id;
            """)
        #expect(try line("housed-on-release") == [0, 0, 1])
    }

    @Test("A date that nobody stood by is no release while she is in prison; the end of remand is none ever")
    func happened() throws {
        try woman("UPDATE case_file SET phase = 'PRE_RELEASE'")
        for measure in ["housed-on-release", "reoffending", "recall", "settled-3-months"] {
            #expect(try line(measure) == [0, 0, 0], "\(measure)")
        }
        try run("UPDATE custody_episode SET confirmed = 1")
        #expect(try line("reoffending") == [0, 1, 0])
        try run("UPDATE custody_episode SET release_type = 'REMAND'")
        #expect(try line("reoffending") == [0, 0, 0])
        try run(
            "UPDATE custody_episode SET release_type = 'HDC', confirmed = 0; UPDATE case_file SET phase = 'RELEASED'")
        #expect(try line("reoffending") == [0, 1, 0])
        // A recall leads back to pre-release: she was released all the same.
        try run(
            """
            UPDATE case_file SET phase = 'PRE_RELEASE';
            INSERT INTO outcome_event(case_id, kind, occurred_on, source)
            SELECT id, 'RECALL', '2024-05-01', 'PROBATION' FROM case_file;
            """)
        #expect(try line("recall") == [1, 1, 0])
        // A case that was closed before the day says nothing of it.
        try run(
            """
            INSERT INTO outcome_event(case_id, kind, occurred_on, source, corrects_id)
            SELECT case_id, 'BREACH', occurred_on, source, id FROM outcome_event;
            UPDATE case_file SET phase = 'CLOSED', closed_on = '2024-01-09', close_reason = 'NOT_ENGAGED';
            """)
        #expect(try line("recall") == [0, 0, 0])
        try run("UPDATE case_file SET closed_on = '2024-01-10'")
        #expect(try line("recall") == [0, 1, 0])
    }

    @Test("Whoever has not moved on yet, or died, is not asked for work or learning")
    func pending() throws {
        for (category, ete, planned) in [("PENDING", 0, 0), ("DECEASED", 0, 1), ("A01C", 1, 1)] {
            let other = try WhoCountsTests()
            try other.woman(
                """
                INSERT INTO move_on(case_id, moved_on, planned, category, ete_status)
                SELECT id, '2025-06-01', 1, '\(category)', 'SELF_EMPLOYED' FROM case_file;
                """)
            #expect(
                try other.line("ete") == [ete, ete, 0] && other.line("businesses") == [ete, ete, 0], "\(category)")
            #expect(try other.line("planned-move-on") == [planned, planned, 0], "\(category)")
        }
    }

    @Test("Three months on only those count who may still be supervised in the community")
    func supervised() throws {
        let sentence = """
            INSERT INTO sentence(case_id, type, start_on, expiry_on) SELECT id, 'DETERMINATE', '%', '2024-04-09' FROM case_file
            """
        for (what, sql, count) in [
            ("nothing is known", "SELECT 1", 1),
            ("her sentence ended a day before", sentence.replacing("%", with: "2023-01-01"), 0),
            (
                "she got another sentence before her release",
                sentence.replacing("%", with: "2023-01-01") + """
                    ;INSERT INTO sentence(case_id, type, start_on) SELECT id, 'DETERMINATE', '2023-06-01' FROM case_file
                    """, 1
            ),
            ("the sentence is of later", sentence.replacing("%", with: "2024-01-11"), 1),
            (
                "post-sentence supervision",
                sentence.replacing("%", with: "2023-01-01") + """
                    ;UPDATE custody_episode SET release_type = 'PSS'
                    """, 1
            ),
            (
                "recalled",
                """
                INSERT INTO outcome_event(case_id, kind, occurred_on, source)
                SELECT id, 'RECALL', '2024-04-09', 'PROBATION' FROM case_file
                """, 0
            ),
            (
                "recalled the day after",
                """
                INSERT INTO outcome_event(case_id, kind, occurred_on, source)
                SELECT id, 'RECALL', '2024-04-10', 'PROBATION' FROM case_file
                """, 1
            ),
            (
                "died",
                """
                INSERT INTO outcome_event(case_id, kind, occurred_on, source)
                SELECT id, 'DIED', '2024-02-01', 'PROBATION' FROM case_file
                """, 0
            ),
            (
                "in prison again",
                """
                INSERT INTO custody_episode(case_id, received_on) SELECT id, '2024-03-01' FROM case_file
                """, 0
            ),
        ] {
            let other = try WhoCountsTests()
            try other.woman(sql)
            #expect(try other.line("settled-3-months") == [0, 0, count], "\(what)")
            #expect(try other.line("housed-on-release") == [0, 0, 1], "\(what)")
        }
    }

    @Test("A day is London's: half past midnight in summer belongs to the day that has begun")
    func london() throws {
        func at(_ text: String) throws -> Int64 { try #require(CivilTime.londonTime(text, on: nil)) }
        for (time, days) in [
            ("2026-10-01 00:30", [("2026-09-30", 0), ("2026-10-01", 1)]),
            ("2026-09-30 23:59", [("2026-09-30", 1), ("2026-09-29", 0)]),
            ("2026-08-20 00:00", [("2026-09-30", 1), ("2026-10-01", 0)]),
            ("2026-08-19 23:59", [("2026-09-30", 0)]),
        ] {
            let other = try WhoCountsTests()
            try other.woman(
                """
                INSERT INTO engagement_event(case_id, kind, recorded_for_at)
                SELECT id, 'ATTENDED', \(try at(time)) FROM case_file
                """)
            for (day, yes) in days { #expect(try other.line("engaged", asAt: day) == [yes, 1, 0], "\(time) \(day)") }
        }
        try woman()
        try run(
            """
            INSERT INTO referral(case_id, from_partner_id, to_partner_id, from_area, to_area, decline_reason)
            SELECT f.id, f.owner_partner_id, p.id, 'SRY', 'DBY', 'NRPF' FROM case_file f JOIN partner p ON p.code = 'DBY';
            """)
        for (state, time) in [
            ("SENT", "2026-07-01 00:15"), ("ACCEPTED", "2026-07-03 00:10"), ("DECLINED", "2026-07-03 00:10"),
        ] {
            try run(
                """
                INSERT INTO referral_event(referral_id, to_state, recorded_for_at)
                SELECT id, '\(state)', \(try at(time)) FROM referral
                """)
        }
        for (day, sent, answered) in [
            ("2026-06-30", 0, 0), ("2026-07-01", 1, 0), ("2026-07-02", 1, 0), ("2026-07-03", 1, 1),
        ] {
            let report = try report(day)
            #expect(try line("across-areas", asAt: day) == [sent, sent, 0], "\(day)")
            #expect(try line("cross-area", asAt: day) == [answered, sent, 0], "\(day)")
            #expect(report.declined?.lines.last?.of == String(answered), "\(day)")
            let time = try #require(report.times.first { $0.measure == "days-to-accept" }?.lines.last)
            #expect(time.median == (answered == 1 ? 2 : nil), "\(day)")
        }
    }

    @Test("What is published of short sentences stands beside the women who served one")
    func shortSentences() throws {
        try woman(
            """
            INSERT INTO sentence(case_id, type, length_band, start_on)
            SELECT id, 'DETERMINATE', 'LT12M', '2019-01-01' FROM case_file;
            INSERT INTO sentence(case_id, type, length_band, start_on)
            SELECT id, 'DETERMINATE', '12M_4Y', '2023-01-01' FROM case_file;
            """)
        #expect(try line("reoffending-under-12-months") == [0, 0, 0], "the short one is over long since")
        try run("DELETE FROM sentence WHERE length_band = '12M_4Y'")
        try run(
            """
            INSERT INTO outcome_event(case_id, kind, occurred_on, source, proven_on, disposal)
            SELECT id, 'REOFFENCE', '2024-05-01', 'COURT', '2024-06-01', 'CONVICTION' FROM case_file
            """)
        #expect(try line("reoffending-under-12-months") == [1, 1, 0])
        let figures = try report("2026-09-30").figures
        func values(_ measure: String) -> [Int]? { figures.first { $0.measure == measure }?.benchmarks.map(\.value) }
        #expect(values("reoffending") == [51, 5] && values("reoffending-under-12-months") == [62])
        let published = try network.edit { try OutcomeReport(asAt: "2026-09-30", published: true, in: $0) }
        #expect(!published.figures.contains { $0.measure == "reoffending-under-12-months" })
    }
}
