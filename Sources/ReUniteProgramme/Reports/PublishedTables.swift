/// All counts of a report as they are published together: small numbers hidden, by area and in all, so that no table
/// tells what another hides.
struct PublishedTables {
    /// What one table counts, by area: yes, no and unknown; of a time, `of` alone.
    struct Counts {
        let id: String
        let counts: [String: OutcomeReport.Count]
        /// A time or a list of reasons has one column: its count is in `yes`.
        var isSingle = false
        /// Whoever counts once goes on to count, and a yes stays a yes, on all later days.
        var isCumulative = false
        /// The lines that were published of it last, for the same day.
        var before: [Line]?
    }

    /// One line of one table, as text.
    struct Line: Hashable {
        let area: String?
        /// Yes, no, of, unknown; of a single column one.
        let cells: [String]
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

    struct Relation {
        let part: (table: String, column: Column)
        let whole: (table: String, column: Column)
    }

    /// Tables that count the same people, or some of another's, line by line. Where the counts are equal in truth,
    /// somebody may know that they are the same people.
    static let relations: [Relation] = [
        Relation(part: ("businesses", .of), whole: ("ete", .of)),
        Relation(part: ("businesses", .yes), whole: ("ete", .yes)),
        Relation(part: ("cross-area", .of), whole: ("across-areas", .yes)),
        Relation(part: ("days-to-accept", .yes), whole: ("cross-area", .yes)),
        Relation(part: ("declined", .yes), whole: ("cross-area", .no)),
        Relation(part: ("settled-3-months", .all), whole: ("housed-on-release", .all)),
        Relation(part: ("recall", .all), whole: ("housed-on-release", .all)),
        Relation(part: ("reoffending", .all), whole: ("housed-on-release", .all)),
        Relation(part: ("sustained-12", .all), whole: ("sustained-6", .all)),
    ]

    var guarded = CellGuard()
    let tables: [Counts]
    private var areas: [[String]] = []
    /// By table, row (areas, then all) and column.
    private var places: [[[Int]]] = []

    init(_ tables: [Counts], beside: [Beside] = []) {
        self.tables = tables
        for (number, table) in tables.enumerated() { add(table, number) }
        for relation in Self.relations { link(relation) }
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
        let isHeld = names.allSatisfy { held[$0].map { $0.count == width && !$0.contains(nil) } ?? false }
        let grid = zip(names, rows + [total]).map { name, count in
            let values = table.isSingle ? [count.yes] : [count.yes, count.no, count.yes + count.no, count.unknown]
            return values.enumerated().map { column, value in
                guarded.add(value, table: number, before: isHeld ? held[name]?[column] : nil)
            }
        }
        if !table.isSingle { for row in grid { guarded.sum([row[0], row[1]], to: row[2]) } }
        for column in 0..<width {
            let cells = grid.map { $0[column] }
            if cells.count > 1, let last = cells.last { guarded.sum(cells.dropLast(), to: last) }
        }
        places.append(grid)
    }

    /// The published lines of each table, in their order.
    mutating func lines() -> [[Line]] {
        let standing = guarded.close()
        return tables.enumerated().map { number, table in
            if standing.contains(number), let before = table.before { return before }
            return places[number].enumerated().map { row, cells in
                Line(
                    area: row < areas[number].count ? areas[number][row] : nil,
                    cells: cells.map { SmallNumbers.cell(guarded.cells[$0]).text })
            }
        }
    }

    // MARK: What tables have to do with each other

    func row(_ area: String?, of table: Int) -> Int? {
        guard let area else { return places[table].count - 1 }
        return areas[table].firstIndex(of: area)
    }

    /// The cell of a column; everybody, known or not, is a cell that nobody is shown.
    mutating func cell(_ column: Column, of table: Int, row: Int) -> Int? {
        let cells = places[table][row]
        if tables[table].isSingle { return column == .yes ? cells[0] : nil }
        if column != .all { return cells[column.rawValue] }
        let all = guarded.add(
            guarded.cells[cells[2]].count + guarded.cells[cells[3]].count, .latent, table: -1)
        guarded.sum([cells[2], cells[3]], to: all)
        return all
    }

    private mutating func link(_ relation: Relation) {
        guard let part = tables.firstIndex(where: { $0.id == relation.part.table }),
            let whole = tables.firstIndex(where: { $0.id == relation.whole.table })
        else { return }
        for area in areas[part].map({ $0 as String? }) + [nil] {
            // Reasons are no areas: their table meets others in its last line only.
            if tables[part].id == "declined", area != nil { continue }
            guard let one = row(area, of: part), let other = row(area, of: whole),
                let a = cell(relation.part.column, of: part, row: one),
                let b = cell(relation.whole.column, of: whole, row: other)
            else { continue }
            let (few, many) = (guarded.cells[a].count, guarded.cells[b].count)
            if few == many { guarded.same(a, b) } else if few < many { guarded.atMost(a, b) }
        }
    }
}
