public import ReUniteSync

/// Where a hub keeps everything: the hub's own transactions, each of them all or nothing.
///
/// No SQLite type crosses this line, so that another database can stand behind it. Methods throw ``Failure``.
package protocol HubStore: Sendable {
    /// The network's synced tables.
    var tables: SchemaDescription { get }
    /// Whether everything that follows from the schema's present version has been done.
    func isSettled() throws -> Bool
    /// Records that it has been.
    func noteSettled() throws
    /// Of these rows, those that the hub has never had.
    func unknown(_ rows: [RowKey]) throws -> Set<RowKey>
    /// Brings all grants into line with the network's present rules.
    func reconsiderGrants(atMilliseconds now: Int64) throws
    /// Notes that devices rely on a ledger of batches since a backup.
    func note(ledgeredSince base: Position) throws
    /// Notes that there is a ledger beside the hub: every copy of the database says so from now on.
    func noteLedgerIsKept() throws
    /// Whether a ledger that reaches so far holds what a life took that is over, and whoever restored the hub after it
    /// did not know of it.
    func wasRestoredWithout(ledgerTo reach: Position) throws -> Bool
    /// Whether the hub was ever restored.
    func wasRestored() throws -> Bool
    /// Batches that wait and of which their device has not been told, in the form of receipts that say nothing else. From
    /// now on it has been; until it sends one of them once more, because it never heard.
    ///
    /// - Parameter all: what waits for a batch before it too, and not only for a newer schema.
    func tellHeld(to device: Identifier, all: Bool, limit: Int) throws -> [Receipt]
    /// Forgets that a device was told of what waits for a batch before it: its next sync is to hear of it anew.
    func tellHeldAgain(to device: Identifier) throws
    /// Judges the batches that waited for a schema which the hub now has. Returns how many.
    func takeNewerBatches(atMilliseconds now: Int64) throws -> Int
    /// What the hub knows of itself.
    func facts() throws -> HubFacts
    /// The newest position.
    func position() throws -> Position
    /// The end of a device's newest branch; for the hub, its only one.
    func head(of device: Identifier) throws -> (batch: BatchID, number: UInt64, sequence: UInt64)

    // MARK: Partners

    /// Records a partner and gives it a subscription.
    func addPartner(id: Identifier, code: String, name: String, atMilliseconds now: Int64) throws
    func partners() throws -> [Hub.Partner]

    // MARK: Devices

    func devices() throws -> [Hub.Device]
    /// Keeps what proves a one-time code, for a device that may join with it.
    func invite(
        device: Identifier, partner code: String, name: String, role: String, verifier: EnrolmentVerifier,
        expiresMilliseconds: Int64, atMilliseconds now: Int64
    ) throws
    /// Ends a partner: from then on no rule gives it anything. Returns whether that was news, and its devices that are not
    /// revoked.
    func endPartner(
        code: String, by person: String, atMilliseconds now: Int64
    ) throws -> (id: Identifier, isNews: Bool, devices: [Identifier])
    func rename(device: Identifier, to name: String, by person: String, atMilliseconds now: Int64) throws
    /// Ends a device. Returns false when there is none.
    func revoke(device: Identifier, noting why: AuditFact?, atMilliseconds now: Int64) throws -> Bool

    /// Lets a device in again of which two copies were seen, and judges what came from it meanwhile. Nil where it is not
    /// suspended.
    func readmit(device: Identifier, by person: String, why: String, atMilliseconds now: Int64) throws -> (
        taken: Int, waiting: Int
    )?

    /// How many days a device may stay away; nil where devices have no lease.
    func leaseDays() throws -> Int?
    func set(leaseDays days: Int?, by person: String, why: String, atMilliseconds now: Int64) throws
    /// Lets a device's lease run so many days from now. False where it has none.
    func renew(device: Identifier, days: Int, by person: String, why: String, atMilliseconds now: Int64) throws -> Bool

    /// A device by its id, whatever its state; nil when there is none.
    func device(_ id: Identifier) throws -> DeviceRecord?
    /// A device whose one-time code has this slot; nil when there is none.
    func device(slot: [UInt8]) throws -> EnrolmentSlot?
    /// Counts a wrong proof against a code.
    func countWrongProof(device: Identifier) throws
    /// Takes a device in: its keys, and the answer it was given, so that a lost answer can be given again.
    ///
    /// - Parameters:
    ///   - hubKey: which of the hub's keys the answer names.
    ///   - words: what both sides may read aloud to each other.
    func enrol(
        device: Identifier, keys: PublicKeys, hubKey: UInt32, requestHash: [UInt8], answer: [UInt8], words: String,
        atMilliseconds now: Int64
    ) throws
    /// Puts new keys in the place of a device's, on its own word, which has been proved.
    func replaceKeys(of device: Identifier, by signed: SignedKeySuccession, atMilliseconds now: Int64) throws
    /// A device's keys, oldest first.
    func deviceKeys(of device: Identifier) throws -> [Hub.DeviceKey]
    /// The hub's own keys, oldest first.
    func hubKeys() throws -> [HubKeyEntry]
    /// Puts new keys in the place of the hub's own: in the database, the audit log and the ledger at once.
    ///
    /// - Parameter make: the hub's word, for the newest position, and its key file as the ledger may keep it.
    func replaceHubKeys(
        atMilliseconds now: Int64, by make: (Position) throws -> (word: SignedKeySuccession, secret: [UInt8]?)
    ) throws
    /// Brings the database up to what the folder says of the hub's keys.
    func settle(hubKeys chain: HubKeyChain, here: Set<UInt32>, atMilliseconds now: Int64) throws
    /// Records that keys of the hub's are gone.
    func note(destroyed number: UInt32, atMilliseconds now: Int64) throws
    /// Records that a device is told of keys of the hub's.
    func note(hubKey number: UInt32, givenTo device: Identifier, atMilliseconds now: Int64) throws
    /// Records that a device sealed something to keys of the hub's, and what was the last batch of its chain then.
    func note(hubKey number: UInt32, shownBy device: Identifier, head: BatchID, atMilliseconds now: Int64) throws
    /// The newest keys of the hub's that a device has sealed to; nil for none.
    func newestHubKey(shownBy device: Identifier) throws -> UInt32?
    /// The devices that were told of keys and may still need them.
    func holders(of number: UInt32, atMilliseconds now: Int64) throws -> [Hub.KeyHolder]
    /// Waits no more for what a device may have sealed to keys that were replaced. Returns to how many.
    func writeOff(hubKeysOf device: Identifier, by person: String, why: String, atMilliseconds now: Int64) throws -> Int
    /// Whether a batch of a device has been judged.
    func has(batch: BatchID, of device: Identifier) throws -> Bool
    /// Shuts a device out, of which a second copy was seen.
    func suspend(device: Identifier, atMilliseconds now: Int64) throws
    /// Takes a ticket that a device shows, and records nothing else.
    func take(ticket: UInt64, request: Identifier, of device: Identifier, atMilliseconds now: Int64) throws -> Freshness
    /// Records what a device said of itself, unless the request is an old one or another copy's.
    func note(_ presence: Presence, of device: Identifier) throws -> Freshness

    /// Records what a device said of itself in a file, which may be old: nothing that is known goes back by it.
    func note(carried presence: Presence, want: [Tombstone], of device: Identifier, atMilliseconds now: Int64) throws
    /// What a device last asked for in a file; nil when it has synced over the network since.
    func carried(by device: Identifier) throws -> CarriedRequest?
    /// Records that a file which reaches a position leaves the hub for a device.
    func note(handedOut position: Position, to device: Identifier, atMilliseconds now: Int64) throws

    // MARK: Batches

    /// Judges a batch: verdicts, merged rows, grants, feed, receipt and audit in one transaction.
    ///
    /// - Parameter action: what an operator did with it, for the audit log.
    func accept(
        _ batch: SignedBatch, from author: Author, proofs: [SignedCheckpoint], noting action: HubAction?,
        atMilliseconds now: Int64
    ) throws -> AcceptOutcome

    // MARK: What waits for a person

    /// Everybody who ever could sign in at the console, by name.
    func operators() throws -> [Hub.Operator]
    /// Lets somebody sign in, or gives them a new code.
    func admit(
        operator name: String, id: Identifier, verifier: [UInt8], atMilliseconds now: Int64
    ) throws -> Hub.Operator
    /// Nil when nobody of that name may sign in.
    func end(operator name: String, atMilliseconds now: Int64) throws -> Hub.Operator?
    /// Nil when the code is not theirs.
    func signIn(operator name: String, verifier: [UInt8], atMilliseconds now: Int64) throws -> Hub.Operator?
    /// What came and went, night by night.
    func nights(from first: Int64, through last: Int64) throws -> [Hub.Night]
    /// Conflicts in an order, each with every value that stands, or that the decision was about.
    func conflicts(_ filter: ConflictFilter, by order: ConflictOrder, _ part: ListPart) throws -> ListPage<OpenConflict>
    /// One conflict, by its id or the beginning of it, with what an operator needs to decide it.
    func conflict(_ id: String) throws -> ConflictDetail
    /// What a decision about a conflict is to name: the values that stood at a position, or stand now.
    func conflictCell(_ id: String, asOf: Position?, what: String) throws -> ConflictCell
    /// Takes the hub's own batch that holds a decision, and records who made it, and why. Says whether values still wait.
    func decide(_ batch: SignedBatch, as hub: Identifier, _ note: DecisionNote, atMilliseconds now: Int64)
        throws -> (receipt: Receipt, isOpen: Bool)
    /// Refuses a value that is not one of a state column's.
    func checkState(_ values: [Value], table: UInt16, group: UInt8, what: String) throws
    /// Edits that merged by themselves, newest first.
    func parallels(_ part: ListPart) throws -> ListPage<ParallelEdit>

    /// The edits in quarantine, oldest first.
    func quarantine(_ part: ListPart) throws -> ListPage<QuarantinedEdit>
    /// One of them, by its id or the beginning of it.
    func quarantined(_ id: String) throws -> QuarantinedEditDetail
    /// Judges one of them again with an operator's authority, and what waited for it.
    func release(
        quarantined id: String, _ note: DecidedBy, as hub: Identifier, atMilliseconds now: Int64,
        seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> ReleasedEdit
    /// Refuses one of them for good. Returns its id.
    func refuse(
        quarantined id: String, _ note: DecidedBy, as hub: Identifier, atMilliseconds now: Int64,
        seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> String
    /// Batches whose predecessors have not arrived, oldest first.
    func holds(_ part: ListPart) throws -> ListPage<HeldBatch>
    /// Judges one of them as the beginning of a branch of its own.
    ///
    /// - Parameters:
    ///   - person: the operator's id on the audit log, where one had signed in.
    ///   - why: who decided and why, where that was said.
    func release(
        held id: String, by person: Identifier?, noting why: AuditFact?, atMilliseconds now: Int64
    ) throws -> Receipt

    /// The open clashes of natural keys, oldest first.
    func clashes(_ part: ListPart) throws -> ListPage<OpenClash>
    /// One of them; nil when no open clash has that id.
    func clash(_ id: Identifier) throws -> OpenClash?
    /// Closes a clash because both rows are right. Returns false when no open clash has that id.
    func keepBoth(
        clash: Identifier, by person: String?, signedIn: Identifier?, reason: String, atMilliseconds now: Int64
    ) throws -> Bool
    /// How much there is of everything.
    func counts() throws -> HubCounts

    // MARK: What the hub does by itself

    /// Whether the network's rules give the hub anything to do.
    var hasDuties: Bool { get }
    /// Whether something waits to be seen to.
    func isAnythingDue() throws -> Bool
    /// The duties of what is on the list; what has none left comes off it.
    func due(leavingOut putOff: Set<Duty>, atMilliseconds now: Int64) throws -> [Duty]
    /// Does one duty: all of it, or nothing, and then it is recorded why.
    func perform(
        _ duty: Duty, as hub: Identifier, atMilliseconds now: Int64, fresh: () -> Identifier,
        seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> DutyOutcome
    /// Records that a duty never ends.
    func putOff(endless duty: Duty, atMilliseconds now: Int64) throws
    /// Puts every duty on the list, and brings grants that hang on the day into line with it.
    func dueEverything(atMilliseconds now: Int64) throws
    func stuckDuties() throws -> [StuckDuty]
    /// Puts edits that wait in quarantine before the owners of their scopes, and does what owners answered. Returns how
    /// many.
    func attendProposals(
        as hub: Identifier, atMilliseconds now: Int64, seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> Int

    // MARK: Erasure

    func request(_ order: ErasureOrder) throws
    func erasures(now: Int64) throws -> [Erasure]
    func erasure(_ id: String, now: Int64) throws -> Erasure
    func executedErasures() throws -> Set<Identifier>
    /// The rows of scopes, and of a list, that are not erased yet, in the order in which they can be.
    func erasable(_ scopes: [Identifier], and listed: [RowKey]) throws -> [RowKey]
    /// Erases rows and all that the hub keeps of them in one transaction. False when somebody wrote meanwhile.
    func erase(
        _ rows: [RowKey], _ batches: [SignedBatch], as hub: Identifier, _ order: ErasureOrder, isRepeated: Bool,
        atMilliseconds now: Int64, recording record: () throws -> Void
    ) throws -> Bool
    /// Clears what deleted content may have left in the files.
    func scrub(after erasure: Identifier) throws
    func place(_ hold: LegalHold, id: Identifier) throws
    func lift(legalHold id: String, by person: String, why: String, atMilliseconds now: Int64) throws -> LegalHold
    func legalHolds() throws -> [LegalHold]

    // MARK: Deliveries

    /// Whether anything was put into a device's feed after a position.
    func hasChanged(for device: DeviceRecord, since cursor: Position) throws -> Bool
    /// The newest position after one at which something was closed to a device that it held; nil where nothing was.
    func newestClosing(to device: Identifier, after position: Position) throws -> Position?
    /// The digest of everything that a device may hold now.
    func digest(for device: DeviceRecord) throws -> VersionDigest

    /// Where a delivery to a device at a position begins: there, or at the beginning where the feed no longer says all
    /// that ended since.
    func start(for device: DeviceRecord, after cursor: Position) throws -> Position
    /// Takes out of the feeds what only says that something is gone. Returns how many references went.
    func compactFeeds(before milliseconds: Int64) throws -> Int

    /// Everything in a device's scope that changed after a position, from one consistent look.
    ///
    /// - Parameters:
    ///   - echoes: leave out the values that the device itself sent last.
    ///   - page: is given the rows, some at a time, in the order in which they were made; they are not in what is returned.
    func delivery(
        for device: DeviceRecord, after cursor: Position, want: [Tombstone], echoes: Bool,
        page: ([RowState]) throws -> Void
    ) throws -> DeliveryContent
    /// Writes what a delivery shows into the ledger, and notes the file in which it waits. False when a grant was closed
    /// since it was built: it must not leave.
    func disclose(
        _ content: DeliveryContent, to device: DeviceRecord, waiting: WaitingDelivery?, bytes: Int,
        atMilliseconds now: Int64
    ) throws -> Bool
    /// What a step would open and close, as far as the device that asks may know; for the operator (nil) all of it.
    /// Nothing is changed.
    /// What a device may know of a row's past; nil where it does not hold the row.
    func past(_ question: HistoryQuestion, for device: DeviceRecord, atMilliseconds now: Int64) throws -> PastPage?
    func preview(_ question: StepQuestion, by device: DeviceRecord?, atMilliseconds now: Int64) throws -> StepForecast
    /// Every grant that anybody ever had on a scope, oldest first.
    func grants(on scope: Identifier) throws -> [GrantRecord]
    /// What was shown of some scopes, oldest first.
    func disclosures(of scopes: [Identifier]) throws -> [Disclosure]
    /// A waiting delivery; nil when there is none or a closing has made it void.
    func waitingDelivery(_ id: Identifier) throws -> WaitingDelivery?
    /// The ids of deliveries that a closing or a newer one has made void, and whose files may still be there.
    func voidDeliveries() throws -> [Identifier]
    /// Forgets void deliveries whose files are gone.
    func forget(void: [Identifier]) throws
    /// Forgets waiting deliveries made before a time, and returns the ids of all that may be kept.
    func pruneDeliveries(before milliseconds: Int64) throws -> Set<Identifier>

    // MARK: Audit

    /// The audit log's head, and the proof that the log begins with so many leaves.
    func audit(since size: UInt64) throws -> AuditGrowth
    /// Puts a record into the audit log that goes with no other change.
    func note(_ record: AuditRecord) throws
    /// The entries from a time on and of a kind, oldest first.
    func auditEntries(since milliseconds: Int64?, kind: AuditKind?) throws -> [AuditEntry]
    /// A page of all its entries, newest first.
    func newestAuditEntries(_ part: ListPart) throws -> ListPage<AuditEntry>
    /// One entry with its proof; nil when there is none of that number.
    func auditEvidence(of index: UInt64) throws -> AuditEvidence?
    /// Works the log out anew, and compares the tables with it.
    func verifyAudit(noted: AuditHead?) throws -> AuditReport
    /// What the rows that a device may hold come to, by scope or row by row.
    func check(_ request: CheckRequest, for device: DeviceRecord) throws -> CheckAnswer
    /// Compares the hub's sums with its rows, and its rows with its tables.
    func verify() throws -> [HubFinding]

    // MARK: After a restore

    /// Makes a copy of everything, as it is at one moment.
    func backup(to path: String, atMilliseconds now: Int64) throws -> Hub.Backup
    /// Records a backup: from now on devices are told that they may rely on it.
    func note(backup mark: BackupMark) throws
    /// The newest backup that devices rely on; nil where there is none.
    func newestBackup() throws -> BackupMark?
    /// What the hub promises a device in its checkpoints.
    func terms(of device: Identifier) throws -> DeviceTerms

    /// Begins a new life on a database that was put back.
    func beginLife(
        salt: Identifier, after mark: HubWitness.Mark?, lost: HubEpoch?, ledger entries: [ClosingLedger.Entry],
        replayed replay: LedgerReplay?, atMilliseconds now: Int64, fresh: () -> Identifier) throws
    /// The position of the backup that a ledger of batches may follow; nil where none was made in the present life.
    func ledgerBase() throws -> Position?
    /// The batches that were taken after a position and not after another, as many as fit into one record of the ledger.
    func ledgerGroup(after from: Position, through to: Position, bytes limit: Int) throws -> LedgerGroup
    /// The steps from a life of the hub to the present one; nil for a life of which it knows nothing.
    func steps(from epoch: HubEpoch) throws -> [EpochStep]?
    /// Notes a life that was lost before the present one began; false where the present one does not stand above it.
    func note(lost epoch: HubEpoch, reaching position: Position) throws -> Bool
    /// Takes note of what a replica knows of a lost life.
    func note(
        recalled report: Delivery, from device: Identifier, atMilliseconds now: Int64, fresh: () -> Identifier) throws
    /// Judges once more what came back before what it follows.
    func reconsiderRecalled(atMilliseconds now: Int64) throws
    func recovery() throws -> RecoveryState
    func salvage() throws -> [SalvagedValue]
    /// What a salvaged value would be as an edit of the hub's own; nil when it cannot be one.
    func edit(taking salvage: String, atMilliseconds now: Int64) throws -> (id: Identifier, op: Op)
    func settle(salvage: Identifier, taken: Bool, by person: String, why: String, atMilliseconds now: Int64) throws
    func openLife(by person: String, why: String, atMilliseconds now: Int64) throws -> Int
    func allow(bar id: String, atMilliseconds now: Int64) throws

    /// Puts everything into the one file, nothing beside it, and lets go of it.
    func close() throws

    // MARK: What left devices

    /// Keeps signed receipts of what a device purged.
    func record(purges receipts: [SignedPurgeReceipt], from device: Identifier, atMilliseconds now: Int64) throws
    /// Closes what a device was taken to owe up to a position: it has applied that and says that it owes nothing.
    func settlePurges(of device: Identifier, upTo cursor: Position, atMilliseconds now: Int64) throws
    /// The purges that devices owe, oldest first; with those that are done if `all`.
    func purges(all: Bool) throws -> [Hub.Purge]
    /// Writes off what a device owes now and from now on. Returns how many purges it owed.
    func writeOff(device: Identifier, by person: String, reason: String, atMilliseconds now: Int64) throws -> Int
}

/// A device as the hub knows it.
public struct DeviceRecord: Hashable, Sendable {
    public enum State: Int64, Sendable {
        case invited = 0
        case enrolled = 1
        case revoked = 2
    }

    public var id: Identifier
    public var partner: Identifier
    public var partnerCode: String
    public var partnerName: String
    /// The subscription that it follows.
    public var subscription: Int64
    /// The subscription of its partner's offices, whose grants say what the partner may write.
    public var partnerSubscription: Int64
    public var name: String
    public var role: String
    public var state: State
    /// By number; empty before enrolment.
    public var keys: [UInt32: PublicKeys]
    /// The highest ticket that it has presented.
    public var ticket: UInt64
    /// Whether a second copy of it has been seen.
    public var isSuspended: Bool
    /// How much of the audit log it last said that it knows.
    public var auditSize: UInt64 = 0
    /// Of keys that were replaced, the last batch that they may have signed.
    public var lastBatches: [UInt32: UInt64] = [:]
    /// Until when it is served, milliseconds since 1970; nil where it has no lease.
    public var leaseMilliseconds: Int64?
    /// The hub's position when it joined; zero where that is not known.
    public var enrolled = Position.zero

    /// Whether its lease has ended: what it sends is judged, and nothing is served.
    public func isLeaseOver(at now: Int64) -> Bool { leaseMilliseconds.map { $0 < now } ?? false }

    /// Whether it holds only the scopes of its caseload, with a subscription of its own.
    public var hasCaseload: Bool { subscription != partnerSubscription }

    /// The keys that answers are sealed to.
    public var currentKeys: PublicKeys? { keys.max { $0.key < $1.key }?.value }
}

/// An open or used one-time code.
public struct EnrolmentSlot: Hashable, Sendable {
    public var device: DeviceRecord
    /// The key of its proofs; nil once the code was used up or ran out.
    public var codeKey: [UInt8]?
    public var expiresMilliseconds: Int64
    public var wrongProofs: Int
    /// What was answered, and to which request, once the code was used.
    public var requestHash: [UInt8]?
    public var answer: [UInt8]?
}

/// Who a batch is from.
public enum Author: Hashable, Sendable {
    case device(DeviceRecord)
    /// The hub itself, for what its operator does.
    case hub(Identifier)
}

/// What a device said of itself in a request.
public struct Presence: Hashable, Sendable {
    /// The request's own id.
    public var request: Identifier
    public var ticket: UInt64
    public var cursor: Position
    /// Nil when the device asks for everything anew, and so says nothing of what it holds.
    public var digestMatches: Bool?
    public var skewMilliseconds: Int64
    public var schemaVersion: UInt32
    public var unsent: UInt64
    public var atMilliseconds: Int64
    /// How much of the audit log it knows.
    public var auditSize: UInt64 = 0
    /// How many bytes the request has, as it was sealed.
    public var bytes: Int = 0

    /// A device's clock minus the hub's, in milliseconds. It says what it likes: more than a hundred years are told as a
    /// hundred, so that whoever works with it needs no care.
    static func skew(of wallMilliseconds: Int64, at now: Int64) -> Int64 {
        let limit: Int64 = 100 * 365 * 86_400_000
        let (difference, isTooMuch) = wallMilliseconds.subtractingReportingOverflow(now)
        if isTooMuch { return wallMilliseconds < now ? -limit : limit }
        return min(max(difference, -limit), limit)
    }
}

/// What a device asked for in a file.
public struct CarriedRequest: Hashable, Sendable {
    /// How far it had come; zero asks for everything.
    public var cursor: Position
    /// Rows that it is in doubt about.
    public var want: [Tombstone]
}

/// Whether a request is the device's newest.
public enum Freshness: Hashable, Sendable {
    case newest
    /// It was here before, and newer ones have been since.
    case repeated
    /// It shows an old ticket and was never here: a second copy of the device made it.
    case cloned
}

public enum AcceptOutcome: Hashable, Sendable {
    case judged(Receipt)
    /// It was here already: the same receipt.
    case duplicate(Receipt)
    /// Its predecessor has not arrived; it waits.
    case held
}

/// What a delivery holds, before the hub has signed for it.
public struct DeliveryContent {
    public var position: Position
    public var digest: VersionDigest
    public var events: [ScopeEvent] = []
    public var receipts: [Receipt] = []
    /// Empty where the rows were handed over page by page.
    public var rows: [RowState] = []
    /// How many rows there are, here or in pages.
    public var rowCount = 0
    public var tombstones: [Tombstone] = []
    /// What of it goes into the disclosure ledger.
    package var disclosures: DisclosedScopes?

    public var isEmpty: Bool { events.isEmpty && receipts.isEmpty && rowCount == 0 && tombstones.isEmpty }
}

extension HubStore {
    /// The same with all rows in memory.
    public func delivery(
        for device: DeviceRecord, after cursor: Position, want: [Tombstone], echoes: Bool
    ) throws -> DeliveryContent {
        var rows: [RowState] = []
        var content = try delivery(for: device, after: cursor, want: want, echoes: echoes) { rows += $0 }
        content.rows = rows
        return content
    }
}

/// A delivery that waits in a file.
public struct WaitingDelivery: Hashable, Sendable {
    public var id: Identifier
    public var device: Identifier
    public var subscription: Int64
    public var from: Position
    public var to: Position
    public var bytes: Int
    public var madeMilliseconds: Int64
}
