import Crypto
import Foundation
import ReUniteSync

extension Hub {
    /// A key for a purpose, worked out from a secret of the hub's that is in its folder and its sealed backups and
    /// nowhere else (HKDF, RFC 5869, with SHA-256): 32 bytes, the same for as long as the hub lives.
    ///
    /// Whoever has it learns nothing of the secret, nor of the key for another purpose.
    package func key(for purpose: String) -> [UInt8] {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: tickets.secret.exportSecret()),
            info: Data("reunite-sync \(purpose)".utf8),
            outputByteCount: 32
        ).withUnsafeBytes { Array($0) }
    }
}
