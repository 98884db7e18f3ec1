import ReUniteReplica
public import ReUniteSync

extension Hub {
    /// Takes note of new keys of a device, whatever brought its word: that proves itself. Returns the device as it is
    /// then.
    ///
    /// A word that is known already changes nothing, however often it comes. One that names other keys than the hub knows
    /// under their number is from a second copy of the device, which is shut out. A revoked device's word counts too: what it
    /// signed with the new keys waits for a person, and could not be read otherwise.
    ///
    /// - Throws: ``Failure`` (badData) for a word that is not the device's; nothing was changed.
    func take(successions: [[UInt8]], from device: DeviceRecord) throws -> DeviceRecord {
        guard !successions.isEmpty, device.state != .invited, !device.isSuspended else { return device }
        var device = device
        for bytes in successions {
            guard let signed = try? SignedKeySuccession(decoding: bytes), signed.succession.hub == id,
                signed.succession.owner == device.id
            else { throw Hub.strangeKeys }
            let word = signed.succession
            if let known = device.keys[word.keys.number], known == word.keys { continue }
            guard let old = device.keys[word.replaced], signed.isAuthentic(signedBy: old) else { throw Hub.strangeKeys }
            if device.keys[word.keys.number] == nil {
                try store.replaceKeys(of: device.id, by: signed, atMilliseconds: time.wallMilliseconds)
            } else {
                try store.suspend(device: device.id, atMilliseconds: time.wallMilliseconds)
            }
            device = try self.device(device.id)
            if device.isSuspended { break }
        }
        attendInPassing()
        return device
    }

    private static var strangeKeys: Failure {
        Failure(
            .badData, what: "Taking new keys", why: "they are not named by the device whose keys they would be",
            remedy: "Sync again; nothing was changed")
    }

    /// One of a device's keys, as the operator sees it.
    public struct DeviceKey: Hashable, Sendable, Encodable {
        public var number: UInt32
        /// The name of the key that bundles are sealed to, in hexadecimal digits.
        public var id: String
        public var sinceMilliseconds: Int64
        /// When others took its place; nil of those in use.
        public var replacedMilliseconds: Int64?
        /// The last batch of the device that it may have signed; nil of those in use.
        public var lastBatch: UInt64?
    }

    /// A device's keys, oldest first.
    public func deviceKeys(of id: Identifier) throws -> [DeviceKey] {
        try store.deviceKeys(of: id)
    }
}

extension DeviceRecord {
    /// Whether other keys have taken the place of these.
    func hasReplaced(_ keyNumber: UInt32) -> Bool {
        currentKeys.map { keyNumber < $0.number } ?? false
    }

    /// Whether these keys may have signed a batch of this number. What they signed before they were replaced may be on
    /// its way for long; what they signed after that is not the device's.
    func maySign(batch number: UInt64, with keyNumber: UInt32) -> Bool {
        lastBatches[keyNumber].map { number <= $0 } ?? true
    }
}
