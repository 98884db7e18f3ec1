package import GRDB
import ReUniteSchemas
package import ReUniteSync
import Synchronization

/// A partner's or field worker's copy of what they may hold: an ordinary SQLite file that any client may write to,
/// and the engine's account of what was written, sent and received.
///
/// For example:
///
///     let replica = try Replica.open(
///         path: "replica.sqlite", network: network, time: clock, randomness: newIdentifier)
///     try replica.seal()
///     let request = try replica.nextRequest(after: 0, limit: 512 * 1_024)
///
/// Every method is one transaction: it happens or it does not. Methods throw ``Failure``.
public final class Replica: Sendable {
    public let path: String
    package let schema: SchemaDescription
    package let database: DatabaseQueue
    let network: NetworkSchema
    let vault: DeviceVault
    private let ring: Mutex<KeyRing?>
    /// Why it has no keys, where it had none when it was opened: what needs none goes on.
    let keyless: Failure?
    let time: any TimeSource
    private let randomness: @Sendable () -> Identifier
    /// Batches of which the hub said in the present sync that it holds them.
    let heard = Mutex<Set<BatchID>>([])

    /// Marks the file as a replica in its header (`PRAGMA application_id`): "RUrp".
    static let applicationID: Int32 = 0x5255_7270

    private init(
        path: String, network: NetworkSchema, schema: SchemaDescription, database: DatabaseQueue, vault: DeviceVault,
        ring: KeyRing?, keyless: Failure?, time: any TimeSource, randomness: @escaping @Sendable () -> Identifier
    ) {
        self.path = path
        self.network = network
        self.schema = schema
        self.database = database
        self.vault = vault
        self.ring = Mutex(ring)
        self.keyless = keyless
        self.time = time
        self.randomness = randomness
    }

    // MARK: Making and opening

    /// Makes a new replica file for a device that has just enrolled. Never overwrites a file.
    package static func create(
        path: String, network: NetworkSchema, answer: EnrolAnswer, deviceName: String, hubURL: String,
        keys: DeviceKeys, time: any TimeSource, randomness: @escaping @Sendable () -> Identifier
    ) throws -> Replica {
        guard !DurableFile.exists(path) else {
            throw Failure(
                .cannotCreate, what: "Making the replica", why: "\(path) exists already",
                remedy: "Name another file with --replica, or remove that one if you are sure")
        }
        let vault = DeviceVault(replicaPath: path)
        guard try vault.isFree(for: keys) else {
            throw Failure(
                .cannotCreate, what: "Making the replica", why: "\(vault.folder) holds the keys of another replica",
                remedy: "Name another file with --replica, or move that folder away together with its replica")
        }
        let checkpoint = try SignedCheckpoint(decoding: answer.firstCheckpoint)
        let facts = ReplicaFacts(
            device: answer.device, deviceName: deviceName, partner: answer.partner, partnerCode: answer.partnerCode,
            role: answer.role, hub: answer.hub, hubName: answer.hubName, hubURL: hubURL, hubKeys: answer.hubKeys,
            keyNumber: keys.number, epoch: answer.hubEpoch, checkpoint: checkpoint)
        // Built aside and renamed at the end, so that a file of that name is a whole replica.
        let unfinished = path + ".making"
        do {
            removeDatabase(unfinished)
            defer { removeDatabase(unfinished) }
            let database = try EngineDatabase.open(path: unfinished, role: .engine, label: "replica", isNew: true)
            try database.immediately { database in
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                try ReplicaSchema.install(network, in: database, atMilliseconds: time.wallMilliseconds)
                try facts.save(database)
                try AuditMemory(database, facts.epoch).begin(with: checkpoint, atMilliseconds: time.wallMilliseconds)
                try SchemaWatch.note(database)
            }
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
            try database.close()
            try vault.store(keys)
            try vault.store(
                DeviceVault.Witness(
                    chainHead: .none, chainNumber: 0, cursor: facts.cursor, ticket: answer.firstTicket.encoded()))
            try DurableFile.move(unfinished, to: path)
        } catch {
            throw Failure(sqlite: error, what: "Making the replica", file: path)
        }
        return try open(path: path, network: network, time: time, randomness: randomness)
    }

    private static func removeDatabase(_ path: String) {
        for suffix in ["", "-wal", "-shm"] { DurableFile.remove(path + suffix) }
    }

