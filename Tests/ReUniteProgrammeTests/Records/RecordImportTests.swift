import GRDB
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("Records come in from files, whole or not at all")
struct RecordImportTests {
    private let network: Network

    init() throws { network = try Network() }

    @discardableResult
    private func load(
        _ lines: String..., into table: String, map: String = "",
        _ change: (inout RecordImport.Options) -> Void = { _ in }
    ) throws -> ImportReport {
        try network.load(lines.joined(separator: "\n"), into: table, map: map, change)
    }

    private func values(_ sql: String) throws -> [String] { try network.values(sql) }

    @Test("Homes, by labels and codes in words; what the table fills in is left to it")
    func homes() throws {
        let report = try load(
            "Name,Type,Step-free,Address", "Willow Court,family home,Yes,\"1 The Lane, Woking\"", "Elm House,HOSTEL,,",
            into: "property")
        #expect(report.errors.map(\.text) == [] && report.rows == ["property": 2])
        #expect(
            try values(
                "SELECT name || ' ' || type || ' ' || step_free || ' ' || children_ok FROM property ORDER BY name")
                == ["Elm House HOSTEL 0 1", "Willow Court FAMILY_HOME 1 1"])
        try load("Property,Reference,Bedrooms", "willow court,WC-1,2", "Elm House,EH-1,1", into: "unit")
        #expect(
            try values("SELECT p.name || ' ' || u.ref FROM unit u JOIN property p ON p.id = u.property_id ORDER BY 1")
                == ["Elm House EH-1", "Willow Court WC-1"])
    }

    @Test("A heading that says nothing stops everything, until a map names or leaves it out")
    func headings() throws {
        let lines = "Name,Kind of house,Colour\nElm House,HOSTEL,blue"
        let report = try load(lines, into: "property")
        #expect(report.errors.map { "\($0.line) \($0.column ?? "")" } == ["1 B", "1 C"])
        #expect(report.errors.allSatisfy { $0.advice.contains("map") })
        #expect(try load(lines, into: "property", map: "Kind of house,type\nColour,-\n").rows == ["property": 1])
        #expect(throws: Failure.self) { try load(lines, into: "property", map: "Colour,paint\n") }
        #expect(throws: Failure.self) { try load(lines, into: "property", map: "Window,type\n") }
        #expect(throws: Failure.self) { try load(lines, into: "property", map: "Colour,person.known_as\n") }
        let twice = try load("Name,name\na,b", into: "property")
        #expect(twice.errors.map(\.why) == ["another column fills the same"])
        let missing = try load("Type\nHOSTEL", into: "property")
        #expect(missing.errors.map(\.line) == [1] && missing.errors[0].why.contains("name"))
    }

    @Test("One wrong line keeps out all the others")
    func allOrNothing() throws {
        let report = try load("name,type", "Elm House,HOSTEL", "Oak House,CASTLE", into: "property")
        #expect(report.errors.map(\.line) == [3] && report.rows.isEmpty)
        #expect(report.errors[0].column == "B" && report.errors[0].advice.contains("FAMILY_HOME"))
        #expect(try values("SELECT name FROM property") == [])
        #expect(try network.logged() == [0, 0])
    }

    @Test("Money is never guessed at")
    func money() throws {
        let rows = { (text: String) in "Funder,Purpose,Amount\nTrust,SET_UP,\(text)" }
        for (text, pence) in [("\"£20,000\"", 2_000_000), ("20000.00", 2_000_000), ("£12.5", 1250), ("GBP 7", 700)] {
            let own = try Network()
            let file = try CSVFile(Array(rows(text).utf8))
            let found = try own.edit { database in
                let report = try RecordImport(file, into: "funding_grant").run(
                    by: Network.surrey, in: database, now: Network.noon)
                #expect(report.errors.map(\.text) == [], "\(text)")
                return try Int.fetchAll(database, sql: "SELECT amount_pence FROM funding_grant")
            }
            #expect(found == [pence], "\(text)")
        }
        for text in [
            "20000", "£1.234", "lots", "£-", "-£5", "\"£12,50\"", "\"£1,2,3\"", "\"£1,2345\"", "\"12,50\"", "£1 2",
        ] {
            #expect(try load(rows(text), into: "funding_grant").errors.map(\.column) == ["C"], "\(text)")
        }
        #expect(try load("funder,purpose,amount_pence\nTrust,SET_UP,20000", into: "funding_grant").errors.isEmpty)
        #expect(try values("SELECT CAST(amount_pence AS TEXT) FROM funding_grant") == ["20000"])
        let shown = try load("funder,purpose,amount_pence\nOther,SET_UP,2000.00", into: "funding_grant")
        #expect(shown.errors.map(\.column) == ["C"] && shown.errors[0].why.contains("pence"))
    }

    @Test("A comma in a number stands before three digits, or the number is refused")
    func commas() throws {
        let ref = try network.markedCase().ref ?? ""
        func days(_ text: String) throws -> [String?] {
            try load("Case,Type,length_days,start_on", "\(ref),DETERMINATE,\"\(text)\",2025-01-01", into: "sentence")
                .errors.map(\.column)
        }
        for text in ["1,5", "1.5", "1,2345", "12,", ",123", "1,23,456"] { #expect(try days(text) == ["C"], "\(text)") }
        for text in ["1,234", "2.00", "90"] { #expect(try days(text) == [], "\(text)") }
    }

    @Test("A time of day is read as it is written or refused, and never becomes noon")
    func times() throws {
        let ref = try network.markedCase().ref ?? ""
        func moment(_ text: String) throws -> [String] {
            let own = try load("Case,Body,recorded_for_at", "\(ref),At \(text),\(text)", into: "case_note")
            guard own.errors.isEmpty else { return own.errors.map { $0.column ?? "" } }
            return try values(
                "SELECT datetime(recorded_for_at / 1000, 'unixepoch') FROM case_note WHERE body = 'At \(text)'")
        }
        for (text, wanted) in [
            ("1/3/2026 14:05", "2026-03-01 14:05:00"), ("01 Mar 2026 09:15", "2026-03-01 09:15:00"),
            ("2026-03-01 14:05:33", "2026-03-01 14:05:33"), ("1/7/2026 14:05", "2026-07-01 13:05:00"),
            ("2026-03-01T14:05:33.5", "2026-03-01 14:05:33"), ("1 Sept 2026", "2026-09-01 11:00:00"),
            ("2026-03-01 14:05", "2026-03-01 14:05:00"),
        ] { #expect(try moment(text) == [wanted], "\(text)") }
        for text in ["2026-03-01 25:00", "01/03/2026 99:99", "2026-03-01 14:05:61", "14:05", "1/3/2026 2:05 PM"] {
            #expect(try moment(text) == ["C"], "\(text)")
        }
    }

    @Test("A case's rows name their case by reference, and the child by name or because there is one")
    func references() throws {
        let summary = try network.markedCase()
        let ref = summary.ref ?? ""
        let report = try load(
            "Case,Child,From,Legal status", "\(ref.lowercased()),Mchild,1/2/2020,C2", "\(summary.id),,2021-02-01,NONE",
            into: "child_care_episode")
        #expect(report.errors.map(\.text) == [] && report.rows == ["child_care_episode": 2])
        #expect(report.warnings.count == 1 && report.warnings[0].line == 3)
        let wrong = try load(
            "Case,Child,From,Legal status", "\(ref),Nobody,2020-02-01,C2", "SRY-26-9999-Q,,2020-02-01,C2",
            ",Mchild,2020-02-01,C2", into: "child_care_episode")
        #expect(wrong.errors.map(\.line) == [2, 3, 4])
    }

    @Test("A word that no list has is answered with the codes and their labels: either is taken")
    func unknownWord() throws {
        let ref = try network.markedCase().ref ?? ""
        let headings = "Case,Local authority,Sent on,Because"
        let unknown = try load(headings, "\(ref),E07000217,2026-06-01,DUNNO", into: "duty_to_refer")
        let advice = try #require(unknown.errors.first?.advice)
        #expect(unknown.errors.map(\.column) == ["D"])
        #expect(advice.hasPrefix("Use one of PREVENTION_AND_RELIEF_DUTY (Prevention or relief duty accepted), "))
        let known = try load(
            headings, "\(ref),E07000217,2026-06-01,prevention or relief duty accepted", into: "duty_to_refer")
        #expect(known.errors.map(\.text) == [])
    }

    @Test("What is to be looked at in a line is said along with its error, not after that is mended")
    func bothAtOnce() throws {
        let headings = "First name,Date of birth,PNC,Mobile"
        let map = """
            First name,person.legal_first
            Date of birth,person.date_of_birth
            PNC,person_identifier.value
            ,person_identifier.type,,PNC
            Mobile,person_phone.number
            """
        let wrong = try load(headings, "Ann,1990-02-30,xx,7700900123", into: "case_file", map: map)
        #expect(wrong.errors.map(\.column) == ["B"])
        #expect(wrong.warnings.map(\.column) == ["C", "D"])
        let mended = try load(headings, "Ann,1990-02-28,xx,7700900123", into: "case_file", map: map)
        #expect(mended.errors.map(\.text) == [] && mended.warnings == wrong.warnings)
    }

    @Test("What is here already is refused or, if asked, passed over: adding lines to a file and importing it again")
    func again() throws {
        try load("name,started_on", "Ada Lane,2024-01-02", into: "volunteer_mentor")
        let lines = "name,started_on\nAda Lane,2/1/2024\nEve Hill,2024-03-04"
        #expect(try load(lines, into: "volunteer_mentor").errors.map(\.why) == ["it is here already"])
        let report = try load(lines, into: "volunteer_mentor") { $0.skipsRepeats = true }
        #expect(report.rows == ["volunteer_mentor": 1] && report.skipped == 1)
        #expect(try values("SELECT name FROM volunteer_mentor ORDER BY name") == ["Ada Lane", "Eve Hill"])
    }

    @Test("A police number in several spellings is one row, in the file that brings it and in one that comes later")
    func spellings() throws {
        let ref = try network.markedCase().ref ?? ""
        let spellings = ["1981/0000034U", "81/34U", "1981/34u", "19810000034U", " 81/0000034u "]
        let lines = "Case,Type,Value\n" + spellings.map { "\(ref),PNC,\($0)" }.joined(separator: "\n")
        let once = try load(lines, into: "person_identifier")
        #expect(once.errors.map(\.line) == [3, 4, 5, 6] && once.rows.isEmpty)
        let report = try load(lines, into: "person_identifier") { $0.skipsRepeats = true }
        #expect(report.errors.map(\.text) == [])
        #expect(report.rows == ["person_identifier": 1] && report.skipped == 4)
        #expect(try load(lines, into: "person_identifier") { $0.skipsRepeats = true }.rows.isEmpty)
        #expect(try values("SELECT value FROM person_identifier") == ["1981/0000034U"])
    }

    @Test("A woman who seems to be here already is suggested with the reason, and keeps the file out unless accepted")
    func duplicates() throws {
        _ = try network.markedCase()
        let lines = "legal_first,legal_last,date_of_birth\nMfirst,Mlast,28 Feb 1990"
        let report = try load(lines, into: "person")
        #expect(report.errors.map(\.line) == [2] && report.duplicates.count == 1)
        #expect(report.duplicates[0].withCase != nil && !report.duplicates[0].because.isEmpty)
        let taken = try load(lines, into: "person") { $0.acceptsDuplicates = true }
        #expect(taken.rows == ["case_file": 1, "person": 1] && taken.needsPerson)
    }

    @Test("A report of an import holds nothing of what is in the file")
    func discreet() throws {
        let report = try load(
            "legal_first,legal_last,date_of_birth", "Zqfirst,Zqlast,31/02/1990", "=Zqcall(),Zqlast,1990-01-01",
            "Zqfirst,\(String(repeating: "Zq", count: 90)),1990-01-01", into: "person")
        #expect(report.errors.count == 3)
        let all = report.errors + report.warnings
        #expect(all.allSatisfy { !$0.text.contains("Zq") })
    }

    @Test("Steps, packs and what the hub alone writes come in from no file")
    func refused() {
        for table in ["referral", "referral_pack", "code_value", "person_link", "ru_outbox", "nothing", "caseload"] {
            let failure = #expect(throws: Failure.self, "\(table)") { try load("name\nx", into: table) }
            #expect(failure?.code == .badData)
        }
    }

    @Test(
        "A state begins where states begin, a code out of use is refused, and what only the hub fills in is left out and said"
    )
    func states() throws {
        let summary = try network.markedCase()
        let ref = summary.ref ?? ""
        #expect(try load("case_id,goal\n\(ref),To read", into: "goal", map: "goal,text\n").errors.isEmpty)
        #expect(try load("case_id,text,status\n\(ref),To swim,nonsense", into: "goal").errors.map(\.column) == ["C"])
        let flagged = try load("ref,flag\nX1,SEEN_AFTER_CLOSING", into: "case_file")
        #expect(flagged.errors.isEmpty && flagged.warnings.map(\.column) == ["B"] && flagged.rows["case_file"] == 1)
        #expect(try values("SELECT ref FROM case_file WHERE ref = 'X1' AND flag IS NULL") == ["X1"])
        let inactive = try values(
            "SELECT code FROM code_value WHERE list = 'case_file.cohort' AND active = 0 ORDER BY code LIMIT 1")
        let report = try load("ref,cohort\nX2,\(inactive.first ?? "")", into: "case_file")
        #expect(report.errors.map(\.why) == ["it is in the list, but not in use"])
    }
}
