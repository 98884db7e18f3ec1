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
    private static let gap = 10.0
    private static let margin = 190.0
    /// What all bands of the busiest area are wide together.
    private static let widest = 34.0

    let height: String
    let summary: String
    let places: [Place]
    let bands: [Band]

    init(_ flow: ReferralFlow) {
        let sources = FlowPicture.areas(flow.ways.map(\.from))
        let targets = FlowPicture.areas(flow.ways.map(\.to))
        let areas =
            sources.map { area in flow.ways.filter { $0.from == area } }
            + targets.map { area in flow.ways.filter { $0.to == area } }
        let most = Double(max(1, areas.map { $0.reduce(0) { $0 + $1.all } }.max() ?? 1))
        func width(_ way: ReferralFlow.Way) -> Double { max(2, FlowPicture.widest * Double(way.all) / most) }
        let thickest = areas.map { $0.reduce(0) { $0 + width($1) } }.max() ?? 0
        let rows = max(sources.count, targets.count)
        let height = Double(max(1, rows)) * max(FlowPicture.row, thickest + FlowPicture.gap)
        self.height = SVG.number(height)
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
        let widths = flow.ways.map(width)
        let froms = flow.ways.map { sources.firstIndex(of: $0.from) ?? 0 }
        let tos = flow.ways.map { targets.firstIndex(of: $0.to) ?? 0 }
        let starts = FlowPicture.middles(widths, at: froms, across: tos) { y($0, of: sources.count) }
        let ends = FlowPicture.middles(widths, at: tos, across: froms) { y($0, of: targets.count) }
        bands = flow.ways.enumerated().map { index, way in
            let (start, end) = (starts[index], ends[index])
            let middle = (left + right) / 2
            let points = [left, start, middle, start, middle, end, right, end].map { SVG.number($0) }
            return Band(
                path:
                    "M\(points[0]) \(points[1])C\(points[2]) \(points[3]) \(points[4]) \(points[5]) \(points[6]) \(points[7])",
                width: SVG.number(widths[index]), shade: String(froms[index] % 4 + 1),
                tip: "\(way.from.name) to \(way.to.name): \(ConsoleWords.count(way.all, "referral")), \(way.open) open")
        }
        let all = flow.ways.reduce(0) { $0 + $1.all }
        summary =
            "\(ConsoleWords.count(all, "referral")) from \(ConsoleWords.count(sources.count, "area")) to "
            + "\(ConsoleWords.count(targets.count, "area")). The table below has every number."
    }

    /// Where the middle of each band is on one side: those of one area beside each other, in the order of the areas
    /// across, so that they cross as little as they can.
    ///
    /// - Parameters:
    ///   - places: each band's area on this side.
    ///   - others: each band's area on the other side.
    ///   - middle: of an area.
    private static func middles(
        _ widths: [Double], at places: [Int], across others: [Int], middle: (Int) -> Double
    ) -> [Double] {
        var middles = widths
        for (place, bands) in Dictionary(grouping: widths.indices, by: { places[$0] }) {
            var edge = middle(place) - bands.reduce(0) { $0 + widths[$1] } / 2
            for band in bands.sorted(by: { others[$0] < others[$1] }) {
                middles[band] = edge + widths[band] / 2
                edge += widths[band]
            }
        }
        return middles
    }

    /// In the order of their names, each once.
    private static func areas(_ areas: [ReferralFlow.Area]) -> [ReferralFlow.Area] {
        Set(areas).sorted { ($0.name, $0.code) < ($1.name, $1.code) }
    }
}
