import GRDB
package import ReUniteReplica
public import ReUniteSync
import Synchronization

/// A hub: its database, its keys, and what its operator and its devices may ask of it.
///
/// For example:
///
///     let hub = try Hub.open(folder: "hub", network: network, time: clock, randomness: newIdentifier)
///     let invitation = try hub.invite(partner: "SRY", name: "Surrey office", role: "office", hours: 24)
///
/// Methods throw ``Failure``.
public final class Hub: Sendable {
    public let folder: String
    public let id: Identifier
    public let name: String
    private let life: Mutex<HubEpoch>
    package let store: any HubStore
    let network: NetworkSchema
    let keyState: Mutex<HubKeyState>
    let known = KnownDevices()
    let ledgerState = Mutex(LedgerState())
    /// Up to which position devices that are sending were told what was closed to them.
    let toldClosings = Mutex<[Identifier: Position]>([:])
    let time: any TimeSource
    let randomness: @Sendable () -> Identifier

    private init(
        folder: String, store: any HubStore, network: NetworkSchema, time: any TimeSource,
        randomness: @escaping @Sendable () -> Identifier
    ) throws {
        self.folder = folder
        self.store = store
        self.network = network
        self.time = time
        self.randomness = randomness
        let facts = try store.facts()
        keyState = Mutex(try HubKeyState.read(HubFiles(folder: folder), store, facts))
        id = facts.id
        name = facts.name
        life = Mutex(facts.epoch)
    }

    /// The life of the hub that everything is said in.
    public var epoch: HubEpoch { life.withLock { $0 } }

    /// Looks whether another life has begun, or the hub has new keys: this program or another may have recognised a loss,
    /// or made them.
    func refreshLife() throws {
        let facts = try store.facts()
        life.withLock { $0 = facts.epoch }
        try refreshKeys(facts.keyChanges)
    }

    public var publicKeys: PublicKeys { keys.publicKeys }

    /// Makes a new hub in a folder, with the network's reference rows. Refuses a folder that holds one.
    package static func create(
        folder: String, name: String, network: NetworkSchema, time: any TimeSource,
        randomness: @escaping @Sendable () -> Identifier
    ) throws -> Hub {
        let files = HubFiles(folder: folder)
        guard !DurableFile.exists(files.databasePath) else {
            throw Failure(
                .cannotCreate, what: "Making the hub", why: "\(folder) holds a hub already",
                remedy: "Name another folder with --hub-dir")
        }
        try files.prepare()
        // The database appears under its own name only when it is complete, so that a hub is there or it is not.
        let unfinished = files.databasePath + ".new"
        files.remove(unfinished)
        try SQLiteHubStore.create(path: unfinished, network: network, atMilliseconds: time.wallMilliseconds)
        let draft = try SQLiteHubStore.open(path: unfinished, network: network, atMilliseconds: time.wallMilliseconds)
        try draft.store(
            HubFacts(id: randomness(), name: name, epoch: HubEpoch(number: 1, salt: randomness())))
        let hub = try Hub(folder: folder, store: draft, network: network, time: time, randomness: randomness)
        try hub.noteEpoch()
        if !network.reference.isEmpty {
            try hub.submit(
                ScratchCapture.ops(network: network) {
                    try $0.execute(sql: network.reference)
                })
        }
        try draft.noteSettled()
        try draft.close()
        try files.rename(unfinished, to: files.databasePath)
        return try open(folder: folder, network: network, time: time, randomness: randomness)
    }

