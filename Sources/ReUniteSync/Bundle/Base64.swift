/// Base 64 (RFC 4648), strict: one form for each byte string, no white space, nothing passed over.
enum Base64 {
    enum Alphabet {
        /// `+` and `/`, padded with `=`: what HTTP's structured fields use.
        case standard
        /// `-` and `_`, without padding.
        case url

        fileprivate var digits: [UInt8] {
            Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
                + Array((self == .standard ? "+/" : "-_").utf8)
        }

        fileprivate func value(of digit: UInt8) -> UInt32? {
            switch digit {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
            case UInt8(ascii: "+") where self == .standard, UInt8(ascii: "-") where self == .url: 62
            case UInt8(ascii: "/") where self == .standard, UInt8(ascii: "_") where self == .url: 63
            default: nil
            }
        }
    }

    static func encode(_ bytes: [UInt8], _ alphabet: Alphabet) -> String {
        let digits = alphabet.digits
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(digits[Int(buffer >> bits & 63)])
            }
        }
        if bits > 0 { text.append(digits[Int(buffer << (6 - bits) & 63)]) }
        if alphabet == .standard {
            while text.count % 4 != 0 { text.append(UInt8(ascii: "=")) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that the text spells, or nil when it is not the one form of exactly that many bytes.
    static func decode(_ text: some StringProtocol, _ alphabet: Alphabet, count: Int) -> [UInt8]? {
        let digitCount = (count * 8 + 5) / 6
        let length = alphabet == .standard ? (digitCount + 3) / 4 * 4 : digitCount
        let characters = text.utf8
        guard characters.count == length else { return nil }
        guard characters.dropFirst(digitCount).allSatisfy({ $0 == UInt8(ascii: "=") }) else { return nil }

        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for character in characters.prefix(digitCount) {
            guard let value = alphabet.value(of: character) else { return nil }
            buffer = buffer << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
        }
        guard buffer & ((1 << bits) - 1) == 0 else { return nil }
        return bytes
    }
}
