import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteInvented
@testable import ReUniteProgramme

/// The network that `demo --people` makes, smaller.
@Suite("An invented network to try everything on")
struct InventedNetworkTests {
    private static let last = InventedDay("2026-09-30") ?? InventedDay(number: 0)
    private static let figures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Figures/figures.py").path

    /// Played once for all tests.
    private struct Played: Sendable {
        let folder: TemporaryFolder
        let offices: [InventedStage.Office]
        let stuck: [Identifier: String]
        let stuckDuties: [StuckDuty]
        /// Edits that wait for a decision, conflicts and clashes.
        let open: [Int]
        let twice: [Identifier]

        static let shared = Result { try Played() }

        private init() throws {
            let folder = try TemporaryFolder()
            self.folder = folder
            let plan = InventedPlan(seed: 5, families: 50, until: InventedNetworkTests.last)
            let randomness = ScriptedRandomness(seed: 5)
            let stage = try InventedStage(
                plan, in: folder.path, network: .reunite, randomness: { randomness.identifier() })
            try stage.play()
            offices = stage.offices
            stuck = stage.stuck
            stuckDuties = try stage.hub.stuckDuties()
            open = [try stage.hub.quarantine().count, try stage.hub.conflicts().count, try stage.hub.clashes().count]
            twice = plan.twice.map(\.1)
        }

        var hub: String { folder.file("hub/hub.sqlite") }

