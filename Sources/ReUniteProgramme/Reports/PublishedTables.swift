import ReUniteSync

/// All counts of a report as they are published together: small numbers hidden, by area and in all, so that no table
/// tells what another hides.
struct PublishedTables {
    /// What one table counts, by area: yes, no and unknown; of a time, `of` alone.
    struct Counts {
        let id: String
        let counts: [String: OutcomeReport.Count]
        /// A time or a list of reasons has one column: its count is in `yes`.
        var isSingle = false
        /// The lines that were published of it last, for the same day.
        var before: [Line]?
        /// Lines of which a small yes is let out: an area, nil for all of them.
        var letOut: Set<String?> = []
        /// Whether nothing is hidden like a small number, so that who has the number that was let out cannot be told from
        /// who has none.
        var hidesNothing = false
    }

    /// One line of one table, as text.
    struct Line: Hashable {
        let area: String?
        /// Yes, no, of, unknown; of a single column one.
        let cells: [String]
        /// What is let out of it.
        var letOut: LetOut?
        /// Whether the yes may be nothing where it is hidden.
        var hidesNothing = false
    }

    /// What was published of another day: what is published now is laid beside it.
    struct Beside {
        /// How many quarters later it is; below 0 earlier.
        let quarters: Int
        /// A revision's shown counts may be up to four away from the truth.
        let isRevised: Bool
        let tables: [String: [Line]]
    }

    /// Which column of a table: the order of ``Line/cells``, and everybody in it, unknown ones too.
    enum Column: Int {
        case yes, no, of, unknown, all
    }

    /// More than anybody counts.
    static let any = 1 << 40

    var guarded = CellGuard()
    let tables: [Counts]
    /// What each cell may be in truth, as far as it is known here.
    private(set) var truth: [ClosedRange<Int>] = []
    private(set) var own: [Sheet] = []
    /// What each cell is called, for whoever is told that it could be worked out.
    private(set) var names: [Int: String] = [:]
    private var areas: [[String]] = []
    /// By table, row (areas, then all) and column.
    private var places: [[[Int]]] = []

    init(_ tables: [Counts], beside: [Beside] = []) {
        self.tables = tables
        for (number, table) in tables.enumerated() { add(table, number) }
        lay(beside: beside)
    }

    // MARK: Tables

    private mutating func add(_ table: Counts, _ number: Int) {
        // An area that was published once goes on having its line.
        let areas = Set(table.counts.keys).union((table.before ?? []).compactMap(\.area)).sorted()
        self.areas.append(areas)
        let rows = areas.map { table.counts[$0] ?? OutcomeReport.Count() }
        let total = rows.reduce(into: OutcomeReport.Count()) {
            $0.yes += $1.yes
            $0.no += $1.no
            $0.unknown += $1.unknown
        }
        let held = Dictionary(
            (table.before ?? []).map { ($0.area, $0.cells.map { SmallNumbers.Cell($0) }) },
            uniquingKeysWith: { first, _ in first })
        let names = areas.map { $0 as String? } + [nil]
        let width = table.isSingle ? 1 : 4
        // An area that had no line had nobody.
        let isHeld = !held.isEmpty && held.values.allSatisfy { $0.count == width && !$0.contains(nil) }
        let nobody = [SmallNumbers.Cell?](repeating: .shown(0), count: width)
        let grid = zip(names, rows + [total]).map { name, count in
            let values = table.isSingle ? [count.yes] : [count.yes, count.no, count.yes + count.no, count.unknown]
            let before = values.indices.map { isHeld ? held[name, default: nobody][$0] : nil }
            let known = table.letOut.contains(name) ? PublishedTables.known(values, before) : [:]
            return values.enumerated().map { column, value in
                let cell = add(
                    value, table: number, before: before[column], known: known[column],
                    mayBeNothing: table.hidesNothing && column == 0, truth: value...value)
                call(cell, table.id, name, Column(rawValue: column))
                return cell
            }
        }
        places.append(grid)
        own.append(
            Sheet(
                isSingle: table.isSingle,
                lines: Dictionary(zip(names, sums(of: grid)), uniquingKeysWith: { first, _ in first })))
    }

