import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// A sync: before, while and after.
struct SyncView: FramedView {
    var frame: PageFrame
    let token: String
    let facts: [Fact]
    let isRunning: Bool
    let mayBegin: Bool
    /// What the sync does or did, in sentences.
    let lines: [String]
    /// Why the last one failed; at most one.
    let failures: [String]
    /// Files of other devices that the hub refused.
    let refused: [CarriedHere.Refused]
    let isRefused: Bool

    init(_ frame: PageFrame, _ state: DeskSync.State?, _ status: ReplicaStatus, _ carried: CarriedHere) {
        self.frame = frame
        token = frame.formToken
        let last = status.lastSyncMilliseconds.map { CivilTime.londonMinute(milliseconds: $0) }
        var facts = [
            Fact(label: "Last sync", text: last ?? "Never"),
            Fact(label: "Edits not sent yet", text: "\(status.unsentEdits)"),
            Fact(label: "Hub", text: status.hubName),
        ]
        if carried.waiting > 0 {
            facts.append(Fact(label: "Files of other devices that wait", text: "\(carried.waiting)"))
        }
        self.facts = facts
        refused = carried.refused
        isRefused = !carried.refused.isEmpty
        var lines: [String] = []
        var failures: [String] = []
        var isRunning = false
        switch state {
        case .running:
            isRunning = true
            lines.append("Syncing. You may leave this page, and the sync goes on.")
        case .done(let outcome, let moved):
            lines.append(
                "Done: sent \(SyncView.count(outcome.pushedEdits, "edit")), received \(SyncView.count(outcome.pulledRows, "record"))."
            )
            if let moved {
                lines += SyncView.sentence(moved.newCases, moved.newReferrals, "new here")
                lines += SyncView.sentence(moved.goneCases, moved.goneReferrals, "no longer here")
            }
            if outcome.heldEdits > 0 {
                let are = outcome.heldEdits == 1 ? "is" : "are"
                lines.append(
                    "\(SyncView.count(outcome.heldEdits, "edit")) \(are) held at the hub: what they follow has not arrived there. Ask the hub's operator."
                )
            }
            if status.conflicts > 0 {
                let waits = status.conflicts == 1 ? "waits" : "wait"
                lines.append("\(SyncView.count(status.conflicts, "conflict")) \(waits) for a decision at the hub.")
            }
            if outcome.digest == .mismatch {
                lines.append("This replica and the hub differ. Sync again; then ask the hub's operator.")
            }
        case .failed(let failure): failures.append(Desk.words(failure))
        case .idle, nil: break
        }
        self.lines = lines
        self.failures = failures
        self.isRunning = isRunning
        // A revoked device is told nothing but that.
        mayBegin = state != nil && !isRunning && status.refusal?.why != .revoked
    }

    /// Where the page's own lines end and those begin that are written while the sync runs.
    static let rest = "<!--rest-->"

    /// How far a sync has come, in a sentence. Numbers alone: nothing of it needs escaping.
    static func sentence(_ progress: SyncRunner.Progress) -> String {
        guard progress.expectedBytes > 0 else { return "Sent \(count(progress.sentEdits, "edit")) so far." }
        let percent = min(100, progress.receivedBytes * 100 / progress.expectedBytes)
        return
            "Sent \(count(progress.sentEdits, "edit")). Received \(percent) per cent of \(size(progress.expectedBytes))."
    }

    /// Such as "1 case and 2 referrals are new here."; none where nothing is.
    static func sentence(_ cases: Int, _ referrals: Int, _ what: String) -> [String] {
        let parts = [(cases, "case"), (referrals, "referral")].filter { $0.0 > 0 }.map { count($0.0, $0.1) }
        guard !parts.isEmpty else { return [] }
        return ["\(parts.joined(separator: " and ")) \(cases + referrals == 1 ? "is" : "are") \(what)."]
    }

    private static func count(_ number: Int, _ unit: String, _ many: String? = nil) -> String {
        ConsoleWords.count(number, unit, many)
    }

    private static func size(_ bytes: Int) -> String {
        bytes < 1_000_000 ? "\(max(1, bytes / 1_000)) kB" : "\(bytes / 1_000_000) MB"
    }
}
