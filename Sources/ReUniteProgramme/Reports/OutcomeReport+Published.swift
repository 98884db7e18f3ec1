import ReUniteSync

/// Small numbers hidden, in all tables together.
extension OutcomeReport {
    /// What is known when a report is to be made fit to be published.
    struct Hiding {
        private let counts: [[String: Count]]
        private let held: [String: [PublishedTables.Line]]
        private let beside: [PublishedTables.Beside]
        /// What is let out, by measure: now, and before where it is so still.
        private(set) var waivers: Waivers = [:]
        private let before: OutcomeReport?

        init(
            _ counts: [[String: Count]], after before: OutcomeReport?, beside: [Publication], asAt day: String
        ) {
            self.counts = counts
            self.before = before
            held = before.map(\.publishedTables) ?? [:]
            self.beside = beside.map {
                .init(
                    quarters: OutcomeReport.quarters(to: $0.quarter, from: day), isRevised: $0.revision > 1,
                    tables: $0.report.publishedTables)
            }
        }

        /// The published lines of every table, by its name.
        func published(_ days: [[String: [Int]]], _ reasons: DeclineReasons) throws -> [String: [PublishedTables.Line]]
        {
            let all =
                zip(Measure.all, counts).map { measure, counts in
                    PublishedTables.Counts(
                        id: measure.id, counts: counts, before: held[measure.id],
                        letOut: Set((waivers[measure.id] ?? []).map(\.area)), hidesNothing: hidesNothing(measure.id))
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
            var tables = PublishedTables(all, beside: beside)
            return Dictionary(uniqueKeysWithValues: zip(all.map(\.id), try tables.lines()))
        }

        /// Once a small number of a measure was let out, a table of it that shows who has none would tell who has it.
        private func hidesNothing(_ measure: String) -> Bool {
            waivers[measure] != nil
                || ([held] + beside.map(\.tables)).contains { $0[measure]?.contains(where: \.hidesNothing) == true }
        }

        // MARK: What is let out

        /// - Throws: ``Failure`` (badData) where there is nothing to let out, or it would not be true.
        mutating func letOut(_ asked: Waivers) throws {
            for (measure, waivers) in asked {
                guard Measure.all.contains(where: { $0.id == measure }) else {
                    throw refused(measure, "there is no such measure", "See docs/outcomes.md for their names")
                }
                self.waivers[measure] = waivers
            }
            // What was let out of this quarter is known: it goes on to be shown while it is so.
            for figure in before?.figures ?? [] {
                let asked = Set((waivers[figure.measure] ?? []).map(\.area))
                let kept = (figure.waivers ?? []).filter { !asked.contains($0.area) }
                for waiver in kept { try check(figure.measure, waiver.area, isKept: true) }
                if !kept.isEmpty { waivers[figure.measure, default: []] += kept }
            }
            for (measure, lines) in asked { for line in lines { try check(measure, line.area, isKept: false) } }
            for measure in waivers.keys { waivers[measure]?.sort { ($0.area ?? "~") < ($1.area ?? "~") } }
        }

        private func check(_ measure: String, _ area: String?, isKept: Bool) throws {
            let index = Measure.all.firstIndex { $0.id == measure }
            let all = index.map { counts[$0] } ?? [:]
            let lines = area.map { name in all.filter { $0.key == name } } ?? all
            let (yes, of) = lines.values.reduce((0, 0)) { ($0.0 + $1.yes, $0.1 + $1.yes + $1.no) }
            let before = held[measure]?.first { $0.area == area }
            if isKept, before?.letOut?.yes.contains(yes) != true {
                throw refused(
                    measure, "the number that was let out has changed since",
                    "Let it out anew with --waive, or leave the quarter as it is")
            }
            guard (1..<SmallNumbers.least).contains(yes) else {
                throw refused(
                    measure, yes == 0 ? "there is nobody to count" : "the number is not from 1 to 4",
                    "Publish without letting it out")
            }
            let cell = before.flatMap { SmallNumbers.Cell($0.cells[2]) }
            let shown = SmallNumbers.shown(of, after: cell)
            guard of >= 10, shown >= 10 else {
                throw refused(measure, "it is of fewer than ten", "Leave it hidden")
            }
            guard cell != .hidden else {
                throw refused(measure, "of how many it is was hidden before", "Leave it hidden")
            }
            let letOut = LetOut(yes, of: shown)
            guard letOut.isTrue(yes, of: of) else {
                throw refused(
                    measure,
                    "'\(letOut.text)' would be true of \(shown) as it is shown, and is not of how many they are",
                    "Leave it hidden, or as it is")
            }
        }

        private func refused(_ measure: String, _ why: String, _ remedy: String) -> Failure {
            Failure(.badData, what: "Letting out a small number of \(measure)", why: why, remedy: remedy)
        }
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
                let cells = [$0.yes, $0.no, $0.of, $0.unknown]
                return PublishedTables.Line(
                    area: $0.area, cells: cells, letOut: LetOut(cells: cells, percent: $0.percent),
                    hidesNothing: figure.hidesNothing == true)
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
                percent: line.letOut?.text ?? percent(ofShown: line.cells))
        }
    }

    /// A percentage of what is shown, where all is shown and is ten or more: of exact counts it would tell them.
    private static func percent(ofShown cells: [String]) -> String? {
        guard let yes = Int(cells[0]), let no = Int(cells[1]), let of = Int(cells[2]), of >= 10 else { return nil }
        return percent(yes, of: yes + no)
    }
}
