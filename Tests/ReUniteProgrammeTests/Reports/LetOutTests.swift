import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("A small number is let out on purpose, on record, and nothing else with it")
struct LetOutTests {
    private static let quarter = "2026-09-30"
    private static let person = "R. Quill, data protection officer"
    private static let reason = "Agreed by the board on 3 October"
    private let network: Network

    init() throws { network = try Network() }

    /// Women of a partner's, all released on a day, so many of whom offended again and were recalled.
    private func women(
        _ count: Int, offending: Int = 0, at partner: Identifier, released day: String = "2024-01-10",
        from first: Int = 0
    ) throws {
        try network.edit { database in
            let code = partner == Network.surrey ? "S" : partner == Network.derby ? "D" : "G"
            for number in first..<first + count {
                let id = try database.add(
                    "case_file",
                    [
                        "ref": "\(code) \(day) \(number)", "owner_partner_id": partner.sqlBlob, "phase": "HOUSED",
                        "opened_on": "2023-10-01",
                    ])
                _ = try database.add("person", ["case_id": id.sqlBlob, "known_as": "Woman \(number)"])
                _ = try database.add(
                    "custody_episode", ["case_id": id.sqlBlob, "release_date": day, "release_type": "CRD_LICENCE"])
                guard number < first + offending else { continue }
                let year = day.prefix(4)
                _ = try database.add(
                    "outcome_event",
                    [
                        "case_id": id.sqlBlob, "kind": "REOFFENCE", "occurred_on": "\(year)-05-01",
                        "source": "PROBATION", "proven_on": "\(year)-09-01", "disposal": "CONVICTION",
                    ])
            }
        }
    }

    @discardableResult
    private func publish(
        _ small: String..., quarter: String = LetOutTests.quarter, by person: String = LetOutTests.person,
        reason: String = LetOutTests.reason
    ) throws -> Publication.Draft {
        try network.edit { database in
            let draft = try Publication.draft(
                quarter, reason: reason, lettingOut: small.map { .init(typed: $0) }, by: person, in: database,
                now: Network.noon)
            try draft.insert(into: database, now: Network.noon)
            return draft
        }
    }

    /// Why it is refused; nil where it is not, and nothing is published.
    private func refusal(
        _ small: String..., by person: String = LetOutTests.person, reason: String = LetOutTests.reason
    ) throws -> Failure? {
        try network.failure { database in
            _ = try Publication.draft(
                Self.quarter, reason: reason, lettingOut: small.map { .init(typed: $0) }, by: person, in: database,
                now: Network.noon)
        }
    }

    private func figure(_ report: OutcomeReport, _ measure: String = "reoffending") throws -> OutcomeReport.Figure {
        try #require(report.figures.first { $0.measure == measure })
    }

