/// Which comes first in `03/04/2026`.
package enum DateOrder: String, Sendable, CaseIterable {
    case dayFirst = "day-first"
    case monthFirst = "month-first"
}

/// Days as people and spreadsheets write them.
struct TypedDate: Hashable, Sendable {
    /// `YYYY-MM-DD`; a day that exists.
    let day: String
    /// Whether day and month could have changed places.
    let isEitherWay: Bool

    struct Wrong: Error, Hashable {
        let why: String
        let advice: String

        static let none = Wrong(why: "there is no such day", advice: "Compare it with the paper")
        static let unread = Wrong(why: "it is not a date", advice: "Write it as YYYY-MM-DD, or leave it empty")
        static let clock = Wrong(why: "there is a time in it", advice: "Write the day alone")
        static let partial = Wrong(
            why: "it is not a whole date", advice: "Write day, month and year, or leave it empty")
    }

    /// - Parameters:
    ///   - latest: the latest year that two digits may mean: the present one for births, later for plans.
    init(_ text: String, order: DateOrder, latest: Int) throws(Wrong) {
        var words = text.lowercased().split { $0 == " " || $0 == "," || $0 == "\t" || $0 == "\n" }.map(String.init)
        if words.count == 1, let mark = words[0].firstIndex(of: "t"), words[0].contains(":") {
            words = [String(words[0][..<mark]), String(words[0][words[0].index(after: mark)...])]
        }
        // A spreadsheet adds midnight to a day. Any other time is somebody's, and does not go without a word.
        if words.count > 1, let last = words.last, last.contains(":") {
            guard TypedDate.midnights.contains(last) else { throw .clock }
            words.removeLast()
        }
        words.removeAll { TypedDate.weekdays.contains($0) || $0 == "of" }
        var pieces: [String] = []
        for var word in words {
            // Such as "Apr." or "3."
            if word.hasSuffix(".") { word.removeLast() }
            pieces += word.split(omittingEmptySubsequences: false) { "/.-".contains($0) }.map(String.init)
        }
        guard !pieces.contains("") else { throw .unread }
        if pieces.count == 1, let number = Int64(pieces[0]), pieces[0].count == 5, (10_000...80_000).contains(number) {
            // A day as a spreadsheet counts it: from 30 December 1899.
            let epoch = CivilTime.days(year: 1899, month: 12, day: 30)
            day = String(CivilTime.instant(milliseconds: (epoch + number) * CivilTime.millisecondsInDay).prefix(10))
            isEitherWay = false
            return
        }
        guard pieces.count == 3 else {
            let isPart = (1...2).contains(pieces.count) && pieces.contains { $0.count == 4 && Int($0) != nil }
            throw isPart ? .partial : .unread
        }
        if let place = pieces.firstIndex(where: { TypedDate.month(named: $0) != nil }) {
            guard let month = TypedDate.month(named: pieces.remove(at: place)) else { throw .unread }
            let number = TypedDate.ordinal(pieces[0])
            guard place < 2, let number, let year = TypedDate.year(pieces[1], latest: latest) else { throw .unread }
            day = try TypedDate.checked(year, month, number)
            isEitherWay = false
            return
        }
        let numbers = pieces.compactMap { piece in piece.allSatisfy { $0.isASCII && $0.isNumber } ? Int(piece) : nil }
        guard numbers.count == 3 else { throw .unread }
        if pieces[0].count == 4 {
            day = try TypedDate.checked(numbers[0], numbers[1], numbers[2])
            isEitherWay = false
            return
        }
        guard pieces[0].count <= 2, pieces[1].count <= 2, let year = TypedDate.year(pieces[2], latest: latest) else {
            throw .unread
        }
        let (number, month) = order == .dayFirst ? (numbers[0], numbers[1]) : (numbers[1], numbers[0])
        if month > 12, (1...12).contains(number) {
            let other: DateOrder = order == .dayFirst ? .monthFirst : .dayFirst
            throw Wrong(
                why: "there is no month \(month)",
                advice: "Write it as YYYY-MM-DD; if the whole file has it so, say \(other.rawValue) with --dates")
        }
        day = try TypedDate.checked(year, month, number)
        isEitherWay = number <= 12 && number != month
    }

    private static func checked(_ year: Int, _ month: Int, _ day: Int) throws(Wrong) -> String {
        func two(_ number: Int) -> String { (0..<10).contains(number) ? "0\(number)" : "\(number)" }
        guard (1900...2200).contains(year) else {
            throw Wrong(why: "the year cannot be right", advice: "Compare it with the paper")
        }
        let text = "\(year)-\(two(month))-\(two(day))"
        guard CivilTime.isDate(text) else { throw .none }
        return text
    }

    private static func year(_ text: String, latest: Int) -> Int? {
        guard let number = Int(text), text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        if text.count == 4 { return number }
        guard text.count == 2 else { return nil }
        let year = latest / 100 * 100 + number
        return year <= latest ? year : year - 100
    }

    private static let midnights: Set<String> = [
        "0:00", "00:00", "0:00:00", "00:00:00", "00:00:00.000", "00:00z", "00:00:00z", "00:00:00.000z",
    ]
    private static let weekdays: Set<String> = {
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
        return Set(names + names.map { String($0.prefix(3)) } + ["tues", "weds", "thur", "thurs"])
    }()
    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]

    private static func month(named text: String) -> Int? {
        let name = text == "sept" ? "sep" : text
        return months.firstIndex { $0 == name || $0.prefix(3) == name }.map { $0 + 1 }
    }

    private static func ordinal(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let rest = text.dropFirst(digits.count)
        guard rest.isEmpty || ["st", "nd", "rd", "th"].contains(rest) else { return nil }
        return Int(digits)
    }
}
