import ReUniteProgramme
import ReUniteSync

/// What a step would move, by organisation and, of one's own, by device.
struct StepPreviewView: FramedView {
    struct Move: Sendable {
        let partner: String
        let gains: String
        let loses: String
        let unsent: String
    }

    struct Device: Sendable {
        let name: String
        let gains: String
        let loses: String
        let seen: String
    }

    var frame: PageFrame
    let from: String
    let to: String
    let back: String
    let moves: [Move]
    let devices: [Device]
    let waits: [String]
    let isEmpty: Bool

    init(
        _ frame: PageFrame, from: String, to: String, _ moves: [PreviewAnswer.Move], _ waits: [String], back: String
    ) {
        self.frame = frame
        self.from = from
        self.to = to
        self.back = back
        self.waits = waits
        isEmpty = moves.isEmpty
        func words(_ count: PreviewAnswer.Count) -> String {
            count.rows == 0
                ? "Nothing"
                : "\(count.rows) record\(count.rows == 1 ? "" : "s"), on \(count.devices) device\(count.devices == 1 ? "" : "s")"
        }
        self.moves = moves.map {
            Move(
                partner: $0.partner, gains: words($0.gains), loses: words($0.loses),
                unsent: $0.unsent == 0 ? "" : "\($0.unsent) edits")
        }
        devices = moves.flatMap { $0.devices ?? [] }.map {
            Device(
                name: "\($0.name) (\($0.role))", gains: "\($0.gains)", loses: "\($0.loses)",
                seen: $0.lastSeenMilliseconds.map { CivilTime.londonMinute(milliseconds: $0) } ?? "Never")
        }
    }
}
