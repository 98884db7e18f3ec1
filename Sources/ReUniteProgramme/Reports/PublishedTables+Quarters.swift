/// What is published of one quarter, laid beside what was published of others.
extension PublishedTables {
    /// Who counts in a table, known or not: whoever was released, or moved in, so many quarters before its day. A table
    /// three months on counts at the end of a quarter whom the one of the first night counted a quarter ago.
    private struct Span {
        enum Kind { case released, movedIn }

        let kind: Kind
        let quarters: Int
        /// Some of them only: those on licence.
        var isPart = false
    }

    private static let spans: [String: Span] = [
        "housed-on-release": Span(kind: .released, quarters: 0),
        "settled-3-months": Span(kind: .released, quarters: 1),
        "recall": Span(kind: .released, quarters: 4, isPart: true),
        "reoffending": Span(kind: .released, quarters: 6),
        "sustained-6": Span(kind: .movedIn, quarters: 2),
        "sustained-12": Span(kind: .movedIn, quarters: 4),
    ]

    /// A line of a table of another quarter, as somebody outside knows it.
    private struct Past {
        let area: String?
        let cells: [Int]
        let ranges: [ClosedRange<Int>]
    }

    mutating func lay(beside others: [Beside]) {
        // Whoever counts goes on to count: the nearest quarters bound what lies further off.
        let nearest = [
            others.map(\.quarters).filter { $0 < 0 }.max(), others.map(\.quarters).filter { $0 > 0 }.min(),
        ]
        // Beyond the longest span the nearer ones say as much.
        for other in others where abs(other.quarters) <= 6 || nearest.contains(other.quarters) {
            for id in other.tables.keys.sorted() {
                let own = tables.firstIndex { $0.id == id && $0.isCumulative }
                let isNearest = nearest.contains(other.quarters) && own != nil
                guard isNearest || Self.spans[id] != nil, let past = past(id, other) else { continue }
                if isNearest, let own { layCumulative(past, own, isLater: other.quarters > 0) }
                if let span = Self.spans[id] { lay(past, id, span, other.quarters) }
            }
        }
    }

    private mutating func layCumulative(_ past: [Past], _ number: Int, isLater: Bool) {
        for line in past {
            guard let place = row(line.area, of: number) else { continue }
            for column in tables[number].isSingle ? [Column.yes] : [.yes, .all] {
                guard let now = cell(column, of: number, row: place) else { continue }
                let then = column == .all ? everybody(line) : line.cells[0]
                if isLater { guarded.atMost(now, then) } else { guarded.atMost(then, now) }
            }
        }
    }

    /// Tables of two measures that count the same people on different days, or some of them. Where rows that came late
    /// make it untrue, somebody who takes it for granted works out nothing.
    private mutating func lay(_ past: [Past], _ id: String, _ span: Span, _ quarters: Int) {
        for (number, table) in tables.enumerated() where table.id != id {
            guard let own = Self.spans[table.id], own.kind == span.kind else { continue }
            let (mine, theirs) = (-own.quarters, quarters - span.quarters)
            for line in past where line.cells.count == 4 {
                guard let place = row(line.area, of: number), let now = cell(.all, of: number, row: place) else {
                    continue
                }
                let count = guarded.cells[now].count
                let low = line.ranges[2].lowerBound + line.ranges[3].lowerBound
                let isOpen = line.ranges[2].upperBound == .max || line.ranges[3].upperBound == .max
                let high = isOpen ? Int.max : line.ranges[2].upperBound + line.ranges[3].upperBound
                if mine <= theirs, !span.isPart, count <= high {
                    if mine == theirs, !own.isPart, low <= count {
                        guarded.same(now, everybody(line))
                    } else {
                        guarded.atMost(now, everybody(line))
                    }
                } else if theirs <= mine, !own.isPart, low <= count {
                    guarded.atMost(everybody(line), now)
                }
            }
        }
    }

    private mutating func everybody(_ line: Past) -> Int {
        let all = guarded.add(0, .latent, table: -1)
        guarded.sum([line.cells[2], line.cells[3]], to: all)
        return all
    }

    /// A table of another quarter with its sums; nil where it cannot be read.
    private mutating func past(_ id: String, _ other: Beside) -> [Past]? {
        let lines = other.tables[id] ?? []
        let read = lines.map { $0.cells.map { SmallNumbers.Cell($0) } }
        guard let width = read.first?.count, width == 1 || width == 4,
            read.allSatisfy({ $0.count == width && !$0.contains(nil) })
        else { return nil }
        let past = zip(lines, read).map { line, cells in
            let ranges = cells.map { Self.range($0 ?? .hidden, isRevised: other.isRevised) }
            let places = zip(cells, ranges).map { cell, range in
                switch cell {
                case .shown(let count)?: guarded.add(count, .past(range), table: -1)
                default: guarded.add(0, .past(range.lowerBound...1), table: -1, isHidden: true)
                }
            }
            if width == 4 { guarded.sum([places[0], places[1]], to: places[2]) }
            return Past(area: line.area, cells: places, ranges: ranges)
        }
        for column in 0..<width where past.count > 1 {
            let cells = past.map { $0.cells[column] }
            if let last = cells.last { guarded.sum(cells.dropLast(), to: last) }
        }
        return past
    }

    private static func range(_ cell: SmallNumbers.Cell, isRevised: Bool) -> ClosedRange<Int> {
        switch cell {
        case .hidden: (isRevised ? 0 : 1)...Int.max
        case .shown(let count): SmallNumbers.range(shown: count, after: isRevised && count > 0 ? cell : nil)
        }
    }
}
