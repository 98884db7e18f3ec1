/// Days and minutes as a clock on a wall in the United Kingdom shows them.
extension CivilTime {
    /// The day after a day.
    package static func day(after date: String) -> String {
        // No day has more than 25 hours, and none of the next 12 belongs to the day after.
        londonDate(milliseconds: londonInstant(date: date, minutes: 12 * 60) + millisecondsInDay)
    }

    /// The instant at which a day shows this many minutes since midnight; of two, the earlier.
    ///
    /// - Parameter date: a day that exists (``isDate(_:)``).
    package static func londonInstant(date: String, minutes: Int) -> Int64 {
        let parts = date.split(separator: "-").compactMap { Int64($0) }
        guard parts.count == 3 else { return 0 }
        let shown =
            days(year: parts[0], month: parts[1], day: parts[2]) * millisecondsInDay + Int64(minutes) * 60_000
        let summer = shown - londonOffset(milliseconds: shown - 3_600_000)
        return summer + londonOffset(milliseconds: summer) == shown ? summer : shown
    }

    /// The instant at which a clock shows a time that somebody typed; nil for one that no clock showed, in the night on
    /// which they go forward.
    private static func shown(date: String, minutes: Int) -> Int64? {
        let instant = londonInstant(date: date, minutes: minutes)
        let clock = "\(padded(minutes / 60)):\(padded(minutes % 60))"
        return londonMinute(milliseconds: instant) == "\(date) \(clock)" ? instant : nil
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// A time in a file for people, such as `2026-11-23 14:05:33` by a clock in the United Kingdom; in UTC where that
    /// would be read as another, in the night on which clocks go back.
    package static func londonSecond(milliseconds: Int64) -> String {
        let utc = instant(milliseconds: milliseconds)
        guard within(milliseconds) == milliseconds else { return utc }
        let text = instant(milliseconds: milliseconds + londonOffset(milliseconds: milliseconds))
        let clock = text.dropFirst(11).prefix(8)
        let written = "\(text.prefix(10)) \(clock)"
        let rest = (milliseconds % 1_000 + 1_000) % 1_000
        return londonInstant(date: String(text.prefix(10)), clock: clock) == milliseconds - rest ? written : utc
    }

    /// The day and the minute, such as `2026-11-23 14:05`.
    package static func londonMinute(milliseconds: Int64) -> String {
        let milliseconds = within(milliseconds)
        let text = instant(milliseconds: milliseconds + londonOffset(milliseconds: milliseconds))
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
    }

    /// Reads a time as people write it: `14:05` (of the day given), `2026-11-23 14:05` or with a T, both by a clock in
    /// the United Kingdom; a day, for its noon; or an instant such as `2026-11-23T14:05:00Z`.
    ///
    /// - Parameter day: of which `14:05` is meant; nil where none is.
    package static func londonTime(_ text: String, on day: String?) -> Int64? {
        let text = text.trimmingPrefix { $0.isWhitespace }
        if text.utf8.count <= 5 {
            guard let day, let minutes = minutes(text) else { return nil }
            return shown(date: day, minutes: minutes)
        }
        let date = String(text.prefix(10))
        guard isDate(date) else { return nil }
        let rest = text.dropFirst(10)
        if rest.isEmpty { return londonInstant(date: date, minutes: 12 * 60) }
        guard let mark = rest.first, mark == "T" || mark == "t" || mark == " " else { return nil }
        let clock = rest.dropFirst()
        if let minutes = minutes(clock) { return shown(date: date, minutes: minutes) }
        return instant(date: date, clock)
    }

    /// The instant at which a day shows a time as a spreadsheet writes it: `9:05`, `09:05:33` or `09:05:33.5`, of which
    /// what is smaller than a second goes.
    ///
    /// - Parameter date: a day that exists (``isDate(_:)``).
    /// - Returns: nil for what is no time, or one that no clock showed.
    package static func londonInstant(date: String, clock: some StringProtocol) -> Int64? {
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let minutes = minutes("\(parts[0]):\(parts[1])") else { return nil }
        var seconds = 0
        if parts.count == 3 {
            let pieces = parts[2].split(separator: ".", omittingEmptySubsequences: false)
            guard pieces.count <= 2, pieces[0].utf8.count == 2, let whole = number(pieces[0]), whole < 60,
                pieces.dropFirst().allSatisfy({ !$0.isEmpty && number($0) != nil })
            else { return nil }
            seconds = whole
        }
        return shown(date: date, minutes: minutes).map { $0 + Int64(seconds) * 1_000 }
    }

    /// `9:05` or `09:05` as minutes since midnight.
    private static func minutes(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            let hour = number(parts[0]), let minute = number(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    /// The rest of an instant of RFC 3339: `14:05:30.5Z`, `14:05:30+01:00`, or without seconds.
    private static func instant(date: String, _ clock: Substring) -> Int64? {
        let signs: Set<Character> = ["Z", "z", "+", "-"]
        guard let place = clock.firstIndex(where: { signs.contains($0) }) else { return nil }
        var offset = 0
        if let sign = clock[place...].first, sign == "+" || sign == "-" {
            guard let minutes = minutes(clock[place...].dropFirst()) else { return nil }
            offset = sign == "-" ? -minutes : minutes
        } else if clock.index(after: place) != clock.endIndex {
            return nil
        }
        let time = clock[..<place]
        guard let minutes = minutes(time.prefix(5)) else { return nil }
        var seconds = 0
        let rest = time.dropFirst(5)
        if !rest.isEmpty {
            // What is smaller than a second does not matter to anybody here.
            let whole = rest.dropFirst().prefix { $0 != "." }
            guard rest.first == ":", whole.utf8.count == 2, let number = number(whole), number <= 60,
                rest.dropFirst(3).isEmpty || rest.dropFirst(4).allSatisfy({ $0.isASCII && $0.isNumber })
            else { return nil }
            seconds = number
        }
        let parts = date.split(separator: "-").compactMap { Int64($0) }
        guard parts.count == 3 else { return nil }
        let day = days(year: parts[0], month: parts[1], day: parts[2]) * millisecondsInDay
        return day + Int64((minutes - offset) * 60 + seconds) * 1_000
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(text) : nil
    }
}
