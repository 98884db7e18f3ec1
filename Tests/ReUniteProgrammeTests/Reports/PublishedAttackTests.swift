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
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Figures/attack.py").path

    private struct Item: Encodable {
        let revision: Int
        let report: OutcomeReport
    }

    /// Runs the attacker on networks. Returns what it found and how much it tried.
    private func attack(_ networks: [[Item]]) throws -> (told: [String], tried: Int, fitted: Int) {
        let folder = try TemporaryFolder()
        let file = folder.file("published.json")
        try JSONEncoder().encode(networks).write(to: URL(fileURLWithPath: file))
        let result = try ForeignClient.run(["python3", "-B", Self.script, file])
        #expect(result.succeeded, "\(result.errors)")
        let lines = result.output.split(separator: "\n").map(String.init)
        let numbers = (lines.last ?? "").split(separator: " ").compactMap { Int($0) }
        #expect(numbers.count == 2)
        return (lines.filter { $0.hasPrefix("told") }, numbers.first ?? 0, numbers.last ?? 0)
    }

    /// Three quarters of a small invented network, published one after the other.
    private func published(seed: UInt64, cases: Int) throws -> [Item] {
        let network = try Network()
        let engine = try EngineDatabase.open(path: network.database.path, role: .engine, label: "invention")
        try engine.immediately { database in
            var invention = Invention(database, seed: seed)
            try invention.write(cases: cases)
        }
        for (number, day) in ["2025-09-30", "2026-06-30", "2026-03-31"].enumerated() {
            try engine.immediately { database in
                let now = CivilTime.londonInstant(date: "2026-11-2\(number)", minutes: 600)
                try Publication.draft(day, reason: "", in: database, now: now).insert(into: database, now: now)
            }
        }
        try engine.close()
        return try network.edit { try Publication.all(in: $0) }.map { Item(revision: $0.revision, report: $0.report) }
    }

    @Test("No sum, difference or other combination of any tables gives a hidden count away, over three quarters")
    func combinations() throws {
        let networks = try (UInt64(1)...6).map { try published(seed: 900 + $0, cases: 12 + 9 * Int($0)) }
        let found = try attack(networks)
        #expect(found.told == [])
        #expect(found.tried > 500, "the attacker has had hardly anything to try")
        #expect(found.fitted >= 4, "what the attacker takes for granted fits hardly any network")
    }

    @Test("The attacker is able to find what is told: by one table alone, and by two that are each fit by themselves")
    func isAble() throws {
        func figure(_ measure: String, total: String) -> OutcomeReport.Figure {
            let areas = ["A", "B", "C", "D", "E", "F", "G"].map { ($0 as String?, "c") }
            return .init(
                measure: measure, label: "", definition: "",
                lines: (areas + [(nil, total)]).map {
                    .init(area: $0.0, yes: $0.1, no: "0", of: $0.1, unknown: "0", percent: nil)
                }, benchmarks: [])
        }
        func item(_ figures: [OutcomeReport.Figure], days total: String? = nil) -> Item {
            let line = total.map { TimeFigure.Line(area: nil, of: $0, lower: nil, median: nil, upper: nil) }
            let times = line.map { [TimeFigure(measure: "days-to-accept", label: "", definition: "", lines: [$0])] }
            return Item(
                revision: 1,
                report: OutcomeReport(
                    asAt: "2026-09-30", isPublished: true, figures: figures, times: times ?? []))
        }
        // Five is at most seven, and seven areas have at least one each.
        let alone = try attack([[item([figure("cross-area", total: "5")])]])
        #expect(alone.told.count == 14 && alone.tried == 14, "\(alone.told)")
        let safe = [item([figure("cross-area", total: "c")]), item([], days: "5")]
        for report in safe { #expect(try attack([[report]]).told == []) }
        let together = try attack([[item([figure("cross-area", total: "c")], days: "5")]])
        #expect(together.told.count == 16, "\(together.told)")
        // Of two quarters the later one bounds the earlier.
        let later = Item(
            revision: 1,
            report: OutcomeReport(
                asAt: "2026-12-31", isPublished: true,
                figures: [
                    .init(
                        measure: "cross-area", label: "", definition: "",
                        lines: [.init(area: nil, yes: "5", no: "0", of: "5", unknown: "0", percent: nil)],
                        benchmarks: [])
                ]))
        #expect(try attack([[safe[0], later]]).told.count == 16)
        // Settled at three months are asked whom the first night asked a quarter ago.
        func night(_ day: String, _ measure: String, of: String, unknown: String, all: String, not: String) -> Item {
            let lines = [("A" as String?, of, unknown), ("B", of, unknown), (nil, all, not)].map {
                OutcomeReport.Line(area: $0.0, yes: $0.1, no: "0", of: $0.1, unknown: $0.2, percent: nil)
            }
            return Item(
                revision: 1,
                report: OutcomeReport(
                    asAt: day, isPublished: true,
                    figures: [.init(measure: measure, label: "", definition: "", lines: lines, benchmarks: [])]))
        }
        let june = night("2026-06-30", "housed-on-release", of: "5", unknown: "0", all: "10", not: "0")
        let september = night("2026-09-30", "settled-3-months", of: "5", unknown: "c", all: "10", not: "c")
        #expect(try attack([[september]]).told == [])
        let told = try attack([[june, september]]).told
        #expect(told.filter { $0.contains("unknown") && !$0.contains("None") }.count == 2, "\(told)")
    }

    @Test("A measure of one quarter hides what one of another quarter would tell: they ask after the same women")
    func acrossMeasures() {
        typealias Count = OutcomeReport.Count
        let first = PublishedTables.Counts(
            id: "housed-on-release", counts: ["A": Count(yes: 6), "B": Count(yes: 6)], isCumulative: true)
        var alone = PublishedTables([first])
        let june = alone.lines()[0]
        let second = PublishedTables.Counts(
            id: "settled-3-months", counts: ["A": Count(yes: 5, unknown: 1), "B": Count(yes: 5, unknown: 1)],
            isCumulative: true)
        func september(_ quarters: Int) -> [[String]] {
            var all = PublishedTables(
                [second],
                beside: [.init(quarters: quarters, isRevised: false, tables: ["housed-on-release": june])])
            return all.lines()[0].map(\.cells)
        }
        // Of six at most seven, of five at least five: one is unknown in each area.
        #expect(june[0].cells[2] == "5" && june[2].cells[2] == "10")
        #expect(september(-1).contains { $0[2] == "c" }, "\(september(-1))")
        #expect(september(-1).allSatisfy { $0[3] == "c" })
    }

    @Test("Tables of the same people, or of some of them, hide together what one would tell of the other")
    func linked() {
        func published(_ tables: [PublishedTables.Counts]) -> [[[String]]] {
            var all = PublishedTables(tables)
            return all.lines().map { $0.map(\.cells) }
        }
        typealias Count = OutcomeReport.Count
        let referrals = PublishedTables.Counts(
            id: "cross-area", counts: ["A": Count(yes: 9, no: 2), "B": Count(yes: 12, no: 9)])
        let times = PublishedTables.Counts(
            id: "days-to-accept", counts: ["A": Count(yes: 9), "B": Count(yes: 12)], isSingle: true)
        let shown = published([referrals, times])
        for row in 0..<3 { #expect((shown[0][row][0] == "c") == (shown[1][row][0] == "c"), "row \(row): \(shown)") }
        #expect(shown[0][0][1] == "c")
        // Twelve months are some of six: a total of six that is shown bounds what is hidden of twelve.
        let six = PublishedTables.Counts(id: "sustained-6", counts: ["A": Count(yes: 5)])
        let twelve = PublishedTables.Counts(id: "sustained-12", counts: ["A": Count(yes: 4)])
        #expect(published([six, twelve])[1][0][0] == "c")
    }

    @Test("A quarter is laid beside those around it: who has counted goes on to count")
    func quarters() {
        typealias Count = OutcomeReport.Count
        func tables(_ counts: [String: Count], beside: [PublishedTables.Beside] = []) -> [PublishedTables.Line] {
            var all = PublishedTables([.init(id: "ete", counts: counts, isCumulative: true)], beside: beside)
            return all.lines()[0]
        }
        let first = tables(["A": Count(yes: 3, no: 6), "B": Count(yes: 8, no: 7)])
        let second = tables(
            ["A": Count(yes: 5, no: 6), "B": Count(yes: 8, no: 7)],
            beside: [.init(quarters: -1, isRevised: false, tables: ["ete": first])])
        #expect(first[0].cells[0] == "c" && second.count == 3)
    }
}
