package import ReUniteSync

/// The private keys of one device or hub, in one file that changes in one step: those in use, the next ones before they
/// are, and those that were replaced and may still be needed to open what was sealed to them.
package struct KeyRing: Sendable {
    /// By number, the newest last.
    package private(set) var keys: [DeviceKeys]
    /// The public halves of keys that are destroyed, by number: at a hub, which must prove what they signed for ever.
    package private(set) var past: [PublicKeys] = []
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

    /// Uses keys that were prepared from now on, and keeps all others: a hub's, whose devices say when they go.
    package mutating func adoptKeepingAll(_ signed: SignedKeySuccession) {
        adopt(signed)
        known = inUse
    }

    /// Takes out keys that were replaced; their public half stays.
    package mutating func destroy(_ number: UInt32) {
        guard number != inUse, let place = keys.firstIndex(where: { $0.number == number }) else { return }
        past = (past + [keys.remove(at: place).publicKeys]).sorted { $0.number < $1.number }
    }

    /// Adds what another ring of the same owner has: one from a backup, or from the ledger.
    package mutating func merge(_ other: KeyRing) {
        for pair in other.keys where keys(numbered: pair.number) == nil {
            keys.append(pair)
            past.removeAll { $0.number == pair.number }
        }
        keys.sort { $0.number < $1.number }
        let numbers = Set(keys.map(\.number) + past.map(\.number))
        past = (past + other.past.filter { !numbers.contains($0.number) }).sorted { $0.number < $1.number }
        let said = Set(successions.map(\.succession.replaced))
        successions += other.successions.filter { !said.contains($0.succession.replaced) }
        successions.sort { $0.succession.replaced < $1.succession.replaced }
        inUse = max(inUse, other.inUse)
        known = max(known, other.known)
    }

    /// Whether two rings are of one owner: one pair at least is the same.
    package func isKin(of other: KeyRing) -> Bool {
        let own = Set(keys.map(\.publicKeys) + past)
        return (other.keys.map(\.publicKeys) + other.past).contains { own.contains($0) }
    }

    /// All of its owner's public keys from the first that is known, each named by those before it.
    ///
    /// - Throws: `notAuthentic` where the words do not follow each other.
    package func chain(of hub: Identifier) throws(FormatError) -> HubKeyChain {
        let publics = (past + keys.map(\.publicKeys)).sorted { $0.number < $1.number }
        guard let first = publics.first else { throw FormatError(.malformed, "key ring") }
        var chain = HubKeyChain(first: first)
        let words = successions.filter { $0.succession.replaced >= first.number && $0.succession.replaced < inUse }
        _ = try chain.follow(words.map(\.bytes), of: hub)
        guard chain.current == current.publicKeys else { throw FormatError(.malformed, "key ring successions") }
        return chain
    }

    private mutating func destroyOld() {
        guard let place = keys.firstIndex(where: { $0.number == inUse }) else { return }
        keys.removeFirst(max(0, place - KeyRing.generations))
        successions = successions.suffix(SignedKeySuccession.countLimit)
    }
}

extension KeyRing {
    private static let version: UInt8 = 2
    /// The same with public keys of the past at its end.
    private static let pastVersion: UInt8 = 3
    private static let limit = 1_024

    /// For a file that only its owner can read. One with one pair and no history is the key file of before.
    package func exportSecret() -> [UInt8] {
        if keys.count == 1, successions.isEmpty { return keys[0].exportSecret() }
        var out = ByteWriter(reserving: 1_024)
        out.byte(past.isEmpty ? KeyRing.version : KeyRing.pastVersion)
        out.varint(UInt64(inUse))
        out.varint(UInt64(known))
        out.varint(keys.count)
        for pair in keys { out.string(pair.exportSecret()) }
        out.varint(successions.count)
        for succession in successions { out.string(succession.bytes) }
        if !past.isEmpty {
            out.varint(past.count)
            for keys in past { out.string(keys.encoded()) }
        }
        return out.bytes
    }

    package init(importingSecret bytes: [UInt8]) throws(FormatError) {
        guard bytes.first == KeyRing.version || bytes.first == KeyRing.pastVersion else {
            self.init(try DeviceKeys(importingSecret: bytes))
            return
        }
        var input = ByteReader(bytes)
        let version = try input.byte("key ring version")
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
        var past: [PublicKeys] = []
        if version == KeyRing.pastVersion {
            for _ in 0..<(try input.count("key ring past", limit: KeyRing.limit)) {
                past.append(try PublicKeys(decoding: try input.string("key ring past", limit: KeyRing.limit)))
            }
        }
        try input.end("key ring")
        guard let current = keys.first(where: { $0.number == inUse }) else {
            throw FormatError(.malformed, "key ring number in use")
        }
        self.init(current)
        self.keys = keys
        self.successions = successions
        self.known = known
        self.past = past
    }
}
