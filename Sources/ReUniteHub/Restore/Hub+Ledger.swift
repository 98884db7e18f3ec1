import ReUniteReplica
import ReUniteSync
import Synchronization

/// How the ledger of batches stands.
public struct LedgerStatus: Hashable, Sendable, Encodable {
    /// The other folder.
    public var folder: String
    /// The position up to which it holds every batch; nil where it holds none.
    public var reach: Int64?
    public var bytes: Int
    /// Why it makes nothing safe at present, in words; nil where all is well.
    public var trouble: String?
}

/// What one program knows of the ledger of batches.
struct LedgerState: Sendable {
    /// The other folder; nil where none was chosen, and before it was asked for.
    var folder: String?
    var isKnown = false
    /// As this program left it; nil where it must be read again.
    var ledger: BatchLedger?
    /// The backup that it follows.
    var base: Position?
    /// What was decided up to here would outlive the hub's disk.
    var reach: Position?
    /// The backup for which it is on record that devices rely on the ledger.
    var announced: Position?
}

extension Hub {
    private static let ledgerWhat = "Writing the ledger of batches"
    private static let groupBytes = 4 << 20

    /// Brings the ledger of batches up to what the hub has decided. It never throws: where it cannot be written devices
    /// keep what they have, and `hub status` says why.
    package func secureLedger() {
        ledgerState.withLock { state in
            let files = HubFiles(folder: folder)
            do {
                guard let other = try chosen(&state) else { return }
                try bringUp(&state, in: other, files)
                files.note(ledgerTrouble: nil)
            } catch {
                state.ledger = nil
                state.reach = nil
                let failure = (error as? Failure) ?? Failure(sqlite: error, what: Hub.ledgerWhat, file: folder)
                files.note(ledgerTrouble: "\(failure.why) (\(failure.remedy))")
            }
        }
    }

    /// Up to where the ledger makes safe what was decided; nil where there is none, or it cannot be written.
    var ledgerReach: Position? { ledgerState.withLock { $0.reach } }

    /// Notes a folder, best on other storage, to which every closing is written too, and every batch that was taken.
    public func keepLedger(in other: String) throws {
        let files = HubFiles(folder: folder)
        try DurableFile.makeFolder(other)
        try checkLedger(in: other)
        try LedgerFile<ClosingLedger.Entry>.choose(other, for: folder)
        // A disk that is full must not keep the hub from serving.
        try files.noteLedgerDebt(.lines)
        ledgerState.withLock { $0 = LedgerState() }
        secureLedger()
    }

    /// How the ledger of batches stands; nil where no folder was chosen.
    package func ledgerStatus() throws -> LedgerStatus? {
        guard let other = try LedgerFile<ClosingLedger.Entry>.chosen(for: folder) else { return nil }
        let files = HubFiles(folder: folder)
        do {
            let ledger = try BatchLedger(in: other)
            return LedgerStatus(
                folder: other, reach: ledger.reach?.rawValue, bytes: ledger.bytes, trouble: files.ledgerTrouble)
        } catch let failure as Failure {
            return LedgerStatus(folder: other, reach: nil, bytes: 0, trouble: files.ledgerTrouble ?? failure.why)
        }
    }

    /// Refuses a database that is older than its ledger, or was restored without it: what devices let go is in there, and
    /// only a restore puts it back.
    static func checkLedger(of folder: String, _ store: any HubStore) throws {
        guard let other = try LedgerFile<ClosingLedger.Entry>.chosen(for: folder) else { return }
        try checkLedger(in: other, of: folder, store)
    }

    private static func checkLedger(in other: String, of folder: String, _ store: any HubStore) throws {
        let hub = try store.facts().id
        guard let ledger = try? BatchLedger(in: other), ledger.reach != nil,
            let chain = try? HubFiles(folder: folder).ring().chain(of: hub),
            let proved = try? LedgerProof(hub: hub, chain: chain).reach(of: ledger)
        else { return }
        guard try proved <= store.position() else {
            throw Failure(
                .configuration, what: "Opening the hub",
                why: "its database is older than its ledger of batches in \(other)",
                remedy: "Restore the newest backup, or a copy of this database, with 'hub restore' and --key")
        }
        guard try !store.wasRestoredWithout(ledgerTo: proved) else {
            throw Hub.leftOut(other, "batches were taken")
        }
    }

    /// The same before a folder is chosen. What its lines closed is in no database that was restored without them.
    private func checkLedger(in other: String) throws {
        try Hub.checkLedger(in: other, of: folder, store)
        guard try store.wasRestored(), try LedgerFile<ClosingLedger.Entry>.chosen(for: folder) != other,
            try ClosingLedger(folder: folder).file.hasNews(in: other, try ledgerKeys())
        else { return }
        throw Hub.leftOut(other, "something was closed")
    }

    private static func leftOut(_ other: String, _ what: String) -> Failure {
        Failure(
            .configuration, what: "Opening the hub",
            why: "\(what) after the backup that was restored, as the ledger in \(other) says, and the hub was restored "
                + "without it",
            remedy:
                "Restore the backup again with 'hub restore', --ledger and --key, before another backup is made; a new "
                + "ledger belongs in another folder")
    }

    /// By which the lines of the ledgers are believed.
    func ledgerKeys() throws -> LedgerKeys { try LedgerKeys(ring, of: id) }

    // MARK: Steps

