import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("What was published stays")
struct PublicationTests {
    private static let quarter = "2026-09-30"
    private let network: Network

    init() throws { network = try Network() }

    /// Women who moved on in an area, so many of them into work.
    private func women(_ work: Int, of count: Int, at partner: Identifier, from first: Int = 0) throws {
        try network.edit { database in
            let code = partner == Network.surrey ? "SRY" : "DBY"
            for number in first..<first + count {
                let id = try database.add(
                    "case_file",
                    [
                        "ref": "\(code) \(number)", "owner_partner_id": partner.sqlBlob, "phase": "MOVE_ON",
                        "opened_on": "2024-10-01",
                    ])
                _ = try database.add("person", ["case_id": id.sqlBlob, "known_as": "Woman \(number)"])
                _ = try database.add(
                    "move_on",
                    [
                        "case_id": id.sqlBlob, "moved_on": "2026-02-01", "planned": 1,
                        "ete_status": number - first < work ? "EMPLOYED" : "NONE",
                    ])
            }
        }
    }

    @discardableResult
    private func publish(reason: String = "") throws -> Publication.Draft {
        try network.edit { database in
            let draft = try Publication.draft(Self.quarter, reason: reason, in: database, now: Network.noon)
            try draft.insert(into: database, now: Network.noon)
            return draft
        }
    }

    private func lines(_ report: OutcomeReport) throws -> [OutcomeReport.Line] {
        try #require(report.figures.first { $0.measure == "ete" }).lines
    }

    @Test("Rows that come later change nothing of it; what is counted now is another thing")
    func stays() throws {
        try women(20, of: 30, at: Network.surrey)
        try women(12, of: 25, at: Network.derby)
        let draft = try publish()
        #expect(draft.revision == 1)
        try women(10, of: 10, at: Network.surrey, from: 500)
        let stored = try network.edit { try Publication.all(of: Self.quarter, in: $0) }
        let publication = try #require(stored.last)
        #expect(stored.count == 1 && publication.isIntact && publication.revision == 1)
        #expect(try lines(publication.report) == lines(draft.report))
        let now = try network.edit { try OutcomeReport(asAt: Self.quarter, published: true, in: $0) }
        #expect(try lines(now) != lines(draft.report))
    }

    @Test("A correction is a revision with a reason; one that would say the same is refused")
    func revisions() throws {
        try women(20, of: 30, at: Network.surrey)
        try publish()
        let same = try network.failure {
            _ = try Publication.draft(Self.quarter, reason: "To see what happens", in: $0, now: Network.noon)
        }
        #expect(same?.code == .badData)
        try women(20, of: 20, at: Network.surrey, from: 500)
        let unsaid = try network.failure {
            _ = try Publication.draft(Self.quarter, reason: "", in: $0, now: Network.noon)
        }
        #expect(unsaid?.code == .usage)
        let second = try publish(reason: "Twenty move-ons had been typed late")
        #expect(second.revision == 2)
        #expect(try lines(second.report).last?.of == "50")
        let all = try network.edit { try Publication.all(of: Self.quarter, in: $0) }
        #expect(all.map(\.revision) == [1, 2] && all.map(\.reason).last == "Twenty move-ons had been typed late")
    }

    @Test("A quarter that is not over, or a day that ends none, is not published")
    func days() throws {
        for day in ["2026-12-31", "2026-09-29"] {
            let failure = try network.failure {
                _ = try Publication.draft(day, reason: "", in: $0, now: Network.noon)
            }
            #expect(failure?.code == .badData, "\(day)")
        }
    }

    @Test("One woman more or less shows in no revision, and what was hidden stays hidden")
    func differencing() throws {
        try women(17, of: 32, at: Network.surrey)
        try women(2, of: 9, at: Network.derby)
        let first = try publish()
        try women(1, of: 1, at: Network.surrey, from: 500)
        let same = try network.failure {
            _ = try Publication.draft(Self.quarter, reason: "One woman more", in: $0, now: Network.noon)
        }
        #expect(same != nil, "a table that one woman moves would tell of her")
        try women(0, of: 40, at: Network.derby, from: 600)
        let second = try publish(reason: "Forty move-ons had been typed late")
        for (old, new) in zip(try lines(first.report), try lines(second.report)) {
            if old.yes == "c" { #expect(new.yes == "c") }
        }
    }

    @Test("A text that was changed is not shown as what was published")
    func tampered() throws {
        try women(20, of: 30, at: Network.surrey)
        try publish()
        try network.writeAsHub("publication") {
            try $0.execute(sql: "UPDATE publication SET figures = replace(figures, '\"20\"', '\"25\"')")
        }
        let stored = try network.edit { try Publication.all(in: $0) }
        #expect(stored.map(\.isIntact) == [false])
    }

    @Test("Measures that count the same women hide their number together")
    func populations() throws {
        try women(3, of: 9, at: Network.surrey)
        try women(20, of: 40, at: Network.derby)
        let report = try network.edit { try OutcomeReport(asAt: Self.quarter, published: true, in: $0) }
        func totals(_ measure: String) -> [Bool]? {
            report.figures.first { $0.measure == measure }?.lines.map { $0.of == "c" }
        }
        #expect(totals("ete") == totals("businesses"))
    }

    @Test("Published percentages are of what is published: of exact counts they would tell them")
    func percentages() throws {
        try women(13, of: 22, at: Network.surrey)
        let report = try network.edit { try OutcomeReport(asAt: Self.quarter, published: true, in: $0) }
        let line = try #require(try lines(report).last)
        #expect([line.yes, line.no, line.of] == ["15", "10", "20"] && line.percent == "60 %")
    }
}
