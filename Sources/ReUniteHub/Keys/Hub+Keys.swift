import ReUniteReplica
package import ReUniteSync

/// The hub's own keys: new ones, and the end of old ones (`docs/keys.md`).
extension Hub {
    /// One pair of the hub's keys, as its operator sees it.
    public struct Key: Hashable, Sendable {
        public var number: UInt32
        /// The name of the key that bundles are sealed to, in hexadecimal digits.
        public var id: String
        /// Four words to compare with what devices show.
        public var words: String
        /// By which notes about the audit log are checked that these keys signed.
        public var verifierKey: String
        public var sinceMilliseconds: Int64
        /// When others took their place; nil of those in use.
        public var replacedMilliseconds: Int64?
        /// When they were destroyed; nil of those that are here.
        public var destroyedMilliseconds: Int64?
        /// The devices for whose sake they are still here, though they were replaced.
        public var heldBy: [KeyHolder] = []
    }

    /// A device that was told of keys which have been replaced, and of which the hub does not know that it is done with
    /// them.
    public struct KeyHolder: Hashable, Sendable {
        public enum Reason: String, Sendable {
            /// It has sealed nothing to later ones.
            case notSeen = "not-seen"
            /// It has, and not all that it had written was here then.
            case unsent
            /// All of it was, and there is no newer backup of the hub that devices rely on.
            case backup
            /// Two copies of it were seen.
            case copies
            /// It has sealed nothing to later ones, and its lease has ended.
            case leaseOver = "lease-over"
        }

        public var device: String
        public var name: String
        /// The partner's code.
        public var partner: String
        public var reason: Reason
        public var lastSeenMilliseconds: Int64?
    }

    private static let making = "Making new keys for the hub"

    /// The hub's keys, oldest first.
    public func keyList() throws -> [Key] {
        try refreshKeys()
        let here = Set(ring.keys.map(\.number))
        let inUse = ring.inUse
        return try store.hubKeys().map { entry in
            let number = entry.keys.number
            let isHeld = number < inUse && here.contains(number)
            return Key(
                number: number, id: entry.keys.id.text, words: entry.keys.words,
                verifierKey: AuditNote.verifierKey(of: id, entry.keys), sinceMilliseconds: entry.sinceMilliseconds,
                replacedMilliseconds: entry.replacedMilliseconds, destroyedMilliseconds: entry.destroyedMilliseconds,
                heldBy: isHeld ? try store.holders(of: number, atMilliseconds: time.wallMilliseconds) : [])
        }
    }

    /// Makes new keys for the hub, and uses them from now on; whether or not another program serves it.
    ///
    /// Devices are told by whatever goes to them next, in the voice that they know. A crash at any moment leaves the old
    /// keys in use or the new ones. The key for tickets changes with them; of the former one tickets are taken until the
    /// next time.
    @discardableResult
    public func rotateKeys() throws -> Key {
        let files = HubFiles(folder: folder)
        let claim = try FileClaim(
            files.keyClaimPath, what: Hub.making, holder: "another program that makes new keys ('hub rotate-keys')")
        defer { withExtendedLifetime(claim) {} }
        var state = try HubKeyState.read(files, store, try store.facts())
        if state.ring.next == nil {
            // First: whoever serves meanwhile goes on with the one that is the former from now on.
            var generator = SystemRandomNumberGenerator()
            state.tickets.rotate(to: TicketKey(using: &generator))
            try files.store(state.tickets)
            state.ring.prepare(.generate(number: state.ring.inUse &+ 1))
            try files.store(state.ring)
        }
        try use(state.ring, files)
        try publishAudit()
        guard let key = try keyList().last else { throw HubKeyState.lacking(ring.inUse, Hub.making) }
        return key
    }

