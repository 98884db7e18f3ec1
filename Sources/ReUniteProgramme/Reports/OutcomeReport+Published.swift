/// Small numbers hidden, in all tables together.
extension OutcomeReport {
    /// The published lines of every table, by its name.
    static func published(
        _ counts: [[String: Count]], _ days: [[String: [Int]]], _ reasons: DeclineReasons,
        after before: OutcomeReport?, beside: [Publication], asAt day: String
    ) -> [String: [PublishedTables.Line]] {
        let held = before.map(\.publishedTables) ?? [:]
        let all =
            zip(Measure.all, counts).map { measure, counts in
                PublishedTables.Counts(
                    id: measure.id, counts: counts, before: held[measure.id])
            }
            + zip(TimeMeasure.all, days).map { measure, days in
                PublishedTables.Counts(
                    id: measure.id, counts: days.mapValues { Count(yes: $0.count) }, isSingle: true,
                    before: held[measure.id])
            } + [
                PublishedTables.Counts(
                    id: DeclineReasons.id, counts: reasons.counts.mapValues { Count(yes: $0) }, isSingle: true,
                    before: held[DeclineReasons.id])
            ]
        var tables = PublishedTables(
            all,
            beside: beside.map {
                .init(
                    quarters: quarters(to: $0.quarter, from: day), isRevised: $0.revision > 1,
                    tables: $0.report.publishedTables)
            })
        return Dictionary(uniqueKeysWithValues: zip(all.map(\.id), tables.lines()))
    }

    /// How many quarters one end of a quarter lies after another.
    private static func quarters(to day: String, from other: String) -> Int {
        func number(_ day: String) -> Int {
            (Int(day.prefix(4)) ?? 0) * 4 + ((Int(day.dropFirst(5).prefix(2)) ?? 3) - 3) / 3
        }
        return number(day) - number(other)
    }

    /// What stands in the report as it was published.
    var publishedTables: [String: [PublishedTables.Line]] {
        var all: [String: [PublishedTables.Line]] = [:]
        for figure in figures {
            all[figure.measure] = figure.lines.map {
                PublishedTables.Line(area: $0.area, cells: [$0.yes, $0.no, $0.of, $0.unknown])
            }
        }
        for figure in times {
            all[figure.measure] = figure.lines.map { PublishedTables.Line(area: $0.area, cells: [$0.of]) }
        }
        if let declined {
            all[declined.measure] = declined.lines.map { PublishedTables.Line(area: $0.reason, cells: [$0.of]) }
        }
        return all
    }

    static func lines(_ published: [PublishedTables.Line]) -> [Line] {
        published.map { line in
            Line(
                area: line.area, yes: line.cells[0], no: line.cells[1], of: line.cells[2], unknown: line.cells[3],
                percent: percent(ofShown: line.cells))
        }
    }

    /// A percentage of what is shown, where all is shown and is ten or more: of exact counts it would tell them.
    private static func percent(ofShown cells: [String]) -> String? {
        guard let yes = Int(cells[0]), let no = Int(cells[1]), let of = Int(cells[2]), of >= 10 else { return nil }
        return percent(yes, of: yes + no)
    }
}