    private func chosen(_ state: inout LedgerState) throws -> String? {
        if !state.isKnown {
            state.folder = try LedgerFile<ClosingLedger.Entry>.chosen(for: folder)
            state.isKnown = true
        }
        return state.folder
    }

    private func bringUp(_ state: inout LedgerState, in other: String, _ files: HubFiles) throws {
        guard DurableFile.isFolder(other) else {
            throw Failure(
                .noInput, what: Hub.ledgerWhat, why: "there is no folder \(other)",
                remedy: "Check that its disk is there")
        }
        if files.owes(.lines) { try ClosingLedger(folder: folder).copy(to: other, try ledgerKeys()) }
        guard let newest = try files.backupKey() else {
            throw Failure(
                .configuration, what: Hub.ledgerWhat, why: "there is no backup key to seal batches to",
                remedy: "Make one with 'hub backup-key'")
        }
        guard let base = try store.ledgerBase() else {
            throw Failure(
                .configuration, what: Hub.ledgerWhat, why: "there is no backup yet that batches could follow",
                remedy: "Make one with 'hub backup'")
        }
        let key = files.formerBackupKey() ?? newest
        // After the base: a backup reaches no further than this.
        let position = try store.position()
        let debt = files.mark(of: .rewriting)
        if state.reach == position, state.base == base, debt == nil { return }
        var ledger = try state.ledger ?? BatchLedger(in: other)
        let claim = try ledger.claim()
        defer { withExtendedLifetime(claim) {} }
        try refreshKeys()
        if try state.ledger == nil || !ledger.isAsItWas() {
            let proof = LedgerProof(hub: id, chain: chain)
            ledger = try BatchLedger(in: other, isProved: proof.isGoodBeginning)
            try check(&ledger, proof, base, at: position)
        }
        try prepare(&ledger, for: key, base, at: position, anew: debt != nil)
        var reached = ledger.reach ?? base
        let lines = LedgerGroup.Lines(
            closings: try ClosingLedger(folder: folder).file.count(in: other, try ledgerKeys()),
            erasures: try ErasureLedger(files).file.count(in: other, try ledgerKeys()))
        while reached < position {
            var group = try store.ledgerGroup(after: reached, through: position, bytes: Hub.groupBytes)
            guard !group.batches.isEmpty else { break }
            group.lines = lines
            let bundle = try SealedBundle.seal(
                content: group.encoded(), label: label(randomness(), .ledger, from: group.from, position: group.to),
                to: [key], signedWith: keys)
            try ledger.append(bundle, from: group.from, to: group.to)
            reached = group.to
        }
        try ledger.finishRewriting()
        ledger.prune(coveredBy: base)
        files.forgetLedgerDebt(.rewriting, debt)
        if ledger.reach != nil, state.announced != base {
            try announce(base)
            state.announced = base
        }
        state.ledger = ledger
        state.base = base
        state.reach = position
    }

    /// Looks at a ledger that this program has not written itself: its last record must be the hub's. Where it is not, all
    /// of it is written anew, unless it may be that of a later database than this.
    private func check(
        _ ledger: inout BatchLedger, _ proof: LedgerProof, _ base: Position, at position: Position
    ) throws {
        guard let last = ledger.segments.last, !last.last.place.isEmpty, try !proof.isGood(last.last, in: last.path)
        else { return }
        // Another hub's is not to be touched.
        if let header = try ledger.lastHeader(), header.label.hub != id { return }
        if let proved = try proof.reach(of: ledger), proved > position { return }
        ledger.rewrite(at: base)
    }

    /// Chooses where the next record goes.
    private func prepare(
        _ ledger: inout BatchLedger, for key: PublicKeys, _ base: Position, at position: Position, anew: Bool
    ) throws {
        if let header = try ledger.lastHeader() {
            guard header.label.hub == id else {
                throw Failure(
                    .configuration, what: Hub.ledgerWhat, why: "its folder holds another hub's",
                    remedy: "Name another folder with 'hub serve --ledger'")
            }
            if header.recipients != [key.id] || anew { return ledger.rewrite(at: base) }
        }
        // One whose beginning is missing looks whole.
        guard ledger.isSound, ledger.start.map({ $0 <= base }) ?? true else { return ledger.rewrite(at: base) }
        guard let reach = ledger.reach else { return }
        guard reach <= position else {
            throw Failure(
                .configuration, what: Hub.ledgerWhat, why: "the database is older than it",
                remedy: "Restore the newest backup with 'hub restore' and --key")
        }
        // Its disk may not have been there when the hub was opened.
        guard try !store.wasRestoredWithout(ledgerTo: reach) else {
            throw Hub.leftOut(ledger.folder, "batches were taken")
        }
        if reach < base {
            // A backup holds what is missing in between.
            ledger.rewrite(at: base)
        } else if let last = ledger.segments.last, last.first.from < base {
            try ledger.rotate(at: reach)
        }
    }

    /// Puts on record, in the ledger of closings, that whoever restores this backup must have the batches too.
    private func announce(_ base: Position) throws {
        try store.note(ledgeredSince: base)
        let closings = ClosingLedger(folder: folder)
        guard try !closings.file.ownEntries().contains(where: { $0.kind == .ledgered && $0.position == base.rawValue })
        else {
            return
        }
        try closings.append([
            ClosingLedger.Entry(kind: .ledgered, position: base.rawValue, atMilliseconds: time.wallMilliseconds)
        ])
    }
}
