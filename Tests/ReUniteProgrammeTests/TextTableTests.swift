import Testing

@testable import ReUniteProgramme

@Suite("A table is read on a narrow terminal too, and stays a line for a row where nobody looks")
struct TextTableTests {
    private let table = TextTable(
        ["REF", "KNOWN AS", "PHASE"],
        [["SRY-26-0001-A", "Wren", "ENQUIRY"], ["SRY-26-0002-B", "", "PRE_RELEASE"]])
    private let columns = [
        "REF            KNOWN AS  PHASE", "SRY-26-0001-A  Wren      ENQUIRY", "SRY-26-0002-B            PRE_RELEASE",
    ]

    @Test("Where it fits, and where there is no terminal, it is columns", arguments: [nil, 36, 80])
    func fits(width: Int?) {
        #expect(table.lines(width: width) == columns)
    }

    @Test("Where it does not fit, each row is a block, what is empty is left out")
    func narrow() {
        #expect(
            table.lines(width: 35) == [
                "REF       SRY-26-0001-A", "KNOWN AS  Wren", "PHASE     ENQUIRY", "",
                "REF    SRY-26-0002-B", "PHASE  PRE_RELEASE",
            ])
    }

    @Test("A long cell is broken between words, under its beginning")
    func long() {
        let table = TextTable(["ID", "WHY"], [["1", "it would have happened before she was born"]])
        #expect(
            table.lines(width: 20) == [
                "ID   1", "WHY  it would have", "     happened before", "     she was born",
            ])
    }

    @Test("An id is never broken: it is there to be copied")
    func whole() {
        let id = "0199a1b2-0000-7000-8000-000000000001"
        #expect(TextTable(["ID", "AGE"], [[id, "5 days"]]).lines(width: 20) == ["ID   \(id)", "AGE  5 days"])
        #expect(TextTable.broken("see \(id) again", width: 12) == ["see", id, "again"])
    }

    @Test("No width loses a word", arguments: [1, 2, 3, 7, 12, 19, 40])
    func everything(width: Int) {
        let cells = ["Zoë O’Neill", "two  spaces", "", "家 in squares", "a"]
        let heads = ["A LONG HEADING", "B", "C", "", "E"]
        let text = TextTable(heads, [cells]).lines(width: width).joined(separator: " ")
        for word in cells.flatMap({ $0.split(separator: " ") }) { #expect(text.contains(word)) }
        for head in ["A LONG HEADING", "B", "E"] { #expect(text.contains(head)) }
    }

    @Test("No line is longer than the terminal, where its words are not")
    func bounds() {
        let row = ["SRY-26-0001-A", "waiting for her licence address to be agreed by the probation office", "2 of 3"]
        for width in 30...80 {
            let lines = TextTable(["REF", "WHAT IT WAITS FOR", "ANSWERED"], [row, row]).lines(width: width)
            #expect(lines.allSatisfy { TextTable.width(of: $0) <= width }, "at \(width)")
        }
    }

    @Test("What takes two places on a terminal is counted so")
    func wide() {
        #expect(TextTable(["N", "P"], [["家", "x"], ["a", "y"]]).lines(width: nil) == ["N   P", "家  x", "a   y"])
    }

    @Test("An empty table is its headings, however long they are")
    func empty() {
        #expect(TextTable(["HEADING", "ANOTHER"], []).lines(width: 5) == ["HEADING  ANOTHER"])
    }
}