    /// Opens a replica that is there.
    ///
    /// - Throws: ``Failure``: noInput when there is no file, badData when it is not a replica, configuration when a
    ///   newer program made it. Without its device's keys it opens, and whatever needs them throws (notPermitted, or
    ///   badData where they are damaged).
    package static func open(
        path: String, network: NetworkSchema, time: any TimeSource,
        randomness: @escaping @Sendable () -> Identifier
    ) throws -> Replica {
        guard DurableFile.exists(path) else {
            throw Failure(
                .noInput, what: "Opening the replica", why: "the file \(path) is not there",
                remedy: "Is its drive in? Name the file with --replica, or make one with 'join'")
        }
        guard !DurableFile.isFolder(path) else {
            throw Failure(
                .noInput, what: "Opening the replica", why: "\(path) is a folder",
                remedy: "Name the file in it with --replica")
        }
        let vault = DeviceVault(replicaPath: path)
        do {
            guard try SQLiteHeader.applicationID(ofFile: path) == applicationID else {
                throw Failure(
                    .badData, what: "Opening the replica", why: "\(path) is not a ReUnite Sync replica",
                    remedy: "Name the right file with --replica")
            }
            let database = try EngineDatabase.open(path: path, role: .engine, label: "replica")
            // Mostly there is nothing to do, and then nobody who only reads waits for somebody who writes.
            let current = try database.reading { database in
                try ReplicaUpgrade.isDone(database, network) ? ManifestReader.read(database) : nil
            }
            let upgrade = ReplicaUpgrade(
                network: network, time: time, randomness: randomness, scratch: vault.folder)
            let (schema, sealed) =
                try current.map { ($0, false) }
                ?? database.immediately { try upgrade.run($0, keys: vault.ring) }
            let (ring, keyless) = try held(in: vault, database)
            if try vault.isBehindWitness(try database.reading { try ReplicaFacts($0) }) {
                try database.immediately { database in
                    var facts = try ReplicaFacts(database)
                    facts.wasPutBack = true
                    try facts.save(database)
                }
                if try vault.witness() == nil {
                    let facts = try database.reading { try ReplicaFacts($0) }
                    try vault.store(
                        DeviceVault.Witness(
                            chainHead: facts.chainHead, chainNumber: facts.chainNumber, cursor: facts.cursor, ticket: []
                        ))
                }
            }
            if let chain = try vault.hubChain() {
                let known = try database.reading { try ReplicaFacts($0) }.hubChain
                // The file was put back from a copy of before the hub's newer keys.
                if chain.first == known.first, chain.successions.count > known.successions.count {
                    try database.immediately { database in
                        var facts = try ReplicaFacts(database)
                        facts.hubChain = chain
                        try facts.save(database)
                    }
                }
            }
            let replica = Replica(
                path: path, network: network, schema: schema, database: database, vault: vault, ring: ring,
                keyless: keyless, time: time, randomness: randomness)
            if sealed { try replica.witness(try replica.facts()) }
            replica.finishPurge(patience: 100)
            return replica
        } catch {
            throw Failure(sqlite: error, what: "Opening the replica", file: path)
        }
    }

    /// The device's keys, or why there are none, with how much waits for them.
    private static func held(in vault: DeviceVault, _ database: DatabaseQueue) throws -> (KeyRing?, Failure?) {
        do {
            return (try vault.ring(), nil)
        } catch let failure as Failure where failure.code == .notPermitted || failure.code == .badData {
            let unsent = try database.reading { try Replica.unsent($0).edits }
            let waits =
                "\(unsent) edit\(unsent == 1 ? "" : "s") in this file \(unsent == 1 ? "has" : "have") not been sent"
            return (
                nil,
                Failure(failure.code, what: failure.what, why: "\(failure.why); \(waits)", remedy: failure.remedy)
            )
        }
    }

    /// The keys as this object last saw them, if there were any: ask ``keyRing()`` for those in use.
    var keptRing: KeyRing? { ring.withLock { $0 } }

    func keep(_ new: KeyRing) { ring.withLock { $0 = new } }

    /// A new random identifier.
    package func newIdentifier() -> Identifier { randomness() }

    /// Runs one transaction and turns what SQLite says into a ``Failure``.
    func transaction<Result>(_ what: String, _ body: (Database) throws -> Result) throws -> Result {
        do {
            return try database.immediately(body)
        } catch {
            throw Failure(sqlite: error, what: what, file: path)
        }
    }

    package func facts() throws -> ReplicaFacts {
        try read("Reading the replica") { try ReplicaFacts($0) }
    }

    // MARK: Sealing

