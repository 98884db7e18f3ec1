import Crypto

/// How long an audit log is, and what it says: the size and the root of its Merkle tree.
public struct AuditHead: Hashable, Sendable {
    public var size: UInt64
    public var root: MerkleHash

    public init(size: UInt64, root: MerkleHash) {
        self.size = size
        self.root = root
    }
}

/// A head as the hub signs it for people and for other programs: a checkpoint in the form of C2SP `tlog-checkpoint`,
/// which is a `signed-note`. Any tool for transparency logs reads it.
///
/// The first line, the log's origin, is the label that keeps the signature apart from all others of the hub's key.
public enum AuditNote {
    private static let ed25519: UInt8 = 1

    /// The name of a hub's log.
    public static func origin(of hub: Identifier) -> String { "ru/audit/\(hub)" }

    /// What is signed: three lines.
    private static func text(_ head: AuditHead, of hub: Identifier) -> String {
        "\(origin(of: hub))\n\(head.size)\n\(Base64.encode(head.root.bytes, .standard))\n"
    }

    /// The first 4 bytes of SHA-256(name ‖ line feed ‖ 1 ‖ public key).
    private static func keyID(_ name: String, _ key: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: Array(name.utf8) + [0x0A, ed25519] + key).prefix(4))
    }

    /// The verifier key in the form of C2SP `signed-note`: name, key id, and the public key.
    public static func verifierKey(of hub: Identifier, _ keys: PublicKeys) -> String {
        let name = origin(of: hub)
        let id = keyID(name, keys.signing).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
        return "\(name)+\(id)+\(Base64.encode([ed25519] + keys.signing, .standard))"
    }

    public static func sign(_ head: AuditHead, of hub: Identifier, with keys: DeviceKeys) throws(FormatError) -> String
    {
        let text = text(head, of: hub)
        let name = origin(of: hub)
        let signature = try keys.sign(Array(text.utf8))
        let line = Base64.encode(keyID(name, keys.publicKeys.signing) + signature, .standard)
        return "\(text)\n\u{2014} \(name) \(line)\n"
    }

    /// The head that a note signs; nil unless it is in the one form that ``sign(_:of:with:)`` gives it, for this hub,
    /// with a signature by this Ed25519 public key.
    public static func verified(_ note: String, of hub: Identifier, key: [UInt8]) -> AuditHead? {
        let lines = note.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 6, let size = UInt64(lines[1]), String(size) == lines[1],
            let root = Base64.decode(lines[2], .standard, count: 32).flatMap({ MerkleHash(bytes: $0) })
        else { return nil }
        let head = AuditHead(size: size, root: root)
        let text = text(head, of: hub)
        let name = origin(of: hub)
        let prefix = "\(text)\n\u{2014} \(name) "
        guard note.hasPrefix(prefix), note.hasSuffix("\n"),
            let line = Base64.decode(note.dropFirst(prefix.count).dropLast(), .standard, count: 68),
            Array(line.prefix(4)) == keyID(name, key),
            let verifier = try? Curve25519.Signing.PublicKey(rawRepresentation: key),
            verifier.isValidSignature(Array(line.dropFirst(4)), for: Array(text.utf8))
        else { return nil }
        return head
    }

    /// The hub and its public key that a verifier key names; nil when it is none.
    public static func key(_ text: String) -> (hub: Identifier, key: [UInt8])? {
        // The base 64 at the end may hold a plus of its own.
        let parts = text.split(separator: "+", maxSplits: 2)
        guard parts.count == 3, parts[0].hasPrefix("ru/audit/"), let hub = Identifier(String(parts[0].dropFirst(9))),
            let bytes = Base64.decode(parts[2], .standard, count: 33), bytes[0] == ed25519,
            let keys = try? PublicKeys(
                number: 1, signing: Array(bytes.dropFirst()), agreement: Array(bytes.dropFirst())),
            verifierKey(of: hub, keys) == text
        else { return nil }
        return (hub, keys.signing)
    }
}
