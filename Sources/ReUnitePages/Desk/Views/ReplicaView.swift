import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// Where the replica stands.
struct ReplicaView: Sendable {
    struct Returned: Sendable {
        let at: String
        let table: String
        let id: String
        let columns: String
        let why: String
    }

    let frame: PageFrame

    let facts: [Fact]
    let returned: [Returned]
    let caption: String
    let isEmpty: Bool

    init(_ replica: Replica, _ frame: PageFrame) throws {
        self.frame = frame
        let status = try replica.status()
        let labels = try replica.read("Reading the status") { try Labels($0) }
        func time(_ milliseconds: Int64?) -> String? { milliseconds.map { CivilTime.minute(milliseconds: $0) } }
        let oldest = time(status.oldestUnsentMilliseconds).map { ", the oldest of \($0)" } ?? ""
        facts = [
            Fact(label: "Device", text: "\(status.deviceName), \(status.role) of \(status.partner)"),
            Fact(label: "Hub", text: "\(status.hubName) at \(status.hub)"),
            Fact(label: "Last sync", text: time(status.lastSyncMilliseconds) ?? "Never"),
            Fact(label: "Edits not sent yet", text: "\(status.unsentEdits)\(oldest)"),
            Fact(label: "Open conflicts", text: "\(status.conflicts)"),
            Fact(label: "Edits that came back", text: "\(status.returned)"),
            Fact(label: "Safe to wipe", text: status.wipeWaitsFor.map { "No: waits for \($0)" } ?? "Yes"),
        ]
        returned = try replica.inbox().map { edit in
            Returned(
                at: CivilTime.minute(milliseconds: edit.atMilliseconds), table: labels.table(edit.table).label,
                id: edit.id, columns: edit.columns.map { labels.column(edit.table, $0) }.joined(separator: ", "),
                why: edit.explanation)
        }
        isEmpty = returned.isEmpty
        caption = "\(returned.count), the oldest first"
    }
}
