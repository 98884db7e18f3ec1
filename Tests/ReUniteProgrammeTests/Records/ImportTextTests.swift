import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("A newcomer reads what is wrong with a file")
struct ImportTextTests {
    private func remark(_ line: Int, _ column: String?, _ why: String) -> ImportReport.Remark {
        ImportReport.Remark(
            line: line, column: column, heading: column.map { "Head \($0)" }, why: why, advice: "Mend it")
    }

    @Test("A few remarks are a line each, in the order of the file")
    func few() {
        let remarks = [remark(2, "A", "it is not in the list"), remark(3, "A", "it is not in the list")]
        #expect(ImportReport.lines(remarks, most: 2) == remarks.map(\.text))
    }

    @Test("Of hundreds that say the same, the one that stands alone comes first")
    func many() {
        var remarks = (2...301).map { remark($0, "I", "it is not in the list") }
        remarks.insert(remark(94, "D", "there is no such day"), at: 100)
        remarks += [remark(7, nil, "she seems to be another"), remark(8, nil, "she seems to be another")]
        #expect(
            ImportReport.lines(remarks, most: 40) == [
                "line 94, column D (Head D): there is no such day. Mend it.",
                "2 lines (7, 8): she seems to be another. Mend it.",
                "300 lines (2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 290 more), column I (Head I): it is not in the list. "
                    + "Mend it.",
            ])
    }

    @Test("A map that names a column which there is not is told those that there are")
    func columns() throws {
        let network = try Network()
        let failure = try network.failure { database in
            var options = RecordImport.Options()
            options.map = try MapLine.read(Array("heading,column,value,meaning\nSurname,person.last_name".utf8))
            _ = try RecordImport(try CSVFile(Array("Surname\nAsh".utf8)), into: "case_file", options: options).run(
                by: Network.surrey, in: database, now: Network.noon)
        }
        #expect(failure?.why == "it names the column 'last_name', which person does not have")
        #expect(failure?.remedy.contains("legal_last") == true)
    }

    @Test("Before the first sync nothing of the network is here, and that is what is said, once")
    func beforeTheFirstSync() throws {
        let network = try Network()
        let failure = try network.failure { database in
            _ = try RecordImport(try CSVFile(Array("Known as\nAsh".utf8)), into: "case_file").run(
                by: Identifier(high: 9, low: 9), in: database, now: Network.noon)
        }
        #expect(failure?.code == .tryLater && failure?.why == "this replica has none of the network's lists yet")
    }
}