    /// Seals what has been written since the last seal into signed batches. Returns how many edits that made.
    @discardableResult
    public func seal() throws -> Int { try seal(encode: Seal.encode) { try $0() } }

    /// The same, with something else to encode the ops of a batch and around keeping it: what these cost is measured apart.
    @discardableResult
    package func seal(encode: @escaping Seal.Encoder, keep: @escaping Seal.Keeper) throws -> Int {
        let (facts, report) = try transaction("Sealing the change log") { database in
            var facts = try ReplicaFacts(database)
            let report = try seal(database, &facts, encode: encode, keep: keep)
            if report.batches > 0 { try facts.save(database) }
            return (facts, report)
        }
        if report.batches > 0 { try witness(facts) }
        return report.edits
    }

    func seal(
        _ database: Database, _ facts: inout ReplicaFacts, encode: @escaping Seal.Encoder = Seal.encode,
        keep: @escaping Seal.Keeper = { try $0() }
    ) throws -> Seal.Report {
        try SchemaWatch.check(database, schema, atMilliseconds: time.wallMilliseconds)
        try facts.tell(wall: time.wallMilliseconds, database)
        let keys = try keyRing(for: facts).current
        facts.keyNumber = keys.number
        return try Seal(schema: schema, keys: keys, time: time, scratch: vault.folder, encode: encode, keep: keep)
            .run(database, facts: &facts, salt: randomness)
    }

    func witness(_ facts: ReplicaFacts, ticket: [UInt8]? = nil) throws {
        let held = try vault.witness()
        try vault.store(
            DeviceVault.Witness(
                chainHead: facts.chainHead, chainNumber: facts.chainNumber, cursor: facts.cursor,
                ticket: ticket ?? held?.ticket ?? []))
    }

    /// The newest ticket that the hub gave, for the next request's signature.
    package func ticket() throws -> Ticket {
        guard let witness = try vault.witness(), let ticket = try? Ticket(decoding: witness.ticket) else {
            return .none
        }
        return ticket
    }

    /// Keeps the ticket of an answer. Before anything of the answer is used, so that it cannot be lost with it.
    package func keep(ticket: [UInt8]) throws {
        try witness(try facts(), ticket: ticket)
    }

    // MARK: Talking to the hub

    /// What to say next: where this replica is, and the batches that the hub has not judged, up to a size.
    ///
    /// - Parameters:
    ///   - sent: the number of the last batch that went out in this session; 0 for none.
    ///   - limit: about how many bytes of batches to put in.
    ///   - whole: ask for everything from the beginning, to repair. So it does by itself where the file was put back, or
    ///     has been out of place too often.
    package func nextRequest(after sent: UInt64, limit: Int, whole: Bool = false) throws -> OutgoingRequest {
        var batches: [SignedBatch] = []
        var outgoing = try nextRequest(after: sent, limit: limit, whole: whole) { batches.append($1) }
        outgoing.request.batches = batches
        return outgoing
    }

