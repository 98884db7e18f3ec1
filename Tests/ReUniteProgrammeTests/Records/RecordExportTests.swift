import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("Records go out as files, and no more than a list may show")
struct RecordExportTests {
    private let network: Network

    init() throws { network = try Network() }

    private func export(_ table: String, labels: Bool = false) throws -> RecordExport {
        try network.edit { try RecordExport(table, labels: labels, in: $0) }
    }

    @Test("Nothing that a spreadsheet would run leaves in a cell, and it comes back as it was")
    func formulas() throws {
        let summary = try network.markedCase()
        try network.edit { database in
            try database.execute(sql: "UPDATE need SET detail = '=1+2;' || char(10) || '\"x\"'")
            try database.execute(sql: "UPDATE person SET known_as = '@sum', language = '''t Fries', nationality = '-'")
        }
        let needs = try CSVFile(Array(try export("need").text.utf8))
        let detail = try #require(needs.headings.cells.firstIndex(of: "detail"))
        #expect(needs.records.map { $0.cells[detail] } == ["'=1+2;\n\"x\""])
        let women = try CSVFile(Array(try export("person").text.utf8))
        for (column, text) in [("known_as", "@sum"), ("language", "'t Fries"), ("nationality", "-")] {
            let place = try #require(women.headings.cells.firstIndex(of: column))
            let cell = women.records[0].cells[place]
            #expect(cell == "'" + text && CSVText.typed(cell) == text)
        }
        #expect(summary.ref != nil)
    }

    @Test(
        "A file for people begins with the mark of UTF-8, has times by the clock on the wall, and comes back as it was")
    func forPeople() throws {
        _ = try network.markedCase()
        // 1 July 2026, 14:05:33.250 by the clock; 25 October 2026, 01:30 for the second time.
        let times: [Int64] = [1_782_911_133_250, 1_792_891_800_000]
        try network.edit { database in
            try database.execute(sql: "UPDATE person SET known_as = 'Zoë'")
            for time in times {
                try database.execute(
                    sql: """
                        INSERT INTO engagement_event(case_id, kind, recorded_for_at) SELECT id, 'ATTENDED', ? FROM case_file
                        """, arguments: [time])
            }
        }
        #expect(try export("person", labels: true).text.utf8.starts(with: [0xEF, 0xBB, 0xBF]))
        #expect(try !export("person").text.utf8.starts(with: [0xEF, 0xBB, 0xBF]))
        let file = try CSVFile(Array(try export("engagement_event", labels: true).text.utf8))
        #expect(file.headings.cells.first == "id")
        let place = try #require(file.headings.cells.firstIndex(of: "When it happened"))
        let cells = Set(file.records.map { $0.cells[place] })
        #expect(cells == ["2026-07-01 14:05:33", "2026-10-25T01:30:00Z"])
        let read = cells.compactMap {
            CivilTime.londonTime($0, on: nil)
                ?? CivilTime.londonInstant(
                    date: String($0.prefix(10)), clock: $0.dropFirst(11))
        }
        #expect(Set(read) == [1_782_911_133_000, 1_792_891_800_000])
    }

    @Test("A full-width sign at a cell's start is no formula either")
    func fullWidth() throws {
        for sign in ["\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"] {
            let text = sign + "HYPERLINK(1)"
            #expect(CSVText.cell(text) == "'" + text && CSVText.typed("'" + text) == text)
        }
    }

    @Test("Values that a table's own text lists go out in words, and come back as codes")
    func listedValues() throws {
        _ = try network.markedCase()
        try network.edit { database in
            try database.execute(
                sql: """
                    INSERT INTO tenancy_check(case_id, counted_from, at_months, checked_on, source)
                    SELECT id, 'MOVE_IN', 0, '2026-11-01', 'WOMAN' FROM case_file
                    """)
        }
        let text = try export("tenancy_check", labels: true).text
        #expect(text.contains("Moving in") && !text.contains("MOVE_IN"))
    }

