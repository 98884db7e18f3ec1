import ReUniteSync

/// JSON that has one form for one content: keys in the order of their bytes, no white space, only what must be
/// escaped escaped. A pack's hash is taken over it, so it may not depend on a library's version.
package enum CanonicalJSON: Hashable, Sendable {
    case integer(Int64)
    case real(Double)
    case text(String)
    case array([CanonicalJSON])
    case object([String: CanonicalJSON])

    package var text: String {
        var out = ""
        write(to: &out)
        return out
    }

    private func write(to out: inout String) {
        switch self {
        case .integer(let value): out += String(value)
        case .real(let value): out += String(value)
        case .text(let value): CanonicalJSON.write(value, to: &out)
        case .array(let items):
            out += "["
            for (place, item) in items.enumerated() {
                if place > 0 { out += "," }
                item.write(to: &out)
            }
            out += "]"
        case .object(let members):
            out += "{"
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (place, member) in sorted.enumerated() {
                if place > 0 { out += "," }
                CanonicalJSON.write(member.key, to: &out)
                out += ":"
                member.value.write(to: &out)
            }
            out += "}"
        }
    }

    private static func write(_ text: String, to out: inout String) {
        out += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}
