import GRDB
import ReUniteSync

/// New keys for this device. They are used from one moment on, the same for every program that has the replica open; the
/// hub is told by whatever goes to it next, on any carrier (`docs/decisions/0060-new-keys-offline.md`).
extension Replica {
    /// Which keys are in use.
    package struct KeyState: Hashable, Sendable {
        package var number: UInt32
        /// Since when, by this device's clock; nil for its first.
        package var sinceMilliseconds: Int64?
        /// Whether the hub is known to know them.
        package var isKnown: Bool
    }

    package func keyState() throws -> KeyState {
        let ring = try keyRing()
        return KeyState(number: ring.inUse, sinceMilliseconds: ring.sinceMilliseconds, isKnown: ring.isKnown)
    }

    /// Makes new keys and uses them from now on. Needs no connection.
    ///
    /// What was written before is sealed and signed with the old keys first, and stays good. A crash at any moment
    /// leaves either the old keys in use or the new ones.
    ///
    /// - Throws: ``Failure`` (tryLater) while the hub is not known to know the keys in use.
    @discardableResult
    package func rotateKeys() throws -> KeyState {
        // Before the keys change, so that it is never sealed to any but the last two that are kept.
        try resealInside()
        var ring = try keyRing()
        guard ring.isKnown else {
            throw Failure(
                .tryLater, what: "Making new keys",
                why: "the hub has not been told yet of the last ones, number \(ring.inUse)",
                remedy: "Sync, or hand in a file made with 'bundle export' and import the answer, then run it again")
        }
        if ring.next == nil {
            ring.prepare(.generate(number: ring.inUse &+ 1))
            try vault.store(ring)
            keep(ring)
        }
        guard let new = ring.next else {
            throw Failure(
                .internalFault, what: "Making new keys", why: "there is no further number",
                remedy: "Ask the hub operator for a code and join again")
        }
        let old = ring.current
        let (facts, signed) = try transaction("Making new keys") { database in
            var facts = try ReplicaFacts(database)
            _ = try seal(database, &facts)
            guard facts.keyNumber == old.number else {
                throw Failure(
                    .tryLater, what: "Making new keys", why: "another program made new ones at this moment",
                    remedy: "Look at where this replica stands with 'status'")
            }
            let signed = try KeySuccession(
                hub: facts.hub, owner: facts.device, replaced: old.number, keys: new.publicKeys,
                lastBatch: facts.chainNumber, milliseconds: time.wallMilliseconds
            ).signed(with: old, and: new)
            facts.keyNumber = new.number
            facts.succession = signed.bytes
            try facts.save(database)
            return (facts, signed)
        }
        ring.adopt(signed)
        try vault.store(ring)
        keep(ring)
        try witness(facts)
        return try keyState()
    }

    /// Keys that have been in use for so many days are replaced.
    package static let keyDays: Int64 = 90

    /// Makes new keys where those in use have been so for ``keyDays`` and the hub knows them. For before a sync or a file,
    /// which then tells the hub. Days are counted by what the hub's clock said, for this device's may be wrong.
    ///
    /// - Returns: whether there are new ones.
    /// - Throws: ``Failure`` as ``rotateKeys()`` does.
    @discardableResult
    package func renewKeys() throws -> Bool {
        let (state, facts) = (try keyState(), try facts())
        let now = facts.lastHubMilliseconds
        // One that was put back does not know yet how far its chain had come.
        guard now > 0, state.isKnown, !facts.needsWhole else { return false }
        let since = try read("Looking how old the keys are") {
            try Int64.fetchOne(
                $0, sql: "SELECT value FROM ru_meta WHERE name = ?", arguments: [Replica.age(state.number)])
        }
        // The hub's clock may have been wrong.
        guard let since, since <= now else {
            try note(keysOf: state.number, since: now)
            return false
        }
        guard now - since > Replica.keyDays * 86_400_000 else { return false }
        try note(keysOf: try rotateKeys().number, since: now)
        return true
    }

    private func note(keysOf number: UInt32, since now: Int64) throws {
        try edit("Noting how old the keys are") { database in
            try database.execute(sql: "DELETE FROM ru_meta WHERE name GLOB 'keys-since *'")
            try database.execute(
                sql: "INSERT INTO ru_meta(name, value) VALUES(?, ?)", arguments: [Replica.age(number), now])
        }
    }

    /// By the hub's clock, since when keys of a number have been in use, as far as it was noted.
    private static func age(_ number: UInt32) -> String { "keys-since \(number)" }

    /// The keys of this device, brought up to what the replica's file says, or it to them.
    func keyRing() throws -> KeyRing {
        try keyRing(for: try facts())
    }

    /// - Parameter facts: as they are in the transaction that asks.
    func keyRing(for facts: ReplicaFacts) throws -> KeyRing {
        if let held = keptRing, held.inUse == facts.keyNumber { return held }
        // Another program made new keys, or this one was ended between the file and the folder beside it.
        var ring: KeyRing
        do {
            ring = try vault.ring()
        } catch {
            throw keyless ?? error
        }
        if ring.inUse &+ 1 == facts.keyNumber, let signed = try? SignedKeySuccession(decoding: facts.succession) {
            ring.adopt(signed)
            try vault.store(ring)
        }
        // One with a later number than the file was put back from an earlier copy: the folder knows better.
        guard ring.inUse >= facts.keyNumber else {
            throw Failure(
                .notPermitted, what: "Reading the device's keys",
                why: "the folder beside the replica lacks those of number \(facts.keyNumber)",
                remedy: "Put the folder back, or ask the hub operator for a code and join again")
        }
        keep(ring)
        return ring
    }

    /// What the hub is still to be told of this device's keys.
    package func unsaidKeys() throws -> [[UInt8]] { try keyRing().unsaid }

    /// Which of its keys this device signs requests with.
    package func speakingKeyNumber() throws -> UInt32 { try keyRing().speaking.number }

    /// The hub sealed something to these keys, so it knows them.
    func noteKnown(_ keys: DeviceKeys, _ facts: ReplicaFacts) throws {
        var ring = try keyRing(for: facts)
        guard keys.number == ring.inUse, ring.confirm() else { return }
        try vault.store(ring)
        keep(ring)
    }

    /// The hub does not know the keys that a request was signed with. Returns whether to ask again with older ones, which
    /// prove the newer.
    package func stepBackKeys() throws -> Bool {
        var ring = try keyRing()
        guard ring.stepBack() else { return false }
        keep(ring)
        return true
    }
}