    /// The same without its batches.
    ///
    /// - Parameters:
    ///   - anew: whether also those go that the hub said that it has, and has not judged.
    ///   - take: is given each of them, with its number.
    func nextRequest(
        after sent: UInt64, limit: Int, whole: Bool, anew: Bool = false, take: (UInt64, SignedBatch) -> Void
    ) throws -> OutgoingRequest {
        finishPurge()
        let isToGo = anew ? "state < 2" : Replica.isUnsent
        let outgoing = try transaction("Reading the outbox") { database in
            var facts = try ReplicaFacts(database)
            let sealed = try seal(database, &facts)
            if sealed.batches > 0 { try facts.save(database) }
            let rows = try EngineStatement(
                database,
                """
                SELECT no, header, coalesce(sealed, ops), signature, base, op_count, sealed IS NOT NULL
                FROM ru_outbox WHERE \(isToGo) AND no > ? ORDER BY no
                """)
            rows.bind(1, Int64(bitPattern: sent))
            var count = 0
            var bases = Set<Int64>()
            var bytes = 0
            var edits = 0
            var last = sent
            var more = false
            while try rows.step() {
                let batch = SignedBatch(
                    header: rows.blob(1), ops: rows.blob(2), signature: rows.blob(3), isSealed: rows.int(6) == 1)
                bytes += batch.header.count + batch.ops.count + batch.signature.count
                if count > 0 && bytes > limit {
                    more = true
                    break
                }
                let isNewBase = !bases.contains(rows.int64(4))
                // One place is for the checkpoint that the device stands on.
                if count == SyncRequest.batchLimit || isNewBase && bases.count == SyncRequest.checkpointLimit - 1 {
                    more = true
                    break
                }
                bases.insert(rows.int64(4))
                edits += rows.int(5)
                last = UInt64(bitPattern: rows.int64(0))
                take(last, batch)
                count += 1
            }
            rows.reset()
            try database.execute(
                sql: "UPDATE ru_outbox SET state = 1 WHERE state = 0 AND no <= ?",
                arguments: [Int64(bitPattern: last)])
            let unsent = try Int.fetchOne(
                database,
                sql: "SELECT coalesce(sum(op_count), 0) FROM ru_outbox WHERE \(isToGo) AND no > ?",
                arguments: [Int64(bitPattern: last)])
            let want = try wants(database)
            let purges = try PurgeDebt.receipts(database)
            let asksForWhole =
                try whole || facts.needsWhole
                || RepairLog.asksForWhole(database, atMilliseconds: time.wallMilliseconds)
            var request = SyncRequest(
                cursor: asksForWhole ? .zero : facts.cursor, epoch: facts.epoch, digest: facts.digest,
                chainHead: facts.chainHead, schemaVersion: UInt32(schema.version), clock: clockReport(facts),
                unsent: UInt64(unsent ?? 0), moreFollows: more, want: want,
                checkpoints: try checkpoints(database, bases: bases), batches: [], purges: purges.ready,
                // What is asked for again may turn out to be gone.
                owesPurge: purges.more || !want.isEmpty)
            request.successions = try keyRing(for: facts).unsaid
            return (OutgoingRequest(request: request, lastBatch: last, edits: edits), facts, sealed)
        }
        if outgoing.2.batches > 0 { try witness(outgoing.1) }
        return outgoing.0
    }

    /// A batch in the outbox, by its number; nil when it is gone.
    func outgoingBatch(_ number: UInt64) throws -> SignedBatch? {
        try read("Reading the outbox") { database in
            let rows = try EngineStatement(
                database,
                "SELECT header, coalesce(sealed, ops), signature, sealed IS NOT NULL FROM ru_outbox WHERE no = ?")
            rows.bind(1, Int64(bitPattern: number))
            guard try rows.step() else { return nil }
            return SignedBatch(
                header: rows.blob(0), ops: rows.blob(1), signature: rows.blob(2), isSealed: rows.int(3) == 1)
        }
    }

    private func wants(_ database: Database) throws -> [Tombstone] {
        let rows = try EngineStatement(database, "SELECT tbl, key FROM ru_want ORDER BY tbl, key LIMIT 5000")
        var wants: [Tombstone] = []
        while try rows.step() {
            guard let key = rows.identifier(1) else { continue }
            wants.append(Tombstone(table: UInt16(truncatingIfNeeded: rows.int64(0)), key: key))
        }
        return wants
    }

    private func checkpoints(_ database: Database, bases: Set<Int64>) throws -> [[UInt8]] {
        let find = try EngineStatement(database, "SELECT bytes FROM ru_checkpoint WHERE base = ?")
        var all: [[UInt8]] = []
        for base in bases.sorted() {
            find.bind(1, base)
            while try find.step() { all.append(find.blob(0)) }
        }
        return all
    }

    private func clockReport(_ facts: ReplicaFacts) -> ClockReport {
        ClockReport(
            wallMilliseconds: time.wallMilliseconds, monotonicMilliseconds: time.monotonicMilliseconds,
            boot: time.boot, lastHubMilliseconds: facts.lastHubMilliseconds,
            skewMilliseconds: facts.skewMilliseconds)
    }

    /// Applies a delivery: seals first, then everything in it, in one transaction.
    ///
    /// - Parameters:
    ///   - hubMilliseconds: the hub's clock when it sent this.
    ///   - isFile: it came as a file: nobody knows how long it was on the way, and it may begin before the cursor.
    /// - Throws: ``Failure`` (badData) when it is not the hub's, or not for this replica's cursor; nothing changes.
    package func apply(
        _ bytes: [UInt8], hubMilliseconds: Int64, isFile: Bool = false
    ) throws -> DeliveryEffect {
        // Decoding and checking happen before the lock, so that other programs wait only for the writing.
        let delivery: Delivery
        do {
            delivery = try Delivery(decoding: bytes)
        } catch {
            throw Replica.badDelivery("it could not be read (\(error))")
        }
        return try apply(delivery, hubMilliseconds: hubMilliseconds, isFile: isFile)
    }

