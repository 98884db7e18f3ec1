import ReUniteProgramme

/// Where referrals come from on the left, where they go on the right, and a band between the two as wide as they are
/// many, as inline SVG. What it shows stands in a table as well.
struct FlowPicture: Sendable {
    struct Place: Sendable {
        let x: String
        let y: String
        let name: String
        let anchor: String
    }

    struct Band: Sendable {
        let path: String
        let width: String
        /// Which of the four colours: by where it comes from.
        let shade: String
        let tip: String
    }

    private static let width = 640.0
    private static let row = 44.0
    private static let margin = 190.0
    private static let widest = 26.0

    let height: String
    let summary: String
    let places: [Place]
    let bands: [Band]

    init(_ flow: ReferralFlow) {
        let sources = FlowPicture.areas(flow.ways.map(\.from))
        let targets = FlowPicture.areas(flow.ways.map(\.to))
        let rows = max(sources.count, targets.count)
        let height = Double(max(1, rows)) * FlowPicture.row
        self.height = SVG.number(height)
        let most = Double(max(1, flow.ways.map(\.all).max() ?? 1))
        func y(_ index: Int, of count: Int) -> Double {
            height * (Double(index) + 0.5) / Double(max(1, count))
        }
        let left = FlowPicture.margin
        let right = FlowPicture.width - FlowPicture.margin
        places =
            sources.enumerated().map { index, area in
                Place(
                    x: SVG.number(left - 12), y: SVG.number(y(index, of: sources.count) + 5), name: area.name,
                    anchor: "end")
            }
            + targets.enumerated().map { index, area in
                Place(
                    x: SVG.number(right + 12), y: SVG.number(y(index, of: targets.count) + 5), name: area.name,
                    anchor: "start")
            }
        bands = flow.ways.compactMap { way in
            guard let from = sources.firstIndex(of: way.from), let to = targets.firstIndex(of: way.to) else {
                return nil
            }
            let (start, end) = (y(from, of: sources.count), y(to, of: targets.count))
            let middle = (left + right) / 2
            let points = [left, start, middle, start, middle, end, right, end].map { SVG.number($0) }
            return Band(
                path:
                    "M\(points[0]) \(points[1])C\(points[2]) \(points[3]) \(points[4]) \(points[5]) \(points[6]) \(points[7])",
                width: SVG.number(max(2, FlowPicture.widest * Double(way.all) / most)), shade: String(from % 4 + 1),
                tip: "\(way.from.name) to \(way.to.name): \(ConsoleWords.count(way.all, "referral")), \(way.open) open")
        }
        let all = flow.ways.reduce(0) { $0 + $1.all }
        summary =
            "\(ConsoleWords.count(all, "referral")) from \(ConsoleWords.count(sources.count, "area")) to "
            + "\(ConsoleWords.count(targets.count, "area")). The table below has every number."
    }

    /// In the order of their names, each once.
    private static func areas(_ areas: [ReferralFlow.Area]) -> [ReferralFlow.Area] {
        Set(areas).sorted { ($0.name, $0.code) < ($1.name, $1.code) }
    }
}