        func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
            let database = try EngineDatabase.open(path: hub, role: .engine, label: "test")
            defer { try? database.close() }
            return try database.read(body)
        }
    }

    private func count(_ sql: String) throws -> Int {
        try Played.shared.get().read { try Int.fetchOne($0, sql: sql) ?? -1 }
    }

    @Test("The same seed and day make the same families, another seed makes others")
    func seeded() {
        func told(_ seed: UInt64) -> [String] {
            InventedPlan(seed: seed, families: 30, until: Self.last).writes.map {
                "\($0.day.text) \($0.partner) \($0.id) \($0.act)"
            }
        }
        let first = told(9)
        #expect(first.count > 500 && first == told(9) && first != told(10))
    }

    @Test("Ten offices and the hub agree at the end, and nothing of theirs waits or came back")
    func agrees() throws {
        let played = try Played.shared.get()
        #expect(played.offices.count == 10 && played.offices.allSatisfy(\.agrees))
        #expect(played.open == [0, 0, 0])
        #expect(played.stuckDuties == [])
        #expect(played.stuck == [:], "no referral may be stuck")
        #expect(try count("SELECT count(*) FROM staff_user") == 40)
        #expect(try count("SELECT count(DISTINCT area) FROM area_live") == 10)
        #expect(try count("SELECT count(*) FROM case_file") == 50)
    }

    @Test(
        "Whatever seed there is, nothing waits in the end: at the hub for a person, at an office to be sent",
        arguments: [
            UInt64(11), 12, 13,
        ])
    func nothingWaits(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let plan = InventedPlan(seed: seed, families: 30, until: Self.last)
        let randomness = ScriptedRandomness(seed: seed)
        let stage = try InventedStage(plan, in: folder.path, network: .reunite, randomness: { randomness.identifier() })
        try stage.play()
        #expect(stage.offices.allSatisfy(\.agrees) && stage.stuck.isEmpty)
        #expect(try stage.hub.quarantine().map(\.reason) == [] && stage.hub.conflicts().map(\.id) == [])
        #expect(try stage.hub.clashes().isEmpty && stage.hub.holds().isEmpty && stage.hub.stuckDuties().isEmpty)
        for office in stage.offices {
            let database = try EngineDatabase.open(path: office.path, role: .engine, label: "test")
            defer { try? database.close() }
            let waiting = try database.read {
                try Int.fetchOne(
                    $0,
                    sql: """
                        SELECT (SELECT count(*) FROM ru_outbox WHERE state < 2) + (SELECT count(*) FROM ru_journal)
                          + (SELECT count(*) FROM ru_returned)
                        """)
            }
            #expect(waiting == 0, "\(office.code)")
        }
    }

    @Test("Nothing that the story writes breaks a list of codes, at any office or at the hub")
    func codes() throws {
        let played = try Played.shared.get()
        for path in played.offices.map(\.path) + [played.hub] {
            let database = try EngineDatabase.open(path: path, role: .engine, label: "test")
            defer { try? database.close() }
            let broken = try database.read { try RowDoubts.all(in: $0) }.filter { $0.why == RowDoubts.noCode }
            #expect(broken.map { "\($0.table).\($0.column)" } == [], "\(path)")
        }
    }

    @Test("Two years in which everything happens: referrals, children, homes, gaps in what was typed")
    func believable() throws {
        func some(_ what: String, _ sql: String, atLeast least: Int = 1) throws {
            let found = try count("SELECT count(*) FROM " + sql)
            #expect(found >= least, "\(what): \(found)")
        }
        try some("cases that changed hands", "referral_event WHERE to_state = 'TRANSFERRED'", atLeast: 2)
        try some("stages of referrals", "(SELECT DISTINCT to_state FROM referral_event)", atLeast: 8)
        try some("homes lived in", "occupancy WHERE status = 'ARRIVED'", atLeast: 4)
        try some("homes left", "occupancy WHERE status = 'DEPARTED'", atLeast: 3)
        try some("children back", "outcome_event WHERE kind = 'CHILD_RETURNED'", atLeast: 4)
        try some("stages of contact", "(SELECT DISTINCT stage FROM contact_plan)", atLeast: 4)
        try some("mentors", "mentor_match WHERE status = 'MATCHED'", atLeast: 2)
        try some("consent refused", "consent WHERE purpose = 'EVALUATION' AND decision <> 'GIVEN'")
        try some("what was left empty", "tenancy_check WHERE sustained IS NULL")
        try some("room in areas", "area_capacity WHERE band <> '0'")
        try some("in-reach that ended", "inreach_coverage WHERE state = 'ENDED'")
        #expect(try count("SELECT count(*) FROM occupancy WHERE status = 'REFUSED'") == 0)
    }

    /// Tables in which the story writes nothing, and why.
    private static let empty: [String: String] = [
        "address":
            "fifty families all find one of the programme's homes; of six hundred some have an address of their own",
        "caseload": "every office holds all of its own cases",
        "conflict_answer": "nobody contradicts anybody", "conflict_question": "nobody contradicts anybody",
        "consent_override": "nobody is in such danger that her word is passed over",
        "data_export": "nobody has made a report yet",
        "edit_decision": "nothing waits for anybody's say", "edit_proposal": "nothing waits for anybody's say",
        "limited_access": "nobody knows a family from elsewhere",
        "person_link": "the first woman with two cases is the 108th family",
        "prison_authorisation": "no tablet goes into a prison", "publication": "nothing is published yet",
        "unit_hold": "none of fifty moves to a home that another area holds for her",
    ]

    @Test("Every table that syncs has something in it, or it is said why not")
    func everyTable() throws {
        let bare = try Played.shared.get().read { database in
            try String.fetchAll(database, sql: "SELECT name FROM ru_table ORDER BY name").filter {
                try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") == 0
            }
        }
        #expect(bare == Self.empty.keys.sorted())
    }

    @Test("Figures and times agree with those that somebody else counts, at the hub and at an office")
    func figures() throws {
        let played = try Played.shared.get()
        for path in [played.hub, played.offices[0].path] {
            let database = try EngineDatabase.open(path: path, role: .engine, label: "test")
            defer { try? database.close() }
            for day in ["2025-12-31", "2026-09-30"] {
                let report = try database.read { try OutcomeReport(asAt: day, published: false, in: $0) }
                let result = try ForeignClient.run(["python3", "-B", Self.figures, path, day])
                #expect(result.succeeded, "\(result.errors)")
                #expect(report.lines.sorted() == result.output.split(separator: "\n").map(String.init).sorted())
            }
        }
    }

    @Test("The measures are near those that the programme names")
    func distributions() throws {
        let report = try Played.shared.get().read {
            try OutcomeReport(asAt: "2026-09-30", published: false, in: $0)
        }
        func share(_ measure: String) -> Int {
            let line = report.figures.first { $0.measure == measure }?.lines.last
            return 100 * (Int(line?.yes ?? "") ?? 0) / max(1, Int(line?.of ?? "") ?? 0)
        }
        for (measure, range) in [
            ("engaged", 70...100), ("reoffending", 0...25), ("ete", 30...95), ("sustained-6", 60...100),
            ("housed-on-release", 60...100), ("reunited", 5...90),
        ] {
            #expect(range.contains(share(measure)), "\(measure): \(share(measure)) %")
        }
    }

    @Test("Of the families of a plan about 89 in a hundred are engaged, as the programme says of its own")
    func engaged() throws {
        var shares: [Int] = []
        for seed in UInt64(1)...3 {
            let plan = InventedPlan(seed: seed, families: 600, until: Self.last)
            var families: Set<Identifier> = []
            var engaged: Set<Identifier> = []
            for write in plan.writes {
                guard let caseID = write.caseID else { continue }
                switch write.act {
                case .row(let table, let cells):
                    if table == "case_file" { families.insert(caseID) }
                    let kind = cells.first { $0.column == "kind" }?.value as? String
                    let at = cells.first { $0.column == "recorded_for_at" }?.value as? Int64
                    if table == "engagement_event", kind == "ATTENDED", let at, at > (Self.last - 42).noon {
                        engaged.insert(caseID)
                    }
                case .change("case_file", let cells):
                    if cells.contains(where: { $0.column == "close_reason" && $0.value as? String == "COMPLETED" }) {
                        engaged.insert(caseID)
                    }
                case .change, .step: continue
                }
            }
            #expect(families.count == 600)
            shares.append(100 * engaged.count / families.count)
        }
        #expect((87...91).contains(shares.reduce(0, +) / shares.count), "\(shares)")
        #expect(shares.allSatisfy { (84...94).contains($0) }, "\(shares)")
    }

    @Test("Numbers fit their rules, but for the one in twenty-five that was mistyped, and none is issued")
    func numbers() throws {
        let rows = try Played.shared.get().read {
            try Row.fetchAll($0, sql: "SELECT type, value FROM person_identifier").map {
                ($0["type"] as String, $0["value"] as String)
            }
        }
        var wrong = 0
        for (type, value) in rows {
            switch type {
            case "NHS":
                #expect(value.hasPrefix("999") && HealthNumber.check(value).problem == nil, "\(value)")
            case "PNC":
                #expect(value.dropFirst(5).hasPrefix("99"), "\(value)")
                if PoliceNumber.check(value, year: 2026).problem != nil { wrong += 1 }
            case "NOMS": #expect(value.hasPrefix("Z") && PrisonNumber.check(value).problem == nil, "\(value)")
            default: #expect(value.hasPrefix("Z9"), "\(type) \(value)")
            }
        }
        #expect(rows.count > 60 && wrong < rows.count / 10)
    }
}

