import GRDB
import ReUniteReplica
import ReUniteSync

/// The ledgers of lines that a hub is restored by: as much of them as the hub itself wrote.
struct RestoredLines {
    private let closings: LedgerFile<ClosingLedger.Entry>
    private let erasures: LedgerFile<ErasureLedger.Entry>
    private let closingReading: LedgerFile<ClosingLedger.Entry>.Reading
    private let erasureReading: LedgerFile<ErasureLedger.Entry>.Reading

    private static let what = "Restoring the hub"

    /// Reads them, and says nothing yet of what is wrong with them.
    init(in folder: String, _ keys: LedgerKeys) throws {
        var keys = keys
        closings = LedgerFile(folder: folder, name: "closings")
        erasures = LedgerFile(folder: folder, name: "erasures")
        // The words about newer keys stand in the first.
        closingReading = try closings.read(&keys)
        erasureReading = try erasures.read(&keys)
    }

    /// What the hub signed, by position.
    var proved: [ClosingLedger.Entry] { closingReading.entries.byPosition }

    /// Lines that nobody signed, or that stand behind such: those that are taken, and all of them.
    var unproved: Int { closingReading.unproved.count + erasureReading.unproved.count }
    var doubtful: Int { (closingReading.files + erasureReading.files).reduce(0) { $0 + $1.doubtful.count } }

    /// - Throws: ``Failure`` (badData) where somebody else than the hub wrote in them.
    func check() throws {
        guard let (path, fault) = closingReading.fault ?? erasureReading.fault else { return }
        throw LedgerWriting.failure(fault, in: path, .badData, RestoredLines.what, remedy: RestoredLines.remedy)
    }

    /// - Throws: ``Failure`` (badData) where lines have gone from their end that somebody has counted.
    ///
    /// - Parameters:
    ///   - backup: as the backup counted them. Where there are none at all, they were lost with the hub's disk.
    ///   - batches: as the ledger of batches did, which lies beside them.
    func check(_ backup: LedgerCount?, _ batches: LedgerGroup.Lines?) throws {
        let isShort =
            backup.map { !closingReading.isEmpty && !closingReading.has($0) } == true
            || batches.map {
                !closingReading.has($0.closings) || closingReading.isEmpty && $0.closings.lines > 0
                    || !erasureReading.has($0.erasures) || erasureReading.isEmpty && $0.erasures.lines > 0
            } == true
        guard isShort else { return }
        throw Failure(
            .badData, what: RestoredLines.what,
            why: "lines are missing at the end of the ledger of closings or of erasures: the hub had counted more",
            remedy: RestoredLines.remedy)
    }

    private static let remedy =
        "Use a copy of the file that nobody could write in; where the hub's folder and that of its ledger both have one, take "
        + "the other away. If there is none, go on with --ignore-lines; from there on only what closes something is taken, so "
        + "devices and partners that came later must join again"

    /// What is taken: all that is proved, and of the rest what closes something.
    ///
    /// - Parameter highest: the last position that is known. No line that nobody signed names one far above it.
    func closings(upTo highest: Int64) -> [ClosingLedger.Entry] {
        let known = max(highest, closingReading.entries.map(\.position).max() ?? 0)
        let unproved = closingReading.unproved.map { entry in
            var entry = entry
            entry.position = min(max(entry.position, 0), known + SQLiteHubStore.gap)
            return entry
        }
        return (closingReading.entries + unproved).byPosition
    }

    /// Makes the files say what was taken. The folder's keys must be those that the hub goes on with.
    ///
    /// - Parameters:
    ///   - signsAnew: because keys are lost that signed some of it.
    ///   - backup: as the backup counted the lines.
    ///   - batches: as the ledger of batches did.
    /// - Returns: how many lines of closings there are then.
    func settle(
        _ entries: [ClosingLedger.Entry], signsAnew: Bool, _ backup: LedgerCount?, _ batches: LedgerGroup.Lines?
    ) throws -> LedgerCount {
        try closings.settle(
            closingReading, taking: entries, anew: signsAnew,
            counted: [backup, batches?.closings].compactMap { $0 })
        try erasures.settle(
            erasureReading, taking: erasureReading.entries + erasureReading.unproved, anew: signsAnew,
            counted: [batches?.erasures].compactMap { $0 })
        return try closings.count()
    }
}

extension SQLiteHubStore {
    /// How many lines of closings there were when this copy was made; nil before they were counted.
    func closingCount() throws -> LedgerCount? {
        try read("Reading the ledger of closings") { try LedgerCount.noted($0) }
    }

    func note(closingCount count: LedgerCount) throws {
        try write("Reading the ledger of closings") { try count.note($0) }
    }
}
