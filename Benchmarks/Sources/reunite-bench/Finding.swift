/// What a ratio has to keep, or a value in the finding's unit.
struct Target {
    enum Direction: String {
        case atMost = "<="
        case atLeast = ">="
    }

    var direction: Direction
    var must: Double
    var stretch: Double?

    static func atMost(_ must: Double, stretch: Double? = nil) -> Target {
        Target(direction: .atMost, must: must, stretch: stretch)
    }

    static func atLeast(_ must: Double, stretch: Double? = nil) -> Target {
        Target(direction: .atLeast, must: must, stretch: stretch)
    }

    var text: String {
        let stretch = stretch.map { " (\(Format.ratio($0)))" } ?? ""
        return "\(direction.rawValue) \(Format.ratio(must))\(stretch)"
    }

    func verdict(_ value: Double) -> String {
        func holds(_ bound: Double) -> Bool { direction == .atMost ? value <= bound : value >= bound }
        if let stretch, holds(stretch) { return "stretch met" }
        return holds(must) ? "met" : "short"
    }
}

/// One line of the report.
struct Finding {
    enum Unit: String {
        case milliseconds = "ms"
        case microseconds = "us"
        case kilobytes = "KB"
        case thousands = "k/s"
    }

    /// The row of the table of targets.
    var row: Int
    var what: String
    var unit: Unit
    /// In the unit; empty when it was not run.
    var value: Samples
    /// One for each repetition, against the baseline named in `what`.
    var ratios: Samples?
    /// The ratio of the medians, which is what the target is about.
    var ratio: Double?
    /// The ratio of the least values: nearer to what a machine gives that does nothing else meanwhile.
    var leastRatio: Double?
    var target: Target?

    /// A measured thing, against a baseline if there is one. Both sample lists are in the same unit.
    init(
        row: Int, _ what: String, _ unit: Unit, _ value: Samples, over baseline: Samples? = nil, target: Target? = nil
    ) {
        self.row = row
        self.what = what
        self.unit = unit
        self.value = value
        self.target = target
        if let baseline {
            ratios = value.over(baseline)
            ratio = value.median / baseline.median
            leastRatio = value.least / baseline.least
        }
    }

    /// The same as a speed: the baseline's time as a share of this one's.
    static func speed(
        row: Int, _ what: String, _ unit: Unit, _ value: Samples, against baseline: Samples, target: Target? = nil
    ) -> Finding {
        var finding = Finding(row: row, what, unit, value, target: target)
        finding.ratios = baseline.over(value)
        finding.ratio = baseline.median / value.median
        finding.leastRatio = baseline.least / value.least
        return finding
    }

    /// A row of the table for which something is missing on this machine.
    static func notRun(row: Int, _ what: String, _ target: Target) -> Finding {
        Finding(row: row, what, .milliseconds, Samples(), target: target)
    }

    var isRun: Bool { !value.values.isEmpty }

    var verdict: String {
        guard let target else { return "" }
        // A target without a ratio is about the measured value itself.
        return isRun ? target.verdict(ratio ?? value.median) : "not run"
    }
}
