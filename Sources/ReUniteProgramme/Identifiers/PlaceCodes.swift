/// A unique property reference number: up to twelve digits. It has no check digit.
package enum PropertyNumber {
    package static func check(_ text: String) -> IdentifierCheck {
        let text = Characters.packed(text)
        guard Characters.areDigits(text, 1...12) else { return .invalid("a UPRN is up to twelve digits") }
        // Some systems pad it with zeros.
        let digits = text.drop { $0 == "0" }
        guard !digits.isEmpty else { return .invalid("a UPRN is not zero") }
        return .valid(canonical: String(digits))
    }
}

/// Postcodes. Distances, maps and exclusion zones use the outward code alone, which is a town's, never a house's.
package enum Postcode {
    private static let outward = ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"]

    /// A whole postcode; canonical with one space, such as `GL12 8DB`.
    package static func check(_ text: String) -> IdentifierCheck {
        let text = Characters.packed(text)
        guard (5...7).contains(text.count), Characters.fits(text.suffix(3), "9AA"), isOutward(text.dropLast(3)) else {
            return .invalid("a postcode is an outward code, such as GL12, and an inward code, such as 8DB")
        }
        return .valid(canonical: "\(text.dropLast(3)) \(text.suffix(3))")
    }

    /// The outward code of a whole postcode, or of an outward code alone; nil for anything else.
    package static func outwardCode(of text: String) -> String? {
        if let whole = check(text).canonical { return String(whole.dropLast(4)) }
        let text = Characters.packed(text)
        return isOutward(text) ? text : nil
    }

    private static func isOutward(_ text: some StringProtocol) -> Bool {
        outward.contains { Characters.fits(text, $0) }
    }
}
