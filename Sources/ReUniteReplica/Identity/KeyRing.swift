package import ReUniteSync

/// The private keys of one device or hub, in one file that changes in one step: those in use, the next ones before they
/// are, and those that were replaced and may still be needed to open what was sealed to them.
package struct KeyRing: Sendable {
    /// By number, the newest last.
    package private(set) var keys: [DeviceKeys]
    /// Its owner's words about them, the newest last. They prove themselves, and are kept for a hub that was put back
    /// from a backup and knows only the keys of that time.
    package private(set) var successions: [SignedKeySuccession]
    /// The number of the keys that its owner signs with.
    package private(set) var inUse: UInt32
    /// The number of the newest keys that the other side is known to know.
    package private(set) var known: UInt32

    /// So many keys that were replaced are kept: what is sealed to older ones must be made anew.
    package static let generations = 2

    package init(_ keys: DeviceKeys) {
        self.keys = [keys]
        successions = []
        inUse = keys.number
        known = keys.number
    }

    /// The keys in use.
    package var current: DeviceKeys {
        keys(numbered: inUse) ?? keys[keys.count - 1]
    }

    /// The keys to sign requests with: the newest of which the other side knows.
    package var speaking: DeviceKeys {
        keys(numbered: known) ?? current
    }

    /// Keys that were made and are not in use yet; nil mostly.
    package var next: DeviceKeys? {
        keys.last.flatMap { $0.number == inUse &+ 1 ? $0 : nil }
    }

    /// Whether the other side is known to know the keys in use.
    package var isKnown: Bool { known == inUse }

    /// What the other side is still to be told, oldest first.
    package var unsaid: [[UInt8]] {
        successions.filter { $0.succession.replaced >= known && $0.succession.replaced < inUse }.map(\.bytes)
    }

    /// When the keys in use took the place of others, by the owner's clock; nil for its first.
    package var sinceMilliseconds: Int64? {
        successions.last { $0.succession.keys.number == inUse }?.succession.milliseconds
    }

    /// The keys of a number, if they are still here.
    package func keys(numbered number: UInt32) -> DeviceKeys? {
        keys.first { $0.number == number }
    }

    /// The keys with one of these names.
    package func keys(named ids: some Collection<KeyID>) -> DeviceKeys? {
        keys.last { ids.contains($0.publicKeys.id) }
    }

    // MARK: Rotation

    /// Adds keys that are not in use yet.
    package mutating func prepare(_ new: DeviceKeys) {
        guard next == nil, new.number == inUse &+ 1 else { return }
        keys.append(new)
    }

    /// Uses the keys that were prepared, from now on.
    package mutating func adopt(_ signed: SignedKeySuccession) {
        guard let next, next.publicKeys == signed.succession.keys else { return }
        inUse = next.number
        successions.append(signed)
    }

    /// The other side has shown that it knows the keys in use. Returns whether that was news.
    package mutating func confirm() -> Bool {
        guard known != inUse else { return false }
        known = inUse
        destroyOld()
        return true
    }

    /// The other side does not know the keys that requests were signed with: it was put back to a time before them.
    /// Returns whether there are older ones to tell it with.
    package mutating func stepBack() -> Bool {
        guard let word = successions.last(where: { $0.succession.keys.number == known }),
            keys.contains(where: { $0.number == word.succession.replaced })
        else { return false }
        known = word.succession.replaced
        return true
    }

    private mutating func destroyOld() {
        guard let place = keys.firstIndex(where: { $0.number == inUse }) else { return }
        keys.removeFirst(max(0, place - KeyRing.generations))
        successions = successions.suffix(SignedKeySuccession.countLimit)
    }
}

extension KeyRing {
    private static let version: UInt8 = 2
    private static let limit = 1_024

    /// For a file that only its owner can read. One with one pair and no history is the key file of before.
    package func exportSecret() -> [UInt8] {
        if keys.count == 1, successions.isEmpty { return keys[0].exportSecret() }
        var out = ByteWriter(reserving: 1_024)
        out.byte(KeyRing.version)
        out.varint(UInt64(inUse))
        out.varint(UInt64(known))
        out.varint(keys.count)
        for pair in keys { out.string(pair.exportSecret()) }
        out.varint(successions.count)
        for succession in successions { out.string(succession.bytes) }
        return out.bytes
    }

    package init(importingSecret bytes: [UInt8]) throws(FormatError) {
        guard bytes.first == KeyRing.version else {
            self.init(try DeviceKeys(importingSecret: bytes))
            return
        }
        var input = ByteReader(bytes)
        _ = try input.byte("key ring version")
        let inUse = UInt32(try input.count("key ring number in use", limit: Int(UInt32.max)))
        let known = UInt32(try input.count("key ring known number", limit: Int(UInt32.max)))
        var keys: [DeviceKeys] = []
        for _ in 0..<(try input.count("key ring keys", limit: KeyRing.limit)) {
            keys.append(try DeviceKeys(importingSecret: try input.string("key ring keys", limit: KeyRing.limit)))
        }
        var successions: [SignedKeySuccession] = []
        for _ in 0..<(try input.count("key ring successions", limit: KeyRing.limit)) {
            successions.append(
                try SignedKeySuccession(
                    decoding: try input.string("key ring succession", limit: SignedKeySuccession.byteLimit)))
        }
        try input.end("key ring")
        guard let current = keys.first(where: { $0.number == inUse }) else {
            throw FormatError(.malformed, "key ring number in use")
        }
        self.init(current)
        self.keys = keys
        self.successions = successions
        self.known = known
    }
}
