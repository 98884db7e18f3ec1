import ReUniteReplica
import ReUniteSync
import Synchronization

/// What a transaction closes while batches of the ledger are taken again: it was noted when they were first taken.
package final class ClosingCollector: Sendable {
    private let seen = Mutex<Set<ClosingLedger.Entry>>([])

    func add(_ entries: [ClosingLedger.Entry]) {
        seen.withLock { $0.formUnion(entries.map(\.timeless)) }
    }

    func contains(_ entry: ClosingLedger.Entry) -> Bool {
        seen.withLock { $0.contains(entry.timeless) }
    }
}

extension ClosingLedger.Entry {
    fileprivate var timeless: ClosingLedger.Entry {
        var entry = self
        entry.atMilliseconds = 0
        return entry
    }
}

/// The taking again of what a hub had taken after its backup, from its ledger of batches, before its new life begins.
///
/// Each batch is judged at the position at which it was judged, in the same order, by the same rules and as of the same
/// time; so the verdicts are the same, and every position that a device knows still names what it named.
package struct LedgerReplay {
    /// The position of the backup.
    let base: Position
    /// Who joined since, new keys and new partners, in order; those that are still to come.
    var joined: [ClosingLedger.Entry]
    let closed = ClosingCollector()
    /// Batches that were taken again.
    var batches = 0
    /// How many lines the ledgers of closings and of erasures had when the last of them was written down.
    var lines: LedgerGroup.Lines?
    /// What the lost life had said where something else was said now; to be compared again at the end.
    var doubts: [Receipt] = []
    /// Of these, those about which it is still so.
    var differing = 0

    init(base: Position, _ entries: [ClosingLedger.Entry]) {
        self.base = base
        joined = entries.filter { [.partner, .enrolled, .rekeyed].contains($0.kind) }
    }
}

extension Hub {
    /// What came of the ledger of batches at a restore.
    struct LedgerUse {
        var replay: LedgerReplay
        /// How far the lost hub had come, as far as the ledger tells.
        var reach: Position?
    }

    /// Takes again what the ledger of batches holds beyond a backup.
    ///
    /// - Parameter ignoring: go on without what cannot be read, or is not here.
    /// - Throws: ``Failure``: usage where the key is missing, noInput where devices rely on a ledger that is not here,
    ///   badData where it is damaged, or follows a later backup.
    static func replayLedger(
        into draft: SQLiteHubStore, folder: String, key: OfflineKey?, chain: HubKeyChain,
        _ closings: [ClosingLedger.Entry], ignoring: Bool
    ) throws -> LedgerUse {
        let what = "Restoring the hub"
        let facts = try draft.facts()
        var use = LedgerUse(replay: LedgerReplay(base: try draft.position(), closings))
        let base = use.replay.base
        let other = try LedgerFile<ClosingLedger.Entry>.chosen(for: folder)
        guard try other != nil || ignoring || !draft.isLedgerKept() else {
            throw Failure(
                .noInput, what: what, why: "a ledger was kept beside this hub, and none is named",
                remedy:
                    "Name its folder with --ledger. If it is lost, go on with --ignore-batches; what devices let go "
                    + "since the backup is salvage at best")
        }
        let proof = LedgerProof(hub: facts.id, chain: chain)
        let ledger = try other.flatMap {
            DurableFile.isFolder($0) ? try BatchLedger(in: $0, isProved: proof.isGoodBeginning) : nil
        }
        use.reach = try ledger.flatMap(proof.reach)
        let isPromised = try draft.isLedgerPromised(closings)
        // A head that says more than the hub signed is found below, where the records are read.
        guard let ledger, let reach = ledger.reach, reach > base || !ledger.isSound || reach != use.reach else {
            guard !isPromised || ignoring || ledger?.reach != nil else {
                throw Failure(
                    .noInput, what: what, why: "devices rely on a ledger of batches that is not here",
                    remedy:
                        "Name its folder with --ledger. If it is lost, go on with --ignore-batches; what devices let "
                        + "go since the backup is salvage at best")
            }
            return use
        }
        guard let key else {
            guard !ignoring else { return use }
            throw Failure(
                .usage, what: what, why: "the ledger of batches is sealed to the backup key",
                remedy: "Name the key's file with --key. If it is lost, go on without the batches with --ignore-batches"
            )
        }
        let keys = try key.keys()
        do {
            for segment in ledger.segments {
                let ending = try LedgerSegment.scan(segment.path) { record, read in
                    guard record.to > (try draft.position()) else { return }
                    guard record.from <= (try draft.position()) else { throw FormatError(.truncated, "ledger") }
                    let bytes = try read(record.place)
                    let header = try SealedBundle.readHeader(bytes)
                    guard let signer = chain.keys(numbered: header.senderKeyNumber) else {
                        throw FormatError(.notAuthentic, "ledger key number")
                    }
                    let (opened, content) = try SealedBundle.open(bytes, with: keys, from: signer)
                    let group = try LedgerGroup(decoding: content)
                    guard opened.label.kind == .ledger, opened.label.hub == facts.id, opened.label.from == record.from,
                        opened.label.to == record.to, group.from == record.from, group.to == record.to
                    else { throw FormatError(.malformed, "ledger record") }
                    use.replay.lines = group.lines ?? use.replay.lines
                    try draft.replay(group, of: facts.id, ignoring: ignoring, &use.replay)
                }
                guard ending == .whole || ending == .torn && segment.number == ledger.segments.last?.number else {
                    throw FormatError(.malformed, "ledger")
                }
            }
        } catch let error as FormatError where !ignoring {
            throw Failure(
                .badData, what: what,
                why: error.code == .truncated
                    ? "the ledger of batches follows a later backup than this one, or part of it is missing"
                    : "the ledger of batches is damaged, or sealed to another key (\(error))",
                remedy: "Use the newest backup, the key of its time and an undamaged copy of the ledger, or go on "
                    + "with --ignore-batches; what stands behind the damage is salvage at best")
        } catch {
            // What stands before the damage has been taken.
            guard ignoring else { throw error }
        }
        try draft.finish(&use.replay)
        return use
    }
}
