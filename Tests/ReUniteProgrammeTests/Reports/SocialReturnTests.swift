import Foundation
import GRDB
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteProgramme

@Suite("What a pound brings back is quoted, or worked out from sourced prices and said to be so")
struct SocialReturnTests {
    private func line(_ database: Database, _ category: String, source: String?) throws {
        _ = try database.add(
            "sroi_line",
            [
                "study": "OURS", "category": category, "unit": "Child-months", "units": 100, "proxy_pence": 1_000,
                "deadweight_per_mille": 500, "attribution_per_mille": 800, "drop_off_per_mille": 900,
                "proxy_source": source,
            ])
    }

    @Test("A study without a line is refused with the names of those that have one")
    func unknown() throws {
        let network = try Network()
        let failure = try network.failure { database in
            try line(database, "HEALTH", source: "A price list")
            _ = try SocialReturn(workingOut: "NOPE", spentPence: 100, asAt: "2026-09-30", in: database)
        }
        #expect(failure?.code == .noInput && failure?.remedy.contains("OURS") == true)
    }

    @Test("Studies are quoted: 5.83, and 8.09 over ten years, with their source, whatever rows there are")
    func quoted() throws {
        let network = try Network()
        let found = try network.edit { database in
            try line(database, "HEALTH", source: "A price list")
            return try SocialReturn(workingOut: "SOUTH_LONDON", spentPence: 100, asAt: "2026-09-30", in: database)
        }
        let study = found.studies.filter { $0.study == "SOUTH_LONDON" }
        #expect(study.map(\.pencePerPound) == [583, 809] && study.map(\.years) == [1, 10])
        #expect(study.allSatisfy { !$0.source.isEmpty })
        // Its lines name no prices: nothing can be worked out of them, and nothing is.
        #expect(found.own?.benefits.isEmpty == true && found.own?.pencePerPound.isEmpty == true)
        #expect(found.own?.leftOut.count == 5)
    }

    @Test(
        "Worked out is units, price, deadweight, attribution, what is left and the discount; a line without source is out"
    )
    func worked() throws {
        let network = try Network()
        let found = try network.edit { database in
            try line(database, "HEALTH", source: "A price list")
            try line(database, "REOFFENDING", source: nil)
            return try SocialReturn(
                workingOut: "OURS", spentPence: 20_000, asAt: "2026-09-30", discountPerMille: 0, in: database)
        }
        let own = try #require(found.own)
        // 100 × £10 × 0.5 × 0.8 is £400 in the first year; ten years at nine tenths of the year before are £2,605.29.
        #expect(own.benefits.map(\.valuePence) == [[1: 40_000, 10: 260_529]])
        #expect(own.pencePerPound == [1: 200, 10: 1_303] && own.leftOut == ["REOFFENDING: Child-months"])
    }

    @Test(
        "Discounted by 3.5 % a year unless another rate is said, over one year and ten, as somebody else works it out")
    func discounted() throws {
        let network = try Network()
        let own = try network.edit { database in
            try line(database, "HEALTH", source: "A price list")
            try line(database, "HOUSING", source: "Another")
            try line(database, "REOFFENDING", source: "")
            return try SocialReturn(workingOut: "OURS", spentPence: 20_000, asAt: "2026-09-30", in: database).own
        }
        let found = try #require(own)
        // £400 in the first year; what is left of a year is 0.9 ÷ 1.035 of the year before: £2,308.63 in ten.
        #expect(found.benefits.map(\.valuePence) == [[1: 40_000, 10: 230_863], [1: 40_000, 10: 230_863]])
        #expect(found.pencePerPound == [1: 400, 10: 2_309] && found.discountPerMille == 35)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Figures/figures.py").path
        let result = try ForeignClient.run(
            ["python3", "-B", script, network.database.path, "--sroi", "OURS", "20000"])
        #expect(result.output == "sroi 1 80000 400\nsroi 10 461726 2309\n", "\(result.errors)")
    }

    @Test("Nothing is asked for, nothing is worked out")
    func nothing() throws {
        let network = try Network()
        #expect(try network.edit { try SocialReturn(asAt: "2026-09-30", in: $0) }.own == nil)
    }
}
