import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Facts that are a count of many women, or change what a list says: each is worked out by those who read it, from
/// rows that a partner wrote and the hub carried.
@Suite("What the programme counts comes out of rows that were synced")
struct SeedFactCountTests {
    private typealias Reader = SeedFactAnswers.Reader

    /// What `body` makes of each replica, and of the hub.
    private static func each<Result>(in world: World, _ body: (Database) throws -> Result) throws -> [Reader: Result] {
        [
            .hub: try world.reader.read(body), .office: try world.surreyOffice.read(body),
            .laptop: try world.surreyLaptop.read(body), .other: try world.gloucestershire.read(body),
        ]
    }

    /// A case of Surrey's as its office writes it, accepted, and on its laptop.
    private static func woman(_ number: Int, in world: World) throws -> Identifier {
        let rows = try world.openCase(on: world.surreyOffice, marker: "Wayfarer\(number)", naming: world.gloucester)
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "UPDATE case_file SET phase = 'ASSESSED', opened_on = '2023-10-01' WHERE id = ?",
                arguments: [rows.id.sqlBlob])
        }
        return rows.id
    }

    // MARK: Of 35 women

    /// 35 women, all released on 10 January 2024: ten after a short sentence, one of whom offended again and was
    /// recalled; twenty moved on, thirteen of them to education, training or work, three of these to a business.
    private static let played = Result {
        let world = try World(seed: 602)
        let women = try (0..<35).map { try woman($0, in: world) }
        try world.settle()
        try world.surreyOffice.edit { database in
            for (number, id) in women.enumerated() {
                try database.execute(
                    sql: """
                        INSERT INTO custody_episode(case_id, prison, release_date, release_type, confirmed)
                        VALUES(?, 'EWI', '2024-01-10', 'CRD_LICENCE', 1)
                        """, arguments: [id.sqlBlob])
                try database.execute(
                    sql: """
                        INSERT INTO sentence(case_id, type, length_band, start_on)
                        VALUES(?, 'DETERMINATE', ?, '2023-08-01')
                        """, arguments: [id.sqlBlob, number < 10 ? "LT12M" : "12M_4Y"])
            }
        }
        let work = ["EDUCATION", "TRAINING", "EMPLOYED", "SELF_EMPLOYED", "NONE"]
        try world.surreyLaptop.edit { database in
            try database.execute(
                sql: """
                    INSERT INTO outcome_event(case_id, kind, occurred_on, proven_on, disposal, source)
                    VALUES(?, 'REOFFENCE', '2024-05-01', '2024-09-01', 'CONVICTION', 'PNC')
                    """, arguments: [women[3].sqlBlob])
            try database.execute(
                sql: """
                    INSERT INTO outcome_event(case_id, kind, occurred_on, source)
                    VALUES(?, 'RECALL', '2024-05-03', 'PROBATION')
                    """, arguments: [women[3].sqlBlob])
            for (number, id) in women.suffix(20).enumerated() {
                // Three each of the first two, four of the third, three businesses, and seven without.
                let status = work[number < 3 ? 0 : number < 6 ? 1 : number < 10 ? 2 : number < 13 ? 3 : 4]
                try database.execute(
                    sql: """
                        INSERT INTO move_on(case_id, moved_on, category, planned, ete_status)
                        VALUES(?, '2025-02-28', 'A01D', 1, ?)
                        """, arguments: [id.sqlBlob, status])
            }
        }
        try world.settle()
        return try each(in: world) { try OutcomeReport(asAt: "2025-12-31", published: false, in: $0) }
    }

    /// The line of all areas, as each reader counts it: yes, of how many, and the percentage.
    private func line(_ measure: String) throws -> [Reader: String] {
        try Self.played.get().mapValues { report in
            let line = try #require(report.figures.first { $0.measure == measure }?.lines.last)
            return "\(line.yes) of \(line.of), \(line.percent ?? "none")"
        }
    }

    private func quoted(_ measure: String) throws -> [Reader: [Int]] {
        try Self.played.get().mapValues { report in
            try #require(report.figures.first { $0.measure == measure }).benchmarks.map(\.value)
        }
    }

    private func everywhere(_ text: String) -> [Reader: String] {
        [.hub: text, .office: text, .laptop: text, .other: "0 of 0, none"]
    }

    @Test("One of 35 women supported offended again and was recalled: 2.857 per cent, told as under 3")
    func oneOf35() throws {
        #expect(try line("reoffending") == everywhere("1 of 35, under 3 %"))
        #expect(try line("recall") == everywhere("1 of 35, under 3 %"))
    }

    @Test("62 per cent is held against women of short sentences alone, 51 per cent against all")
    func bands() throws {
        #expect(try line("reoffending-under-12-months") == everywhere("1 of 10, under 11 %"))
        for (short, all) in zip(
            try quoted("reoffending-under-12-months").values, try quoted("reoffending").values)
        {
            #expect(short == [62])
            #expect(all.contains(51) && !all.contains(62))
        }
    }

    @Test("65 per cent are in meaningful activity at move-on, and three run businesses of their own")
    func activity() throws {
        #expect(try line("ete") == everywhere("13 of 20, 65 %"))
        #expect(try line("businesses") == everywhere("3 of 20, under 16 %"))
        #expect(try quoted("ete").values.allSatisfy { $0 == [65] })
    }

    // MARK: Lists

    @Test("Areas that are live are counted once each, however many partners work there")
    func areas() throws {
        let world = try World(seed: 603)
        let ops = try ScratchCapture.ops(network: .reunite) { database in
            for (area, partner) in [("SRY", world.surrey), ("SRY", world.gloucester), ("GLS", world.gloucester)] {
                try database.execute(
                    sql: """
                        INSERT INTO area_membership(area, partner_id, status, from_on)
                        VALUES(?, ?, 'LIVE', '2013-01-01')
                        """, arguments: [area, partner.sqlBlob])
            }
        }
        #expect(try world.hub.submit(ops).flatMap(\.exceptions).isEmpty)
        try world.settle()
        let list = try ProgrammeList.named("areas", asAt: "2013-06-01", today: "2026-03-01")
        for (reader, lines) in try Self.each(
            in: world, { try list.lines(asAt: "2013-06-01", partner: nil, in: $0) })
        {
            #expect(lines.map { $0[0] } == ["GLS", "SRY"], "at \(reader)")
            #expect(lines.last?[2].contains(", ") == true, "both partners are named at \(reader)")
        }
    }

    @Test("A child is in limbo while housing is outstanding: no longer when her mother moves on to a home of her own")
    func limbo() throws {
        let world = try World(seed: 604)
        let women = try (0..<2).map { try Self.woman($0, in: world) }
        let children = [world.newID(), world.newID()]
        try world.surreyOffice.edit { database in
            for (id, child) in zip(women, children) {
                try database.execute(
                    sql: "INSERT INTO child(id, case_id, first_name) VALUES(?, ?, 'Remy')",
                    arguments: [child.sqlBlob, id.sqlBlob])
                try database.execute(
                    sql: """
                        INSERT INTO child_care_episode(case_id, child_id, from_on, legal_status, placement_type)
                        VALUES(?, ?, '2026-02-01', 'V2', 'U4')
                        """, arguments: [id.sqlBlob, child.sqlBlob])
            }
        }
        func days() throws -> [Reader: [String]] {
            let list = try ProgrammeList.named("limbo", asAt: nil, today: "2026-03-01")
            return try Self.each(in: world) { database in
                try list.lines(asAt: "2026-03-01", partner: nil, in: database).map { "\($0[0]) \($0[3])" }
            }
        }
        func everywhere(_ lines: [String]) -> [Reader: [String]] {
            [.hub: lines, .office: lines, .laptop: lines, .other: []]
        }
        try world.settle()
        #expect(try days() == everywhere(["Wayfarer0 28", "Wayfarer1 28"]))
        try world.surreyLaptop.edit {
            try $0.execute(
                sql: "INSERT INTO move_on(case_id, moved_on, category, planned) VALUES(?, '2026-02-27', 'A01D', 1)",
                arguments: [women[1].sqlBlob])
        }
        try world.settle()
        #expect(try days() == everywhere(["Wayfarer0 28"]))
    }

    // MARK: Central evaluation

    @Test(
        "Central evaluation is given a woman's line once her consent has come to the hub, and not after she took it back"
    )
    func evaluation() throws {
        let world = try World(seed: 605)
        let women = try (0..<2).map { try Self.woman($0, in: world) }
        try world.settle()
        func say(_ decision: String, _ device: Device, later: Int64) throws {
            let at = device.time.wallMilliseconds + later
            try device.edit {
                try $0.execute(
                    sql: """
                        INSERT INTO consent(
                          case_id, purpose, decision, method, evidence_ref, recorded_for_at, entered_at)
                        VALUES(?, 'EVALUATION', ?, 'SIGNED_FORM', 'Form in the file', ?, ?)
                        """, arguments: [women[0].sqlBlob, decision, at, at])
            }
        }
        func told() throws -> [Int] {
            let key = [UInt8](repeating: 7, count: 32)
            let extract = try world.reader.read {
                try EvaluationExtract(study: "Central evaluation", key: key, asAt: "2026-03-31", in: $0)
            }
            return [extract.lines.count, extract.leftOut]
        }
        #expect(try told() == [0, 2])
        try say("GIVEN", world.surreyLaptop, later: 0)
        #expect(try told() == [0, 2], "what has not been synced is not told")
        try world.settle()
        #expect(try told() == [1, 1])
        try say("WITHDRAWN", world.surreyOffice, later: 3_600_000)
        try world.settle()
        #expect(try told() == [0, 2])
    }
}
