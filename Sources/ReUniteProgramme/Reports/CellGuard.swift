/// Counts that are published together, and what somebody who knows the rules can work out of the hidden ones: from the
/// sums, from tables that count the same people or some of them, and from what was published earlier.
///
/// What can be worked out are bounds, narrowed until nothing moves any more. Where a hidden count could have too few
/// values, more counts are hidden; a count that is not 0 and the smallest of those that give it away goes first.
struct CellGuard {
    enum Kind: Hashable {
        /// In one of the tables that are to be published.
        case published
        /// Published earlier, and to stay as it was; it may have these values.
        case past(ClosedRange<Int>)
        /// Never shown: what tables have to do with each other may go through it.
        case latent
    }

    struct Cell {
        let count: Int
        let kind: Kind
        /// Cells of one table are hidden together when nothing less will do.
        let table: Int
        /// The cell in the table that this one takes the place of.
        let before: SmallNumbers.Cell?
        var isHidden: Bool

        fileprivate var isCovered: Bool { isHidden || kind == .latent }
        fileprivate var mayBeHidden: Bool { kind == .published && !isHidden && count > 0 }
    }

    private enum Line {
        /// The last is the sum of the others.
        case sum([Int])
        case atMost(Int, Int)

        var cells: [Int] {
            switch self {
            case .sum(let cells): cells
            case .atMost(let part, let whole): [part, whole]
            }
        }
    }

    private(set) var cells: [Cell] = []
    private var lines: [Line] = []

    // MARK: Building

    /// - Returns: the cell's place.
    mutating func add(
        _ count: Int, _ kind: Kind = .published, table: Int, before: SmallNumbers.Cell? = nil, isHidden: Bool = false
    ) -> Int {
        let isSmall = kind == .published && (1..<SmallNumbers.least).contains(count)
        cells.append(
            Cell(
                count: count, kind: kind, table: table, before: before,
                isHidden: isHidden || isSmall || before == .hidden))
        return cells.count - 1
    }

    mutating func sum(_ parts: [Int], to total: Int) { lines.append(.sum(parts + [total])) }

    /// The same people are counted in both.
    mutating func same(_ one: Int, _ other: Int) { lines.append(.sum([one, other])) }

    /// Whoever is counted in one is counted in the other too.
    mutating func atMost(_ part: Int, _ whole: Int) { lines.append(.atMost(part, whole)) }

    // MARK: Hiding

    /// Hides until no hidden count can be told any more.
    ///
    /// - Returns: tables that have to stay as they were published last: nothing can be hidden in them that would keep
    ///   the two from telling something together.
    mutating func close() -> Set<Int> {
        var standing: Set<Int> = []
        for part in components() {
            let protected = protectedCells(of: part)
            while let next = nextToHide(part, protected) { cells[next].isHidden = true }
            let bounds = bounds(part)
            guard protected.contains(where: { cells[$0].isHidden && bounds[$0].count < SmallNumbers.fewest }) else {
                continue
            }
            standing.formUnion(part.cells.filter { cells[$0].before != nil }.map { cells[$0].table })
            // Beside tables that stand, one that is new says nothing.
            for cell in part.cells where cells[cell].mayBeHidden && cells[cell].before == nil {
                cells[cell].isHidden = true
            }
        }
        return standing
    }

    /// Cells that have to do with each other, and the lines between them.
    private struct Component {
        let cells: [Int]
        let lines: [Int]
        /// The most that a hidden count may be, as far as anybody outside can know.
        let most: Int
    }

    private func components() -> [Component] {
        var root = Array(cells.indices)
        func find(_ cell: Int) -> Int {
            var cell = cell
            while root[cell] != cell { cell = root[cell] }
            return cell
        }
        for line in lines {
            guard let first = line.cells.first else { continue }
            for cell in line.cells.dropFirst() { root[find(cell)] = find(first) }
        }
        let byRoot = Dictionary(grouping: cells.indices, by: find)
        let linesByRoot = Dictionary(grouping: lines.indices) { lines[$0].cells.first.map(find) ?? -1 }
        return byRoot.sorted { $0.key < $1.key }.map { root, members in
            let greatest = members.map { cells[$0].count }.max() ?? 0
            return Component(
                cells: members, lines: linesByRoot[root] ?? [], most: max(SmallNumbers.least, 2 * greatest + 10))
        }
    }