    @Test("What may be shown on a case's own page only is not listed: addresses that endanger her, safeguarding")
    func secrets() throws {
        _ = try network.markedCase()
        try network.edit { database in
            for (lines, confidentiality) in [
                ("Zqopen Road", "NORMAL"), ("Zqhidden Lane", "REFUGE"), ("Zqclose", "RESTRICTED"),
            ] {
                try database.execute(
                    sql: "INSERT INTO address(case_id, lines, confidentiality) SELECT id, ?, ? FROM case_file",
                    arguments: [lines, confidentiality])
            }
        }
        let addresses = try export("address")
        #expect(addresses.rows == 1 && addresses.withheld == 2)
        #expect(
            addresses.text.contains("Zqopen") && !addresses.text.contains("Zqhidden")
                && !addresses.text.contains("Zqclose"))
        let secret = try network.edit {
            try String.fetchAll(
                $0,
                sql:
                    "SELECT t.name FROM ru_table t JOIN ru_class c ON c.code = t.class WHERE c.secret = 1 AND class_column IS NULL"
            )
        }
        #expect(secret.contains("safeguarding_concern") && secret.contains("child_voice_entry"))
        for table in secret {
            let failure = #expect(throws: Failure.self) { try export(table) }
            #expect(failure?.code == .notPermitted, "\(table)")
        }
        #expect(#expect(throws: Failure.self) { try export("sqlite_schema") }?.code == .noInput)
        #expect(#expect(throws: Failure.self) { try export("ru_outbox") }?.code == .noInput)
    }

    @Test("In words for people: labels, references and yes or no instead of names, ids and numbers")
    func labels() throws {
        let summary = try network.markedCase()
        let needs = try CSVFile(Array(try export("need", labels: true).text.utf8))
        #expect(needs.headings.cells.contains("Category") && needs.headings.cells.contains("Case"))
        #expect(needs.records[0].cells.contains(summary.ref ?? "?"))
        #expect(!needs.records[0].cells.contains("ACCOMMODATION"))
        let women = try CSVFile(Array(try export("person", labels: true).text.utf8))
        #expect(women.records[0].cells.contains("No"))
    }

    @Test(
        "What was exported is imported again as it was, with the schema's names and with those for people",
        arguments: [false, true])
    func comesBack(labels: Bool) throws {
        try network.edit { database in
            let sql = "INSERT INTO property(partner_id, name, type, step_free, lines) VALUES(?, ?, ?, ?, ?)"
            for (name, type, step) in [("Elm, \"House\"", "HOSTEL", 0), ("=Oak", "FAMILY_HOME", 1)] {
                try database.execute(
                    sql: sql, arguments: [Network.surrey.sqlBlob, name, type, step, "1 Lane\nWoking"])
            }
        }
        let text = try export("property", labels: labels).text
        let other = try Network()
        let file = try CSVFile(Array(text.utf8))
        let report = try other.edit {
            try RecordImport(file, into: "property").run(by: Network.surrey, in: $0, now: Network.noon)
        }
        #expect(report.errors.map(\.text) == [] && report.rows == ["property": 2])
        let back = try other.edit { try RecordExport("property", labels: labels, in: $0) }
        #expect(back.text == text)
    }

    @Test("For people money is pounds and numbers say what they count; both come back as they were")
    func units() throws {
        let summary = try network.markedCase()
        try network.edit { database in
            for pence in [8_000_005, 7] {
                try database.execute(
                    sql:
                        "INSERT INTO funding_grant(partner_id, funder, purpose, amount_pence) VALUES(?, ?, 'SET_UP', ?)",
                    arguments: [Network.surrey.sqlBlob, "Trust \(pence)", pence])
            }
            try database.execute(
                sql: "INSERT INTO sentence(case_id, type, length_days) SELECT id, 'DETERMINATE', 90 FROM case_file")
        }
        let grants = try export("funding_grant", labels: true)
        #expect(grants.text.contains(",£80000.05,") && grants.text.contains(",£0.07,"))
        let other = try Network()
        #expect(try other.load(grants.text, into: "funding_grant").errors.map(\.text) == [])
        #expect(try other.edit { try RecordExport("funding_grant", labels: true, in: $0) }.text == grants.text)
        let sentences = try export("sentence", labels: true)
        #expect(sentences.text.contains(",Length (days),") && summary.ref != nil)
        try network.edit { try $0.execute(sql: "DELETE FROM sentence") }
        #expect(try network.load(sentences.text, into: "sentence").errors.map(\.text) == [])
        #expect(try export("sentence", labels: true).text == sentences.text)
    }

    @Test("Text comes back as it was: joiners inside words, hard spaces, and what looks like a formula after a space")
    func text() throws {
        let texts = [
            "a\u{200D}b \u{0645}\u{06CC}\u{200C}\u{062E}", "O\u{A0}Dowd", " =lead", "\u{A0}+1+cmd|'x'!A0", "=\"x\"",
        ]
        try network.edit { database in
            for text in texts {
                try database.execute(
                    sql: "INSERT INTO volunteer_mentor(partner_id, name) VALUES(?, ?)",
                    arguments: [Network.surrey.sqlBlob, text])
            }
        }
        let other = try Network()
        #expect(
            try other.load(try export("volunteer_mentor").text, into: "volunteer_mentor").errors.map(\.text) == [])
        #expect(
            Set(try other.values("SELECT name FROM volunteer_mentor")) == Set(texts.map { CSVText.tidy($0) }))
    }
}
