/// What became of a number that someone typed: its one canonical form, or why it has none.
///
/// An invalid number is kept as it was typed and shown as doubtful. It never says that two people are one.
package enum IdentifierCheck: Hashable, Sendable {
    /// Two numbers are the same exactly when their canonical forms are.
    case valid(canonical: String)
    /// The reason in words for the person who typed it; without the number itself.
    case invalid(String)

    package var canonical: String? {
        if case .valid(let canonical) = self { return canonical }
        return nil
    }

    package var problem: String? {
        if case .invalid(let reason) = self { return reason }
        return nil
    }
}

/// The kinds of number by which agencies know a woman. The raw value is the code in `person_identifier.type`.
package enum IdentifierType: String, Sendable, CaseIterable {
    case noms = "NOMS"
    case legacyPrison = "LEGACY_PRISON_NO"
    case probation = "CRN"
    case police = "PNC"
    case criminalRecord = "CRO"
    case nationalInsurance = "NINO"
    case health = "NHS"

    /// Checks a number as it was typed.
    ///
    /// - Parameter year: the present year, four digits: it tells in which century a two-digit year lies.
    package func check(_ text: String, year: Int) -> IdentifierCheck {
        switch self {
        case .noms: PrisonNumber.check(text)
        case .legacyPrison: PrisonNumber.checkLegacy(text)
        case .probation: ProbationNumber.check(text)
        case .police: PoliceNumber.check(text, year: year)
        case .criminalRecord: CriminalRecordNumber.check(text)
        case .nationalInsurance: NationalInsuranceNumber.check(text)
        case .health: HealthNumber.check(text)
        }
    }

    /// Whether one number stands for one person. Old prison numbers were given again at other prisons.
    package var isUnique: Bool { self != .legacyPrison }
}

/// What the families of numbers are made of.
enum Characters {
    /// Check letters of the police: no I, O or S.
    static let checkLetters = Array("ZABCDEFGHJKLMNPQRTUVWXY")

    /// The check letter for a number that is not negative.
    static func checkLetter(_ number: Int) -> Character { checkLetters[number % checkLetters.count] }

    /// Capital letters, without white space at either end.
    static func trimmed(_ text: String) -> String {
        let upper = text.uppercased()
        guard let first = upper.firstIndex(where: { !$0.isWhitespace }),
            let last = upper.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(upper[first...last])
    }

    /// Capital letters, without any white space.
    static func packed(_ text: String) -> String { text.uppercased().filter { !$0.isWhitespace } }

    /// ASCII alone: other scripts' digits and letters with marks lie between these too.
    static func isDigit(_ character: Character) -> Bool { character.isASCII && ("0"..."9").contains(character) }
    static func isLetter(_ character: Character) -> Bool { character.isASCII && ("A"..."Z").contains(character) }

    static func areDigits(_ text: some StringProtocol, _ counts: ClosedRange<Int>) -> Bool {
        counts.contains(text.count) && text.allSatisfy(isDigit)
    }

    static func padded(_ digits: some StringProtocol, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Whether a text has a form: `A` stands for a letter, `9` for a digit.
    static func fits(_ text: some StringProtocol, _ form: String) -> Bool {
        text.count == form.count
            && zip(text, form).allSatisfy { $1 == "A" ? isLetter($0) : isDigit($0) }
    }
}
