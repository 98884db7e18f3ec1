import Crypto

/// Secrets of pages: made here, kept as digests, compared in constant time.
enum PageSecret {
    /// 256 random bits as 64 hexadecimal digits.
    static func new() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(UInt64.random(in: 0...UInt64.max, using: &random), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    static func digest(_ text: String) -> SHA256.Digest { SHA256.hash(data: Array(text.utf8)) }

    static func isSame(_ left: String, _ right: String) -> Bool { digest(left) == digest(right) }

    /// What the forms of a session carry, worked out from its cookie: who knows the one does not know the other.
    static func formToken(of secret: String) -> String {
        SHA256.hash(data: Array("form\u{0}\(secret)".utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
