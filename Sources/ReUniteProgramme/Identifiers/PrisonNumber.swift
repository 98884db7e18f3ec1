/// The prison service's number, such as A1234BC. It has no check digit.
package enum PrisonNumber {
    package static func check(_ text: String) -> IdentifierCheck {
        let text = Characters.packed(text)
        guard Characters.fits(text, "A9999AA") else {
            return .invalid(
                "a prison number is a letter, four digits and two letters; older numbers have a type of their own")
        }
        return .valid(canonical: text)
    }

    /// Numbers from before the present scheme: up to ten letters and digits, which nothing can check.
    package static func checkLegacy(_ text: String) -> IdentifierCheck {
        let text = Characters.trimmed(text)
        guard (1...10).contains(text.count),
            text.allSatisfy({ Characters.isDigit($0) || Characters.isLetter($0) })
        else { return .invalid("an old prison number is one to ten letters and digits") }
        return .valid(canonical: text)
    }
}

/// The case reference number of probation, such as X123456. It has no check digit.
package enum ProbationNumber {
    package static func check(_ text: String) -> IdentifierCheck {
        let text = Characters.packed(text)
        guard Characters.fits(text, "A999999") else {
            return .invalid("a probation number is a letter and six digits")
        }
        return .valid(canonical: text)
    }
}
