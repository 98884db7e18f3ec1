package import GRDB
import ReUniteReplica
import ReUniteSync

/// The network's figures as at a day: exact for the partner whose rows they are, fit to be published for others.
package struct OutcomeReport: Sendable, Codable {
    package struct Line: Hashable, Sendable, Codable {
        /// An area's code; nil for all of them.
        package let area: String?
        /// As text: a number, or `c` where it is not shown.
        package let yes: String
        package let no: String
        package let of: String
        package let unknown: String
        /// Such as `65 %`, or `under 3 %` of a small number that was let out; nil where none is shown (``share``).
        package let percent: String?
    }

    package struct Figure: Sendable, Codable {
        package let measure: String
        package let label: String
        package let definition: String
        package let lines: [Line]
        package let benchmarks: [Benchmark]
        /// Whose word a yes of reoffending is; nil of other measures, and in what is published.
        package var sources: [Source]?
        /// Of how many women of a measure of reoffending the time is not over: then the label says "interim". Nil where
        /// there are none, and in what is published: at the ends of quarters there are none.
        package var interim: Int?
        /// Who let small numbers out that are shown here; nil where nobody did.
        package var waivers: [Waiver]?
        /// Whether yes is `c` for nothing as well: since a small number of the measure was let out. Nil where not.
        package var hidesNothing: Bool?

        private enum CodingKeys: String, CodingKey {
            case measure, label, definition, lines, benchmarks, sources, interim, waivers
            case hidesNothing = "nothing_hidden"
        }
    }

    /// Who told of offences, and of how many women: whoever was told of by several counts with each.
    package struct Source: Hashable, Sendable, Codable {
        /// A code of `outcome_event.source`.
        package let source: String
        package let label: String
        package let women: Int
    }

    /// A figure that somebody published, with where it is from: to hold against, never to add up.
    package struct Benchmark: Hashable, Sendable, Codable {
        package let label: String
        package let value: Int
        package let unit: String
        package let source: String
    }

    package let asAt: String
    /// Whether small numbers are hidden.
    package let isPublished: Bool
    package let figures: [Figure]
    package let times: [TimeFigure]
    /// Why referrals to another area were declined; nil in what older programs published.
    package let declined: ReasonFigure?

    private enum CodingKeys: String, CodingKey {
        case figures, times, declined
        case asAt = "as_at"
        case isPublished = "small_numbers_hidden"
    }

    struct Count: Hashable {
        var yes = 0
        var no = 0
        var unknown = 0
    }

    /// - Parameters:
    ///   - day: `YYYY-MM-DD`.
    ///   - isPublished: hide small numbers; then the day must end a quarter, so that nobody learns of one woman from the
    ///     difference between two days.
    ///   - before: what was published of that quarter last, to be held against it.
    ///   - beside: what was published of other quarters, to be laid beside it.
    ///   - waivers: small numbers that are to be let out.
    /// - Throws: ``Failure`` (badData) for another day, and for what cannot be let out.
    package init(
        asAt day: String, published isPublished: Bool, after before: OutcomeReport? = nil, beside: [Publication] = [],
        lettingOut waivers: Waivers = [:], in database: Database
    ) throws {
        guard CivilTime.isDate(day) else {
            throw Failure(
                .badData, what: "Making the report", why: "the day is not a date", remedy: "Write it as YYYY-MM-DD")
        }
        guard !isPublished || OutcomeReport.endsQuarter(day) else {
            throw Failure(
                .badData, what: "Making the report", why: "figures are published for the ends of quarters only",
                remedy: "Use a day such as \(OutcomeReport.quarter(before: day))")
        }
        asAt = day
        self.isPublished = isPublished
        let measures = isPublished ? Measure.all : Measure.all + Measure.own
        let counts = try measures.map { try OutcomeReport.counts($0, day, in: database) }
        let days = try TimeMeasure.all.map { try $0.days(asAt: day, in: database) }
        let reasons = try DeclineReasons(asAt: day, in: database)
        var hiding = Hiding(counts, after: before, beside: beside, asAt: day)
        if isPublished { try hiding.letOut(waivers) }
        let shown = isPublished ? try hiding.published(days, reasons) : [:]
        figures = try zip(measures, counts).map { measure, counts in
            let interim = isPublished ? nil : try measure.interim(asAt: day, in: database)
            return Figure(
                measure: measure.id, label: measure.label + (interim == nil ? "" : " (interim)"),
                definition: measure.definition,
                lines: shown[measure.id].map(OutcomeReport.lines) ?? OutcomeReport.exact(counts),
                benchmarks: try OutcomeReport.benchmarks(measure, in: database),
                sources: isPublished ? nil : try measure.sources(asAt: day, in: database), interim: interim,
                waivers: hiding.waivers[measure.id],
                hidesNothing: shown[measure.id]?.first?.hidesNothing == true ? true : nil)
        }
        times = zip(TimeMeasure.all, days).map { measure, days in
            measure.figure(
                days, published: shown[measure.id], after: before?.times.first { $0.measure == measure.id })
        }
        declined = reasons.figure(published: shown[DeclineReasons.id])
    }

    init(
        asAt: String, isPublished: Bool, figures: [Figure], times: [TimeFigure] = [], declined: ReasonFigure? = nil
    ) {
        self.asAt = asAt
        self.isPublished = isPublished
        self.figures = figures
        self.times = times
        self.declined = declined
    }

    /// By area, each subject once: in the first of its areas, yes before no before unknown.
    static func counts(_ measure: Measure, _ day: String, in database: Database) throws -> [String: Count] {
        var areas: [DatabaseValue: String] = [:]
        var hits: [DatabaseValue: Int?] = [:]
        let arguments = StatementArguments(Measure.arguments(asAt: day))
        for row in try Row.fetchAll(database, sql: measure.sql, arguments: arguments) {
            let subject: DatabaseValue = row[1]
            let area: String = row[0]
            let hit: Int? = row[2]
            areas[subject] = min(areas[subject] ?? area, area)
            guard let known = hits[subject] else {
                hits[subject] = .some(hit)
                continue
            }
            hits[subject] = .some([known, hit].compactMap(\.self).max())
        }
        var counts: [String: Count] = [:]
        for (subject, area) in areas {
            switch hits[subject] ?? nil {
            case nil: counts[area, default: Count()].unknown += 1
            case 0: counts[area, default: Count()].no += 1
            default: counts[area, default: Count()].yes += 1
            }
        }
        return counts
    }

    static func exact(_ counts: [String: Count]) -> [Line] {
        let total = counts.values.reduce(into: Count()) {
            $0.yes += $1.yes
            $0.no += $1.no
            $0.unknown += $1.unknown
        }
        let all = counts.sorted { $0.key < $1.key }.map { ($0.key as String?, $0.value) } + [(nil, total)]
        return all.map { area, count in
            let of = count.yes + count.no
            return Line(
                area: area, yes: String(count.yes), no: String(count.no), of: String(of),
                unknown: String(count.unknown),
                percent: percent(count.yes, of: of))
        }
    }

    /// In whole percent. Few of many are said as a bound: 1 of 35 is under 3 %. Of one in five or more there is no "under":
    /// it would read as if less were better.
    package static func percent(_ count: Int, of total: Int) -> String? {
        guard total > 0 else { return nil }
        guard (1..<SmallNumbers.least).contains(count), 5 * count < total else {
            return "\((200 * count + total) / (2 * total)) %"
        }
        return "under \(100 * count / total + 1) %"
    }

    private static func benchmarks(_ measure: Measure, in database: Database) throws -> [Benchmark] {
        try measure.benchmarks.flatMap { code in
            try Row.fetchAll(
                database, sql: "SELECT label, value, unit, source FROM benchmark WHERE code = ? ORDER BY id",
                arguments: [code]
            ).map { Benchmark(label: $0["label"], value: $0["value"], unit: $0["unit"], source: $0["source"]) }
        }
    }

    private static let ends = ["03-31", "06-30", "09-30", "12-31"]

    static func endsQuarter(_ day: String) -> Bool { ends.contains(String(day.suffix(5))) }

    /// The last end of a quarter before a day: on the day itself its quarter is not over.
    package static func quarter(before day: String) -> String {
        let year = Int(day.prefix(4)) ?? 2000
        let end = ends.last { $0 < day.suffix(5) }
        return end.map { "\(year)-\($0)" } ?? "\(year - 1)-12-31"
    }
}
