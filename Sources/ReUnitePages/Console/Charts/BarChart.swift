/// A small chart of bars, one for each night, as inline SVG. What it shows stands in a table as well.
struct BarChart: Sendable {
    struct Bar: Sendable {
        let x: String
        let y: String
        let width: String
        let height: String
        /// What a pointer that rests on it is told.
        let tip: String
    }

    /// In the units of the picture.
    static let width = 560.0
    static let height = 120.0

    let id: String
    let title: String
    /// The whole chart in one sentence.
    let summary: String
    let most: String
    let first: String
    let last: String
    let bars: [Bar]

    init(id: String, title: String, days: [String], values: [Int64], words: (Int64) -> String) {
        self.id = id
        self.title = title
        let top = max(1, values.max() ?? 0)
        most = words(values.max() ?? 0)
        first = days.first ?? ""
        last = days.last ?? ""
        summary =
            "\(title), night by night from \(first) to \(last): \(words(values.reduce(0, +))) in all, "
            + "at most \(most) in one night, \(words(values.last ?? 0)) in the present one."
        let step = BarChart.width / Double(max(1, values.count))
        bars = zip(days, values).enumerated().map { place, pair in
            // What is there is seen, however little it is.
            let height = pair.1 == 0 ? 0 : max(2, BarChart.height * Double(pair.1) / Double(top))
            return Bar(
                x: SVG.number(Double(place) * step + step * 0.1), y: SVG.number(BarChart.height - height),
                width: SVG.number(step * 0.8), height: SVG.number(height), tip: "\(pair.0): \(words(pair.1))")
        }
    }
}

enum SVG {
    /// A coordinate: at most one digit after the point.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        return abs(tenths) % 10 == 0
            ? "\(sign)\(abs(tenths) / 10)" : "\(sign)\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
