import Crypto

/// The one-time code that lets a device join: 80 random bits as 16 characters of Crockford's base 32, printed in
/// groups of four.
public struct EnrolmentCode: Hashable, Sendable {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
    private static let secretLength = 10
    private static let characterCount = 16

    private let secret: [UInt8]

    /// Makes a new code. The generator must be one that nobody can predict.
    public static func make(using generator: inout some RandomNumberGenerator) -> EnrolmentCode {
        EnrolmentCode(secret: randomBytes(secretLength, using: &generator))
    }

    private init(secret: [UInt8]) {
        self.secret = secret
    }

    /// Reads a code as a person types it: either case, O for 0, I and L for 1, hyphens and spaces anywhere.
    public init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        var bytes: [UInt8] = []
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        var count = 0
        for character in text.utf8 where character != UInt8(ascii: "-") && character != UInt8(ascii: " ") {
            guard let value = EnrolmentCode.value(of: character) else { return nil }
            count += 1
            buffer = buffer << 5 | value
            bits += 5
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> bits))
            }
        }
        guard count == EnrolmentCode.characterCount else { return nil }
        secret = bytes
    }

    /// As it is printed: `7ZK4-09QX-M3TD-W8HA`.
    public var text: String {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits: UInt32 = 0
        for byte in secret {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                if text.count % 5 == 4 { text.append(UInt8(ascii: "-")) }
                text.append(EnrolmentCode.alphabet[Int(buffer >> bits & 31)])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What the hub keeps in place of the code.
    public var verifier: EnrolmentVerifier {
        EnrolmentVerifier(
            checkedSlot: EnrolmentCode.derive("slot", from: secret, count: EnrolmentVerifier.slotLength),
            key: EnrolmentCode.derive("proof", from: secret, count: EnrolmentVerifier.keyLength))
    }

    private static func derive(_ purpose: String, from secret: [UInt8], count: Int) -> [UInt8] {
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), salt: Array("ru/enrol v1".utf8), info: Array(purpose.utf8),
            outputByteCount: count)
        return key.withUnsafeBytes { Array($0) }
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): value(of: character - 32)
        case UInt8(ascii: "O"): 0
        case UInt8(ascii: "I"), UInt8(ascii: "L"): 1
        default: alphabet.firstIndex(of: character).map(UInt32.init)
        }
    }
}

extension EnrolmentCode: CustomStringConvertible, CustomReflectable {
    public var description: String { "EnrolmentCode" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What both sides of an enrolment derive from its code: the slot's name, which travels in clear, and the key of the
/// proofs, which never does. The code cannot be had back from either.
public struct EnrolmentVerifier: Hashable, Sendable {
    public static let slotLength = 8
    public static let keyLength = 32

    /// 8 bytes that find the slot without the secret.
    public let slot: [UInt8]
    /// 32 bytes, as secret as the code until it is used or has run out.
    public let key: [UInt8]

    public init(slot: [UInt8], key: [UInt8]) throws(FormatError) {
        guard slot.count == EnrolmentVerifier.slotLength else { throw FormatError(.malformed, "enrolment slot") }
        guard key.count == EnrolmentVerifier.keyLength else { throw FormatError(.malformed, "enrolment key") }
        self.init(checkedSlot: slot, key: key)
    }

    fileprivate init(checkedSlot slot: [UInt8], key: [UInt8]) {
        self.slot = slot
        self.key = key
    }

    func proof(of transcript: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: transcript, using: SymmetricKey(data: key)))
    }

    func accepts(_ proof: some Collection<UInt8>, of transcript: [UInt8]) -> Bool {
        constantTimeEqual(proof, self.proof(of: transcript))
    }
}

extension EnrolmentVerifier: CustomStringConvertible, CustomReflectable {
    public var description: String { "EnrolmentVerifier" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
