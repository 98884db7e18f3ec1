import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteProgramme

/// What is let out is known to somebody else too, who lays all tables over each other (Tests/Figures/attack.py).
@Suite("Whoever knows what was let out works out no other number")
struct LetOutAttackTests {
    private typealias Count = OutcomeReport.Count
    private typealias Item = PublishedAttack.Item

    private static let days = ["2025-12-31", "2026-03-31", "2026-06-30", "2026-09-30"]
    private static let measures = ["reoffending", "recall", "ete", "businesses", "planned-move-on"]

    /// Quarters of some areas, published one after the other; in most of them a small number is let out.
    private struct Played {
        var items: [Item] = []
        var letOut = 0
        var refused = 0
    }

    private func played(_ seed: UInt64) -> Played {
        var generator = SeededGenerator(seed: seed)
        func some(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        let areas = ["A", "B", "C", "D"].prefix(some(2...4)).map { $0 }
        var counts = Dictionary(uniqueKeysWithValues: Self.measures.map { ($0, [String: Count]()) })
        var published: [[String: [PublishedTables.Line]]] = []
        var played = Played()
        for day in Self.days {
            for area in areas {
                for (first, second) in [("reoffending", "recall"), ("ete", "planned-move-on")] {
                    let (yes, no) = (some(0...9) == 0 ? 1 : 0, some(0...7))
                    counts[first]?[area, default: Count()].yes += yes
                    counts[first]?[area, default: Count()].no += no
                    let other = some(0...(yes + no))
                    counts[second]?[area, default: Count()].yes += other / 2
                    counts[second]?[area, default: Count()].no += other - other / 2
                }
                let moved = counts["ete"]?[area] ?? Count()
                counts["businesses"]?[area] = Count(yes: moved.yes / 2, no: moved.no + moved.yes - moved.yes / 2)
            }
            func tables(_ letOut: (measure: String, area: String?)?) throws -> [[PublishedTables.Line]] {
                let beside = published.enumerated().map {
                    PublishedTables.Beside(
                        quarters: $0 - published.count, isRevised: false, tables: $1)
                }
                var all = PublishedTables(
                    Self.measures.map { measure in
                        PublishedTables.Counts(
                            id: measure, counts: counts[measure] ?? [:],
                            letOut: letOut?.measure == measure ? [letOut?.area] : [],
                            hidesNothing: letOut?.measure == measure
                                || published.contains { $0[measure]?.contains(where: \.hidesNothing) == true })
                    }, beside: beside)
                return try all.lines()
            }
            var choices: [(measure: String, area: String?)] = []
            for measure in Self.measures {
                for line in OutcomeReport.exact(counts[measure] ?? [:]) {
                    guard let yes = Int(line.yes), let of = Int(line.of), (1...4).contains(yes), of >= 10,
                        LetOut(yes, of: SmallNumbers.rounded(of)).isTrue(yes, of: of)
                    else { continue }
                    choices.append((measure, line.area))
                }
            }
            var found: [[PublishedTables.Line]]?
            if some(0...3) > 0, let choice = choices.randomElement(using: &generator) {
                do {
                    found = try tables(choice)
                    played.letOut += 1
                } catch {
                    played.refused += 1
                }
            }
            guard let lines = try? found ?? tables(nil) else { continue }
            published.append(Dictionary(uniqueKeysWithValues: zip(Self.measures, lines)))
            played.items.append(item(day, lines, counts))
        }
        return played
    }

    private func item(_ day: String, _ lines: [[PublishedTables.Line]], _ counts: [String: [String: Count]]) -> Item {
        func report(_ lines: [[OutcomeReport.Line]], _ hidesNothing: [Bool]) -> OutcomeReport {
            OutcomeReport(
                asAt: day, isPublished: true,
                figures: zip(zip(Self.measures, lines), hidesNothing).map {
                    .init(
                        measure: $0.0, label: "", definition: "", lines: $0.1, benchmarks: [],
                        hidesNothing: $1 ? true : nil)
                })
        }
        return Item(
            revision: 1,
            report: report(lines.map(OutcomeReport.lines), lines.map { $0.contains(where: \.hidesNothing) }),
            exact: report(
                Self.measures.map { OutcomeReport.exact(counts[$0] ?? [:]) }, Self.measures.map { _ in false }))
    }

    @Test("No hidden count is told, over four quarters of many networks, with numbers let out in most")
    func combinations() throws {
        let all = (UInt64(1)...60).map { played($0) }
        let (letOut, refused) = (all.map(\.letOut).reduce(0, +), all.map(\.refused).reduce(0, +))
        #expect(letOut > 30, "hardly anything was let out: \(letOut), refused \(refused)")
        #expect(refused > 10, "what cannot be protected is refused: \(refused)")
        let found = try PublishedAttack.run(all.map(\.items))
        #expect(found.told == [])
        #expect(found.tried > 1_000 && found.givenUp * 50 < found.tried, "\(found.tried), \(found.givenUp)")
    }

    @Test("Somebody who knows it finds what a careless table would tell: who has none, and who has one a quarter ago")
    func isAble() throws {
        func report(_ day: String, _ yes: [String], _ of: [String], percent: String?, hidesNothing: Bool)
            -> OutcomeReport
        {
            let lines = zip(["A", "B", nil] as [String?], zip(yes, of)).map { area, cells in
                OutcomeReport.Line(
                    area: area, yes: cells.0, no: "c", of: cells.1, unknown: "0", percent: area == nil ? percent : nil)
            }
            return OutcomeReport(
                asAt: day, isPublished: true,
                figures: [
                    .init(
                        measure: "reoffending", label: "", definition: "", lines: lines, benchmarks: [],
                        hidesNothing: hidesNothing ? true : nil)
                ])
        }
        func item(_ day: String, _ yes: [String], _ percent: String?, hidesNothing: Bool = false) -> Item {
            let lines = [(1, 19), (0, 15), (1, 34)]
            let exact = OutcomeReport(
                asAt: day, isPublished: false,
                figures: [
                    .init(
                        measure: "reoffending", label: "", definition: "",
                        lines: zip(["A", "B", nil] as [String?], lines).map {
                            .init(
                                area: $0, yes: "\($1.0)", no: "\($1.1)", of: "\($1.0 + $1.1)", unknown: "0",
                                percent: nil)
                        }, benchmarks: [])
                ])
            return Item(
                revision: 1,
                report: report(day, yes, ["20", "15", "35"], percent: percent, hidesNothing: hidesNothing), exact: exact
            )
        }
        let autumn = Self.days[3]
        func yes(_ networks: [Item]) throws -> [String] {
            try PublishedAttack.run([networks]).told.filter { $0.contains(" yes") }
        }
        #expect(try yes([item(autumn, ["c", "0", "c"], nil)]).isEmpty)
        #expect(try yes([item(autumn, ["c", "0", "c"], "under 3 %")]).count == 1)
        // Where c is never nothing, there cannot be two of them.
        #expect(try yes([item(autumn, ["c", "c", "c"], "under 3 %", hidesNothing: true)]).isEmpty)
        // A quarter ago it was hidden, and was not nothing.
        let before = item(Self.days[2], ["c", "0", "c"], nil)
        #expect(
            try yes([before, item(autumn, ["c", "c", "c"], "under 3 %", hidesNothing: true)]).count >= 2)
    }
}