    /// Opens a hub that is there.
    package static func open(
        folder: String, network: NetworkSchema, time: any TimeSource,
        randomness: @escaping @Sendable () -> Identifier
    ) throws -> Hub {
        let store = try SQLiteHubStore.open(
            path: HubFiles(folder: folder).databasePath, network: network, atMilliseconds: time.wallMilliseconds)
        try checkLedger(of: folder, store)
        // One that is behind its witness was put back by hand: what it has forgotten others know.
        if let mark = try HubWitness(folder: folder).read(), try store.position() < mark.position {
            let keys = try LedgerKeys(try HubFiles(folder: folder).ring(), of: try store.facts().id)
            try store.beginLife(
                salt: randomness(), after: mark, lost: nil, ledger: try ClosingLedger(folder: folder).entries(keys),
                replayed: nil, atMilliseconds: time.wallMilliseconds, fresh: randomness)
        }
        let hub = try Hub(folder: folder, store: store, network: network, time: time, randomness: randomness)
        try hub.settleKeys()
        // A database that was put back from a backup may still hold what has been erased since.
        try hub.repeatErasures()
        try hub.settleUpgrade()
        return hub
    }

    /// Lets go of the database, with everything in its one file, so that the folder can be copied.
    ///
    /// - Throws: `Failure` where that could not be written; what was acknowledged is then in the log beside the file.
    public func close() throws { try store.close() }

    // MARK: What the hub itself writes

    /// Puts ops of the hub's own into its change log: signed, judged and delivered like anyone's.
    ///
    /// - Parameter action: what an operator does with them, for the audit log.
    @discardableResult
    package func submit(_ ops: [Op], noting action: HubAction? = nil) throws -> [Receipt] {
        let receipts = try Hub.parts(of: ops).map { try submitBatch($0, noting: action) }
        attendInPassing()
        return receipts
    }

    private func submitBatch(_ ops: [Op], noting action: HubAction?) throws -> Receipt {
        let batch = try sealed(ops)
        switch try store.accept(
            batch, from: .hub(id), proofs: [], noting: action, atMilliseconds: time.wallMilliseconds)
        {
        case .judged(let receipt), .duplicate(let receipt): return receipt
        case .held:
            throw Failure(
                .tryLater, what: "Writing at the hub", why: "another program wrote at the same moment",
                remedy: "Try again")
        }
    }

    /// Ops of the hub's own as its next batch.
    func sealed(_ ops: [Op]) throws -> SignedBatch {
        try sealed(ops, after: try chainEnd())
    }

    /// Ops of the hub's own as its next batches, each within the limits of one.
    func sealedChain(_ ops: [Op]) throws -> [SignedBatch] {
        var end = try chainEnd()
        return try Hub.parts(of: ops).map { part in
            let batch = try sealed(part, after: end)
            end = ChainEnd(
                head: batch.id, number: end.number + 1, sequence: end.sequence + UInt64(part.count), base: end.base)
            return batch
        }
    }

    /// Ops as they go into batches, which hold so many at most.
    private static func parts(of ops: [Op]) -> [[Op]] {
        stride(from: 0, to: ops.count, by: Seal.opsPerBatch).map {
            Array(ops[$0..<min($0 + Seal.opsPerBatch, ops.count)])
        }
    }

    private func chainEnd() throws -> ChainEnd {
        try refreshKeys()
        let head = try store.head(of: id)
        return ChainEnd(head: head.batch, number: head.number, sequence: head.sequence, base: try store.position())
    }

    func sealed(_ ops: [Op], after end: ChainEnd) throws -> SignedBatch {
        let body = try OpCodec.encode(ops, layout: store.tables)
        let header = BatchHeader(
            salt: randomness(), hub: id, device: id, keyNumber: keys.number, parent: end.head,
            number: end.number + 1, firstSequence: end.sequence + 1, opCount: UInt32(ops.count), epoch: epoch,
            base: end.base, checkpointTag: 0, schemaVersion: UInt32(store.tables.version),
            clock: ClockReport(
                wallMilliseconds: time.wallMilliseconds, monotonicMilliseconds: time.monotonicMilliseconds,
                boot: time.boot, lastHubMilliseconds: time.wallMilliseconds, skewMilliseconds: 0),
            author: .zero, opsDigest: Hub.digest(of: body))
        return try SignedBatch.sign(header: header, ops: body, with: keys)
    }
}
