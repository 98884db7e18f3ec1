/// The Criminal Records Office's number, in two forms.
///
/// The standard one is a number of up to six digits, the year and a letter (`065656/91H`); the other, for records kept
/// as a set of files, is `SF05/482703J`. Both take the check letter from the year followed by the number, which the
/// standard form pads to six digits and the other leaves as it is.
package enum CriminalRecordNumber {
    package static func check(_ text: String) -> IdentifierCheck {
        let text = Characters.packed(text)
        guard let letter = text.last, Characters.isLetter(letter) else { return .invalid(form) }
        let parts = text.dropLast().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return .invalid(form) }
        if parts[0].hasPrefix("SF") {
            let year = parts[0].dropFirst(2)
            guard Characters.areDigits(year, 2...2), Characters.areDigits(parts[1], 1...6) else {
                return .invalid(form)
            }
            return checked(text, sum: year + parts[1], letter)
        }
        guard Characters.areDigits(parts[0], 1...6), Characters.areDigits(parts[1], 2...2) else {
            return .invalid(form)
        }
        let serial = Characters.padded(parts[0], 6)
        return checked("\(serial)/\(parts[1])\(letter)", sum: parts[1] + serial, letter)
    }

    private static let form = "a CRO number is up to six digits, a stroke, two digits of the year and a letter, or SF…"

    private static func checked(_ canonical: String, sum: some StringProtocol, _ letter: Character) -> IdentifierCheck {
        guard let number = Int(sum), Characters.checkLetter(number) == letter else {
            return .invalid("the check letter does not fit the number: compare it with the paper, digit by digit")
        }
        return .valid(canonical: canonical)
    }
}
