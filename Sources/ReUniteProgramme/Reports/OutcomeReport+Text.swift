/// A report as CSV.
extension OutcomeReport {
    /// All counted lines; ``timesCSV`` has the times, ``reasonsCSV`` the reasons.
    package var csv: String {
        CSVText.line(["measure", "label", "as_at", "area", "yes", "of", "percent", "unknown", "waived"])
            + figures.flatMap { figure in
                figure.lines.map { line in
                    CSVText.line(
                        [
                            figure.measure, figure.label, asAt, line.area ?? "all", line.yes, line.of,
                            line.share, line.unknown,
                            figure.waivers?.first { $0.area == line.area }?.text ?? "",
                        ].map { CSVText.cell($0) })
                }
            }.joined()
    }

    /// The times, in days.
    package var timesCSV: String {
        CSVText.line(["measure", "label", "as_at", "area", "of", "lower_quartile", "median", "upper_quartile"])
            + times.flatMap { figure in
                figure.lines.map { line in
                    CSVText.line(
                        ([figure.measure, figure.label, asAt, line.area ?? "all", line.of] + line.shares).map {
                            CSVText.cell($0)
                        })
                }
            }.joined()
    }

    /// Why referrals were declined.
    package var reasonsCSV: String {
        CSVText.line(["measure", "label", "as_at", "reason", "reason_label", "of"])
            + (declined.map { figure in
                figure.lines.map { line in
                    CSVText.line(
                        [
                            figure.measure, figure.label, asAt, line.reason ?? "all", line.label, line.of,
                        ].map { CSVText.cell($0) })
                }.joined()
            } ?? "")
    }
}
