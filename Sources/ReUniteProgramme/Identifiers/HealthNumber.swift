/// The NHS number: ten digits, the last a check digit by modulus 11.
package enum HealthNumber {
    package static func check(_ text: String) -> IdentifierCheck {
        let digits = Characters.packed(text).filter { $0 != "-" }.map { Int(String($0)) }
        guard digits.count == 10, !digits.contains(nil) else { return .invalid("an NHS number is ten digits") }
        let numbers = digits.compactMap(\.self)
        // They pass the check, and stand on forms for a number that nobody knows.
        guard Set(numbers).count > 1 else { return .invalid("no NHS number is one digit ten times") }
        let sum = zip(numbers.dropLast(), stride(from: 10, through: 2, by: -1)).reduce(0) { $0 + $1.0 * $1.1 }
        // 11 stands for 0; 10 is never given, and no digit equals it.
        let check = (11 - sum % 11) % 11
        guard check == numbers.last else {
            return .invalid("the check digit does not fit the number: compare it with the paper, digit by digit")
        }
        return .valid(canonical: numbers.map(String.init).joined())
    }
}
