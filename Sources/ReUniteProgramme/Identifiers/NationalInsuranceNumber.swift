/// The National Insurance number, by the rule of the Department for Work and Pensions. Only for a benefit claim.
package enum NationalInsuranceNumber {
    private static let neverGiven = ["BG", "GB", "NK", "KN", "TN", "NT", "ZZ"]
    private static let notFirst: Set<Character> = ["D", "F", "I", "Q", "U", "V"]
    private static let notSecond: Set<Character> = ["D", "F", "I", "O", "Q", "U", "V"]

    package static func check(_ text: String) -> IdentifierCheck {
        let text = Characters.packed(text)
        guard Characters.fits(text, "AA999999A") else {
            return .invalid("a National Insurance number is two letters, six digits and a letter")
        }
        let prefix = Array(text.prefix(2))
        guard !neverGiven.contains(String(prefix)), !notFirst.contains(prefix[0]), !notSecond.contains(prefix[1])
        else { return .invalid("no National Insurance number begins with these letters") }
        guard let last = text.last, ("A"..."D").contains(last) else {
            return .invalid("a National Insurance number ends in A, B, C or D")
        }
        return .valid(canonical: text)
    }
}
