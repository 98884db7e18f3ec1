import GRDB
import HTTPTypes
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("A year that nobody can mean is said at its field, and what a lease has closed is told to nobody")
struct BoundTests {
    @Test("A mistyped year is not saved for the hub to send it back")
    func years() async throws {
        let desk = try CaseDesk()
        let planned = CivilTime.londonInstant(date: "2026-11-22", minutes: 930)
        try desk.write("INSERT INTO visit(case_id, prison, planned_at) SELECT id, 'BZI', \(planned) FROM case_file")
        let code = VisitCode(of: try #require(Identifier(try desk.first("visit")))).description
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            for (path, field, fields) in [
                ("/case/\(desk.id)/add/case_note", "recorded_for_at", [("kind", "CONTACT"), ("body", "Kept")]),
                (
                    "/case/\(desk.id)/consent", "recorded_for_at",
                    [("decision", "GIVEN"), ("purpose", "SHARE_WITH_PARTNER"), ("partner", "GLS")]
                ),
                ("/case/\(desk.id)/own-note", "recorded_for_at", [("body", "Kept")]),
                ("/visits/record", "at", [("visit", code), ("attended", "YES")]),
            ] {
                for year in ["1026", "1899", "2200"] where year < "2026" || path.hasSuffix("add/case_note") {
                    let page = try await browser.post(
                        path, fields + [(field, "\(year)-11-22T09:15")], from: path, cookie: cookie)
                    #expect(page.status == 422 && page.text.contains("id=\"error-\(field)\""), "\(path) \(year)")
                }
            }
        }
        #expect(try desk.count("SELECT count(*) FROM case_note WHERE body = 'Kept'") == 0)
        #expect(try desk.count("SELECT count(*) FROM visit WHERE attended IS NOT NULL") == 0)
    }

    @Test("Where the lease is over, opening a case does not say whom it is like")
    func lease() async throws {
        let desk = try CaseDesk()
        let fields = [
            ("known_as", "Mknown"), ("legal_first", "Mfirst"), ("legal_last", "Mlast"), ("date_of_birth", "1990-02-28"),
            ("interpreter", "no"), ("cohort", "PRISON_LEAVER"),
        ]
        let saying = "is on record here already"
        try await Browser.visit(desk.replica) { browser in
            let cookie = try await browser.signIn()
            _ = try await browser.post("/case/new", fields, from: "/case/new", cookie: cookie)
            #expect(try await browser.get("/replica", cookie: cookie).text.contains(saying))
            try desk.write("UPDATE ru_meta SET value = ? WHERE name = 'lease_ms'", [CaseDesk.noon])
            let sent = try await browser.post("/case/new", fields, from: "/case/new", cookie: cookie)
            #expect(sent.status == 303)
            let told = try await browser.get("/replica", cookie: cookie).text
            #expect(told.contains("Saved here. This device&#39;s lease has ended: sync.") && !told.contains(saying))
        }
        #expect(try desk.count("SELECT count(*) FROM person WHERE known_as = 'Mknown'") == 3)
    }
}
