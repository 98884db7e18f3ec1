import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("Rows are named by what people call them, and an id that is nowhere names none")
struct NamedRowsTests {
    private let network: Network
    private let ref: String
    private let nowhere = "00000000-0000-4000-8000-000000000001"

    init() throws {
        network = try Network()
        ref = try network.markedCase().ref ?? ""
    }

    @Test("Of every column that may name a row it is known in which tables to look")
    func all() throws {
        let nameless = try network.edit { database in
            let tables = try RecordTables(database)
            return tables.names.flatMap { name in
                (tables[name]?.rules ?? []).filter { $0.kind == .row([]) }.map { "\(name).\($0.column)" }
            }
        }
        #expect(nameless == [])
    }

    @Test("A mentor, a member of staff and a grant by name")
    func names() throws {
        try network.load("name\nHope Hill", into: "volunteer_mentor")
        try network.load("display_name,login,role\nAnn Ash,ann,\(try role())", into: "staff_user")
        try network.load("Funder,Purpose,Amount\nThe Trust,SET_UP,£20000.00", into: "funding_grant")
        for (table, lines) in [
            ("mentor_match", "Case,Mentor,From\n\(ref),hope hill,2026-12-01"),
            ("case_assignment", "Case,Worker,From,Role\n\(ref),Ann Ash,2026-12-01,\(try role())"),
            ("funding_spend", "Funding,Amount,Spent on\nThe Trust,£20.00,2026-12-01"),
        ] {
            #expect(try network.load(lines, into: table).errors.map(\.text) == [], "\(table)")
        }
    }

    @Test("Letters beyond those of English are the same in either size")
    func letters() throws {
        try network.load("name\nZoë Łącka", into: "volunteer_mentor")
        let report = try network.load("Case,Mentor,From\n\(ref),ZOË  ŁĄCKA,2026-12-01", into: "mentor_match")
        #expect(report.errors.map(\.text) == [] && report.rows == ["mentor_match": 1])
    }

    @Test("Agreements are named by who gives what: the provider, the service, the body; a grant by its purpose too")
    func agreements() throws {
        let (provider, body) = (Identifier(high: 8, low: 1), Identifier(high: 8, low: 2))
        try network.writeAsHub("housing_provider") {
            try $0.execute(
                sql: "INSERT INTO housing_provider(id, name, kind) VALUES(?, 'Hill Homes', 'HOUSING_ASSOCIATION')",
                arguments: [provider.sqlBlob])
        }
        try network.writeAsHub("external_body") {
            try $0.execute(
                sql: "INSERT INTO external_body(id, name, kind) VALUES(?, 'Lake Law', 'UMBRELLA')",
                arguments: [body.sqlBlob])
        }
        for (table, lines) in [
            ("housing_agreement", "provider_id,units_promised,from_on\nHill Homes,10,2026-01-01"),
            ("service_agreement", "kind,body_id,from_on\nLEGAL_DROP_IN,Lake Law,2026-01-01"),
            ("service_agreement", "kind,from_on,quota\nMENTAL_HEALTH_FAST_TRACK,2026-01-01,12"),
            ("property", "name,agreement_id\nHill 1,hill homes"),
            ("drop_in_session", "agreement_id,held_on\n\"legal_drop_in, lake law\",2026-02-01"),
            ("funding_grant", "Funder,Purpose,Amount\nThe Trust,SET_UP,£20000.00"),
            ("funding_grant", "Funder,Purpose,Amount\nThe Trust,REVENUE,£5000.00"),
            ("funding_spend", "Funding,Amount,Spent on\n\"The Trust, SET_UP\",£20.00,2026-12-01"),
        ] {
            let report = try network.load(lines, into: table)
            #expect(report.errors.map(\.text) == [], "\(table)")
        }
        // Two grants of one funder: its name alone names neither.
        let either = try network.load("Funding,Amount,Spent on\nThe Trust,£20.00,2026-12-01", into: "funding_spend")
        #expect(either.errors.map(\.column) == ["A"])
    }

    @Test("An id that no row here has is refused, by line and column")
    func ids() throws {
        for (table, heading, rest) in [
            ("mentor_match", "Case,Mentor,From", "2026-12-01"),
            ("occupancy", "Case,Home,Arrives,Departs", "2026-12-01,2027-01-01"),
            ("case_note", "Case,Corrects,Body", "It was Tuesday"),
        ] {
            let report = try network.load(heading, "\(ref),\(nowhere),\(rest)", into: table)
            #expect(report.errors.map(\.line) == [2] && report.errors.map(\.column) == ["B"], "\(table)")
            #expect(report.rows == [:])
        }
    }

    @Test("An id of another partner's staff comes in with the case, and is said")
    func staffElsewhere() throws {
        let report = try network.load(
            "Case,Worker,From,Role", "\(ref),\(nowhere),2026-12-01,\(try role())", into: "case_assignment")
        #expect(report.errors.map(\.text) == [] && report.warnings.map(\.column) == ["B"])
        let named = try network.load(
            "Case,Worker,From,Role", "\(ref),Nobody Here,2026-12-01,\(try role())", into: "case_assignment")
        #expect(named.errors.map(\.column) == ["B"])
    }

    @Test("A row may name one that comes later in the same file")
    func later() throws {
        let first = Identifier(high: 7, low: 1).description
        let second = Identifier(high: 7, low: 2).description
        let report = try network.load(
            "id,Case,Corrects,Body", "\(first),\(ref),\(second),It was Tuesday", "\(second),\(ref),,It was Monday",
            into: "case_note")
        #expect(report.errors.map(\.text) == [] && report.rows == ["case_note": 2])
    }

    private func role() throws -> String { try code("staff_user.role") }
    private func code(_ list: String) throws -> String {
        try network.values("SELECT code FROM code_value WHERE list = '\(list)' AND active = 1 ORDER BY sort").first
            ?? ""
    }
}
