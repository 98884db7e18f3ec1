/// One measure as it is published: small numbers hidden, by area and in all.
struct PublishedTable {
    private let areas: [String]
    private let counts: [String: OutcomeReport.Count]
    private let before: [OutcomeReport.Line]?
    /// Yes, no and both together.
    private var known: [[SmallNumbers.Cell]] = []
    private var unknown: [[SmallNumbers.Cell]] = []

    /// - Parameter before: the lines that were published of it last.
    init(_ counts: [String: OutcomeReport.Count], after before: [OutcomeReport.Line]?) {
        self.counts = counts
        // An area that was published once goes on having its line.
        areas = Set(counts.keys).union((before ?? []).compactMap(\.area)).sorted()
        let held = Dictionary(
            (before ?? []).map { ($0.area, $0) }, uniquingKeysWith: { first, _ in first })
        let order = areas.map { $0 as String? } + [nil]
        let lines = order.map { held[$0] }
        self.before = lines.allSatisfy { $0 != nil } ? lines.compactMap(\.self) : nil
        publish(hiding: nil)
    }

    private mutating func publish(hiding: [[Bool]]?) {
        guard !areas.isEmpty else { return }
        func cells(_ columns: [KeyPath<OutcomeReport.Line, String>]) -> [[SmallNumbers.Cell]]? {
            before.map { lines in lines.map { line in columns.compactMap { SmallNumbers.Cell(line[keyPath: $0]) } } }
        }
        known = SmallNumbers.publish(
            areas.map { [counts[$0]?.yes ?? 0, counts[$0]?.no ?? 0] }, after: cells([\.yes, \.no, \.of]), hiding: hiding
        )
        unknown = SmallNumbers.publish(
            areas.map { [counts[$0]?.unknown ?? 0] }, after: cells([\.unknown, \.unknown]))
    }

    var lines: [OutcomeReport.Line] {
        guard !areas.isEmpty else { return OutcomeReport.exact(counts) }
        return known.indices.map { row in
            let percent = PublishedTable.percent(known[row])
            return OutcomeReport.Line(
                area: row < areas.count ? areas[row] : nil, yes: known[row][0].text, no: known[row][1].text,
                of: known[row][2].text, unknown: unknown[row][0].text, percent: percent)
        }
    }

    /// A percentage of what is shown, where all is shown and is ten or more: of exact counts it would tell them.
    private static func percent(_ cells: [SmallNumbers.Cell]) -> String? {
        guard case .shown(let yes) = cells[0], case .shown(let no) = cells[1], case .shown(let of) = cells[2], of >= 10
        else { return nil }
        return OutcomeReport.percent(yes, of: yes + no)
    }

    // MARK: Measures of one population

    /// Measures that count the same women: what is hidden of their number in one would stand in the other.
    static let populations = [["ete", "businesses"]]

    static func linked(_ tables: [PublishedTable], ids: [String]) -> [PublishedTable] {
        var tables = tables
        for population in populations {
            let places = population.compactMap { ids.firstIndex(of: $0) }
            while true {
                let totals = places.map { tables[$0].known.map { $0[2] == .hidden } }
                guard let first = totals.first, totals.contains(where: { $0 != first }),
                    totals.allSatisfy({ $0.count == first.count })
                else { break }
                let all = first.indices.map { row in totals.contains { $0[row] } }
                for place in places {
                    let cells = tables[place].known
                    let hiding = cells.indices.map { row in
                        cells[row].indices.map { cells[row][$0] == .hidden || $0 == 2 && all[row] }
                    }
                    tables[place].publish(hiding: hiding)
                }
                // What was published before may stand whatever is asked for here.
                let after = places.map { tables[$0].known.map { $0[2] == .hidden } }
                if after == totals { break }
            }
        }
        return tables
    }
}
