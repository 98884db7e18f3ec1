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

    @Test("On an invented network, at three days", arguments: [UInt64(71), 72])
    func agree(seed: UInt64) throws {
        let network = try Network()
        // As the engine writes: what only the hub may write is in it too.
        let engine = try EngineDatabase.open(path: network.database.path, role: .engine, label: "invention")
        try engine.immediately { database in
            var invention = Invention(database, seed: seed)
            try invention.write(cases: 120)
        }
        try engine.close()
        for day in ["2024-12-31", "2025-09-30", "2026-09-30"] {
            let report = try network.edit { try OutcomeReport(asAt: day, published: false, in: $0) }
            let own =
                report.figures.compactMap { figure -> String? in
                    guard let line = figure.lines.last, line.of != "0" || line.unknown != "0" else { return nil }
                    return "\(figure.measure) \(line.yes) \(line.of) \(line.unknown)"
                }
                + report.times.compactMap { figure -> String? in
                    guard let line = figure.lines.last, let lower = line.lower, let median = line.median,
                        let upper = line.upper
                    else { return nil }
                    return "\(figure.measure) \(line.of) \(lower) \(median) \(upper)"
                }
                + (report.declined?.lines ?? []).filter { $0.of != "0" }.map {
                    "declined \($0.reason.map { $0.isEmpty ? "none" : $0 } ?? "all") \($0.of)"
                }
            let result = try ForeignClient.run(["python3", "-B", Self.script, network.database.path, day])
            #expect(result.succeeded, "\(result.errors)")
            let others = result.output.split(separator: "\n").map(String.init)
            #expect(own.sorted() == others.sorted(), "seed \(seed) as at \(day)")
            #expect(day < "2026" || others.count >= Measure.all.count + 2, "a figure was never counted")
        }
    }
}
