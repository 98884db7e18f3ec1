import Crypto

/// Signatures of HTTP requests: RFC 9421 with Ed25519, and `Content-Digest` by RFC 9530 with SHA-256.
///
/// A signature covers the method, the path, the body and the hub, and carries the device's ticket as its nonce. It
/// covers no query, so a request with one is refused; it covers no time, so that a wrong clock locks nobody out. It
/// says who is asking; who wrote what, the batches themselves say.
public enum RequestSignature {
    /// Why a request was not taken as signed.
    public enum Refusal: String, Error, Sendable {
        /// One of the four fields is not there.
        case missing
        /// A field, the method or the path has not the one form that it may have.
        case malformed
        /// The request was signed for another hub.
        case wrongHub
        /// The body is not the one that was signed.
        case wrongDigest
        /// Nobody is known by that device and key number.
        case unknownKey
        /// The signature is not the key owner's over this request.
        case notAuthentic
    }

    /// What a good signature says. The ticket is read but not judged.
    public struct Claim: Hashable, Sendable {
        public let device: Identifier
        public let keyNumber: UInt32
        public let ticket: Ticket
    }

    /// The four fields to add to a request.
    ///
    /// - Parameters:
    ///   - method: in capitals, as it will be sent.
    ///   - path: as it will be sent, in printable ASCII, without a query.
    ///   - body: empty where there is none.
    /// - Throws: `malformed` when the method or the path is not of that form.
    public static func headers(
        method: String, path: String, body: [UInt8], hub: Identifier, device: Identifier, ticket: Ticket,
        signedWith keys: DeviceKeys
    ) throws(FormatError) -> [(name: String, value: String)] {
        guard isPlain(method: method, path: path) else { throw FormatError(.malformed, "request line") }
        let digest = contentDigest(of: body)
        let input = SignatureInput(device: device, keyNumber: keys.number, ticket: ticket)
        let base = signatureBase(method: method, path: path, digest: digest, hub: hub.description, input: input)
        let signature = Base64.encode(try keys.sign(Array(base.utf8)), .standard)
        return [
            ("Content-Digest", digest), ("ReUnite-Hub", hub.description), ("Signature-Input", input.text),
            ("Signature", "ru=:\(signature):"),
        ]
    }

    /// Verifies a request as it came.
    ///
    /// - Parameters:
    ///   - path: as it came, percent signs and all; with a query it is refused.
    ///   - headers: finds a field's value by its name, whatever its case; several values are joined with a comma, as
    ///     HTTP has it, and then refused here.
    ///   - keyFor: the keys on record for a device's key number.
    public static func verify(
        method: String, path: String, body: [UInt8], headers: (String) -> String?, hub: Identifier,
        keyFor: (_ device: Identifier, _ keyNumber: UInt32) -> PublicKeys?
    ) throws(Refusal) -> Claim {
        let digest = contentDigest(of: body)
        if let text = headers("Content-Digest"), !text.utf8.elementsEqual(digest.utf8) {
            // Said before the rest is looked at: it is what a proxy that changes bodies causes.
            _ = try parts(method: method, path: path, headers: headers, hub: hub)
            throw .wrongDigest
        }
        return try verifyHead(method: method, path: path, headers: headers, hub: hub, keyFor: keyFor).claim
    }

    /// Verifies a request before its body has come.
    ///
    /// - Returns: what the signature says, and what ``contentDigest(of:)`` of the body must be.
    public static func verifyHead(
        method: String, path: String, headers: (String) -> String?, hub: Identifier,
        keyFor: (_ device: Identifier, _ keyNumber: UInt32) -> PublicKeys?
    ) throws(Refusal) -> (claim: Claim, digest: String) {
        let (digest, input, signature) = try parts(method: method, path: path, headers: headers, hub: hub)
        guard let keys = keyFor(input.device, input.keyNumber), keys.number == input.keyNumber else {
            throw .unknownKey
        }
        let base = signatureBase(method: method, path: path, digest: digest, hub: hub.description, input: input)
        guard keys.verify(signature, over: Array(base.utf8)) else { throw .notAuthentic }
        return (Claim(device: input.device, keyNumber: input.keyNumber, ticket: input.ticket), digest)
    }

    private static func parts(
        method: String, path: String, headers: (String) -> String?, hub: Identifier
    ) throws(Refusal) -> (digest: String, input: SignatureInput, signature: [UInt8]) {
        guard let digest = headers("Content-Digest"), let hubText = headers("ReUnite-Hub"),
            let inputText = headers("Signature-Input"), let signatureText = headers("Signature")
        else { throw .missing }
        guard isPlain(method: method, path: path), let input = SignatureInput(text: inputText),
            let signature = self.signature(in: signatureText)
        else { throw .malformed }
        guard hubText.utf8.elementsEqual(hub.description.utf8) else { throw .wrongHub }
        // A digest in any other form could carry another line of the base.
        guard digest.utf8.count < 80, digest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .malformed }
        return (digest, input, signature)
    }

    /// What is signed (RFC 9421, section 2.5): a line for each component, and the parameters as the last.
    static func signatureBase(
        method: String, path: String, digest: String, hub: String, input: SignatureInput
    ) -> String {
        """
        "@method": \(method)
        "@path": \(path)
        "content-digest": \(digest)
        "reunite-hub": \(hub)
        "@signature-params": \(input.parameters)
        """
    }

    /// The value of `Content-Digest` for a body.
    public static func contentDigest(of body: [UInt8]) -> String {
        contentDigest(sha256: Array(SHA256.hash(data: body)))
    }

    /// The same for a body whose SHA-256 is known.
    public static func contentDigest(sha256 digest: [UInt8]) -> String {
        "sha-256=:\(Base64.encode(digest, .standard)):"
    }

    private static func signature(in text: String) -> [UInt8]? {
        guard text.utf8.starts(with: "ru=:".utf8), text.utf8.last == UInt8(ascii: ":") else { return nil }
        return Base64.decode(Substring(text.utf8.dropFirst(4).dropLast()), .standard, count: 64)
    }

    /// Whether the method and path have no other form, and cannot run over into another line of the base.
    private static func isPlain(method: String, path: String) -> Bool {
        let capitals = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard (1...16).contains(method.utf8.count), method.utf8.allSatisfy({ capitals.contains($0) }) else {
            return false
        }
        return (1...1_024).contains(path.utf8.count) && path.utf8.first == UInt8(ascii: "/")
            && path.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#")
            }
    }
}
