import ReUniteHub
import ReUniteProgramme

/// Referrals from area to area.
struct ReferralsView: FramedView {
    struct Line: Sendable {
        let from: String
        let to: String
        let open: String
        let moved: String
        let ended: String
    }

    var frame: PageFrame
    let isEmpty: Bool
    let picture: FlowPicture
    let lines: [Line]

    init(_ flow: ReferralFlow, _ frame: PageFrame) {
        self.frame = frame
        isEmpty = flow.ways.isEmpty
        picture = FlowPicture(flow)
        lines = flow.ways.map {
            Line(
                from: $0.from.name, to: $0.to.name, open: String($0.open), moved: String($0.moved),
                ended: String($0.ended))
        }
    }
}

/// What happened night by night.
struct NightsView: FramedView {
    struct Line: Sendable {
        let night: String
        let syncs: String
        let up: String
        let down: String
        let conflicts: String
    }

    var frame: PageFrame
    let charts: [BarChart]
    let lines: [Line]

    init(_ nights: [Hub.Night], _ frame: PageFrame) {
        self.frame = frame
        let days = nights.map { ConsoleWords.day(milliseconds: $0.beganMilliseconds) }
        func chart(_ id: String, _ title: String, _ values: [Int64], _ words: (Int64) -> String) -> BarChart {
            BarChart(id: id, title: title, days: days, values: values, words: words)
        }
        charts = [
            chart("syncs", "Syncs", nights.map { Int64($0.syncs) }) { ConsoleWords.count($0, "sync") },
            chart("bytes", "Bytes carried", nights.map { $0.bytesUp + $0.bytesDown }) { ConsoleWords.bytes($0) },
            chart("conflicts", "Conflicts opened", nights.map { Int64($0.conflicts) }) {
                ConsoleWords.count($0, "conflict")
            },
        ]
        lines = zip(days, nights).reversed().map { day, night in
            Line(
                night: day, syncs: String(night.syncs), up: ConsoleWords.bytes(night.bytesUp),
                down: ConsoleWords.bytes(night.bytesDown), conflicts: String(night.conflicts))
        }
    }
}
