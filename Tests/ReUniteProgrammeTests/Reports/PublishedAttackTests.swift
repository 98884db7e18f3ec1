import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteProgramme

/// All that is published, laid over each other by somebody else (Tests/Figures/attack.py).
@Suite("Nobody is found out from all published tables together")
struct PublishedAttackTests {
    private typealias Item = PublishedAttack.Item

    private func attack(_ networks: [[Item]]) throws -> (
        told: [String], tried: Int, lines: Int, untrue: Int, givenUp: Int
    ) { try PublishedAttack.run(networks) }

    /// Quarters of a small invented network, published one after the other; every second network's with a revision of one
    /// of them, after more cases have come.
    private func published(seed: UInt64, cases: Int) throws -> [Item] {
        let network = try Network()
        let engine = try EngineDatabase.open(path: network.database.path, role: .engine, label: "invention")
        var days = ["2025-09-30", "2026-06-30", "2026-03-31", "2025-12-31", "2024-12-31", "2026-09-30"]
        try engine.immediately { database in
            var invention = Invention(database, seed: seed)
            try invention.write(cases: cases)
        }
        if seed.isMultiple(of: 2) { days.insert(days[1], at: 4) }
        var exact: [String] = []
        var counted: [OutcomeReport] = []
        for (number, day) in days.enumerated() {
            try engine.immediately { database in
                let now = CivilTime.londonInstant(date: "2026-11-\(10 + number)", minutes: 600)
                let isRevised = days[..<number].contains(day)
                if isRevised {
                    var invention = Invention(database, seed: seed + 1_000)
                    try invention.write(cases: cases, from: cases)
                }
                let draft: Publication.Draft
                do {
                    draft = try Publication.draft(
                        day, reason: isRevised ? "Typed late" : "", in: database, now: now)
                } catch let failure as Failure where isRevised && failure.code == .badData {
                    return
                }
                try draft.insert(into: database, now: now)
                exact.append("\(day) \(draft.revision)")
                counted.append(try OutcomeReport(asAt: day, published: false, in: database))
            }
        }
        try engine.close()
        return try network.edit { try Publication.all(in: $0) }.map { one in
            let place = try #require(exact.firstIndex(of: "\(one.quarter) \(one.revision)"))
            return Item(revision: one.revision, report: one.report, exact: counted[place])
        }
    }

    @Test("No sum, difference or other combination of any tables gives a hidden count away, over six quarters")
    func combinations() throws {
        let networks = try (UInt64(1)...5).map { try published(seed: 900 + $0, cases: 9 + 8 * Int($0)) }
        #expect(networks.contains { $0.contains { $0.revision > 1 } }, "no revision was laid beside the others")
        let found = try attack(networks)
        #expect(found.told == [])
        #expect(found.tried > 3_000, "the attacker has had hardly anything to try")
        #expect(found.untrue < found.lines / 4, "what the attacker takes for granted fits hardly any network")
        #expect(found.givenUp * 50 < found.tried, "the attacker came to no end")
    }

