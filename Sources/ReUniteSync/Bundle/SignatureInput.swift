/// The `Signature-Input` field of a request (RFC 9421, section 4.1): one signature, labelled `ru`, over a fixed list
/// of components.
struct SignatureInput {
    static let components = "(\"@method\" \"@path\" \"content-digest\" \"reunite-hub\")"
    private static let prefix = "ru="
    private static let lengthLimit = 512

    let device: Identifier
    let keyNumber: UInt32
    let ticket: Ticket
    /// The components and parameters as they came: the signature covers this very text.
    let parameters: String

    init(device: Identifier, keyNumber: UInt32, ticket: Ticket) {
        self.device = device
        self.keyNumber = keyNumber
        self.ticket = ticket
        parameters =
            "\(SignatureInput.components);keyid=\"\(device).\(keyNumber)\";nonce=\"\(ticket.text)\""
            + ";alg=\"ed25519\";tag=\"ru-1\""
    }

    /// The field's value.
    var text: String { SignatureInput.prefix + parameters }

    /// Reads the field. The four parameters may come in any order, each exactly once; anything else is refused.
    init?(text: String) {
        guard text.utf8.count <= SignatureInput.lengthLimit else { return nil }
        let opening = SignatureInput.prefix + SignatureInput.components
        guard text.utf8.starts(with: opening.utf8) else { return nil }
        guard let values = SignatureInput.stringParameters(text.utf8.dropFirst(opening.utf8.count)) else { return nil }
        guard values.count == 4, values["alg"] == "ed25519", values["tag"] == "ru-1" else { return nil }
        guard let name = values["keyid"].flatMap(SignatureInput.keyName) else { return nil }
        guard let ticket = values["nonce"].flatMap({ Ticket(text: $0) }) else { return nil }
        device = name.device
        keyNumber = name.number
        self.ticket = ticket
        parameters = String(Substring(text.utf8.dropFirst(SignatureInput.prefix.utf8.count)))
    }

    /// Reads `;name="value"` again and again. Neither names nor values need an escape, so none is allowed.
    private static func stringParameters(_ text: Substring.UTF8View) -> [String: String]? {
        var rest = text
        var values: [String: String] = [:]
        while !rest.isEmpty {
            guard rest.removeFirst() == UInt8(ascii: ";") else { return nil }
            let name = rest.prefix { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
            rest = rest.dropFirst(name.count)
            guard rest.starts(with: "=\"".utf8) else { return nil }
            rest = rest.dropFirst(2)
            let value = rest.prefix {
                (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
            rest = rest.dropFirst(value.count)
            guard rest.popFirst() == UInt8(ascii: "\"") else { return nil }
            guard values.updateValue(String(Substring(value)), forKey: String(Substring(name))) == nil else {
                return nil
            }
        }
        return values
    }

    /// Reads `UUID.NUMBER` in its one form.
    private static func keyName(_ text: String) -> (device: Identifier, number: UInt32)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let device = Identifier(String(parts[0])), let number = UInt32(parts[1]) else {
            return nil
        }
        guard number > 0, text == "\(device).\(number)" else { return nil }
        return (device, number)
    }
}
