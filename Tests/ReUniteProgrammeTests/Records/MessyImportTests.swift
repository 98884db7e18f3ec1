import GRDB
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("A register of five hundred women, as somebody kept it for years")
struct MessyImportTests {
    private func run(
        _ sheet: MessySpreadsheet, on network: Network, isDryRun: Bool,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> ImportReport {
        var options = RecordImport.Options()
        options.map = try MapLine.read(Array(MessySpreadsheet.map.utf8))
        options.isDryRun = isDryRun
        let file = try CSVFile(sheet.bytes(.windows1252))
        return try network.edit {
            try RecordImport(file, into: "case_file", options: options).run(
                by: Network.surrey, in: $0, now: Network.noon, progress: progress)
        }
    }

    private func places(_ remarks: [ImportReport.Remark]) -> Set<MessySpreadsheet.Place> {
        Set(remarks.map { MessySpreadsheet.Place(line: $0.line, heading: $0.heading) })
    }

    @Test("The dry run names every line that is wrong, by line and column, and no other; nothing is imported")
    func dryRun() throws {
        let network = try Network()
        let sheet = MessySpreadsheet(isMended: false)
        for isDryRun in [true, false] {
            let report = try run(sheet, on: network, isDryRun: isDryRun)
            let found = places(report.errors)
            #expect(found.subtracting(sheet.wrong).sorted() == [])
            #expect(sheet.wrong.subtracting(found).sorted() == [])
            #expect(report.rows.isEmpty && !report.isDone)
            #expect(report.errors.allSatisfy { !$0.why.isEmpty && !$0.advice.isEmpty })
        }
        #expect(try network.logged() == [0, 0])
        let left = try network.edit { try Int.fetchOne($0, sql: "SELECT count(*) FROM case_file") }
        #expect(left == 0)
    }

    @Test("Mended as the dry run asks, it is imported whole: women, children, numbers, dates in every form")
    func mended() throws {
        let network = try Network()
        let sheet = MessySpreadsheet(isMended: true)
        let tried = try run(sheet, on: network, isDryRun: true)
        #expect(tried.errors.map(\.text) == [])
        #expect(try network.logged() == [0, 0])
        var steps: [Int] = []
        var told: [Int] = []
        let report = try run(sheet, on: network, isDryRun: false) { done, all in
            told.append(done)
            #expect(all == MessySpreadsheet.women)
        }
        #expect(told.count > 5 && told == told.sorted() && told.last == MessySpreadsheet.women)
        #expect(report.rows == tried.rows && report.isDone)
        #expect(report.blankLines == sheet.blankLines && report.records == MessySpreadsheet.women)
        #expect(report.rows["case_file"] == 500 && report.rows["person"] == 500)
        #expect(report.rows["child"] == sheet.children && report.rows["person_identifier"] == sheet.identifiers)
        #expect(sheet.doubtful.subtracting(places(report.warnings)).sorted() == [])
        try network.edit { database in
            let odd = try String.fetchAll(
                database,
                sql: """
                    SELECT legal_first FROM person WHERE legal_first <> trim(legal_first) OR date_of_birth IS NULL
                      OR date_of_birth NOT BETWEEN '1968-01-01' AND '1999-12-31'
                    UNION ALL SELECT value FROM person_identifier
                      WHERE type = 'NOMS' AND value NOT GLOB 'A[0-9][0-9][0-9][0-9]BC'
                    UNION ALL SELECT category FROM need
                      WHERE category NOT IN (SELECT code FROM code_value WHERE list = 'need.category')
                    UNION ALL SELECT ref FROM case_file WHERE ref NOT GLOB 'SRY-2[46]-[0-9][0-9][0-9][0-9]-[A-Z]'
                    UNION ALL SELECT body FROM case_note WHERE body LIKE '''%'
                    """)
            #expect(odd == [])
            let owners = try Int.fetchOne(database, sql: "SELECT count(DISTINCT owner_partner_id) FROM case_file")
            #expect(owners == 1)
            steps = try Int.fetchAll(database, sql: "SELECT count(*) FROM case_note WHERE body = '=not a sum'")
        }
        #expect(steps.first ?? 0 > 0)
    }

    @Test(
        "All encodings that spreadsheets save in are read as the same text", arguments: MessySpreadsheet.Form.allCases)
    func encodings(_ form: MessySpreadsheet.Form) throws {
        let sheet = MessySpreadsheet(isMended: false)
        let file = try CSVFile(sheet.bytes(form))
        let plain = try CSVFile(Array(sheet.text.utf8))
        #expect(file.separator == ";" && file.records == plain.records && file.headings == plain.headings)
        #expect(file.blankLines == sheet.blankLines)
        #expect(file.records.count > MessySpreadsheet.women)
    }
}
