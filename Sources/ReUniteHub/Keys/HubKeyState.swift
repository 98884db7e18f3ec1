import ReUniteReplica
import ReUniteSync
import Synchronization

/// The hub's keys as this program last saw them.
struct HubKeyState {
    var ring: KeyRing
    /// All of the hub's public keys, for what any of them signed.
    var chain: HubKeyChain
    var tickets: TicketKeys
    /// How often they had changed by then.
    var changes: Int64

    /// Reads them from the folder, and brings them up to what the database says: its transaction is the moment at which
    /// new keys are in use, and the file follows.
    ///
    /// - Throws: ``Failure`` (configuration) where the folder lacks keys that devices have been told of.
    static func read(_ files: HubFiles, _ store: any HubStore, _ facts: HubFacts) throws -> HubKeyState {
        var ring = try files.ring()
        let newest = try store.hubKeys().last
        if let newest, newest.keys.number > ring.inUse {
            guard let word = newest.succession, ring.next?.publicKeys == newest.keys else {
                throw HubKeyState.lacking(newest.keys.number, "Opening the hub")
            }
            ring.adoptKeepingAll(word)
        }
        let tickets = try files.ticketKeys()
        do {
            return HubKeyState(
                ring: ring, chain: try ring.chain(of: facts.id), tickets: tickets, changes: facts.keyChanges)
        } catch {
            throw HubFiles.damaged(error)
        }
    }

    /// Devices know keys of the hub's that are not here.
    static func lacking(_ number: UInt32, _ what: String) -> Failure {
        Failure(
            .configuration, what: what,
            why: "devices have been told of the hub's keys of number \(number), and the folder's file 'keys' is older",
            remedy: "Put 'keys' back from a copy made since, or restore a sealed backup made since with 'hub restore'")
    }
}

/// Something is sealed to keys of the hub's that are no more.
struct ReplacedKeys: Error {
    /// The hub's words about those that took their place, oldest first.
    var words: [[UInt8]]
}

extension Hub {
    var ring: KeyRing { keyState.withLock { $0.ring } }
    /// All of the hub's public keys.
    var chain: HubKeyChain { keyState.withLock { $0.chain } }
    /// Those in use.
    var keys: DeviceKeys { ring.current }
    var tickets: TicketKeys { keyState.withLock { $0.tickets } }
    /// The key that tickets are issued with.
    var ticketKey: TicketKey { tickets.current }

    /// Looks whether this program or another has changed the hub's keys.
    func refreshKeys(_ changes: Int64? = nil) throws {
        let now = try changes ?? store.facts().keyChanges
        guard keyState.withLock({ $0.changes }) != now else { return }
        let state = try HubKeyState.read(HubFiles(folder: folder), store, try store.facts())
        keyState.withLock { $0 = state }
    }

    /// Whichever of the hub's keys something is sealed to.
    ///
    /// - Throws: ``ReplacedKeys`` where they are no more; ``Failure`` (badData) where they never were this hub's.
    func voice(for recipients: [KeyID]) throws -> DeviceKeys {
        if let keys = ring.keys(named: recipients) { return keys }
        if let past = chain.all.first(where: { recipients.contains($0.id) }) {
            throw ReplacedKeys(words: chain.words(after: past.number))
        }
        throw Failure(
            .badData, what: "Reading the request", why: "it is sealed to keys that this hub does not have",
            remedy: "If the hub was restored from a copy of before it changed its keys, its operator must restore a "
                + "later backup; else this device must join again. Nothing was changed")
    }

    /// The same for a request in either form.
    func voice(of body: [UInt8]) throws -> DeviceKeys {
        if let slip = SealedSlip.recipient(ofRequest: body) { return try voice(for: [slip]) }
        guard let header = try? SealedBundle.readHeader(body) else { return keys }
        return try voice(for: header.recipients)
    }

    /// Turns a request for keys that are no more into the answer that names others.
    static func admitting(_ body: () throws -> Admission) throws -> Admission {
        do {
            return try body()
        } catch let replaced as ReplacedKeys {
            return .keys(SuccessionList.encode(replaced.words))
        }
    }

    /// What a device is to be told of the hub's keys that knows those with which it is spoken to. That it was told is on
    /// record before it is.
    func words(for device: Identifier, spokenToWith voice: DeviceKeys) throws -> [[UInt8]] {
        let words = chain.words(after: voice.number)
        if let last = words.last, let word = try? SignedKeySuccession(decoding: last) {
            try store.note(hubKey: word.succession.keys.number, givenTo: device, atMilliseconds: time.wallMilliseconds)
        }
        return words
    }

    /// What a file tells its device of the hub's keys: all that there is to tell, for nobody knows what the device was put
    /// back to; or, where that is too much, what follows the newest that it has shown.
    func wordsInFile(for device: Identifier) throws -> [[UInt8]] {
        let chain = chain
        guard let newest = chain.successions.last?.succession.keys.number else { return [] }
        try store.note(hubKey: newest, givenTo: device, atMilliseconds: time.wallMilliseconds)
        let known =
            chain.successions.count <= SignedKeySuccession.countLimit
            ? nil : try store.newestHubKey(shownBy: device)
        return chain.words(after: known ?? chain.first.number)
    }

    /// Takes note that a device sealed something to these keys, and how far its chain went then.
    func note(_ voice: DeviceKeys, shownBy device: Identifier, head: BatchID) throws {
        // While there was one pair only, nothing hangs on it.
        guard !chain.successions.isEmpty else { return }
        try store.note(
            hubKey: voice.number, shownBy: device, head: head, atMilliseconds: time.wallMilliseconds)
    }
}
