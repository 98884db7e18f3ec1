/// Whether two byte strings are equal, in a time that depends on their lengths alone.
func constantTimeEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for (a, b) in zip(left, right) { difference |= a ^ b }
    return difference == 0
}

/// So many random bytes.
func randomBytes(_ count: Int, using generator: inout some RandomNumberGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
}

/// The first eight bytes of a digest, least significant first.
func leadingWord(of digest: some Sequence<UInt8>) -> UInt64 {
    var word: UInt64 = 0
    for (index, byte) in digest.prefix(8).enumerated() { word |= UInt64(byte) << (8 * UInt64(index)) }
    return word
}
