/// What is published of one quarter, laid beside what was published of others, by all that tables have to do with each
/// other.
extension PublishedTables {
    /// A table as somebody outside knows it: its cells by line, everybody being one that nobody is shown.
    struct Sheet {
        let isSingle: Bool
        let lines: [String?: [Int]]

        func cell(_ column: Column, _ line: String?) -> Int? {
            guard let cells = lines[line] else { return nil }
            return isSingle ? (column == .yes ? cells[0] : nil) : cells[column.rawValue]
        }
    }

    mutating func lay(beside others: [Beside]) {
        var sheets: [Int: [String: Sheet]] = [
            0: Dictionary(
                zip(tables, own).map { ($0.id, $1) }, uniquingKeysWith: { first, _ in first })
        ]
        for other in others {
            sheets[other.quarters] = other.tables.keys.sorted().reduce(into: [:]) { $0[$1] = past($1, other) }
        }
        for relation in TableRelations.all {
            let wholes = sheets.keys.filter { sheets[$0]?[relation.whole.table] != nil }.sorted()
            for quarter in sheets.keys.sorted() {
                // Who counts goes on to count: the nearest quarter bounds those after it.
                guard let part = sheets[quarter]?[relation.part.table],
                    let nearest = wholes.first(where: { $0 >= quarter + relation.quarters }),
                    let whole = sheets[nearest]?[relation.whole.table]
                else { continue }
                link(relation, part, whole, isThen: nearest == quarter + relation.quarters)
            }
        }
    }

    /// Where the rows make it untrue, somebody who takes it for granted works out nothing.
    private mutating func link(_ relation: TableRelations.Relation, _ part: Sheet, _ whole: Sheet, isThen: Bool) {
        // Reasons are no areas: their table meets others in its last line only.
        let isOwn = relation.part.table == relation.whole.table
        let lines =
            relation.part.table == "declined" && !isOwn ? [nil] : part.lines.keys.sorted { ($0 ?? "~") < ($1 ?? "~") }
        for line in lines {
            guard let few = part.cell(relation.part.column, line), let many = whole.cell(relation.whole.column, line)
            else { continue }
            if relation.isSame, isThen, truth[few].overlaps(truth[many]) {
                guarded.same(few, many)
            } else if truth[few].lowerBound <= truth[many].upperBound {
                guarded.atMost(few, many)
            }
        }
    }

    /// A table of another quarter with its sums; nil where it cannot be read.
    private mutating func past(_ id: String, _ other: Beside) -> Sheet? {
        let lines = other.tables[id] ?? []
        let read = lines.map { $0.cells.map { SmallNumbers.Cell($0) } }
        guard let width = read.first?.count, width == 1 || width == 4,
            read.allSatisfy({ $0.count == width && !$0.contains(nil) })
        else { return nil }
        let grid = zip(lines, read).map { line, cells in
            cells.enumerated().map { column, cell in
                let place = past(cell ?? .hidden, column, of: line, other)
                call(place, id, line.area, width == 1 ? nil : Column(rawValue: column), quarters: other.quarters)
                return place
            }
        }
        let full = sums(of: grid)
        return Sheet(
            isSingle: width == 1,
            lines: Dictionary(zip(lines.map(\.area), full), uniquingKeysWith: { first, _ in first }))
    }

    private mutating func past(_ cell: SmallNumbers.Cell, _ column: Int, of line: Line, _ other: Beside) -> Int {
        let mayBeNothing = cell == .hidden && line.hidesNothing && column == 0
        let range = Self.range(cell, isRevised: other.isRevised || mayBeNothing)
        if let letOut = line.letOut, column == 0 {
            return add(0, .past(letOut.yes), table: -1, known: letOut.yes, truth: letOut.yes)
        }
        guard case .shown(let count) = cell else {
            return add(0, .past(range.lowerBound...1), table: -1, isHidden: true, truth: range)
        }
        guard let letOut = line.letOut, column == 2 else { return add(count, .past(range), table: -1, truth: range) }
        let known = min(max(range.lowerBound, letOut.least), range.upperBound)...range.upperBound
        return add(count, .past(known), table: -1, known: known, truth: known)
    }

    private static func range(_ cell: SmallNumbers.Cell, isRevised: Bool) -> ClosedRange<Int> {
        switch cell {
        case .hidden: (isRevised ? 0 : 1)...Self.any
        case .shown(let count): SmallNumbers.range(shown: count, after: isRevised && count > 0 ? cell : nil)
        }
    }
}
