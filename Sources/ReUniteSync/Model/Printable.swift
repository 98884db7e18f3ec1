/// Text as a terminal may be given it.
package enum Printable {
    /// The text with every character spelled out that would not be seen but obeyed: `\n`, `\t`, and `\u{1B}` for an
    /// escape. So are the marks that turn the direction of writing round, with which one text passes for another.
    package static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isObeyed) else { return text }
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case _ where !isObeyed(scalar): plain.unicodeScalars.append(scalar)
            case "\n": plain += "\\n"
            case "\r": plain += "\\r"
            case "\t": plain += "\\t"
            default: plain += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            }
        }
        return plain
    }

    private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x200E, 0x200F, 0x061C, 0x202A...0x202E, 0x2066...0x2069: true
        case 0x2028, 0x2029: true
        default: false
        }
    }
}