    /// The same of one that has been decoded.
    ///
    /// - Parameter reached: called where a step ends: what each costs is measured apart.
    package func apply(
        _ delivery: consuming Delivery, hubMilliseconds: Int64, isFile: Bool = false,
        reached: (ApplyStep) -> Void = { _ in }
    ) throws -> DeliveryEffect {
        let rows = delivery.rows
        delivery.rows = []
        return try apply(delivery, hubMilliseconds: hubMilliseconds, isFile: isFile, reached: reached) {
            var pages = [rows][...]
            return { pages.popFirst() }
        }
    }

    /// The same, with the rows page by page.
    ///
    /// - Parameter pages: begins at the first page; called once, or twice where rows are suspect.
    func apply(
        _ delivery: Delivery, hubMilliseconds: Int64?, isFile: Bool = false,
        reached: (ApplyStep) -> Void = { _ in }, pages: () throws -> (() throws -> [RowState]?)
    ) throws -> DeliveryEffect {
        let applied = try transaction("Applying a delivery") { database -> (DeliveryEffect, Bool, ReplicaFacts)? in
            reached(.begun)
            let before = try ReplicaFacts(database)
            var facts = before
            try verify(delivery.checkpoint, facts)
            guard try check(delivery.checkpoint, delivery.auditProof, facts, database) else { return nil }
            let goesOn = delivery.from == facts.cursor || isFile && delivery.from < facts.cursor
            guard delivery.from == .zero || goesOn && facts.cursorEpoch == facts.epoch else {
                throw Replica.badDelivery("it continues from another point than this replica has reached")
            }
            // One that another program overtook: it would bring back what has left since.
            guard delivery.checkpoint.checkpoint.position >= facts.cursor else {
                throw Replica.badDelivery("it is older than what this replica holds")
            }
            _ = try seal(database, &facts)
            if try DriftRescue(database, schema, scratch: vault.folder)
                .run(delivery, pages, atMilliseconds: time.wallMilliseconds) > 0
            {
                _ = try seal(database, &facts)
            }
            reached(.checked)
            // After the hub was restored, other edits have the positions of those that it forgot.
            let isSameLife = facts.cursorEpoch == facts.epoch
            let lastLook = LastLook(
                database, schema, scratch: vault.folder, comparesVersions: isSameLife,
                atMilliseconds: time.wallMilliseconds
            ) { _ = try self.seal(database, &facts) }
            let applier = try DeliveryApplier(
                database, schema: schema, digest: facts.digest, highestScope: facts.highestScope, hub: facts.hubKeys,
                lastLook: lastLook, scratch: vault.folder)
            let (report, digest) = try applier.apply(
                delivery, atMilliseconds: time.wallMilliseconds, nextPage: try pages())
            reached(.merged)
            facts.digest = digest
            facts.highestScope = applier.highestScope
            if delivery.from == .zero {
                facts.wasPutBack = false
                try RepairLog.noteWhole(database, atMilliseconds: time.wallMilliseconds)
                // Every value that the hub sent was compared with what was here.
                if isSameLife { try RepairLog.noteCheck(database) }
            }
            if let hubMilliseconds, isFile {
                facts.note(
                    hubMillisecondsBefore: hubMilliseconds, hasAll: try !waitsForWord(database),
                    wall: time.wallMilliseconds)
            } else if let hubMilliseconds {
                facts.note(hubMilliseconds: hubMilliseconds, wall: time.wallMilliseconds)
            }
            try settle(delivery.checkpoint, &facts, since: before, database)
            reached(.settled)
            let effect = DeliveryEffect(
                rows: report.rows, returned: report.returned, entered: report.entered, left: report.left,
                digestMatches: matches(delivery.checkpoint, facts))
            return (effect, report.owesPurge, facts)
        }
        reached(.committed)
        guard let (effect, owesPurge, facts) = applied else { throw Replica.twoHistories }
        try witness(facts)
        if owesPurge { finishPurge() }
        return effect
    }

