import Crypto
package import ReUniteSync

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The key that a hub's backups are sealed to. Its secret half is nowhere at the hub: it is a file on a stick, or a page
/// of paper with seventy-two digits on it.
package struct OfflineKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// 32 random bytes, from which both halves follow.
    private let seed: [UInt8]

    package init() {
        seed = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }

    /// Reads what ``text(hub:)`` wrote, from a file or typed from paper: every line of nothing but digits and blanks.
    ///
    /// - Throws: `malformed` when the digits are not all there, or one of them is wrong.
    package init(text: String) throws(FormatError) {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.filter { !$0.isWhitespace && $0 != "-" } }
        let digits = lines.filter { !$0.isEmpty && $0.allSatisfy(\.isHexDigit) }.joined().compactMap(\.hexDigitValue)
        guard digits.count == 2 * (OfflineKey.seedLength + OfflineKey.checkLength) else {
            throw FormatError(.malformed, "backup key digits")
        }
        let bytes = stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        seed = Array(bytes.prefix(OfflineKey.seedLength))
        guard OfflineKey.check(seed) == Array(bytes.suffix(OfflineKey.checkLength)) else {
            throw FormatError(.malformed, "backup key check digits")
        }
    }

    private static let seedLength = 32
    private static let checkLength = 4

    private static func check(_ seed: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: Array("ru/backup check".utf8) + seed).prefix(checkLength))
    }

    /// For a file, or for a printer.
    package func text(hub: String) -> String {
        let digits = (seed + OfflineKey.check(seed)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        let groups = stride(from: 0, to: digits.count, by: 2).map { digits[$0] + digits[$0 + 1] }
        let lines = stride(from: 0, to: groups.count, by: 6).map { groups[$0..<$0 + 6].joined(separator: " ") }
        return """
            ReUnite Sync: the key to the backups of \(hub).
            Keep it away from the hub and from its backups, on paper or on a stick, in two places. Whoever has it can
            read every backup that was sealed to it; without it, nobody can.

            \(lines.joined(separator: "\n"))

            """
    }

    /// The key pair. Only its X25519 half is ever used.
    package func keys() throws(FormatError) -> DeviceKeys {
        func half(_ info: String) -> [UInt8] {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: seed), salt: Array("ru/backup 1".utf8), info: Array(info.utf8),
                outputByteCount: 32
            ).withUnsafeBytes { Array($0) }
        }
        return try DeviceKeys(importingSecret: [1, 1] + half("sign") + half("seal"))
    }

    package var description: String { "OfflineKey" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
