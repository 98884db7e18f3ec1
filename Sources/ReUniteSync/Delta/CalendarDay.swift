/// Dates written `YYYY-MM-DD`, as numbers of days. Only dates of the proleptic Gregorian calendar in the years 0000 to
/// 9999 count, so that every one of them has one number and comes back as the same ten characters.
///
/// Algorithm: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (days_from_civil, civil_from_days).
enum CalendarDay {
    /// The days since 2025-01-01 of a date written in these characters; nil where they are not such a date.
    @inline(__always)
    static func days(ofText text: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
        var digits: (year: Int64, month: Int64, day: Int64) = (0, 0, 0)
        for index in 0..<10 where index != 4 && index != 7 {
            let digit = Int64(text[index]) - 48
            guard digit >= 0, digit <= 9 else { return nil }
            if index < 4 {
                digits.year = digits.year * 10 + digit
            } else if index < 7 {
                digits.month = digits.month * 10 + digit
            } else {
                digits.day = digits.day * 10 + digit
            }
        }
        guard digits.month >= 1, digits.month <= 12, digits.day >= 1,
            digits.day <= length(ofMonth: digits.month, year: digits.year)
        else { return nil }
        return days(year: digits.year, month: digits.month, day: digits.day)
    }

    /// The date that lies so many days after 2025-01-01; nil outside the years 0000 to 9999.
    static func text(ofDays days: Int64) -> String? {
        guard days >= first, days <= last else { return nil }
        // From here on years run from March to February, in eras of 400 years from 0000-03-01.
        let shifted = days + DeltaFormat.dayZero + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * march + 2) / 5 + 1
        let month = march < 10 ? march + 3 : march - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return String(unsafeUninitializedCapacity: 10) { buffer in
            func digits(_ value: Int64, at place: Int, count: Int) {
                var rest = value
                for index in stride(from: place + count - 1, through: place, by: -1) {
                    buffer[index] = UInt8(48 + rest % 10)
                    rest /= 10
                }
            }
            digits(year, at: 0, count: 4)
            digits(month, at: 5, count: 2)
            digits(day, at: 8, count: 2)
            buffer[4] = UInt8(ascii: "-")
            buffer[7] = UInt8(ascii: "-")
            return 10
        }
    }

    /// 0000-01-01.
    static let first = days(year: 0, month: 1, day: 1)
    /// 9999-12-31.
    static let last = days(year: 9_999, month: 12, day: 31)

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468 - DeltaFormat.dayZero
    }

    private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}
