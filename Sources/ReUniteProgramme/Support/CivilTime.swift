/// Calendar dates and instants as text, worked out with integers: the same on every platform, with no time zone files.
///
/// An instant outside the years 1 to 9999 is taken for the nearest one inside: a time is whatever number somebody's
/// program wrote, and no number may stop whoever reads it.
package enum CivilTime {
    /// The instant, or the nearest one that has a date of four digits in the United Kingdom too.
    static func within(_ milliseconds: Int64) -> Int64 { min(max(milliseconds, earliest), latest) }

    private static let earliest = days(year: 1, month: 1, day: 1) * millisecondsInDay
    private static let latest = days(year: 9999, month: 12, day: 31) * millisecondsInDay + 82_800_000 - 1

    /// The date in the United Kingdom at an instant, `YYYY-MM-DD`: a worker's "today", also in summer.
    ///
    /// Summer time is the rule in force since 1998: from 01:00 UTC on the last Sunday of March to 01:00 UTC on the
    /// last Sunday of October.
    package static func londonDate(milliseconds: Int64) -> String {
        let milliseconds = within(milliseconds)
        let day = civil(
            fromDays: floorDivide(milliseconds + londonOffset(milliseconds: milliseconds), millisecondsInDay))
        return "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))"
    }

    /// How far a clock in the United Kingdom is ahead of UTC at an instant, in milliseconds.
    static func londonOffset(milliseconds: Int64) -> Int64 {
        let milliseconds = within(milliseconds)
        let (year, _, _) = civil(fromDays: floorDivide(milliseconds, millisecondsInDay))
        let isSummer =
            milliseconds >= lastSundayAtOne(year: year, month: 3)
            && milliseconds < lastSundayAtOne(year: year, month: 10)
        return isSummer ? 3_600_000 : 0
    }

    /// RFC 3339 in UTC, with milliseconds only where there are any.
    package static func instant(milliseconds: Int64) -> String {
        let milliseconds = within(milliseconds)
        let days = floorDivide(milliseconds, millisecondsInDay)
        let date = civil(fromDays: days)
        let time = milliseconds - days * millisecondsInDay
        let fraction = time % 1000 == 0 ? "" : ".\(padded(time % 1000, 3))"
        let clock = [time / 3_600_000, time / 60_000 % 60, time / 1000 % 60].map { padded($0, 2) }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
            + clock.joined(separator: ":") + fraction + "Z"
    }

    /// Whether the text is a day that exists, `YYYY-MM-DD`.
    package static func isDate(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2])
        else { return false }
        guard (1000...2999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return false }
        return civil(fromDays: days(year: year, month: month, day: day)) == (year, month, day)
    }

    /// The day so many months earlier: the same of its month, the last of a shorter one, and the last where the day is the
    /// last of its month. So ends of quarters lie on ends of quarters.
    ///
    /// - Parameter day: one that exists (``isDate(_:)``).
    static func day(_ day: String, monthsEarlier months: Int64) -> String {
        let parts = day.split(separator: "-").compactMap { Int64($0) }
        guard parts.count == 3 else { return day }
        func length(_ year: Int64, _ month: Int64) -> Int64 {
            days(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1)
                - days(year: year, month: month, day: 1)
        }
        let count = parts[0] * 12 + parts[1] - 1 - months
        let (year, month) = (floorDivide(count, 12), count - floorDivide(count, 12) * 12 + 1)
        let isLast = parts[2] == length(parts[0], parts[1])
        let number = isLast ? length(year, month) : min(parts[2], length(year, month))
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(number, 2))"
    }

    static let millisecondsInDay: Int64 = 86_400_000

    /// Days since 1 January 1970 in the Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = floorDivide(shifted, 400)
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The day with this number, `YYYY-MM-DD`.
    static func date(_ days: Int64) -> String {
        let day = civil(fromDays: days)
        return "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))"
    }

    /// The inverse of ``days(year:month:day:)``, from the same source.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * fromMarch + 2) / 5 + 1)
    }

    private static func lastSundayAtOne(year: Int64, month: Int64) -> Int64 {
        // March and October both have 31 days. 1 January 1970 was a Thursday, so that day + 4 counts from Sunday.
        let last = days(year: year, month: month, day: 31)
        return (last - (last + 4) % 7) * millisecondsInDay + 3_600_000
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
        value >= 0 ? value / by : -((by - 1 - value) / by)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
