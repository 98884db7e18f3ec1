/// A case's reference, short enough to read over a prison's telephone: `AAA-YY-NNNN-C`.
///
/// AAA is the area, YY the year, NNNN a number, C a letter that finds a mistyped digit: the remainder of the digits
/// YYNNNN by 23, in an alphabet without I, O and S (the letters that the Police National Computer uses).
package struct CaseReference: Hashable, Sendable, CustomStringConvertible {
    /// Three capital letters.
    package let area: String
    /// The last two digits of the year, 0 to 99.
    package let year: Int
    /// 1 to 9999 where it was made here; 0 is read but never made.
    package let number: Int

    private static let letters = Array("ZABCDEFGHJKLMNPQRTUVWXY")

    /// Nil when the area is not three capital letters or a number is out of range.
    package init?(area: String, year: Int, number: Int) {
        guard CaseReference.isArea(area), (0...99).contains(year), (0...9999).contains(number) else { return nil }
        self.area = area
        self.year = year
        self.number = number
    }

    /// Reads a reference in any case of letters; nil when it has another form or its check letter does not fit.
    package init?(_ text: String) {
        let text = CaseReference.normalized(text)
        guard CaseReference.hasForm(text) else { return nil }
        let parts = text.split(separator: "-")
        guard let year = Int(parts[1]), let number = Int(parts[2]) else { return nil }
        self.init(area: String(parts[0]), year: year, number: number)
        guard String(checkLetter) == parts[3] else { return nil }
    }

    package var checkLetter: Character {
        CaseReference.letter(for: year * 10_000 + number)
    }

    /// The check letter of a number: no other number that differs in one digit, or in two neighbours that changed
    /// places, has the same.
    static func letter(for number: Int) -> Character { letters[number % 23] }

    package var description: String {
        "\(CaseReference.stem(area: area, year: year))\(CaseReference.padded(number, 4))-\(checkLetter)"
    }

    /// What all references of an area and year begin with, for example `SRY-26-`.
    static func stem(area: String, year: Int) -> String { "\(area)-\(padded(year, 2))-" }

    static func normalized(_ text: String) -> String {
        text.uppercased().filter { !$0.isWhitespace }
    }

    /// Whether the text looks like a reference, whatever its check letter.
    static func hasForm(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        return parts.count == 4 && isArea(parts[0]) && isDigits(parts[1], 2) && isDigits(parts[2], 4)
            && parts[3].count == 1
    }

    private static func isArea(_ text: String) -> Bool {
        text.utf8.count == 3 && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }

    private static func isDigits(_ text: String, _ count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
