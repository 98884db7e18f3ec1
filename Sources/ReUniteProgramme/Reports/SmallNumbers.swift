/// Makes a table of counts fit to be published: nobody may be found out from it.
///
/// Counts from 1 to 4 are not shown; others are rounded to the nearest 5; nothing is 0. Where the totals would give a
/// hidden count away, more are hidden until they do not (secondary suppression). The signs are those of the Department
/// for Education's statistics of children looked after; a hidden cell does not say why it is hidden.
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
    }

    /// The least count that is shown.
    package static let least = 5
    private static let step = 5
    /// How many values a hidden count must be able to have, for somebody who knows these rules.
    static let fewest = 3

    /// - Parameter counts: rows of equal length, without totals; none negative.
    /// - Returns: the same with a column of totals and a row of totals.
    package static func publish(_ counts: [[Int]]) -> [[Cell]] {
        let grid = withTotals(counts)
        var hidden = grid.map { row in row.map { (1..<least).contains($0) } }
        while let next = nextToHide(grid, hidden) { hidden[next.row][next.column] = true }
        return grid.indices.map { row in
            grid[row].indices.map { hidden[row][$0] ? .hidden : .shown(rounded(grid[row][$0])) }
        }
    }

    static func withTotals(_ counts: [[Int]]) -> [[Int]] {
        let rows = counts.map { $0 + [$0.reduce(0, +)] }
        let width = rows.first?.count ?? 0
        return rows + [(0..<width).map { column in rows.reduce(0) { $0 + $1[column] } }]
    }

    static func rounded(_ count: Int) -> Int { (count + step / 2) / step * step }

    private struct Place: Hashable {
        let row: Int
        let column: Int
    }

    /// One more cell to hide; nil when no hidden one can be told any more.
    private static func nextToHide(_ grid: [[Int]], _ hidden: [[Bool]]) -> Place? {
        let lines = lines(of: grid)
        let bounds = bounds(grid, hidden, lines)
        for line in lines {
            let covered = line.filter { hidden[$0.row][$0.column] }
            let isTold = covered.contains { bounds[$0.row][$0.column].count < fewest }
            guard covered.count == 1 || isTold else { continue }
            let open = line.filter { !hidden[$0.row][$0.column] && grid[$0.row][$0.column] > 0 }
            if let least = open.min(by: { grid[$0.row][$0.column] < grid[$1.row][$1.column] }) { return least }
        }
        return nil
    }

    /// Rows and columns: in each, the last cell is the sum of the others.
    private static func lines(of grid: [[Int]]) -> [[Place]] {
        let width = grid.first?.count ?? 0
        return grid.indices.map { row in (0..<width).map { Place(row: row, column: $0) } }
            + (0..<width).map { column in grid.indices.map { Place(row: $0, column: column) } }
    }

    /// What somebody who knows the rules can say of each cell: from rounding, and from the sums.
    private static func bounds(_ grid: [[Int]], _ hidden: [[Bool]], _ lines: [[Place]]) -> [[ClosedRange<Int>]] {
        let most = max(least, 2 * (grid.last?.last ?? 0) + 2 * step)
        var bounds = grid.indices.map { row in
            grid[row].indices.map { column -> ClosedRange<Int> in
                if hidden[row][column] { return 1...most }
                let shown = rounded(grid[row][column])
                return shown == 0 ? 0...0 : max(least, shown - step / 2)...(shown + step / 2)
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