extension OutcomeReport {
    private func name(_ area: String?) -> String { area.map { $0.isEmpty ? "-" : $0 } ?? "all" }

    /// As figures.py prints it: what is counted anything of, by area and in all of them.
    fileprivate var lines: [String] { counted + words + interim }

    private var interim: [String] {
        figures.compactMap { figure in figure.interim.map { "interim \(figure.measure) \($0)" } }
    }

    private var words: [String] {
        figures.flatMap { figure in
            (figure.sources ?? []).map { "word \(figure.measure) \($0.source) \($0.women)" }
        }
    }

    private var counted: [String] {
        figures.flatMap { figure in
            figure.lines.filter { $0.of != "0" || $0.unknown != "0" }.map {
                "\(figure.measure) \(name($0.area)) \($0.yes) \($0.of) \($0.unknown)"
            }
        }
            + times.flatMap { figure in
                figure.lines.compactMap { line -> String? in
                    guard let lower = line.lower, let median = line.median, let upper = line.upper else { return nil }
                    return "\(figure.measure) \(name(line.area)) \(line.of) \(lower) \(median) \(upper)"
                }
            }
            + (declined?.lines ?? []).filter { $0.of != "0" }.map {
                "declined \($0.reason.map { $0.isEmpty ? "none" : $0 } ?? "all") \($0.of)"
            }
    }
}
