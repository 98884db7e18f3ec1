import GRDB
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUnitePages

@Suite("Where thousands of pairs look like one woman, the strongest are shown, and how many there are")
struct ManyDuplicatesTests {
    private let none = ListPart.whole.read(of: 0) { _ in [DecidedPair]() }

    @Test("A page shows so many pairs, and as many as there are where they are fewer")
    func most() throws {
        let desk = try CaseDesk()
        func view(women: Int) throws -> DuplicatesView {
            try desk.replica.edit("Writing") { database in
                for _ in 0..<women {
                    try CaseFiles.create(
                        NewCase(person: .init(knownAs: "Other")), by: TestDesk.room, in: database, now: CaseDesk.noon)
                }
                try database.execute(
                    sql: """
                        UPDATE person SET legal_first = 'Zoe', legal_last = 'Invented', date_of_birth = '1990-02-03'
                        WHERE known_as = 'Other'
                        """)
            }
            let report = try desk.replica.read("Looking") { try Duplicates.find(in: $0, now: CaseDesk.noon) }
            return DuplicatesView(report, none, PageFrame(title: "Duplicates"))
        }
        let few = try view(women: 3)
        #expect(
            few.lines.count == 3 && few.caption.hasPrefix("3 pairs of ") && few.caption.hasSuffix("strongest first"))
        // Of 33, each with each.
        let many = try view(women: 30)
        #expect(many.lines.count == DuplicatesView.most)
        #expect(many.caption.hasPrefix("The strongest 500 of 528 pairs of "))
    }

    @Test("Where so many share one date that they were not compared, the page says so, and otherwise does not")
    func crowded() throws {
        let desk = try CaseDesk()
        func page(women: Int) throws -> String {
            try desk.replica.edit("Writing") { database in
                let made = try CaseFiles.create(
                    NewCase(person: .init(knownAs: "Other")), by: TestDesk.room, in: database, now: CaseDesk.noon)
                // Of each two letters one: nobody shares a name.
                try database.execute(
                    sql: """
                        WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
                        INSERT INTO person(case_id, legal_first, date_of_birth)
                        SELECT ?, 'Q' || char(97 + i / 26, 97 + i % 26), '1900-01-01' FROM n
                        """, arguments: [women, Identifier(made.id)?.sqlBlob])
            }
            let report = try desk.replica.read("Looking") { try Duplicates.find(in: $0, now: CaseDesk.noon) }
            return try Templates.render(.duplicates, DuplicatesView(report, none, PageFrame(title: "Duplicates")))
        }
        #expect(try !page(women: 3).contains("too common"))
        let sentence = "<p class=\"help\">1 date or name is too common to compare everyone who shares one: "
        #expect(try page(women: 400).contains(sentence))
    }
}
