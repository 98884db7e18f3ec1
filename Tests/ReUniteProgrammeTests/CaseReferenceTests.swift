import TestSupport
import Testing

@testable import ReUniteProgramme

@Suite struct CaseReferenceTests {
    @Test(
        "The check letter is the remainder by 23 of year and number",
        arguments: [
            ("SRY", 26, 42, "SRY-26-0042-D"), ("GLS", 26, 1, "GLS-26-0001-J"), ("SLN", 99, 9999, "SLN-99-9999-E"),
            ("BHM", 0, 0, "BHM-00-0000-Z"),
        ])
    func vectors(area: String, year: Int, number: Int, text: String) throws {
        let reference = try #require(CaseReference(area: area, year: year, number: number))
        #expect(reference.description == text)
        #expect(CaseReference(text) == reference)
        #expect(CaseReference(" \(text.lowercased()) ") == reference)
    }

    @Test("One wrong digit, or two neighbours exchanged, is found")
    func mistakes() throws {
        var generator = SeededGenerator(seed: 23)
        for _ in 0..<300 {
            let reference = try #require(
                CaseReference(
                    area: "SRY", year: Int.random(in: 0...99, using: &generator),
                    number: Int.random(in: 0...9999, using: &generator)))
            let text = Array(reference.description)
            let digits = [4, 5, 7, 8, 9, 10]
            for place in digits {
                for digit in "0123456789" where digit != text[place] {
                    var wrong = text
                    wrong[place] = digit
                    #expect(CaseReference(String(wrong)) == nil, "seed 23, \(String(wrong))")
                }
            }
            for (left, right) in zip(digits, digits.dropFirst()) where text[left] != text[right] {
                var wrong = text
                wrong.swapAt(left, right)
                #expect(CaseReference(String(wrong)) == nil, "seed 23, \(String(wrong))")
            }
        }
    }

    @Test(
        "Other forms are not references",
        arguments: ["", "SRY-26-42-D", "SR-26-0042-D", "SRY260042D", "SRY-26-0042-", "SRY-26-0042-DD"])
    func forms(text: String) {
        #expect(CaseReference(text) == nil)
    }
}

@Suite struct CivilTimeTests {
    @Test(
        "Today is the date in London, in summer too",
        arguments: [
            (Int64(1_795_262_400_000), "2026-11-21"), (0, "1970-01-01"),
            // 28 June 2026, 23:30 UTC: past midnight in London.
            (1_782_689_400_000, "2026-06-29"),
            // 29 March 2026, 00:59:59 UTC and 25 October 2026, 00:30 UTC: before and after the clocks change.
            (1_774_745_999_000, "2026-03-29"), (1_792_888_200_000, "2026-10-25"),
            // 31 October 2026, 23:30 UTC: winter again.
            (1_793_489_400_000, "2026-10-31"),
        ])
    func london(milliseconds: Int64, date: String) {
        #expect(CivilTime.londonDate(milliseconds: milliseconds) == date)
    }

    @Test("An instant is RFC 3339 in UTC")
    func instants() {
        #expect(CivilTime.instant(milliseconds: 1_795_262_400_000) == "2026-11-21T12:00:00Z")
        #expect(CivilTime.instant(milliseconds: 951_782_399_007) == "2000-02-28T23:59:59.007Z")
        #expect(CivilTime.instant(milliseconds: -1) == "1969-12-31T23:59:59.999Z")
    }

    @Test("So many months earlier, ends of months lie on ends of months")
    func monthsEarlier() {
        for (day, months, earlier) in [
            ("2026-12-31", 3, "2026-09-30"), ("2026-06-30", 3, "2026-03-31"), ("2026-08-31", 6, "2026-02-28"),
            ("2024-02-29", 12, "2023-02-28"), ("2026-03-30", 1, "2026-02-28"), ("2026-11-22", 18, "2025-05-22"),
            ("2026-01-15", 12, "2025-01-15"),
        ] as [(String, Int64, String)] {
            #expect(CivilTime.day(day, monthsEarlier: months) == earlier)
        }
    }

    @Test("Only days that exist are dates")
    func dates() {
        #expect(CivilTime.isDate("2024-02-29"))
        for wrong in ["2026-02-29", "2026-13-01", "2026-04-31", "26-01-01", "2026-1-01", "2026-01-01x", "+026-01-01"] {
            #expect(!CivilTime.isDate(wrong), "\(wrong)")
        }
    }
}
