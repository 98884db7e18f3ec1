/// What a browser sends of a form: names and values in the order in which the page shows them.
struct FormBody: Sendable, Equatable {
    struct Field: Sendable, Equatable {
        let name: String
        let value: String
    }

    /// No form of these pages is larger, however much is typed into it.
    static let largest = 256 * 1024
    static let contentType = "application/x-www-form-urlencoded"

    var fields: [Field] = []

    init(_ fields: [Field] = []) { self.fields = fields }

    /// Reads `application/x-www-form-urlencoded`; nil where it is not that.
    init?(urlEncoded bytes: some Collection<UInt8>) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = FormBody.decoded(parts[0]), let value = FormBody.decoded(parts.count > 1 ? parts[1] : "")
            else { return nil }
            fields.append(Field(name: name, value: value))
        }
    }

    /// The first value under a name, without spaces around it; empty where there is none.
    subscript(name: String) -> String {
        guard let value = fields.first(where: { $0.name == name })?.value else { return "" }
        return FormBody.trimmed(value)
    }

    /// Every value under a name: of a group of checkboxes.
    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

    /// Browsers send each end of line as two characters.
    static func trimmed(_ text: String) -> String {
        let scalars = text.replacing("\r\n", with: "\n").unicodeScalars
        let isSpace: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        // A NUL ends a text for some who read it and not for others.
        guard !bytes.contains(0) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
