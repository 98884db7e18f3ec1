import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// Where the replica stands, and whether this machine may be wiped.
struct ReplicaView: FramedView {
    var frame: PageFrame
    let facts: [Fact]
    let isSafe: Bool
    /// What wiping waits for; at most one.
    let waits: [String]

    init(_ frame: PageFrame, _ status: ReplicaStatus) {
        self.frame = frame
        func time(_ milliseconds: Int64?) -> String? { milliseconds.map { CivilTime.londonMinute(milliseconds: $0) } }
        let oldest = time(status.oldestUnsentMilliseconds).map { ", the oldest of \($0)" } ?? ""
        let waiting = status.wipeWaitsFor.map { PlainSentence.withoutCommands($0) }
        facts = [
            Fact(label: "Device", text: "\(status.deviceName), \(status.role) of \(status.partner)"),
            Fact(label: "Hub", text: "\(status.hubName) at \(status.hub)"),
            Fact(label: "Last sync", text: time(status.lastSyncMilliseconds) ?? "Never"),
            Fact(label: "Edits not sent yet", text: "\(status.unsentEdits)\(oldest)"),
            Fact(label: "Open conflicts", text: "\(status.conflicts)"),
            Fact(label: "Edits that came back", text: "\(status.returned)"),
            Fact(label: "Safe to wipe", text: waiting.map { "No: waits for \($0)" } ?? "Yes"),
        ]
        isSafe = waiting == nil
        waits = waiting.map { [$0] } ?? []
    }
}