    /// Uses keys that were prepared. The caller holds the claim.
    private func use(_ ring: KeyRing, _ files: HubFiles) throws {
        guard let new = ring.next else {
            throw Failure(
                .internalFault, what: Hub.making, why: "there is no further number", remedy: "Report this as a fault")
        }
        let old = ring.current
        let now = time.wallMilliseconds
        let backupKey = try files.backupKey()
        var after = ring
        try store.replaceHubKeys(atMilliseconds: now) { position in
            let signed = try KeySuccession(
                hub: id, owner: id, replaced: old.number, keys: new.publicKeys,
                lastBatch: UInt64(max(0, position.rawValue)), milliseconds: now
            ).signed(with: old, and: new)
            after.adoptKeepingAll(signed)
            return (signed, try backupKey.map { try SealedKeys.seal(after.exportSecret(), of: id, to: $0) })
        }
        try files.store(after)
        try refreshKeys()
    }

    /// Ends what a program began that died over it, and takes into the database what the folder knows and it does not: it
    /// may have been put back from a backup.
    func settleKeys() throws {
        let files = HubFiles(folder: folder)
        let onDisk = try files.ring()
        let isSettled = try onDisk.inUse == ring.inUse && onDisk.next == nil && store.hubKeys().matches(onDisk, chain)
        guard !isSettled else { return }
        // Whoever holds the claim is at it at this moment.
        guard let claim = try? FileClaim(files.keyClaimPath, what: Hub.making, holder: "another program") else {
            return
        }
        defer { withExtendedLifetime(claim) {} }
        let state = try HubKeyState.read(files, store, try store.facts())
        if try files.ring().inUse != state.ring.inUse { try files.store(state.ring) }
        try store.settle(
            hubKeys: state.chain, here: Set(state.ring.keys.map(\.number)), atMilliseconds: time.wallMilliseconds)
        if state.ring.next != nil { try use(state.ring, files) }
        try refreshKeys()
    }

    /// Destroys the keys that nobody needs any more. Returns their numbers.
    @discardableResult
    func destroyKeys() throws -> [UInt32] {
        let ring = ring
        guard ring.keys.contains(where: { $0.number < ring.inUse }) else { return [] }
        let files = HubFiles(folder: folder)
        guard let claim = try? FileClaim(files.keyClaimPath, what: "Tending", holder: "another program") else {
            return []
        }
        defer { withExtendedLifetime(claim) {} }
        var kept = try HubKeyState.read(files, store, try store.facts()).ring
        let now = time.wallMilliseconds
        var gone: [UInt32] = []
        for number in kept.keys.map(\.number) where number < kept.inUse {
            guard try store.holders(of: number, atMilliseconds: now).isEmpty else { continue }
            kept.destroy(number)
            // First the file, so that the log never says it of keys that are there.
            try files.store(kept)
            try store.note(destroyed: number, atMilliseconds: now)
            gone.append(number)
        }
        if !gone.isEmpty { try refreshKeys() }
        return gone
    }

    /// Says that nobody waits any more for what a device may have sealed to keys that were replaced: it will not come back.
    ///
    /// - Returns: how many pairs of keys it had held back.
    /// - Throws: ``Failure``: noInput where there is no such device, notPermitted for one that is still served, usage for a
    ///   reason that is none.
    public func writeOff(keysOf text: String, by person: String, reason: String) throws -> Int {
        let what = "Writing off what a device may have sealed"
        let (who, why) = (try Hub.name(person, what), try TypedText.reason(reason, what))
        let device = try device(try self.device(named: text))
        guard device.state == .revoked || device.isLeaseOver(at: time.wallMilliseconds) else {
            throw Failure(
                .notPermitted, what: what, why: "it is still served, and may bring what it has written",
                remedy: "Sync it, wait until its lease has ended, or revoke it with 'hub device revoke'")
        }
        return try store.writeOff(
            hubKeysOf: device.id, by: who, why: why, atMilliseconds: time.wallMilliseconds)
    }
}

extension KeyID {
    /// In hexadecimal digits, as bundles show it.
    package var text: String {
        let digits = String(rawValue.byteSwapped, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension [HubKeyEntry] {
    /// Whether the database says what the folder says.
    fileprivate func matches(_ ring: KeyRing, _ chain: HubKeyChain) -> Bool {
        let here = Set(ring.keys.map(\.number))
        return map(\.keys) == chain.all
            && allSatisfy { ($0.destroyedMilliseconds == nil) == here.contains($0.keys.number) }
    }
}
