import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteProgramme

@Suite("A visit's code is found again however it is typed, and a slip of the pen is noticed")
struct VisitCodeTests {
    @Test("Every wrong digit and every two neighbours that changed places are noticed")
    func slips() throws {
        var generator = SeededGenerator(seed: 50)
        for _ in 0..<40 {
            let visit = Identifier(high: generator.next(), low: generator.next())
            let text = VisitCode(of: visit).description
            #expect(VisitCode(text) == VisitCode(of: visit), "\(text)")
            #expect(VisitCode(text.lowercased().replacing("-", with: " ")) == VisitCode(of: visit), "\(text)")
            let letters = Array(text)
            for place in letters.indices where letters[place].isNumber {
                for digit in "0123456789" where digit != letters[place] {
                    var wrong = letters
                    wrong[place] = digit
                    #expect(VisitCode(String(wrong)) == nil, "\(String(wrong)) for \(text)")
                }
            }
            let digits = letters.filter { $0 != "-" }
            for place in 0..<7 where digits[place] != digits[place + 1] {
                var wrong = digits
                wrong.swapAt(place, place + 1)
                #expect(VisitCode(String(wrong)) == nil, "\(String(wrong)) for \(text)")
            }
        }
    }

    @Test("A code is no code without its letter, with another form, or with letters from elsewhere")
    func forms() {
        for text in ["", "1234", "1234-5678", "12345678", "1234-5678-", "1234-5678-9", "1234-5678-KK", "١٢٣٤-٥٦٧٨-K"] {
            #expect(VisitCode(text) == nil, "\(text)")
        }
    }

    @Test("A mistyped code, an unknown one and an id each find what they should")
    func lookup() throws {
        let network = try Network()
        let visit = try network.visit(of: try network.markedCase(), at: Network.noon)
        let code = VisitCode(of: visit).description
        #expect(try network.edit { try VisitCode.visit(code, in: $0) } == visit)
        #expect(try network.edit { try VisitCode.visit(visit.description, in: $0) } == visit)
        let digit: Character = code.first == "1" ? "2" : "1"
        #expect(
            try network.failure { _ = try VisitCode.visit("\(digit)" + code.dropFirst(), in: $0) }?.code == .badData)
        let other = VisitCode(of: Identifier(high: 77, low: 78)).description
        #expect(try network.failure { _ = try VisitCode.visit(other, in: $0) }?.code == .noInput)
    }
}

@Suite("Times as people write them")
struct LondonTimeTests {
    @Test("Days begin and end by a clock in the United Kingdom, in summer too")
    func days() {
        #expect(CivilTime.day(after: "2026-02-28") == "2026-03-01")
        #expect(CivilTime.day(after: "2026-03-28") == "2026-03-29")
        #expect(CivilTime.day(after: "2026-03-29") == "2026-03-30")
        #expect(CivilTime.day(after: "2026-10-25") == "2026-10-26")
        #expect(CivilTime.day(after: "2026-12-31") == "2027-01-01")
        for (text, instant) in [
            ("2026-07-01", "2026-06-30T23:00:00Z"), ("2026-01-01", "2026-01-01T00:00:00Z"),
            ("2026-03-29", "2026-03-29T00:00:00Z"), ("2026-03-30", "2026-03-29T23:00:00Z"),
            ("2026-10-25", "2026-10-24T23:00:00Z"), ("2026-10-26", "2026-10-26T00:00:00Z"),
        ] {
            let start = CivilTime.londonInstant(date: text, minutes: 0)
            #expect(CivilTime.instant(milliseconds: start) == instant)
            #expect(CivilTime.londonDate(milliseconds: start) == text)
            #expect(CivilTime.londonDate(milliseconds: start - 1) < text)
        }
    }

    @Test("A time is read as written on paper, as typed with a day, or as an instant; anything else is not guessed at")
    func times() {
        func read(_ text: String, on day: String? = "2026-07-01") -> String? {
            CivilTime.londonTime(text, on: day).map { CivilTime.instant(milliseconds: $0) }
        }
        #expect(read("14:05") == "2026-07-01T13:05:00Z")
        #expect(read("9:05") == "2026-07-01T08:05:00Z")
        #expect(read("14:05", on: nil) == nil)
        #expect(read("2026-11-23 14:05", on: nil) == "2026-11-23T14:05:00Z")
        #expect(read("2026-07-02T14:05", on: nil) == "2026-07-02T13:05:00Z")
        #expect(read("2026-07-02T14:05:30Z") == "2026-07-02T14:05:30Z")
        #expect(read("2026-07-02T14:05:30.250+01:00") == "2026-07-02T13:05:30Z")
        #expect(read("2026-07-02T14:05-02:00") == "2026-07-02T16:05:00Z")
        #expect(read("2026-07-02") == "2026-07-02T11:00:00Z")
        // Autumn's hour comes twice: the first of them. Spring's never comes.
        #expect(read("2026-10-25 01:30") == "2026-10-25T00:30:00Z")
        for text in ["2026-03-29 01:30", "2026-03-29T01:00", "2026-03-29 01:59"] {
            #expect(read(text) == nil, "\(text)")
        }
        #expect(read("2026-03-29 00:59") == "2026-03-29T00:59:00Z")
        #expect(read("2026-03-29 02:00") == "2026-03-29T01:00:00Z")
        #expect(CivilTime.londonInstant(date: "2026-03-29", clock: "01:30:10") == nil)
        for text in [
            "", "14", "24:00", "14:60", "14:5", "2026-02-30 14:05", "2026-07-02T", "2026-07-02T14:05:30", "x",
            "2026-07-02T14:05Zz", "2026-07-02x14:05", "2026-07-02T14:05+1", "tomorrow", "14:05:00", "-1:00",
        ] {
            #expect(read(text) == nil, "\(text)")
        }
    }
}
