/// Makes a table of counts fit to be published: nobody may be found out from it.
///
/// Counts from 1 to 4 are not shown; others are rounded to the nearest 5; nothing is 0. Where the totals would give a
/// hidden count away, more are hidden until they do not (secondary suppression). The signs are those of the Department
/// for Education's statistics of children looked after; a hidden cell does not say why it is hidden.
///
/// A table that takes the place of one that was published is held against it (``publish(_:after:)``).
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
    /// - Returns: the same with a column of totals and a row of totals.
    package static func publish(
        _ counts: [[Int]], after before: [[Cell]]? = nil
    ) -> [[Cell]] {
        let grid = withTotals(counts)
        let before = before.flatMap { $0.map(\.count) == grid.map(\.count) ? $0 : nil }
        var guarded = CellGuard()
        let places = grid.indices.map { row in
            grid[row].indices.map { column in
                guarded.add(grid[row][column], table: 0, before: before?[row][column])
            }
        }
        for row in places {
            if let total = row.last { guarded.sum(row.dropLast(), to: total) }
        }
        for column in (grid.first ?? []).indices {
            let cells = places.map { $0[column] }
            if let total = cells.last { guarded.sum(cells.dropLast(), to: total) }
        }
        let standing = guarded.close().standing
        if let before, !standing.isEmpty { return before }
        return places.map { row in row.map { SmallNumbers.cell(guarded.cells[$0]) } }
    }

    /// How a cell is shown.
    static func cell(_ cell: CellGuard.Cell) -> Cell {
        cell.isHidden ? .hidden : .shown(shown(cell.count, after: cell.before))
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
}
