/// How long things took: a bar from the lower quartile to the upper one, and a line at the median.
extension FigureChart {
    static func chart(_ figure: TimeFigure, at y: inout Int) -> String {
        let said = figure.lines.map { line in
            let name = line.area ?? "all areas"
            guard let days = quartiles(line) else { return "\(name): \(line.shares[1]) (of \(line.of))" }
            return "\(name): median \(days.median) days, quartiles \(days.lower) and \(days.upper) (of \(line.of))"
        }
        var out = """
            <g role="img" aria-labelledby="m-\(figure.measure)-t m-\(figure.measure)-d">
            <title id="m-\(figure.measure)-t">\(escaped(figure.label))</title>
            <desc id="m-\(figure.measure)-d">\(escaped(figure.definition)). \(escaped(said.joined(separator: "; "))).</desc>
            <text x="16" y="\(y + 16)" font-weight="bold" fill="#0b0c0c">\(escaped(figure.label))</text>

            """
        y += 28
        let most = max(1, figure.lines.compactMap(\.upper).max() ?? 1)
        func place(_ days: Int) -> Int { left + barWidth * days / most }
        for line in figure.lines {
            out += label(line.area.map { $0.isEmpty ? "(no area)" : $0 } ?? "All areas", at: &y)
            if let days = quartiles(line) {
                let (from, to, middle) = (place(days.lower), place(days.upper), place(days.median))
                out += """
                    <rect x="\(from)" y="\(y + 3)" width="\(max(1, to - from))" height="16" fill="#1d70b8"/>
                    <rect x="\(middle - 1)" y="\(y)" width="3" height="22" fill="#0b0c0c"/>
                    <text x="\(to + 8)" y="\(y + 15)" fill="#0b0c0c">\(days.median) (\(days.lower) to \(days.upper)), \
                    of \(escaped(line.of))</text>

                    """
            } else {
                let sign = line.of == "0" ? line.shares[1] : "\(line.shares[1]), of \(line.of)"
                out += "<text x=\"\(left)\" y=\"\(y + 15)\" fill=\"#505a5f\">\(escaped(sign))</text>\n"
            }
            y += lineHeight
        }
        out += small(["Median (quartiles), in days"] + [figure.legend].compactMap(\.self), at: &y)
        y += 16
        return out + "</g>\n"
    }

    private static func quartiles(_ line: TimeFigure.Line) -> (lower: Int, median: Int, upper: Int)? {
        guard let lower = line.lower, let median = line.median, let upper = line.upper else { return nil }
        return (lower, median, upper)
    }
}
