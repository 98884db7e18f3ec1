/// Signs for what is not a number, as the Department for Education's statistics of children looked after have them.
package enum FigureSigns {
    /// Not shown: it is small, or would give one away that is.
    static let hidden = SmallNumbers.Cell.hidden.text
    /// Not applicable: there is nobody of whom it could be said.
    static let notApplicable = "z"
    /// More than nothing, and less than half of one in a hundred.
    static let roundsToZero = "k"
    static let withheld = "withheld"

    /// What the signs among these texts mean; nil where there are none.
    package static func legend(_ texts: [String]) -> String? {
        let words = [
            (hidden, "c: small, or would give one away"), (notApplicable, "z: nobody to count"),
            (roundsToZero, "k: rounds to zero"), (withheld, "withheld: of fewer than ten"),
        ]
        let used = words.filter { sign, _ in
            texts.contains { $0 == sign || sign == withheld && $0.hasSuffix(" \(withheld)") }
        }
        return used.isEmpty ? nil : used.map(\.1).joined(separator: "; ")
    }
}

extension OutcomeReport.Line {
    /// The percentage, or the sign that stands in its place: never nothing.
    package var share: String {
        if let percent { return percent == "0 %" && yes != "0" ? FigureSigns.roundsToZero : percent }
        guard let all = Int(of) else { return FigureSigns.hidden }
        if all == 0 { return FigureSigns.notApplicable }
        return all < 10 ? "\(yes) of \(of) \(FigureSigns.withheld)" : FigureSigns.hidden
    }

    private enum SaidKeys: String, CodingKey { case area, yes, no, of, unknown, percent, share }

    package func encode(to encoder: any Encoder) throws {
        var said = encoder.container(keyedBy: SaidKeys.self)
        // Null for all of them: whoever reads it need not know that a key may be missing.
        try said.encode(area, forKey: .area)
        try said.encode(yes, forKey: .yes)
        try said.encode(no, forKey: .no)
        try said.encode(of, forKey: .of)
        try said.encode(unknown, forKey: .unknown)
        try said.encodeIfPresent(percent, forKey: .percent)
        try said.encode(share, forKey: .share)
    }
}

extension OutcomeReport.Figure {
    /// What the signs in its lines mean.
    package var legend: String? { FigureSigns.legend(lines.flatMap { [$0.yes, $0.of, $0.unknown, $0.share] }) }
}

extension TimeFigure.Line {
    /// The lower quartile, the median and the upper one in days, or the sign that stands in their place.
    package var shares: [String] {
        [lower, median, upper].map { days in
            days.map(String.init) ?? (of == "0" ? FigureSigns.notApplicable : FigureSigns.hidden)
        }
    }

    private enum SaidKeys: String, CodingKey { case area, of, lower, median, upper }

    package func encode(to encoder: any Encoder) throws {
        var said = encoder.container(keyedBy: SaidKeys.self)
        try said.encode(area, forKey: .area)
        try said.encode(of, forKey: .of)
        try said.encodeIfPresent(lower, forKey: .lower)
        try said.encodeIfPresent(median, forKey: .median)
        try said.encodeIfPresent(upper, forKey: .upper)
    }
}

extension TimeFigure {
    /// What the signs in its lines mean.
    package var legend: String? { FigureSigns.legend(lines.flatMap { [$0.of] + $0.shares }) }
}

extension ReasonFigure.Line {
    private enum SaidKeys: String, CodingKey { case reason, label, of }

    package func encode(to encoder: any Encoder) throws {
        var said = encoder.container(keyedBy: SaidKeys.self)
        try said.encode(reason, forKey: .reason)
        try said.encode(label, forKey: .label)
        try said.encode(of, forKey: .of)
    }
}

extension ReasonFigure {
    /// What the signs in its lines mean.
    package var legend: String? { FigureSigns.legend(lines.map(\.of)) }
}
