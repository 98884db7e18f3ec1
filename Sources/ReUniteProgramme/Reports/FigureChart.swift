/// Figures as one SVG picture: a bar for each area and measure whose percentage is shown, for how long things took from
/// one quartile to the other, and for reasons.
///
/// It needs no script, style sheet or font from elsewhere; every chart has a title and a description for people who do
/// not see it. Text from rows is escaped.
package enum FigureChart {
    private static let width = 720
    static let left = 300
    static let barWidth = 290
    static let lineHeight = 24
    private static let rowHeight = 16
    /// How many letters of a label have room beside a bar, in wide letters.
    static let lettersLeft = 34

    /// - Parameter measures: which; nil for all of them.
    package static func svg(_ report: OutcomeReport, measures: [String]? = nil) -> String {
        var body = ""
        var y = 16
        for figure in report.figures where measures?.contains(figure.measure) ?? true {
            body += chart(figure, report, at: &y)
        }
        for figure in report.times where measures?.contains(figure.measure) ?? true {
            body += chart(figure, at: &y)
        }
        if let declined = report.declined, measures?.contains(declined.measure) ?? true {
            body += chart(declined, at: &y)
        }
        let isHiding = report.isPublished || body.contains(">c of ")
        let title = "Figures as at \(report.asAt)"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(y)" viewBox="0 0 \(width) \(y)" \
            role="group" aria-labelledby="chart-title chart-desc" font-family="sans-serif" font-size="14">
            <title id="chart-title">\(escaped(title))</title>
            <desc id="chart-desc">Bars show percentages by area.\(isHiding ? hidden : "")</desc>
            <rect width="\(width)" height="\(y)" fill="#ffffff"/>
            \(body)</svg>

            """
    }

    private static let hidden = " c: not shown, because the number is small or would give one away."

    /// A label in rows that have room, broken between words; a word that is longer than a row stays whole.
    static func rows(_ label: String, letters: Int = lettersLeft) -> [String] {
        var rows: [String] = []
        for word in label.split(separator: " ") {
            if let last = rows.last, last.count + 1 + word.count <= letters {
                rows[rows.count - 1] = "\(last) \(word)"
            } else {
                rows.append(String(word))
            }
        }
        return rows
    }

    /// A label at the left of a bar. Moves `y` on by what it needs beyond one row.
    static func label(_ text: String, at y: inout Int) -> String {
        var out = ""
        for (number, row) in rows(text).enumerated() {
            if number > 0 { y += rowHeight }
            out +=
                "<text x=\"\(left - 10)\" y=\"\(y + 15)\" text-anchor=\"end\" fill=\"#0b0c0c\">\(escaped(row))</text>\n"
        }
        return out
    }

    private static func chart(_ figure: OutcomeReport.Figure, _ report: OutcomeReport, at y: inout Int) -> String {
        let said = figure.lines.map { line in
            "\(line.area ?? "all areas"): \(line.percent == nil ? "not shown" : line.share) (\(line.yes) of \(line.of))"
        }
        let id = "m-" + figure.measure.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        var out = """
            <g role="img" aria-labelledby="\(id)-t \(id)-d">
            <title id="\(id)-t">\(escaped(figure.label))</title>
            <desc id="\(id)-d">\(escaped(figure.definition)). \(escaped(said.joined(separator: "; "))).\
            \(figure.hidesNothing == true ? " " + escaped(OutcomeReport.nothingHidden) : "")</desc>
            <text x="16" y="\(y + 16)" font-weight="bold" fill="#0b0c0c">\(escaped(figure.label))</text>

            """
        y += 28
        for line in figure.lines {
            let name = line.area.map { $0.isEmpty ? "(no area)" : $0 } ?? "All areas"
            out += label(name, at: &y)
            let percent = line.share
            if line.percent != nil, percent != FigureSigns.roundsToZero, let number = whole(percent) {
                let length = barWidth * min(100, number) / 100
                out += """
                    <rect x="\(left)" y="\(y + 3)" width="\(length)" height="16" fill="#1d70b8"/>
                    <text x="\(left + length + 8)" y="\(y + 15)" fill="#0b0c0c">\(escaped(percent)) \
                    (\(escaped(line.yes)) of \(escaped(line.of)))</text>

                    """
            } else {
                out += """
                    <text x="\(left)" y="\(y + 15)" fill="#505a5f">\(escaped(FigureChart.words(line)))</text>

                    """
            }
            y += lineHeight
        }
        let notes = [figure.legend, figure.hidesNothing == true ? OutcomeReport.nothingHidden : nil].compactMap(\.self)
        out += small(notes + (figure.waivers ?? []).map(\.text), at: &y)
        y += 16
        return out + "</g>\n"
    }

    /// As long as the number says, the greatest reason filling the width.
    private static func chart(_ figure: ReasonFigure, at y: inout Int) -> String {
        let said = figure.lines.map { "\($0.label): \($0.of)" }.joined(separator: "; ")
        var out = """
            <g role="img" aria-labelledby="m-\(figure.measure)-t m-\(figure.measure)-d">
            <title id="m-\(figure.measure)-t">\(escaped(figure.label))</title>
            <desc id="m-\(figure.measure)-d">\(escaped(figure.definition)). \(escaped(said)).</desc>
            <text x="16" y="\(y + 16)" font-weight="bold" fill="#0b0c0c">\(escaped(figure.label))</text>

            """
        y += 28
        let most = figure.lines.filter { $0.reason != nil }.compactMap { Int($0.of) }.max() ?? 0
        for line in figure.lines {
            let length = line.reason == nil ? 0 : barWidth * (Int(line.of) ?? 0) / max(1, most)
            out += label(line.label, at: &y)
            out += """
                <rect x="\(left)" y="\(y + 3)" width="\(length)" height="16" fill="#1d70b8"/>
                <text x="\(left + length + 8)" y="\(y + 15)" fill="#0b0c0c">\(escaped(line.of))</text>

                """
            y += lineHeight
        }
        out += small([figure.legend].compactMap(\.self), at: &y)
        y += 16
        return out + "</g>\n"
    }

    /// Where no percentage is shown: the sign, and of how many where that says more.
    private static func words(_ line: OutcomeReport.Line) -> String {
        switch line.share {
        case FigureSigns.hidden: "\(line.yes) of \(line.of)"
        case FigureSigns.roundsToZero: "\(line.share) (\(line.yes) of \(line.of))"
        default: line.share
        }
    }

    /// What stands under a chart, as wide as the picture. Moves `y` on.
    static func small(_ notes: [String], at y: inout Int) -> String {
        var out = ""
        for row in notes.flatMap({ rows($0, letters: 90) }) {
            out += "<text x=\"16\" y=\"\(y + 12)\" font-size=\"12\" fill=\"#0b0c0c\">\(escaped(row))</text>\n"
            y += rowHeight
        }
        return out
    }

    /// The number in `65 %` or `under 3 %`.
    private static func whole(_ percent: String) -> Int? {
        Int(percent.filter { $0.isASCII && $0.isNumber })
    }

    /// Text for content and attributes; what XML has no character for is left out.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t": continue
            case _ where scalar.value == 0xFFFE || scalar.value == 0xFFFF: continue
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
