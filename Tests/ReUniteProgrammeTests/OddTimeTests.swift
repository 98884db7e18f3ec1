import Testing

@testable import ReUniteProgramme

/// Times come from rows, and rows from anybody's program.
@Suite("No number stops whoever reads it as a time")
struct OddTimeTests {
    private static let odd: [Int64] = [
        0, 1, -1, 253_402_300_799_999, -62_135_596_800_000, 1 << 53, .max / 2, .min / 2, .min, .min + 1, .max, .max - 1,
        .max - 3_600_000, .max - 7_200_000, .min + 3_600_000,
    ]

    @Test("Every number has a date, a minute and an instant of the usual form", arguments: odd)
    func anyNumber(milliseconds: Int64) {
        #expect(CivilTime.londonDate(milliseconds: milliseconds).wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/) != nil)
        let minute = CivilTime.londonMinute(milliseconds: milliseconds)
        #expect(minute.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}/) != nil)
        let instant = CivilTime.instant(milliseconds: milliseconds)
        #expect(instant.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{3})?Z/) != nil)
    }

    @Test("What lies outside the calendar is shown as its edge, and what lies inside as it is")
    func edges() {
        #expect(CivilTime.londonDate(milliseconds: .min) == "0001-01-01")
        #expect(CivilTime.londonMinute(milliseconds: .max) == "9999-12-31 22:59")
        #expect(CivilTime.instant(milliseconds: 1_795_262_400_000) == "2026-11-21T12:00:00Z")
        #expect(CivilTime.londonMinute(milliseconds: 1_782_907_200_000) == "2026-07-01 13:00")
    }
}