    @Test("The attacker is able to find what is told: by one table alone, and by two that are each fit by themselves")
    func isAble() throws {
        /// Lines of yes, of and unknown; nobody says no. The last is the total.
        func figure(_ measure: String, _ lines: [[String]]) -> OutcomeReport.Figure {
            let names = ["A", "B", "C", "D", "E", "F", "G"].prefix(lines.count - 1).map { $0 as String? } + [nil]
            return .init(
                measure: measure, label: "", definition: "",
                lines: zip(names, lines).map {
                    .init(area: $0, yes: $1[0], no: "0", of: $1[1], unknown: $1[2], percent: nil)
                }, benchmarks: [])
        }
        func item(
            _ day: String, _ shown: [OutcomeReport.Figure], _ exact: [OutcomeReport.Figure],
            days: (shown: String, exact: String)? = nil, revision: Int = 1
        ) -> Item {
            func report(_ figures: [OutcomeReport.Figure], _ days: String?) -> OutcomeReport {
                let lines = days.map { [TimeFigure.Line(area: nil, of: $0, lower: nil, median: nil, upper: nil)] }
                let times = lines.map {
                    [TimeFigure(measure: "days-to-accept", label: "", definition: "", lines: $0)]
                }
                return OutcomeReport(asAt: day, isPublished: true, figures: figures, times: times ?? [])
            }
            return Item(revision: revision, report: report(shown, days?.shown), exact: report(exact, days?.exact))
        }
        let (autumn, winter) = ("2026-09-30", "2026-12-31")
        let seven = Array(repeating: ["c", "c", "0"], count: 7)
        func referrals(_ total: String) -> [OutcomeReport.Figure] {
            [figure("cross-area", seven + [[total, total, "0"]])]
        }
        let true7 = [figure("cross-area", Array(repeating: ["1", "1", "0"], count: 7) + [["7", "7", "0"]])]
        // Five is at most seven, and seven areas have at least one each.
        let alone = try attack([[item(autumn, referrals("5"), true7)]])
        #expect(alone.told.count == 14 && alone.tried == 14, "\(alone.told)")
        let safe = item(autumn, referrals("c"), true7)
        for report in [safe, item(autumn, [], [], days: ("5", "7"))] { #expect(try attack([[report]]).told == []) }
        let together = try attack([[item(autumn, referrals("c"), true7, days: ("5", "7"))]])
        #expect(together.told.count == 16, "\(together.told)")
        // Of two quarters the later one bounds the earlier. Where nothing else was left to hide, a hidden one may be 0.
        let later = item(
            winter, [figure("cross-area", [["5", "5", "0"]])], [figure("cross-area", [["7", "7", "0"]])])
        #expect(try attack([[safe, later]]).told == [])
        let known = item(
            autumn, referrals("c") + [figure("across-areas", [["c", "c", "10"]])],
            true7 + [figure("across-areas", [["7", "7", "10"]])])
        #expect(try attack([[known, later]]).told.count == 18)
        // What stands in a revision says what it said, however many there are now.
        let many = [figure("cross-area", Array(repeating: ["9", "9", "0"], count: 7) + [["63", "63", "0"]])]
        let standing = try attack([
            [item(autumn, referrals("5"), true7), item(autumn, referrals("5"), many, revision: 2)]
        ])
        #expect(standing.told.count == 14 && standing.tried == 14, "\(standing.told)")
        // Settled at three months are asked whom the first night asked a quarter ago.
        let june = item(
            "2026-06-30", [figure("housed-on-release", [["5", "5", "0"], ["5", "5", "0"], ["10", "10", "0"]])],
            [figure("housed-on-release", [["6", "6", "0"], ["6", "6", "0"], ["12", "12", "0"]])])
        let september = item(
            autumn, [figure("settled-3-months", [["5", "5", "c"], ["5", "5", "c"], ["10", "10", "c"]])],
            [figure("settled-3-months", [["5", "5", "1"], ["5", "5", "1"], ["10", "10", "2"]])])
        #expect(try attack([[september]]).told == [])
        let told = try attack([[june, september]]).told
        #expect(told.filter { $0.contains("unknown") && !$0.contains("None") }.count == 2, "\(told)")
    }

    @Test("A measure of one quarter hides what one of another quarter would tell: they ask after the same women")
    func acrossMeasures() throws {
        typealias Count = OutcomeReport.Count
        let first = PublishedTables.Counts(
            id: "housed-on-release", counts: ["A": Count(yes: 6), "B": Count(yes: 6)])
        var alone = PublishedTables([first])
        let june = try alone.lines()[0]
        let second = PublishedTables.Counts(
            id: "settled-3-months", counts: ["A": Count(yes: 5, unknown: 1), "B": Count(yes: 5, unknown: 1)])
        func september(_ quarters: Int) throws -> [[String]] {
            var all = PublishedTables(
                [second],
                beside: [.init(quarters: quarters, isRevised: false, tables: ["housed-on-release": june])])
            return try all.lines()[0].map(\.cells)
        }
        // Of six at most seven, of five at least five: one is unknown in each area.
        #expect(june[0].cells[2] == "5" && june[2].cells[2] == "10")
        let found = try september(-1)
        #expect(found.contains { $0[2] == "c" }, "\(found)")
        #expect(found.allSatisfy { $0[3] == "c" })
    }

    @Test("Tables of the same people, or of some of them, hide together what one would tell of the other")
    func linked() throws {
        func published(_ tables: [PublishedTables.Counts]) throws -> [[[String]]] {
            var all = PublishedTables(tables)
            return try all.lines().map { $0.map(\.cells) }
        }
        typealias Count = OutcomeReport.Count
        let referrals = PublishedTables.Counts(
            id: "cross-area", counts: ["A": Count(yes: 9, no: 2), "B": Count(yes: 12, no: 9)])
        let times = PublishedTables.Counts(
            id: "days-to-accept", counts: ["A": Count(yes: 9), "B": Count(yes: 12)], isSingle: true)
        let shown = try published([referrals, times])
        for row in 0..<3 { #expect((shown[0][row][0] == "c") == (shown[1][row][0] == "c"), "row \(row): \(shown)") }
        #expect(shown[0][0][1] == "c")
        // Planned or not, they are the women who moved on: of six each, five known, one is unknown in each area.
        let work = PublishedTables.Counts(id: "ete", counts: ["A": Count(yes: 6), "B": Count(yes: 6)])
        let plans = PublishedTables.Counts(
            id: "planned-move-on", counts: ["A": Count(yes: 5, unknown: 1), "B": Count(yes: 5, unknown: 1)])
        let moved = try published([work, plans])
        #expect(moved[1].contains { $0[2] == "c" } || moved[0].contains { $0[2] == "c" }, "\(moved)")
        // Twelve months are some of six: a total of six that is shown bounds what is hidden of twelve.
        let six = PublishedTables.Counts(id: "sustained-6", counts: ["A": Count(yes: 5)])
        let twelve = PublishedTables.Counts(id: "sustained-12", counts: ["A": Count(yes: 4)])
        #expect(try published([six, twelve])[1][0][0] == "c")
    }

    @Test("Whoever adds a measure says what it has to do with the others")
    func named() {
        let tables = Measure.all.map(\.id) + TimeMeasure.all.map(\.id) + [DeclineReasons.id]
        #expect(Set(TableRelations.growing.keys) == Set(tables))
        for measure in Measure.all where measure.isCumulative {
            #expect(Set(TableRelations.growing[measure.id] ?? []).isSuperset(of: [.yes, .all]), "\(measure.id)")
        }
        for relation in TableRelations.all {
            #expect(tables.contains(relation.part.table) && tables.contains(relation.whole.table))
        }
        let alone = Set(tables).subtracting(
            TableRelations.all.filter { $0.part.table != $0.whole.table }
                .flatMap { [$0.part.table, $0.whole.table] })
        #expect(alone == [], "no table counts people whom no other counts")
    }

    @Test("Rows that contradict what was published are no reason to stop: then less may be taken for granted")
    func contradiction() throws {
        typealias Count = OutcomeReport.Count
        func ete(_ counts: [Count], beside: [PublishedTables.Beside] = []) throws -> [PublishedTables.Line] {
            var all = PublishedTables(
                [
                    .init(id: "ete", counts: ["A": counts[0], "B": counts[1]]),
                    .init(id: "businesses", counts: ["A": counts[0], "B": counts[1]]),
                ], beside: beside)
            return try all.lines()[0]
        }
        let many = try ete([Count(yes: 3, no: 6), Count(yes: 30, no: 30)])
        // Half of what was published has been taken back since: nothing fits.
        let few = try ete(
            [Count(yes: 7, no: 6), Count(yes: 8, no: 7)],
            beside: [
                .init(quarters: -1, isRevised: true, tables: ["ete": many, "businesses": many]),
                .init(quarters: -2, isRevised: false, tables: ["ete": many, "businesses": many]),
            ])
        #expect(few.map(\.area) == ["A", "B", nil] && few[0].cells[2] == "15")
    }

    @Test("A quarter is laid beside those around it: who has counted goes on to count")
    func quarters() throws {
        typealias Count = OutcomeReport.Count
        func tables(_ counts: [String: Count], beside: [PublishedTables.Beside] = []) throws -> [PublishedTables.Line] {
            var all = PublishedTables([.init(id: "ete", counts: counts)], beside: beside)
            return try all.lines()[0]
        }
        let first = try tables(["A": Count(yes: 3, no: 6), "B": Count(yes: 8, no: 7)])
        let second = try tables(
            ["A": Count(yes: 5, no: 6), "B": Count(yes: 8, no: 7)],
            beside: [.init(quarters: -1, isRevised: false, tables: ["ete": first])])
        #expect(first[0].cells[0] == "c" && second.count == 3)
    }
}
