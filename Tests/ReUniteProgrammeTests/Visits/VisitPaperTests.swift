import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("A visit on paper, and what was written there typed in afterwards")
struct VisitPaperTests {
    private let network: Network
    private let maya: CaseSummary
    private let visit: Identifier

    init() throws {
        network = try Network()
        maya = try network.markedCase()
        visit = try network.visit(of: maya, at: Network.noon)
    }

    private var code: String { VisitCode(of: visit).description }

    private func record(_ outcome: VisitOutcome) throws -> RecordedOutcome {
        try network.edit { try VisitOutcomes.record(outcome, in: $0, now: Network.noon + 86_400_000) }
    }

    private func refusal(_ outcome: VisitOutcome) throws -> Failure.Code? {
        try network.failure {
            _ = try VisitOutcomes.record(outcome, in: $0, now: Network.noon + 86_400_000)
        }?.code
    }

    // MARK: The form

    @Test("What somebody typed as a name stays text in the form, and the form loads and runs nothing")
    func escaped() throws {
        try network.edit {
            try $0.execute(
                sql: "UPDATE person SET known_as = ?", arguments: ["<script>alert('x')</script>\u{1B}[2J&\""])
            try $0.execute(
                sql: """
                    INSERT INTO address(case_id, lines, postcode, confidentiality) VALUES(?, 'ZQREFUGE', 'ZQ1 1ZQ', 'REFUGE')
                    """, arguments: [Identifier(maya.id)?.sqlBlob])
            try $0.execute(sql: "UPDATE visit SET flag = 'PRISON_CHANGED'")
        }
        let form = try network.edit { try VisitForm(on: "2026-11-21", prisons: ["BZI"], in: $0) }
        let html = form.html
        #expect(form.count == 1 && html.contains(code) && html.contains(maya.ref ?? "-"))
        #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; [2J&amp;&quot;"))
        #expect(html.contains("in another prison") && html.contains("Logistics"))
        for word in ["<script", "http:", "https:", "src=", "url(", "\u{1B}", "ZQ", "Mlast", "Mneed", "Mnote", "1990"] {
            #expect(!html.contains(word), "\(word)")
        }
    }

    @Test("There is a page for each visit of the day that has no outcome, and for no other")
    func pages() throws {
        _ = try network.visit(of: maya, at: Network.noon + 3_600_000, prison: nil, type: "COMMUNITY")
        _ = try network.visit(of: maya, at: Network.noon + 86_400_000)
        func count(_ prisons: Set<String> = []) throws -> Int {
            try network.edit { try VisitForm(on: "2026-11-21", prisons: prisons, in: $0).count }
        }
        #expect(try count() == 2)
        #expect(try count(["BZI"]) == 1)
        _ = try record(VisitOutcome(visit: code, attended: "YES", at: "12:05"))
        #expect(try count() == 1)
        #expect { try count(["BZI"]) } throws: { ($0 as? Failure)?.code == .noInput }
    }

    // MARK: Typing it in

    @Test("The time on the paper is kept; typed twice it changes nothing, and another outcome needs a word for it")
    func recorded() throws {
        let paper = VisitOutcome(
            visit: code.lowercased(), attended: "late", at: "11:35", minutes: 40, note: "She asked about Ella.")
        let before = try network.logged()
        let first = try record(paper)
        #expect(first.isNew && first.recordedForAt == "2026-11-21T11:35:00Z" && first.attended == "LATE")
        let logged = try network.logged()
        #expect(logged != before)
        #expect(try record(paper).isNew == false)
        #expect(try network.logged() == logged, "the change log is as it was")
        try network.edit { database in
            let note = try #require(
                try Row.fetchOne(
                    database, sql: "SELECT recorded_for_at, entered_at FROM case_note WHERE kind = 'VISIT'"))
            #expect(note["recorded_for_at"] == 1_795_260_900_000 && note["entered_at"] == Network.noon + 86_400_000)
            #expect(try Int.fetchOne(database, sql: "SELECT count(*) FROM case_note WHERE kind = 'VISIT'") == 1)
        }
        var other = paper
        other.minutes = 50
        #expect(try refusal(other) == .badData)
        other.isCorrection = true
        #expect(try record(other).isNew)
        #expect(try network.edit { try Int.fetchOne($0, sql: "SELECT minutes FROM visit") } == 50)
    }

    @Test("What cannot be is refused, and nothing is written")
    func impossible() throws {
        let good = VisitOutcome(visit: code, attended: "NO", at: "12:00", reason: "LOGISTICS")
        let before = try network.logged()
        let wrong: [(inout VisitOutcome) -> Void] = [
            { $0.attended = "MAYBE" }, { $0.attended = "YES" }, { $0.minutes = 10 }, { $0.reason = "RAIN" },
            { $0.at = "25:00" }, { $0.at = "2027-11-21 12:00" }, { $0.note = "" },
            {
                $0.attended = "YES"
                $0.reason = nil
                $0.minutes = 1_441
            },
        ]
        for change in wrong {
            var outcome = good
            change(&outcome)
            #expect(try refusal(outcome) == .badData, "\(outcome)")
        }
        var unknown = good
        unknown.visit = VisitCode(of: Identifier(high: 5, low: 6)).description
        #expect(try refusal(unknown) == .noInput)
        #expect(try network.logged() == before)
        #expect(try record(good).isNew)
    }
}
