/// The days of a week on which somebody works, without bank holidays.
package struct WorkingDays: Hashable, Sendable {
    /// Monday 1, Tuesday 2, Wednesday 4 … Sunday 64, added: as `staff_user.working_days` has them.
    package let bits: Int
    /// Days on which nobody works, `YYYY-MM-DD`.
    let holidays: Set<String>

    private static let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    /// Nothing that waits is older than this, in days.
    private static let longest: Int64 = 36_600

    package init(bits: Int, holidays: Set<String> = []) {
        self.bits = bits & 127
        self.holidays = holidays
    }

    /// The first day on which they work, from `day` on; nil for somebody who works on none of the next year.
    ///
    /// - Parameter day: one that exists (``CivilTime/isDate(_:)``).
    package func next(from day: String) -> String? {
        let first = WorkingDays.number(day)
        return (first..<first + 366).first(where: works).map(CivilTime.date)
    }

    /// How many of their days came after `first`, up to and with `last`: none on the day itself.
    package func count(after first: String, through last: String) -> Int {
        let last = WorkingDays.number(last)
        let first = max(WorkingDays.number(first), last - WorkingDays.longest)
        return first < last ? ((first + 1)...last).count(where: works) : 0
    }

    /// Such as `Wednesday 25 November 2026`.
    package static func words(of day: String) -> String {
        let parts = day.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, (1...12).contains(parts[1]) else { return day }
        return "\(names[weekday(number(day))]) \(parts[2]) \(months[parts[1] - 1]) \(parts[0])"
    }

    /// Such as `Mon, Tue`; `none` for no day.
    package static func words(of bits: Int) -> String {
        bits & 127 == 0
            ? "none"
            : names.indices.filter { bits & 1 << $0 != 0 }.map { String(names[$0].prefix(3)) }.joined(separator: ", ")
    }

    /// Reads `Mon, Tue`, `monday tuesday`, `Mon-Wed`, `Mon to Wed`, `none`; nil for anything else.
    package static func bits(_ text: String) -> Int? {
        if text.lowercased() == "none" { return 0 }
        let text = text.lowercased().replacing("–", with: "-").replacing(" to ", with: "-").replacing(" - ", with: "-")
        let parts = text.replacing(" and ", with: ",").split(whereSeparator: { ", ;/&+".contains($0) })
        guard !parts.isEmpty else { return nil }
        var bits = 0
        for part in parts {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { weekday(named: $0) }
            guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first <= last else {
                return nil
            }
            for day in first...last { bits |= 1 << day }
        }
        return bits
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    private func works(_ day: Int64) -> Bool {
        bits & 1 << WorkingDays.weekday(day) != 0 && !holidays.contains(CivilTime.date(day))
    }

    /// Three letters are enough, and no day begins as another does.
    private static func weekday(named text: some StringProtocol) -> Int? {
        guard text.count >= 3 else { return nil }
        return names.firstIndex { $0.lowercased().hasPrefix(text) || text == "\($0.lowercased())s" }
    }

    /// 0 for Monday: 1 January 1970 was a Thursday.
    private static func weekday(_ day: Int64) -> Int { Int(((day + 3) % 7 + 7) % 7) }

    private static func number(_ day: String) -> Int64 {
        let parts = day.split(separator: "-").compactMap { Int64($0) }
        return parts.count == 3 ? CivilTime.days(year: parts[0], month: parts[1], day: parts[2]) : 0
    }
}
