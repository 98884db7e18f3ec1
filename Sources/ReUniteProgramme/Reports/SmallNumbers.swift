/// Makes a table of counts fit to be published: nobody may be found out from it.
///
/// Counts from 1 to 4 are not shown; others are rounded to the nearest 5; nothing is 0. Where the totals would give a
/// hidden count away, more are hidden until they do not (secondary suppression). The signs are those of the Department
/// for Education's statistics of children looked after; a hidden cell does not say why it is hidden.
///
/// A table that takes the place of one that was published is held against it (``publish(_:after:hiding:)``).
package enum SmallNumbers {
    package enum Cell: Hashable, Sendable {
        /// Rounded to the nearest 5; 0 is 0.
        case shown(Int)
        case hidden

        package var text: String {
            switch self {
            case .shown(let count): String(count)
            case .hidden: "c"
            }
        }

        /// Nil for what ``text`` never says.
        init?(_ text: String) {
            if text == "c" { self = .hidden } else if let count = Int(text) { self = .shown(count) } else { return nil }
        }
    }

    /// The least count that is shown.
    package static let least = 5
    private static let step = 5
    /// How many values a hidden count must be able to have, for somebody who knows these rules.
    static let fewest = 3

    /// - Parameters:
    ///   - counts: rows of equal length, without totals; none negative.
    ///   - before: the table as it was published last, with totals. What was hidden in it stays hidden, and what was
    ///     shown stays as it was until the count differs by 5 or more: so the two tables together tell no more of one
    ///     woman than each of them. Where nothing can be hidden that would keep that so, the earlier table stands.
    ///     One with another shape is not held against this one.
    ///   - hiding: cells that are to be hidden besides, totals included.
    /// - Returns: the same with a column of totals and a row of totals.
    package static func publish(
        _ counts: [[Int]], after before: [[Cell]]? = nil, hiding: [[Bool]]? = nil
    ) -> [[Cell]] {
        let grid = withTotals(counts)
        let before = before.flatMap { $0.map(\.count) == grid.map(\.count) ? $0 : nil }
        var hidden = grid.indices.map { row in
            grid[row].indices.map { column in
                (1..<least).contains(grid[row][column]) || before?[row][column] == .hidden
                    || hiding?[row][column] == true
            }
        }
        while let next = nextToHide(grid, hidden, before) { hidden[next.row][next.column] = true }
        if let before, isTold(grid, hidden, before) { return before }
        return grid.indices.map { row in
            grid[row].indices.map {
                hidden[row][$0] ? .hidden : .shown(shown(grid[row][$0], after: before?[row][$0]))
            }
        }
    }

    static func withTotals(_ counts: [[Int]]) -> [[Int]] {
        let rows = counts.map { $0 + [$0.reduce(0, +)] }
        let width = rows.first?.count ?? 0
        return rows + [(0..<width).map { column in rows.reduce(0) { $0 + $1[column] } }]
    }

    static func rounded(_ count: Int) -> Int { (count + step / 2) / step * step }

    /// What is shown of a count: what was shown before, while the count is less than 5 away from it.
    static func shown(_ count: Int, after before: Cell?) -> Int {
        guard case .shown(let old)? = before, old > 0, abs(count - old) < step else { return rounded(count) }
        return old
    }

    /// What somebody who knows the rules may say of a cell that is shown so.
    static func range(shown: Int, after before: Cell?) -> ClosedRange<Int> {
        guard shown > 0 else { return 0...0 }
        guard case .shown(let old)? = before, old > 0 else {
            return max(least, shown - step / 2)...(shown + step / 2)
        }
        if old == shown { return max(least, shown - step + 1)...(shown + step - 1) }
        return old < shown
            ? max(old + step, shown - step / 2)...(shown + step / 2)
            : max(least, shown - step / 2)...max(least, min(old - step, shown + step / 2))
    }

    private struct Place: Hashable {
        let row: Int
        let column: Int
    }

    /// One more cell to hide; nil when no hidden one can be told any more, or none is left.
    private static func nextToHide(_ grid: [[Int]], _ hidden: [[Bool]], _ before: [[Cell]]?) -> Place? {
        let lines = lines(of: grid)
        let bounds = bounds(grid, hidden, before, lines)
        for line in lines {
            let covered = line.filter { hidden[$0.row][$0.column] }
            let isTold = covered.contains { bounds[$0.row][$0.column].count < fewest }
            guard covered.count == 1 || isTold else { continue }
            let open = line.filter { !hidden[$0.row][$0.column] && grid[$0.row][$0.column] > 0 }
            if let least = open.min(by: { grid[$0.row][$0.column] < grid[$1.row][$1.column] }) { return least }
        }
        return nil
    }

    /// Whether a hidden cell can be narrowed to fewer values than it must be able to have.
    private static func isTold(_ grid: [[Int]], _ hidden: [[Bool]], _ before: [[Cell]]) -> Bool {
        let bounds = bounds(grid, hidden, before, lines(of: grid))
        return grid.indices.contains { row in
            grid[row].indices.contains { hidden[row][$0] && bounds[row][$0].count < fewest }
        }
    }

    /// Rows and columns: in each, the last cell is the sum of the others.
    private static func lines(of grid: [[Int]]) -> [[Place]] {
        let width = grid.first?.count ?? 0
        return grid.indices.map { row in (0..<width).map { Place(row: row, column: $0) } }
            + (0..<width).map { column in grid.indices.map { Place(row: $0, column: column) } }
    }

    /// What somebody who knows the rules can say of each cell: from rounding, from the sums, and from the table before,
    /// if they take it that nothing has changed since.
    private static func bounds(
        _ grid: [[Int]], _ hidden: [[Bool]], _ before: [[Cell]]?, _ lines: [[Place]]
    ) -> [[ClosedRange<Int>]] {
        let most = max(least, 2 * (grid.last?.last ?? 0) + 2 * step)
        var bounds = grid.indices.map { row in
            grid[row].indices.map { column -> ClosedRange<Int> in
                let old = before?[row][column]
                let now =
                    hidden[row][column]
                    ? (before == nil ? 1 : 0)...most
                    : range(shown: shown(grid[row][column], after: old), after: old)
                guard case .shown(let count)? = old else { return now }
                let then = range(shown: count, after: nil)
                return now.overlaps(then) ? now.clamped(to: then) : now
            }
        }
        var isChanged = true
        while isChanged {
            isChanged = false
            func narrow(_ place: Place, _ low: Int, _ high: Int) {
                let old = bounds[place.row][place.column]
                let new = max(old.lowerBound, low)...max(max(old.lowerBound, low), min(old.upperBound, high))
                guard new != old else { return }
                bounds[place.row][place.column] = new
                isChanged = true
            }
            for line in lines {
                guard let total = line.last else { continue }
                let parts = line.dropLast()
                let low = parts.reduce(0) { $0 + bounds[$1.row][$1.column].lowerBound }
                let high = parts.reduce(0) { $0 + bounds[$1.row][$1.column].upperBound }
                narrow(total, low, high)
                let sum = bounds[total.row][total.column]
                for part in parts {
                    let own = bounds[part.row][part.column]
                    narrow(part, sum.lowerBound - (high - own.upperBound), sum.upperBound - (low - own.lowerBound))
                }
            }
        }
        return bounds
    }
}
