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
