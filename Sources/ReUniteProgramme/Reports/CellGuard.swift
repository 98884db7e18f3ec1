/// Counts that are published together, and what somebody who knows the rules can work out of the hidden ones: from the
/// sums, from tables that count the same people or some of them, and from what was published earlier.
///
/// What can be worked out are bounds, narrowed until nothing moves any more (``CellSystem``). Where a hidden count could
/// have too few values, more counts are hidden; a count that is not 0 and the smallest of those that give it away goes
/// first.
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
        /// Let out on purpose: what everybody knows of it. It is not hidden, whatever else has to be.
        let known: ClosedRange<Int>?
        /// Nothing is hidden here like a small number, so what is hidden may be nothing.
        let mayBeNothing: Bool
        var isHidden: Bool

        fileprivate var isCovered: Bool { isHidden || kind == .latent }
        fileprivate var mayBeHidden: Bool { mayBeHiddenAtAll && count > 0 }
        /// Nothing is shown as 0 unless nothing else is left to hide.
        fileprivate var mayBeHiddenLast: Bool { mayBeHiddenAtAll && count == 0 }
        private var mayBeHiddenAtAll: Bool { kind == .published && !isHidden && known == nil }
    }

    /// What hiding came to.
    struct Closed {
        /// Tables that have to stay as they were published last: nothing can be hidden in them that would keep the two
        /// from telling something together.
        var standing: Set<Int> = []
        /// Hidden cells that what was let out on purpose tells, whatever is hidden beside them.
        var told: [Int] = []
    }

    var cells: [Cell] = []
    private var lines: [CellSystem.Line] = []
    /// Whether a line is so by what is published alone; others somebody takes for granted where they fit.
    private var isCertain: [Bool] = []

    // MARK: Building

    /// - Returns: the cell's place.
    mutating func add(
        _ count: Int, _ kind: Kind = .published, table: Int, before: SmallNumbers.Cell? = nil,
        known: ClosedRange<Int>? = nil, mayBeNothing: Bool = false, isHidden: Bool = false
    ) -> Int {
        // What was shown as nothing is known to have been nothing.
        let isNothing = mayBeNothing && count == 0 && before != .shown(0)
        let isSmall = kind == .published && (isNothing || (1..<SmallNumbers.least).contains(count))
        cells.append(
            Cell(
                count: count, kind: kind, table: table, before: before, known: known, mayBeNothing: mayBeNothing,
                isHidden: isHidden || known == nil && (isSmall || before == .hidden)))
        return cells.count - 1
    }

    mutating func sum(_ parts: [Int], to total: Int) {
        lines.append(.sum(parts + [total]))
        isCertain.append(true)
    }

    /// The same people are counted in both.
    mutating func same(_ one: Int, _ other: Int) {
        lines.append(.sum([one, other]))
        isCertain.append(false)
    }

    /// Whoever is counted in one is counted in the other too.
    mutating func atMost(_ part: Int, _ whole: Int) {
        lines.append(.atMost(part, whole))
        isCertain.append(false)
    }

    // MARK: Hiding

    /// Hides until no hidden count can be told any more.
    mutating func close() -> Closed {
        var closed = Closed()
        for part in components() {
            var view = View()
            var demands: [Int: Int] = [:]
            // What fits may become more as more is hidden.
            while true {
                let wider = self.view(of: part)
                guard wider != view else { break }
                view = wider
                demands = self.demands(of: part, view)
                while let next = nextToHide(part, view, demands) { cells[next].isHidden = true }
            }
            guard !told(part, view, demands).isEmpty else { continue }
            closed.standing.formUnion(part.cells.filter { cells[$0].before != nil }.map { cells[$0].table })
            // Beside tables that stand, one that is new says nothing.
            for cell in part.cells where cells[cell].mayBeHidden && cells[cell].before == nil {
                cells[cell].isHidden = true
            }
            guard isLetOut(part) else { continue }
            let isNew = part.cells.allSatisfy { cells[$0].before == nil }
            closed.told += told(part, view, demands).filter {
                cells[$0].kind == .published ? !closed.standing.contains(cells[$0].table) : isNew
            }
        }
        return closed
    }

    /// Cells that have to do with each other, and the lines between them.
    struct Component {
        let cells: [Int]
        /// By a cell's place in all its place here.
        let places: [Int: Int]
        let system: CellSystem
        let isCertain: [Bool]
        /// The most that a hidden count may be, as far as anybody outside can know.
        let most: Int
    }

    /// What somebody takes for granted.
    struct View: Equatable {
        var isTaken: [Bool] = []
        /// That of a revision nothing has changed.
        var isUnchanged = false
    }

    private func components() -> [Component] {
        var root = Array(cells.indices)
        func find(_ cell: Int) -> Int {
            var cell = cell
            while root[cell] != cell {
                root[cell] = root[root[cell]]
                cell = root[cell]
            }
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
            let places = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
            func here(_ cell: Int) -> Int { places[cell] ?? 0 }
            let own = linesByRoot[root] ?? []
            let lines = own.map { number -> CellSystem.Line in
                switch self.lines[number] {
                case .sum(let cells): .sum(cells.map(here))
                case .atMost(let part, let whole): .atMost(here(part), here(whole))
                }
            }
            return Component(
                cells: members, places: places, system: CellSystem(lines, cells: members.count),
                isCertain: own.map { isCertain[$0] }, most: max(SmallNumbers.least, 2 * greatest + 10))
        }
    }

    /// As much as may be taken for granted at once.
    private func view(of part: Component) -> View {
        for isUnchanged in [true, false] {
            let start = known(part, isUnchanged: isUnchanged)
            guard part.system.narrowed(start, part.isCertain) != nil else { continue }
            return View(isTaken: part.system.fitting(start, certain: part.isCertain), isUnchanged: isUnchanged)
        }
        return View(isTaken: part.isCertain, isUnchanged: false)
    }

    /// The hidden cells that could have fewer values than they must be able to have.
    private func told(_ part: Component, _ view: View, _ demands: [Int: Int]) -> [Int] {
        let bounds = bounds(part, view)
        return demands.keys.filter { isTold($0, part, bounds, demands) }.sorted()
    }

    private func isTold(_ cell: Int, _ part: Component, _ bounds: CellSystem.Bounds, _ demands: [Int: Int]) -> Bool {
        guard cells[cell].isHidden, let place = part.places[cell], let least = demands[cell] else { return false }
        return bounds.values(place) < least
    }

    /// One more cell to hide; nil when no hidden one can be told any more, or none is left.
    private func nextToHide(_ part: Component, _ view: View, _ demands: [Int: Int]) -> Int? {
        let told = Set(told(part, view, demands))
        for (number, line) in part.system.lines.enumerated() where view.isTaken[number] {
            let members = line.cells.map { part.cells[$0] }
            let covered = members.filter { cells[$0].isCovered }
            var isGiven = covered.contains(where: told.contains)
            // The only hidden one of a sum is the difference of the others, however roughly they are shown.
            if case .sum = line, covered.count == 1, cells[covered[0]].kind == .published { isGiven = true }
            guard isGiven else { continue }
            let open = members.filter { cells[$0].mayBeHidden }
            if let least = open.min(by: { cells[$0].count < cells[$1].count }) { return least }
        }
        // What gives it away may stand further off. Of a revision the earlier tables stand instead.
        guard !told.isEmpty, part.cells.allSatisfy({ cells[$0].before == nil }) else { return nil }
        return nearest(told, part, view, \.mayBeHidden) ?? nearest(told, part, view, \.mayBeHiddenLast)
    }

    /// The smallest count of those that may be hidden and have the fewest lines between them and what is told.
    private func nearest(
        _ told: Set<Int>, _ part: Component, _ view: View, _ mayBeHidden: KeyPath<Cell, Bool>
    ) -> Int? {
        var seen = Set(told.compactMap { part.places[$0] })
        var rim = Array(seen)
        while !rim.isEmpty {
            var next: Set<Int> = []
            for cell in rim {
                for line in part.system.touching[cell] where view.isTaken[line] {
                    next.formUnion(part.system.lines[line].cells)
                }
            }
            next.subtract(seen)
            seen.formUnion(next)
            let open = next.map { part.cells[$0] }.filter { cells[$0][keyPath: mayBeHidden] }
            if let least = open.min(by: { (cells[$0].count, $0) < (cells[$1].count, $1) }) { return least }
            rim = Array(next)
        }
        return nil
    }

    // MARK: What can be worked out

    /// Bounds of the cells of a component, by their places in it.
    func bounds(_ part: Component, _ view: View) -> CellSystem.Bounds {
        let start = known(part, isUnchanged: view.isUnchanged)
        return part.system.narrowed(start, view.isTaken) ?? start
    }

    func known(_ part: Component, isUnchanged: Bool) -> CellSystem.Bounds {
        let ranges = part.cells.map { known(cells[$0], most: part.most, isUnchanged: isUnchanged) }
        return CellSystem.Bounds(low: ranges.map(\.lowerBound), high: ranges.map(\.upperBound))
    }

    /// What one cell says by itself, and by what stood in its place before.
    private func known(_ cell: Cell, most: Int, isUnchanged: Bool) -> ClosedRange<Int> {
        switch cell.kind {
        case .latent: return 0...(4 * most)
        case .past(let range): return cell.isHidden ? range.lowerBound...max(range.lowerBound, most) : range
        case .published:
            let least = cell.before == nil && cell.count > 0 && !cell.mayBeNothing ? 1 : 0
            let shown = SmallNumbers.shown(cell.count, after: cell.before)
            let now =
                cell.known
                ?? (cell.isHidden ? least...most : SmallNumbers.range(shown: shown, after: cell.before))
            guard isUnchanged, case .shown(let count)? = cell.before else { return now }
            // Whoever takes it that nothing has changed.
            let then = SmallNumbers.range(shown: count, after: nil)
            return now.overlaps(then) ? now.clamped(to: then) : now
        }
    }
}