    @Test("One of 35 is hidden, until somebody allows it: then it is under 3 %, and says who and why")
    func oneOf35() throws {
        try women(20, offending: 1, at: Network.surrey)
        try women(15, at: Network.derby)
        let hidden = try figure(try network.edit { try OutcomeReport(asAt: Self.quarter, published: true, in: $0) })
        #expect(hidden.lines.allSatisfy { $0.percent != "under 3 %" } && hidden.waivers == nil)
        #expect(hidden.lines.last?.yes == "c" && hidden.hidesNothing == nil)
        let draft = try publish("reoffending")
        let shown = try figure(draft.report)
        #expect(shown.lines.map(\.percent) == [nil, nil, "under 3 %"])
        // The count itself is not there, and in which area nobody is told: the one that has none says c as well.
        #expect(shown.lines.map(\.area) == ["DBY", "SRY", nil])
        #expect(shown.lines.map(\.yes) == ["c", "c", "c"] && shown.lines.last?.of == "35")
        #expect(shown.hidesNothing == true)
        #expect(
            shown.waivers == [.init(area: nil, by: Self.person, reason: Self.reason, day: "2026-11-21")])
        for other in draft.report.figures where other.measure != "reoffending" {
            #expect(other.waivers == nil && other.hidesNothing == nil)
        }
        let stored = try network.edit { try Publication.all(in: $0) }
        #expect(stored.count == 1 && stored[0].isIntact)
        #expect(try figure(stored[0].report).lines == shown.lines)
        #expect(draft.report.csv.contains("\"Shown though it is small: all areas. Allowed by R. Quill, data"))
        #expect(FigureChart.svg(draft.report).contains("under 3 % (c of 35)"))
        #expect(FigureChart.svg(draft.report).contains("Agreed by the board"))
    }

    @Test("It is on the audit log: which measure and area, as what, and why as a hash")
    func noted() throws {
        try women(35, offending: 1, at: Network.surrey)
        let draft = try publish("reoffending", "reoffending:SRY")
        let noted = draft.noted(by: Self.person)
        #expect(noted.waived.count == 2)
        let facts = AuditRecord(.smallNumberWaived, atMilliseconds: 0, noted.waived[0])
        #expect(facts.number(.under) == 3 && facts.hash(.root) == draft.hash && facts.hash(.why)?.count == 32)
        #expect(
            noted.waived.map { $0.contains(.word(.code, "reoffending:SRY")) }.sorted { !$0 && $1 } == [false, true])
        let lines = try figure(draft.report).lines
        #expect(lines.map(\.percent) == ["under 3 %", "under 3 %"])
    }

    @Test("It is refused where it would tell another number: the one area's, an earlier quarter's, that of a part")
    func refused() throws {
        try women(35, offending: 1, at: Network.surrey)
        // One area alone has all of them.
        let one = try refusal("reoffending")
        #expect(one?.code == .badData && one?.why.contains("the yes of reoffending, SRY") == true, "\(one as Any)")
        #expect(try refusal("reoffending", "reoffending:SRY") == nil)
        // Whoever is in another area has none: what was hidden there is nothing.
        try women(15, at: Network.derby)
        #expect(try refusal("reoffending") == nil && refusal("reoffending:SRY") == nil)
        // Surrey's was hidden a quarter ago, and Derby had none.
        try publish(quarter: "2026-06-30", reason: "")
        let told = try refusal("reoffending")
        #expect(told?.code == .badData, "\(told as Any)")
        #expect(try refusal("reoffending", "reoffending:SRY")?.why.contains("earlier") == true)
    }

    @Test("In a revision it tells who has her, where the table before said who has none: then both go out, or neither")
    func afterwards() throws {
        try women(20, offending: 1, at: Network.surrey)
        try women(15, at: Network.derby)
        let first = try figure(try publish(reason: "").report)
        #expect(first.lines.map(\.yes) == ["0", "c", "c"])
        #expect(try refusal("reoffending")?.code == .badData)
        let second = try figure(try publish("reoffending", "reoffending:SRY").report)
        #expect(second.lines.map(\.yes) == ["0", "c", "c"])
        #expect(second.lines.map(\.percent).suffix(2) == ["under 6 %", "under 3 %"])
    }

    @Test("An earlier quarter in which it was let out as well tells nothing more")
    func laterQuarters() throws {
        try women(20, offending: 1, at: Network.surrey)
        try women(15, at: Network.derby)
        try publish("reoffending", quarter: "2026-06-30")
        #expect(try refusal("reoffending") == nil)
        // Where nothing was let out, the table goes on not to tell who has none.
        let later = try figure(try publish(reason: "").report)
        #expect(later.hidesNothing == true && later.waivers == nil)
        #expect(later.lines.map(\.yes) == ["c", "c", "c"] && later.lines.allSatisfy { $0.percent == nil })
    }

    @Test("Nothing that is no small number, of fewer than ten, or without who and why is let out")
    func wrong() throws {
        try women(20, offending: 6, at: Network.surrey)
        try women(9, offending: 1, at: Network.derby)
        try women(15, at: Network.gloucestershire)
        for typed in [
            "reoffending", "reoffending:SRY", "reoffending:DBY", "reoffending:GLS", "reoffending:XXX", "rate",
        ] {
            let failure = try refusal(typed)
            #expect(failure?.code == .badData && failure?.why.isEmpty == false, "\(typed)")
            #expect(failure?.what.contains("Letting out") == true, "\(typed)")
        }
        try women(12, offending: 1, at: Network.derby, from: 100)
        #expect(try refusal("reoffending:DBY", by: " ")?.code == .badData)
        #expect(try refusal("reoffending:DBY", reason: "short")?.code == .usage)
        #expect(try refusal("reoffending:DBY") == nil)
    }

    @Test("An area that comes in later is corrected beside what was let out")
    func newArea() throws {
        try women(20, offending: 1, at: Network.surrey)
        try women(15, at: Network.derby)
        try publish("reoffending")
        try women(40, at: Network.gloucestershire, released: "2024-02-10")
        let second = try figure(try publish(reason: "Forty had been typed late").report)
        #expect(second.lines.map(\.yes) == ["c", "0", "c", "c"] && second.lines.last?.of == "75")
        #expect(second.lines.last?.percent == "under 2 %")
    }

    @Test("A revision goes on to show it while it is so; a number that has changed is let out anew or not corrected")
    func revisions() throws {
        try women(20, offending: 1, at: Network.surrey)
        try women(15, at: Network.derby)
        try publish("reoffending")
        try women(40, at: Network.surrey, released: "2024-02-10")
        let second = try publish(reason: "Forty had been typed late")
        let figure = try figure(second.report)
        #expect(figure.waivers?.map(\.reason) == [Self.reason] && figure.lines.last?.percent == "under 2 %")
        #expect(second.noted(by: "").waived == [])
        try women(10, offending: 1, at: Network.surrey, released: "2024-03-10")
        let changed = try refusal(reason: "Ten had been typed late")
        #expect(changed?.why.contains("has changed") == true, "\(changed as Any)")
        #expect(try self.figure(try publish("reoffending").report).lines.last?.percent == "under 3 %")
    }
}
