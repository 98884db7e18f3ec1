import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteProgramme

/// The figures counted once more, in Python and from the document alone (Tests/Figures).
@Suite("Figures agree with those that somebody else counts from the same rows")
struct FiguresAgreeTests {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Figures/figures.py").path

    /// Before all cases, on a leap day, and as quarters end.
    private static let days = ["2021-12-31", "2024-02-29", "2024-12-31", "2025-09-30", "2026-09-30"]

    @Test("On an invented network, area by area, at five days", arguments: [UInt64(71), 72])
    func agree(seed: UInt64) throws {
        let network = try Network()
        // As the engine writes: what only the hub may write is in it too.
        let engine = try EngineDatabase.open(path: network.database.path, role: .engine, label: "invention")
        try engine.immediately { database in
            var invention = Invention(database, seed: seed)
            try invention.write(cases: 120)
        }
        try engine.close()
        for day in Self.days {
            let report = try network.edit { try OutcomeReport(asAt: day, published: false, in: $0) }
            let own =
                report.figures.flatMap { figure in
                    figure.lines.filter { $0.of != "0" || $0.unknown != "0" }.map {
                        "\(figure.measure) \(Self.name($0.area)) \($0.yes) \($0.of) \($0.unknown)"
                    }
                }
                + report.times.flatMap { figure in
                    figure.lines.compactMap { line -> String? in
                        guard let lower = line.lower, let median = line.median, let upper = line.upper else {
                            return nil
                        }
                        return "\(figure.measure) \(Self.name(line.area)) \(line.of) \(lower) \(median) \(upper)"
                    }
                }
                + (report.declined?.lines ?? []).filter { $0.of != "0" }.map {
                    "declined \($0.reason.map { $0.isEmpty ? "none" : $0 } ?? "all") \($0.of)"
                }
            let words = report.figures.flatMap { figure in
                (figure.sources ?? []).map { "word \(figure.measure) \($0.source) \($0.women)" }
            }
            let interim = report.figures.compactMap { figure in
                figure.interim.map { "interim \(figure.measure) \($0)" }
            }
            let result = try ForeignClient.run(["python3", "-B", Self.script, network.database.path, day])
            #expect(result.succeeded, "\(result.errors)")
            let others = result.output.split(separator: "\n").map(String.init)
            #expect((own + words + interim).sorted() == others.sorted(), "seed \(seed) as at \(day)")
            #expect(day > "2022" || others.isEmpty)
            let counted = Set(others.compactMap { $0.split(separator: " ").first.map(String.init) })
            let asked = Measure.all.map(\.id) + Measure.own.map(\.id) + TimeMeasure.all.map(\.id)
            #expect(day < "2026" || counted.isSuperset(of: asked), "a figure was never counted")
        }
    }

    @Test("In all measures but two, whoever counts at the end of a quarter counts at the next, and a yes stays a yes")
    func cumulative() throws {
        let network = try Network()
        let engine = try EngineDatabase.open(path: network.database.path, role: .engine, label: "invention")
        try engine.immediately { database in
            var invention = Invention(database, seed: 73)
            try invention.write(cases: 200)
        }
        try engine.close()
        let ends = (2023...2026).flatMap { year in
            ["03-31", "06-30", "09-30", "12-31"].map { "\(year)-\($0)" }
        }.filter { $0 < "2026-10" }
        for measure in Measure.all where !["engaged", "reunited"].contains(measure.id) {
            var before = OutcomeReport.Count()
            for day in ends {
                let counts = try network.edit { try OutcomeReport.counts(measure, day, in: $0).values }
                let now = counts.reduce(into: OutcomeReport.Count()) {
                    $0.yes += $1.yes
                    $0.no += $1.no
                    $0.unknown += $1.unknown
                }
                #expect(now.yes >= before.yes, "\(measure.id) \(day)")
                #expect(
                    now.yes + now.no + now.unknown >= before.yes + before.no + before.unknown, "\(measure.id) \(day)")
                before = now
            }
            #expect(before.yes > 0, "\(measure.id) was never counted")
        }
    }

    private static func name(_ area: String?) -> String { area.map { $0.isEmpty ? "-" : $0 } ?? "all" }
}
