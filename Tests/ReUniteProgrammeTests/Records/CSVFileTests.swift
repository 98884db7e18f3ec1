import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteProgramme

@Suite("Files of rows are read as spreadsheets write them")
struct CSVFileTests {
    private func cells(_ text: String) throws -> [[String]] {
        let file = try CSVFile(Array(text.utf8))
        return [file.headings.cells] + file.records.map(\.cells)
    }

    @Test(
        "Commas, semicolons, tabs and bars, and all line ends",
        arguments: [",", ";", "\t", "|"], ["\r\n", "\n", "\r"])
    func shapes(separator: String, end: String) throws {
        let text = [["a", "b"], ["1", "\"x\(separator)\"\"y\"\"\""], ["", "z"]]
            .map { $0.joined(separator: separator) }.joined(separator: end)
        #expect(try cells(text) == [["a", "b"], ["1", "x\(separator)\"y\""], ["", "z"]])
    }

    @Test("Excel's first line that says what separates is obeyed and counted")
    func declared() throws {
        let file = try CSVFile(Array("sep=;\r\na,b;c\r\n1;2\r\n".utf8))
        #expect(file.headings.cells == ["a,b", "c"] && file.headings.line == 2 && file.records.map(\.line) == [3])
    }

    @Test("A record knows the line on which it begins, also after cells of several lines and blank lines")
    func lines() throws {
        let file = try CSVFile(Array("\na,b\n\n1,\"x\r\ny\nz\"\n , \n2,w".utf8))
        #expect(file.headings.line == 2)
        #expect(file.records.map(\.line) == [4, 8])
        #expect(file.records[0].cells == ["1", "x\r\ny\nz"])
        #expect(file.blankLines == 3)
    }

    @Test("What is no such file is refused, by line where there is one")
    func refused() {
        let cases: [([UInt8], String)] = [
            ([], "there is nothing in it"), (Array("a,b\n1,\"x\n2,y\n".utf8), "line 2: a quotation mark"),
            (Array("a\n\"x\"y\n".utf8), "line 2: something stands between"),
            ([0x50, 0x4B, 3, 4, 0, 0], "spreadsheet's own"),
            ([0x61, 0x00, 0x62], "not a text file"), (Array("a\r\nb\rc\nd\0".utf8), "line 4: it is not a text file"),
        ]
        for (bytes, why) in cases {
            let failure = #expect(throws: Failure.self) { try CSVFile(bytes) }
            #expect(failure?.code == .badData && failure?.why.contains(why) == true, "\(why)")
        }
    }

    @Test("Whatever text a cell holds, it comes back as it was, and never begins as a formula does")
    func roundTrip() throws {
        for seed in UInt64(1)...200 {
            var generator = SeededGenerator(seed: seed)
            let letters = Array("ab \",;\n='+-@|\t0é€").map(String.init)
            let rows = (0..<4).map { _ in
                (0..<3).map { _ in
                    (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                        letters[Int.random(in: 0..<letters.count, using: &generator)]
                    }.joined()
                }
            }
            let text =
                CSVText.line(["h1", "h2", "h3"]) + rows.map { CSVText.line($0.map { CSVText.cell($0) }) }.joined()
            let file = try CSVFile(Array(text.utf8), separator: ",")
            let wanted = rows.filter { !$0.allSatisfy { CSVText.tidy($0).isEmpty } }
            #expect(file.records.map { $0.cells.map { CSVText.tidy($0) } }.count == wanted.count, "seed \(seed)")
            for (row, record) in zip(wanted, file.records) {
                for (cell, found) in zip(row, record.cells) {
                    #expect(!"=+-@\t\r".unicodeScalars.contains(found.unicodeScalars.first ?? "a"), "seed \(seed)")
                    // A program that reads it as text sees the apostrophe at most.
                    #expect(found == cell || found == "'" + cell, "seed \(seed)")
                }
            }
        }
    }

    @Test("Every byte sequence is read or refused, never worse")
    func nonsense() {
        for seed in UInt64(1)...300 {
            var generator = SeededGenerator(seed: seed)
            let pieces: [[UInt8]] = [
                [0x22], [0x2C], [0x3B], [0x0D], [0x0A], [0x09], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0x80], [0x61],
                [0x3D],
            ]
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                bytes += pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }
            do { _ = try CSVFile(bytes) } catch { #expect(error is Failure, "seed \(seed)") }
        }
    }
}
