import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

/// What stands beside a figure of reoffending: whose word it is.
@Suite("A figure of reoffending says whose word it is")
struct WhoseWordTests {
    private let network: Network

    init() throws { network = try Network() }

    private func woman(_ number: Int, released day: String) throws -> Data {
        try network.edit { database in
            let id = try database.add(
                "case_file",
                [
                    "ref": "W\(number)", "owner_partner_id": Network.surrey.sqlBlob, "phase": "HOUSED",
                    "opened_on": "2023-10-01",
                ])
            _ = try database.add(
                "custody_episode", ["case_id": id.sqlBlob, "release_date": day, "release_type": "CRD_LICENCE"])
            return id.sqlBlob
        }
    }

    private func offence(_ key: Data, _ day: String, proven: String, by source: String) throws {
        _ = try network.edit {
            try $0.add(
                "outcome_event",
                [
                    "case_id": key, "kind": "REOFFENCE", "occurred_on": day, "source": source, "proven_on": proven,
                    "disposal": "CONVICTION",
                ])
        }
    }

    /// As a reader of the JSON has it.
    private func figure(_ measure: String, asAt day: String = "2026-09-30", published: Bool = false) throws
        -> [String: Any]
    {
        let report = try network.edit { try OutcomeReport(asAt: day, published: published, in: $0) }
        let json = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(report)) as? [String: Any]
        let figures = try #require(json?["figures"] as? [[String: Any]])
        return try #require(figures.first { $0["measure"] as? String == measure })
    }

    private func sources(_ figure: [String: Any]) -> [String] {
        (figure["sources"] as? [[String: Any]] ?? []).map {
            "\($0["source"] ?? "") \($0["label"] ?? "") \($0["women"] ?? "")"
        }
    }

    @Test("Each woman counts once with each source that told of an offence that counts, and no other offence does")
    func mix() throws {
        let women = try (0..<5).map { try woman($0, released: "2024-01-10") }
        try offence(women[0], "2024-03-01", proven: "2024-05-01", by: "PNC")
        try offence(women[0], "2024-04-01", proven: "2024-05-01", by: "PNC")
        try offence(women[1], "2024-03-01", proven: "2024-05-01", by: "PNC")
        try offence(women[1], "2024-04-01", proven: "2024-05-01", by: "SELF_REPORT")
        try offence(women[2], "2024-03-01", proven: "2024-05-01", by: "PROBATION")
        try offence(women[3], "2025-03-01", proven: "2025-05-01", by: "COURT")
        #expect(
            sources(try figure("reoffending")) == [
                "SELF_REPORT She says so 1", "PROBATION Probation 1", "PNC Police National Computer 2",
            ])
    }

    @Test("Where nobody offended there is no source; of other measures none is told, and none is published")
    func apart() throws {
        let women = try (0..<20).map { try woman($0, released: "2024-01-10") }
        #expect(sources(try figure("reoffending")) == [])
        for woman in women.prefix(8) { try offence(woman, "2024-03-01", proven: "2024-05-01", by: "PNC") }
        #expect(sources(try figure("reoffending")) == ["PNC Police National Computer 8"])
        #expect(try figure("recall")["sources"] == nil)
        let published = try figure("reoffending", published: true)
        #expect(published["sources"] == nil && published["lines"] != nil)
    }
}
