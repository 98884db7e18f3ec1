import ReUniteProgramme

/// A day, counted from 1 January 1970.
package struct InventedDay: Hashable, Comparable, Sendable {
    package let number: Int

    package init(number: Int) {
        self.number = number
    }

    /// Nil unless the text is a day that exists, `YYYY-MM-DD`.
    package init?(_ text: String) {
        guard CivilTime.isDate(text) else { return nil }
        number = Int(CivilTime.londonInstant(date: text, minutes: 12 * 60) / 86_400_000)
    }

    package static func < (left: InventedDay, right: InventedDay) -> Bool { left.number < right.number }
    static func + (day: InventedDay, days: Int) -> InventedDay { InventedDay(number: day.number + days) }
    static func - (day: InventedDay, days: Int) -> InventedDay { InventedDay(number: day.number - days) }

    /// `YYYY-MM-DD`.
    package var text: String { CivilTime.londonDate(milliseconds: noon) }
    /// 12:00 UTC, milliseconds since 1970.
    package var noon: Int64 { Int64(number) * 86_400_000 + 43_200_000 }
}
