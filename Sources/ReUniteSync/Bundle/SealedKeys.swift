/// A hub's key file, sealed to its offline key by itself, as it stands in the ledger: whoever has an older backup, the
/// ledger and the offline key has every key that the hub ever had (`docs/keys.md`).
package enum SealedKeys {
    package static func seal(
        _ file: [UInt8], of hub: Identifier, to key: PublicKeys
    ) throws(FormatError) -> [UInt8] {
        try SealedMessage.seal(file, to: key, info: info(hub))
    }

    /// - Throws: `notAuthentic` when it was sealed to another key, is another hub's, or was changed.
    package static func open(
        _ sealed: [UInt8], of hub: Identifier, with key: DeviceKeys
    ) throws(FormatError) -> [UInt8] {
        try SealedMessage.open(sealed, with: key, info: info(hub))
    }

    private static func info(_ hub: Identifier) -> [UInt8] {
        Array("ru/hub keys 1".utf8) + hub.bytes
    }
}