    /// Takes note that nothing was new. Returns whether the digests agree.
    ///
    /// - Parameter auditProof: as the hub gave it, that its audit log begins with what this replica's request named.
    package func settle(
        _ checkpoint: SignedCheckpoint, auditProof: AuditProof, hubMilliseconds: Int64
    ) throws -> Bool {
        let settled = try transaction("Recording the sync") { database -> (Bool, ReplicaFacts)? in
            var facts = try ReplicaFacts(database)
            try verify(checkpoint, facts)
            guard try check(checkpoint, auditProof, facts, database) else { return nil }
            _ = try seal(database, &facts)
            if checkpoint.checkpoint.position > facts.cursor { facts.advance(to: checkpoint) }
            facts.note(leaseIn: checkpoint.checkpoint)
            try OutboxCompaction(database, schema).run(checkpoint.checkpoint.terms.backedUp)
            try forgetUnfoundedWords(facts, database)
            facts.note(hubMilliseconds: hubMilliseconds, wall: time.wallMilliseconds)
            try facts.tell(wall: time.wallMilliseconds, database)
            try facts.save(database)
            return (self.matches(checkpoint, facts), facts)
        }
        guard let (matches, facts) = settled else { throw Replica.twoHistories }
        try witness(facts)
        return matches
    }

    /// Reaches the hub under another address from now on.
    package func remember(hubURL: String) throws {
        try transaction("Keeping the hub's address") { database in
            var facts = try ReplicaFacts(database)
            facts.hubURL = hubURL
            try facts.save(database)
        }
    }

    private func settle(
        _ checkpoint: SignedCheckpoint, _ facts: inout ReplicaFacts, since before: ReplicaFacts, _ database: Database
    ) throws {
        facts.advance(to: checkpoint)
        facts.note(leaseIn: checkpoint.checkpoint)
        try OutboxCompaction(database, schema).run(checkpoint.checkpoint.terms.backedUp)
        try facts.tell(wall: time.wallMilliseconds, database)
        try facts.save(database, since: before)
    }

    func verify(_ signed: SignedCheckpoint, _ facts: ReplicaFacts) throws {
        let checkpoint = signed.checkpoint
        guard facts.hubChain.signed(signed) else {
            throw Replica.badDelivery("its checkpoint is not signed by this replica's hub")
        }
        guard checkpoint.hub == facts.hub, checkpoint.device == facts.device, checkpoint.epoch == facts.epoch else {
            throw Replica.badDelivery("it is for another device or another life of the hub")
        }
    }

    private func matches(_ signed: SignedCheckpoint, _ facts: ReplicaFacts) -> Bool {
        signed.checkpoint.digest == facts.digest
    }

    static func badDelivery(_ why: String) -> Failure {
        Failure(.badData, what: "Applying a delivery", why: why, remedy: "Sync again; nothing was changed")
    }
}

extension ReplicaFacts {
    /// Tells the network's rules the time: the device's, put right by what the hub said of it.
    func tell(wall: Int64, _ database: Database) throws {
        let tell = try EngineStatement(database, "UPDATE ru_now SET ms = ?1 WHERE ms <> ?1")
        tell.bind(1, wall - skewMilliseconds)
        try tell.run()
    }

    /// Measures the device's clock against the hub's.
    mutating func note(hubMilliseconds: Int64, wall: Int64) {
        lastHubMilliseconds = hubMilliseconds
        clockAtHub = clock
        if checkedMilliseconds == 0 { checkedMilliseconds = hubMilliseconds }
        skewMilliseconds = wall - hubMilliseconds
        lastSyncMilliseconds = wall
    }

    /// Takes note of a time at which the hub's clock stood some unknown while ago: that the device's stands even before
    /// it proves that it is behind, and nothing else is proved.
    ///
    /// - Parameter hasAll: whether the hub had everything by then that was sealed here.
    mutating func note(hubMillisecondsBefore milliseconds: Int64, hasAll: Bool, wall: Int64) {
        lastHubMilliseconds = max(lastHubMilliseconds, milliseconds)
        if hasAll { clockAtHub = clock }
        if wall < milliseconds { skewMilliseconds = min(skewMilliseconds, wall - milliseconds) }
        lastSyncMilliseconds = wall
    }
}

/// A step of applying a delivery, named by what is done when it ends.
package enum ApplyStep {
    /// The write transaction holds the lock.
    case begun
    /// The hub's word is verified, and what was typed here is sealed.
    case checked
    /// Rows, clocks and scopes are in their tables.
    case merged
    /// What the replica knows of itself is noted.
    case settled
    case committed
}

/// A request that is ready to be sent.
package struct OutgoingRequest: Hashable, Sendable {
    package var request: SyncRequest
    /// The number of the last batch in it, or of the one before when it has none.
    package var lastBatch: UInt64
    package var edits: Int

    package init(request: SyncRequest, lastBatch: UInt64, edits: Int) {
        self.request = request
        self.lastBatch = lastBatch
        self.edits = edits
    }
}
