/// A date of birth, as it is compared.
struct BirthDate: Hashable, Sendable {
    let year: Int
    let month: Int
    let day: Int
    private let text: String

    /// Nil for what is not a day of the calendar.
    init?(_ text: String?) {
        guard let text, CivilTime.isDate(text) else { return nil }
        let parts = text.split(separator: "-").compactMap { Int($0) }
        (year, month, day) = (parts[0], parts[1], parts[2])
        self.text = text
    }

    enum Agreement: Hashable, Sendable {
        case same
        /// Day and month in the other's place.
        case swapped
        case oneDigit
        case different
    }

    func agreement(with other: BirthDate) -> Agreement {
        if text == other.text { return .same }
        if year == other.year, month == other.day, day == other.month { return .swapped }
        return zip(text.utf8, other.text.utf8).count { $0 != $1 } == 1 ? .oneDigit : .different
    }

    /// The same for a date and for its twin with day and month exchanged.
    var blockingKey: String { "\(year) \(min(month, day)) \(max(month, day))" }

    /// Whether the dates lie at most some days apart.
    func isWithin(days: Int64, of other: BirthDate) -> Bool {
        abs(number - other.number) <= days
    }

    private var number: Int64 { CivilTime.days(year: Int64(year), month: Int64(month), day: Int64(day)) }
}