    mutating func add(
        _ count: Int, _ kind: CellGuard.Kind = .published, table: Int, before: SmallNumbers.Cell? = nil,
        known: ClosedRange<Int>? = nil, mayBeNothing: Bool = false, isHidden: Bool = false, truth: ClosedRange<Int>
    ) -> Int {
        self.truth.append(truth)
        return guarded.add(
            count, kind, table: table, before: before, known: known, mayBeNothing: mayBeNothing, isHidden: isHidden)
    }

    mutating func call(_ cell: Int, _ table: String, _ line: String?, _ column: Column?, quarters: Int = 0) {
        let count = column.map { "the \($0) of " } ?? ""
        let when = quarters == 0 ? "" : ", as published \(abs(quarters)) quarters \(quarters < 0 ? "earlier" : "later")"
        names[cell] = "\(count)\(table), \(line ?? "all areas")\(when)"
    }

    /// What everybody knows of a line of which the yes is let out, by column.
    private static func known(_ values: [Int], _ before: [SmallNumbers.Cell?]) -> [Int: ClosedRange<Int>] {
        guard values.count == 4 else { return [:] }
        let shown = SmallNumbers.shown(values[2], after: before[2])
        let letOut = LetOut(values[0], of: shown)
        let range = SmallNumbers.range(shown: shown, after: before[2])
        return [0: letOut.yes, 2: min(max(range.lowerBound, letOut.least), range.upperBound)...range.upperBound]
    }

    /// The sums of a table's lines and columns. Everybody, known or not, becomes a cell of each line: one for all tables
    /// that it has to do with.
    mutating func sums(of grid: [[Int]]) -> [[Int]] {
        let full = grid.map { row -> [Int] in
            guard row.count == 4 else { return row }
            let (low, high) = (
                truth[row[2]].lowerBound + truth[row[3]].lowerBound, truth[row[2]].upperBound + truth[row[3]].upperBound
            )
            let all = add(low, .latent, table: -1, truth: low...high)
            guarded.sum([row[0], row[1]], to: row[2])
            guarded.sum([row[2], row[3]], to: all)
            return row + [all]
        }
        for column in (full.first ?? []).indices where full.count > 1 {
            let cells = full.map { $0[column] }
            if let last = cells.last { guarded.sum(cells.dropLast(), to: last) }
        }
        return full
    }

    /// The published lines of each table, in their order.
    ///
    /// - Throws: ``Failure`` (badData) where what is let out would tell a hidden count.
    mutating func lines() throws -> [[Line]] {
        let closed = guarded.close()
        if let told = closed.told.first {
            throw Failure(
                .badData, what: "Publishing figures",
                why:
                    "with the small number that is let out, \(names[told] ?? "another hidden one") could be worked out",
                remedy: "Let that out as well with --waive if it may be known, or let neither out")
        }
        if let table = tables.indices.first(where: { closed.standing.contains($0) && isNewlyLetOut($0) }) {
            throw Failure(
                .badData, what: "Publishing figures",
                why: "with what was published before, letting out \(tables[table].id) would tell a hidden number",
                remedy: "Publish the correction, and let nothing out with it")
        }
        return tables.enumerated().map { number, table in
            if closed.standing.contains(number), let before = table.before { return before }
            return places[number].enumerated().map { row, cells in
                let area = row < areas[number].count ? areas[number][row] : nil
                let texts = cells.map { SmallNumbers.cell(guarded.cells[$0]) }
                guard table.letOut.contains(area), case .shown(let of) = texts[2] else {
                    return Line(area: area, cells: texts.map(\.text), hidesNothing: table.hidesNothing)
                }
                return Line(
                    area: area, cells: [SmallNumbers.Cell.hidden.text] + texts.dropFirst().map(\.text),
                    letOut: LetOut(guarded.cells[cells[0]].count, of: of), hidesNothing: table.hidesNothing)
            }
        }
    }

    /// Whether a table lets out something that the one before it does not say.
    private func isNewlyLetOut(_ number: Int) -> Bool {
        let table = tables[number]
        return zip(areas[number].map { $0 as String? } + [nil], places[number]).contains { name, cells in
            let before = table.before?.first { $0.area == name }?.letOut
            return table.letOut.contains(name) && before?.yes.contains(guarded.cells[cells[0]].count) != true
        }
    }
}
