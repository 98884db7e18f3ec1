@testable import ReUniteProgramme

/// Somebody who knows the rules and tries every table of counts that fits what was published, sums included.
struct TableAttack {
    /// What each cell may hold, the last row and column being the totals.
    private let ranges: [[ClosedRange<Int>]]
    /// What each cell holds in some table that fits.
    private var seen: [[Set<Int>]]
    private(set) var fits = false

    /// What a cell may hold, written from the rules and not from the program: hidden is something, shown is within 2,
    /// and shown as before may have moved by less than 5.
    static func values(_ cell: SmallNumbers.Cell, after before: SmallNumbers.Cell? = nil) -> ClosedRange<Int> {
        switch (cell, before) {
        case (.hidden, nil): 1...40
        case (.hidden, _): 0...40
        case (.shown(0), _): 0...0
        case (.shown(let count), .shown(let old)?) where old == count: max(5, count - 4)...(count + 4)
        case (.shown(let count), .shown(let old)?) where old > 0 && old < count: max(old + 5, count - 2)...(count + 2)
        case (.shown(let count), .shown(let old)?) where old > count:
            max(5, count - 2)...max(5, min(old - 5, count + 2))
        case (.shown(let count), _): max(5, count - 2)...(count + 2)
        }
    }

    init(_ ranges: [[ClosedRange<Int>]]) {
        self.ranges = ranges
        seen = ranges.map { $0.map { _ in [] } }
        var cells = ranges.map { row in row.map { _ in 0 } }
        search(0, 0, &cells)
    }

    /// Whether each hidden cell may hold two counts or more.
    func isSafe(_ hidden: [[Bool]]) -> Bool {
        hidden.indices.allSatisfy { row in
            hidden[row].indices.allSatisfy { !hidden[row][$0] || seen[row][$0].count > 1 }
        }
    }

    private var height: Int { ranges.count - 1 }
    private var width: Int { ranges[0].count - 1 }

    private mutating func search(_ row: Int, _ column: Int, _ cells: inout [[Int]]) {
        if isDone { return }
        guard row < height else { return finish(&cells) }
        guard column < width else {
            let sum = cells[row][..<width].reduce(0, +)
            guard ranges[row][width].contains(sum) else { return }
            cells[row][width] = sum
            return search(row + 1, 0, &cells)
        }
        let above = (0..<row).reduce(0) { $0 + cells[$1][column] }
        let beside = cells[row][..<column].reduce(0, +)
        let most = min(ranges[height][column].upperBound - above, ranges[row][width].upperBound - beside)
        for value in ranges[row][column] {
            guard value <= most else { break }
            cells[row][column] = value
            search(row, column + 1, &cells)
        }
    }

    /// All sums of columns fit: what the cells hold may be so.
    private mutating func finish(_ cells: inout [[Int]]) {
        for column in 0...width {
            let sum = (0..<height).reduce(0) { $0 + cells[$1][column] }
            guard ranges[height][column].contains(sum) else { return }
            cells[height][column] = sum
        }
        fits = true
        for row in cells.indices {
            for column in cells[row].indices { seen[row][column].insert(cells[row][column]) }
        }
    }

    /// Nothing more is to be learned: everything that may vary has.
    private var isDone: Bool {
        ranges.indices.allSatisfy { row in
            ranges[row].indices.allSatisfy { ranges[row][$0].count == 1 || seen[row][$0].count > 1 }
        }
    }
}
