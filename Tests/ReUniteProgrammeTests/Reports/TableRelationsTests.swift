import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteProgramme

/// What is taken for granted of published tables, held against what the measures count.
@Suite("What tables are said to have to do with each other is so")
struct TableRelationsTests {
    private struct Undo: Error {}

    private static let days =
        ["2023-12-31"]
        + ["2024", "2025", "2026"].flatMap { year in ["03-31", "06-30", "09-30", "12-31"].map { "\(year)-\($0)" } }
        .filter { $0 < "2026-12-31" }

    /// Counts a network of so many cases at all days, and takes it back.
    private func counted(seed: UInt64, cases: Int, isLinked: Bool, in engine: DatabaseQueue) throws -> CountedCells {
        var cells: CountedCells?
        do {
            try engine.immediately { database in
                var invention = Invention(database, seed: seed, isLinked: isLinked)
                try invention.write(cases: cases)
                cells = try CountedCells(Self.days, in: database)
                throw Undo()
            }
        } catch is Undo {}
        return try #require(cells)
    }

    /// Of one woman a relation that is not so shows at once; of many it may be hidden by the others.
    @Test("Of random networks over twelve quarters: of one woman alone, of many, and of women in two areas")
    func hold() throws {
        let network = try Network()
        let engine = try EngineDatabase.open(path: network.database.path, role: .engine, label: "invention")
        defer { try? engine.close() }
        var networks = try (UInt64(1)...80).map {
            (try counted(seed: $0, cases: 1, isLinked: false, in: engine), areas: true)
        }
        for seed in UInt64(201)...202 {
            networks.append((try counted(seed: seed, cases: 30, isLinked: false, in: engine), areas: true))
            networks.append((try counted(seed: seed, cases: 30, isLinked: true, in: engine), areas: false))
        }
        for relation in TableRelations.always {
            var times = 0
            for (cells, areas) in networks {
                let tried = cells.tried(relation, areas: areas)
                times += tried.times
                #expect(tried.wrong.isEmpty, "\(tried.wrong.first ?? "")")
            }
            #expect(times > 50, "\(relation) was hardly ever tried")
        }
    }

    @Test("What is not so of these rows is found out: every release counts, and women are fewer")
    func isAble() throws {
        let network = try Network()
        let engine = try EngineDatabase.open(path: network.database.path, role: .engine, label: "invention")
        defer { try? engine.close() }
        let networks = try (UInt64(1)...60).map { try counted(seed: $0, cases: 1, isLinked: false, in: engine) }
        for wrong in [
            TableRelations.Relation(part: ("housed-on-release", .all), whole: ("engaged", .all)),
            .init(part: ("housed-on-release", .all), whole: ("settled-3-months", .all), quarters: 1, isSame: true),
            .init(part: ("planned-move-on", .all), whole: ("ete", .all)),
        ] {
            #expect(networks.contains { !$0.tried(wrong, areas: true).wrong.isEmpty }, "\(wrong)")
        }
    }
}
