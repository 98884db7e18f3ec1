/// Counts that have to do with each other, by the places 0, 1, 2…, and the lines between them: what somebody who knows
/// some bounds can work out of the rest, narrowing until nothing moves any more.
struct CellSystem {
    enum Line {
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

    struct Bounds {
        var low: [Int]
        var high: [Int]

        func values(_ cell: Int) -> Int { high[cell] - low[cell] + 1 }
    }

    let lines: [Line]
    /// The lines of each cell.
    let touching: [[Int]]

    init(_ lines: [Line], cells: Int) {
        self.lines = lines
        var touching = Array(repeating: [Int](), count: cells)
        for (number, line) in lines.enumerated() { for cell in line.cells { touching[cell].append(number) } }
        self.touching = touching
    }

    /// - Parameter isTaken: which of the lines somebody takes for granted.
    /// - Returns: nil where nothing fits.
    func narrowed(_ start: Bounds, _ isTaken: [Bool]) -> Bounds? {
        var bounds = start
        var queue = lines.indices.filter { isTaken[$0] }
        var waits = isTaken
        while let number = queue.popLast() {
            waits[number] = false
            var moved: [Int] = []
            narrow(number, &bounds, &moved)
            for cell in moved {
                guard bounds.low[cell] <= bounds.high[cell] else { return nil }
                for line in touching[cell] where isTaken[line] && !waits[line] {
                    waits[line] = true
                    queue.append(line)
                }
            }
        }
        return bounds
    }

    private func narrow(_ number: Int, _ bounds: inout Bounds, _ moved: inout [Int]) {
        func set(_ cell: Int, _ low: Int, _ high: Int) {
            guard low > bounds.low[cell] || high < bounds.high[cell] else { return }
            bounds.low[cell] = max(low, bounds.low[cell])
            bounds.high[cell] = min(high, bounds.high[cell])
            moved.append(cell)
        }
        switch lines[number] {
        case .atMost(let part, let whole):
            set(part, bounds.low[part], bounds.high[whole])
            set(whole, bounds.low[part], bounds.high[whole])
        case .sum(let cells):
            guard let total = cells.last else { return }
            var (low, high) = (0, 0)
            for cell in cells.dropLast() {
                low += bounds.low[cell]
                high += bounds.high[cell]
            }
            set(total, low, high)
            let (least, most) = (bounds.low[total], bounds.high[total])
            for cell in cells.dropLast() {
                // What the others may be is worked out from before this line moved anything: wider, and as true.
                let (own, greatest) = (bounds.low[cell], bounds.high[cell])
                set(cell, least - (high - greatest), most - (low - own))
            }
        }
    }

    /// Which lines somebody may take for granted together: those that are so, and of the others as many as fit, in
    /// their order.
    func fitting(_ start: Bounds, certain: [Bool]) -> [Bool] {
        let all = Array(repeating: true, count: lines.count)
        if narrowed(start, all) != nil { return all }
        var taken = certain
        func take(_ some: ArraySlice<Int>) {
            var more = taken
            for line in some { more[line] = true }
            if narrowed(start, more) != nil {
                taken = more
            } else if some.count > 1 {
                let middle = some.startIndex + some.count / 2
                take(some[..<middle])
                take(some[middle...])
            }
        }
        let others = lines.indices.filter { !certain[$0] }
        take(others[...])
        return taken
    }
}