    /// What must not be told: hidden cells of these tables, and those of earlier ones unless they told it themselves.
    private func protectedCells(of part: Component) -> Set<Int> {
        let own = Set(part.cells.filter { cells[$0].kind == .published })
        guard part.cells.contains(where: { cells[$0].table == -1 && cells[$0].kind != .latent }) else { return own }
        var alone = self
        for cell in part.cells where alone.cells[cell].kind == .published {
            alone.cells[cell] = Cell(count: 0, kind: .latent, table: -1, before: nil, isHidden: true)
        }
        let before = alone.bounds(part)
        return own.union(
            part.cells.filter { cell in
                guard case .past = cells[cell].kind else { return false }
                return cells[cell].isHidden && before[cell].count >= SmallNumbers.fewest
            })
    }

    /// One more cell to hide; nil when no hidden one can be told any more, or none is left.
    private func nextToHide(_ part: Component, _ protected: Set<Int>) -> Int? {
        let bounds = bounds(part)
        func isTold(_ cell: Int) -> Bool {
            cells[cell].isHidden && protected.contains(cell) && bounds[cell].count < SmallNumbers.fewest
        }
        for line in part.lines {
            let members = lines[line].cells
            let covered = members.filter { cells[$0].isCovered }
            var isGiven = covered.contains(where: isTold)
            // The only hidden one of a sum is the difference of the others, however roughly they are shown.
            if case .sum = lines[line], covered.count == 1, cells[covered[0]].kind == .published { isGiven = true }
            guard isGiven else { continue }
            let open = members.filter { cells[$0].mayBeHidden }
            if let least = open.min(by: { cells[$0].count < cells[$1].count }) { return least }
        }
        // What gives it away may stand further off. Of a revision the earlier tables stand instead.
        guard part.cells.contains(where: isTold), part.cells.allSatisfy({ cells[$0].before == nil }) else { return nil }
        return part.cells.filter { cells[$0].mayBeHidden }.min { cells[$0].count < cells[$1].count }
    }

    // MARK: What can be worked out

    /// Bounds of every cell of a component, by place; others have any.
    private func bounds(_ part: Component) -> [ClosedRange<Int>] {
        var bounds = Array(repeating: 0...part.most, count: cells.count)
        for cell in part.cells { bounds[cell] = known(cells[cell], most: part.most) }
        var isChanged = true
        func narrow(_ place: Int, _ low: Int, _ high: Int) {
            let old = bounds[place]
            let least = max(old.lowerBound, low)
            let new = least...max(least, min(old.upperBound, high))
            guard new != old else { return }
            bounds[place] = new
            isChanged = true
        }
        while isChanged {
            isChanged = false
            for line in part.lines {
                switch lines[line] {
                case .atMost(let part, let whole):
                    narrow(part, bounds[part].lowerBound, bounds[whole].upperBound)
                    narrow(whole, bounds[part].lowerBound, bounds[whole].upperBound)
                case .sum(let cells):
                    guard let total = cells.last else { continue }
                    let parts = cells.dropLast()
                    let low = parts.reduce(0) { $0 + bounds[$1].lowerBound }
                    let high = parts.reduce(0) { $0 + bounds[$1].upperBound }
                    narrow(total, low, high)
                    let sum = bounds[total]
                    for part in parts {
                        let own = bounds[part]
                        narrow(
                            part, sum.lowerBound - (high - own.upperBound), sum.upperBound - (low - own.lowerBound))
                    }
                }
            }
        }
        return bounds
    }

    /// What one cell says by itself, and by what stood in its place before.
    private func known(_ cell: Cell, most: Int) -> ClosedRange<Int> {
        switch cell.kind {
        case .latent: return 0...(4 * most)
        case .past(let range): return cell.isHidden ? range.lowerBound...max(range.lowerBound, most) : range
        case .published:
            let now =
                cell.isHidden
                ? (cell.before == nil ? 1 : 0)...most
                : SmallNumbers.range(
                    shown: SmallNumbers.shown(cell.count, after: cell.before), after: cell.before)
            guard case .shown(let count)? = cell.before else { return now }
            // Whoever takes it that nothing has changed.
            let then = SmallNumbers.range(shown: count, after: nil)
            return now.overlaps(then) ? now.clamped(to: then) : now
        }
    }
}
