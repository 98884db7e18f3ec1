import TestSupport
import Testing

@testable import ReUniteProgramme

@Suite("Nobody is found out from a published table")
struct SmallNumbersTests {
    private typealias Cell = SmallNumbers.Cell

    @Test("Counts from 1 to 4 are not shown, nothing is 0, the rest is rounded to the nearest 5")
    func signs() {
        let table = SmallNumbers.publish([[0, 12, 30], [23, 0, 41], [17, 48, 0]])
        #expect(
            table.map { $0.map(\.text) } == [
                ["0", "10", "30", "40"], ["25", "0", "40", "65"], ["15", "50", "0", "65"], ["40", "60", "70", "170"],
            ])
        let one = SmallNumbers.publish([[1, 34]])
        #expect(one[0][0] == .hidden && one[0][1] == .hidden)
    }

    @Test("No count from 1 to 4 is ever shown, whatever the table")
    func primary() {
        for seed in UInt64(1)...300 {
            let counts = table(seed, rows: 1...6, columns: 1...4, most: 30)
            let full = SmallNumbers.withTotals(counts)
            for (row, cells) in SmallNumbers.publish(counts).enumerated() {
                for (column, cell) in cells.enumerated() where (1...4).contains(full[row][column]) {
                    #expect(cell == .hidden, "seed \(seed)")
                }
            }
        }
    }

    @Test("Whoever knows the rules and tries every table that fits finds no hidden count")
    func attacker() {
        for seed in UInt64(1)...40 {
            let counts = table(seed, rows: 2...2, columns: 2...2, most: 11)
            let published = SmallNumbers.publish(counts)
            #expect(Self.isSafe(published), "seed \(seed): \(published.map { $0.map(\.text) })")
        }
    }

    @Test("The attacker of these tests is able to say that no table fits")
    func attackerIsAble() {
        // The sum below says 0, which a hidden cell is not: no table fits.
        #expect(
            !Self.isSafe([
                [.hidden, .shown(0), .hidden], [.shown(0), .shown(0), .shown(0)], [.shown(0), .shown(0), .shown(0)],
            ]))
        #expect(
            Self.isSafe([
                [.hidden, .shown(0), .hidden], [.shown(0), .shown(0), .shown(0)], [.hidden, .shown(0), .hidden],
            ]))
    }

    /// Whether each hidden cell of two rows and two columns may hold more than one count.
    private static func isSafe(_ published: [[Cell]]) -> Bool {
        let ranges = published.map { row in row.map(values) }
        var seen: [Int: Set<Int>] = [:]
        let hidden = (0..<9).filter { published[$0 / 3][$0 % 3] == .hidden }
        for a in ranges[0][0] {
            for b in ranges[0][1] where ranges[0][2].contains(a + b) {
                for c in ranges[1][0] where ranges[2][0].contains(a + c) {
                    for d in ranges[1][1] where ranges[1][2].contains(c + d) {
                        guard ranges[2][1].contains(b + d), ranges[2][2].contains(a + b + c + d) else { continue }
                        let full = [a, b, a + b, c, d, c + d, a + c, b + d, a + b + c + d]
                        for place in hidden { seen[place, default: []].insert(full[place]) }
                        if hidden.allSatisfy({ seen[$0, default: []].count > 1 }) { return true }
                    }
                }
            }
        }
        return hidden.isEmpty
    }

    @Test("No hidden count can be derived from larger tables either, by whoever tries every table that fits")
    func largerTables() {
        for seed in UInt64(1)...60 {
            let shape = [(3, 2), (2, 3), (4, 1), (3, 1), (1, 3)][Int(seed % 5)]
            let counts = table(seed, rows: shape.0...shape.0, columns: shape.1...shape.1, most: 9)
            let published = SmallNumbers.publish(counts)
            let attack = TableAttack(published.map { $0.map { TableAttack.values($0) } })
            #expect(
                attack.isSafe(published.map { $0.map { $0 == .hidden } }),
                "seed \(seed): \(published.map { $0.map(\.text) })")
        }
    }

    @Test("Two tables that were published one after the other tell no hidden count together")
    func twoTables() {
        var held = 0
        for seed in UInt64(1)...80 {
            let counts = table(seed, rows: 2...2, columns: 2...2, most: 12)
            var generator = SeededGenerator(seed: seed &* 77)
            // A few women more or less, or none.
            let later = counts.map { row in
                row.map {
                    max(0, $0 + (Bool.random(using: &generator) ? Int.random(in: -2...2, using: &generator) : 0))
                }
            }
            let first = SmallNumbers.publish(counts)
            let second = SmallNumbers.publish(later, after: first)
            for (row, cells) in second.enumerated() {
                for (column, cell) in cells.enumerated() where first[row][column] == .hidden {
                    #expect(cell == .hidden, "seed \(seed): what was hidden stays hidden")
                }
            }
            // An attacker who takes it that nothing has changed lays both over each other.
            let both = first.indices.map { row in
                first[row].indices.map { column -> ClosedRange<Int>? in
                    let now = TableAttack.values(second[row][column], after: first[row][column])
                    let then = TableAttack.values(first[row][column])
                    return now.overlaps(then) ? now.clamped(to: then) : nil
                }
            }
            guard both.allSatisfy({ $0.allSatisfy { $0 != nil } }) else { continue }
            let attack = TableAttack(both.map { $0.compactMap(\.self) })
            // Where no table fits both, the attacker knows that something changed, and no more.
            guard attack.fits else { continue }
            held += 1
            #expect(
                attack.isSafe(second.map { $0.map { $0 == .hidden } }),
                "seed \(seed): \(first.map { $0.map(\.text) }) then \(second.map { $0.map(\.text) })")
        }
        #expect(held > 20, "the attacker has had hardly anything to try")
    }

    @Test("A shown count stays as it was until it has moved by five, and then moves by five or more")
    func steady() {
        #expect((8...16).map { SmallNumbers.shown($0, after: .shown(12)) } == [12, 12, 12, 12, 12, 12, 12, 12, 12])
        #expect(SmallNumbers.shown(14, after: .shown(10)) == 10 && SmallNumbers.shown(15, after: .shown(10)) == 15)
        #expect(SmallNumbers.shown(6, after: .shown(10)) == 10 && SmallNumbers.shown(5, after: .shown(10)) == 5)
        #expect(SmallNumbers.shown(7, after: .hidden) == 5 && SmallNumbers.shown(7, after: nil) == 5)
        for count in 5...60 {
            for old in stride(from: 5, through: 60, by: 5) {
                let shown = SmallNumbers.shown(count, after: .shown(old))
                #expect(SmallNumbers.range(shown: shown, after: .shown(old)).contains(count), "\(count) after \(old)")
            }
        }
    }

    /// What a cell may hold for whoever knows the rules.
    private static func values(_ cell: Cell) -> ClosedRange<Int> {
        switch cell {
        case .hidden: 1...20
        case .shown(0): 0...0
        case .shown(let count): max(5, count - 2)...(count + 2)
        }
    }

    private func table(_ seed: UInt64, rows: ClosedRange<Int>, columns: ClosedRange<Int>, most: Int) -> [[Int]] {
        var generator = SeededGenerator(seed: seed)
        let width = Int.random(in: columns, using: &generator)
        return (0..<Int.random(in: rows, using: &generator)).map { _ in
            (0..<width).map { _ in Bool.random(using: &generator) ? Int.random(in: 0...most, using: &generator) : 0 }
        }
    }
}
