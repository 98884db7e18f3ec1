/// The Police National Computer's number. Canonical form: `YYYY/NNNNNNNC`.
///
/// People write it with or without the stroke, with two or four digits of the year, and without leading zeros. The
/// check letter is the remainder by 23 of the year's last two digits followed by the number padded to seven.
package enum PoliceNumber {
    /// - Parameter year: the present year: a two-digit year up to it is of this century.
    package static func check(_ text: String, year: Int) -> IdentifierCheck {
        let text = Characters.packed(text)
        guard let letter = text.last, Characters.isLetter(letter) else { return .invalid(form) }
        let body = text.dropLast()
        let readings: [(year: Substring, serial: Substring)]
        let parts = body.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2 {
            readings = [(parts[0], parts[1])]
        } else {
            // Without the stroke both lengths of the year are possible; the check letter tells which is meant.
            readings = [2, 4].filter { $0 < body.count }.map { (body.prefix($0), body.dropFirst($0)) }
        }
        let wellFormed = readings.filter {
            ($0.year.count == 2 || $0.year.count == 4) && Characters.areDigits($0.year, 2...4)
                && Characters.areDigits($0.serial, 1...7)
                && ($0.year.count == 2 || (1900...year).contains(Int($0.year) ?? 0))
        }
        guard !wellFormed.isEmpty else { return .invalid(form) }
        for reading in wellFormed {
            let serial = Characters.padded(reading.serial, 7)
            guard let number = Int(reading.year.suffix(2) + serial), Characters.checkLetter(number) == letter else {
                continue
            }
            return .valid(canonical: "\(century(of: reading.year, year))/\(serial)\(letter)")
        }
        return .invalid("the check letter does not fit the number: compare it with the paper, digit by digit")
    }

    private static let form = "a PNC number is a year, a stroke, up to seven digits and a letter"

    /// The year in four digits.
    private static func century(of text: Substring, _ year: Int) -> String {
        guard text.count == 2, let short = Int(text) else { return String(text) }
        return String((short <= year % 100 ? year / 100 : year / 100 - 1) * 100 + short)
    }
}
