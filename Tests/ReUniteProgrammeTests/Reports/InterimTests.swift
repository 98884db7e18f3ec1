import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

/// A figure whose women were not all followed to the end.
@Suite("A figure of reoffending says where it is interim")
struct InterimTests {
    private let network: Network

    init() throws { network = try Network() }

    private func woman(released day: String, offended: String? = nil, proven: String? = nil) throws {
        try network.edit { database in
            let id = try database.add(
                "case_file",
                [
                    "ref": "W \(day) \(proven ?? "")", "owner_partner_id": Network.surrey.sqlBlob,
                    "phase": "HOUSED", "opened_on": "2023-10-01",
                ])
            _ = try database.add(
                "custody_episode", ["case_id": id.sqlBlob, "release_date": day, "release_type": "CRD_LICENCE"])
            guard let offended else { return }
            _ = try database.add(
                "outcome_event",
                [
                    "case_id": id.sqlBlob, "kind": "REOFFENCE", "occurred_on": offended, "source": "COURT",
                    "proven_on": proven, "disposal": "CONVICTION",
                ])
        }
    }

    private func figure(_ measure: String, asAt day: String, published: Bool = false) throws -> OutcomeReport.Figure? {
        try network.edit { try OutcomeReport(asAt: day, published: published, in: $0) }
            .figures.first { $0.measure == measure }
    }

    @Test("Women who are out for a year count in a figure of their own, which is interim until they are followed")
    func interim() throws {
        try woman(released: "2024-01-10")
        try woman(released: "2025-01-10", offended: "2025-05-01", proven: "2025-09-01")
        try woman(released: "2025-02-10", offended: "2025-05-01", proven: "2026-04-01")
        try woman(released: "2025-06-01")
        let early = try #require(try figure("reoffending-interim", asAt: "2026-03-31"))
        #expect(early.lines.last?.yes == "1" && early.lines.last?.of == "3", "proven after the day is not yet proven")
        #expect(early.label.hasSuffix("(interim)"))
        let final = try #require(try figure("reoffending", asAt: "2026-03-31"))
        #expect(final.lines.last?.of == "1" && !final.label.contains("interim"))
        // All were followed by then: both say the same.
        let late = try #require(try figure("reoffending-interim", asAt: "2026-12-31"))
        #expect(late.lines.last?.yes == "2" && late.lines.last?.of == "4" && !late.label.contains("interim"))
    }

    @Test("On the last of February women count whose time is over some days later: the figure is interim")
    func february() throws {
        try woman(released: "2023-08-31", offended: "2024-05-01", proven: "2025-03-02")
        let february = try #require(try figure("reoffending", asAt: "2025-02-28"))
        #expect(february.label.hasSuffix("(interim)") && february.lines.last?.yes == "0")
        let march = try #require(try figure("reoffending", asAt: "2025-03-02"))
        #expect(!march.label.contains("interim") && march.lines.last?.yes == "1")
    }

    @Test(
        "At the end of a quarter all women of the figure are followed, so what is published is final",
        arguments: ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31", "2025-03-31", "2025-06-30"])
    func quarters(day: String) throws {
        let latest = CivilTime.day(day, monthsEarlier: 18)
        try woman(released: latest)
        let own = try #require(try figure("reoffending", asAt: day))
        #expect(own.lines.last?.of == "1" && !own.label.contains("interim"))
        let published = try #require(try figure("reoffending", asAt: day, published: true))
        #expect(!published.label.contains("interim"))
        #expect(try figure("reoffending-interim", asAt: day, published: true) == nil)
    }
}
