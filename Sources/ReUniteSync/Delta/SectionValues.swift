/// The values of a section's entries, to be written: one flat list, which costs less to walk by column than a list of
/// lists.
struct CellList {
    fileprivate var cells: [Value] = []
    /// Where in `cells` each entry's values begin.
    fileprivate var starts: [Int] = []
    fileprivate var groups: [UInt64] = []

    init(reserving entries: Int) {
        cells.reserveCapacity(entries * 6)
        starts.reserveCapacity(entries)
        groups.reserveCapacity(entries)
    }

    mutating func add(_ values: [Value], groups mask: UInt64) {
        starts.append(cells.count)
        groups.append(mask)
        cells.append(contentsOf: values)
    }
}

extension PayloadWriter {
    /// Writes the values of a section's entries, column by column; those of a loose section as one list.
    mutating func values(
        _ list: borrowing CellList, head: SectionHead, clocks: SectionClocks, with column: inout ColumnWriter
    ) throws(FormatError) {
        var next = list.starts
        if head.isLoose {
            column.begin()
            for (row, start) in next.enumerated() {
                let end = row + 1 < next.count ? next[row + 1] : list.cells.count
                structure.varint(end - start)
                for place in start..<end { try column.add(list.cells[place], row: row) }
            }
            if !list.cells.isEmpty { column.write(to: &self, clocks: clocks) }
            return
        }
        for group in head.columns {
            let bit = UInt64(1) << UInt64(group)
            column.begin()
            var isUsed = false
            for row in 0..<next.count where list.groups[row] & bit != 0 {
                try column.add(list.cells[next[row]], row: row)
                next[row] += 1
                isUsed = true
            }
            if isUsed { column.write(to: &self, clocks: clocks) }
        }
    }
}

/// The values of a section's entries, as read.
struct SectionValues {
    private var cells: [Value]
    /// Where in `cells` each entry's values begin; one more at the end.
    private var starts: [Int] = [0]

    init(
        reading input: inout PayloadReader, head: SectionHead, groups: [UInt64], clocks: SectionClocks
    ) throws(FormatError) {
        starts.reserveCapacity(head.count + 1)
        var total = 0
        let columnsPerGroup = head.columnsPerGroup
        for row in 0..<head.count {
            let count =
                head.isLoose
                ? try input.structure.count("value count", limit: DecodeLimits.columnsPerTable)
                : SectionHead.values(of: groups[row], columnsPerGroup)
            try input.claim(cells: count)
            total += count
            starts.append(total)
        }
        cells = Array(repeating: .null, count: total)
        guard total > 0 else { return }
        if head.isLoose {
            var rows: [Int] = []
            rows.reserveCapacity(total)
            for row in 0..<head.count { rows.append(contentsOf: repeatElement(row, count: count(row))) }
            try input.column(rows: rows, slots: Array(0..<total), clocks: clocks, into: &cells)
            return
        }
        var next = starts
        var rows: [Int] = []
        var slots: [Int] = []
        for group in head.columns {
            let bit = UInt64(1) << UInt64(group)
            rows.removeAll(keepingCapacity: true)
            slots.removeAll(keepingCapacity: true)
            for row in 0..<head.count where groups[row] & bit != 0 {
                rows.append(row)
                slots.append(next[row])
                next[row] += 1
            }
            if !rows.isEmpty { try input.column(rows: rows, slots: slots, clocks: clocks, into: &cells) }
        }
    }

    private func count(_ row: Int) -> Int { starts[row + 1] - starts[row] }

    /// The values of an entry.
    func values(_ row: Int) -> [Value] {
        Array(cells[starts[row]..<starts[row + 1]])
    }

    /// The value at a place among an entry's values.
    func value(_ place: Int, of row: Int) -> Value {
        cells[starts[row] + place]
    }
}

/// The place of a column's value among the values of the entries with each mask; nil where a mask leaves it out.
struct ColumnPlace {
    private let before: [Int]
    private let bit: UInt64

    init(_ column: Int, of head: SectionHead) {
        var before = [Int](repeating: 0, count: 64)
        for group in head.columns[..<column] { before[Int(group)] += 1 }
        self.before = before
        bit = UInt64(1) << UInt64(head.columns[column])
    }

    func callAsFunction(_ groups: UInt64) -> Int? {
        groups & bit == 0 ? nil : SectionHead.values(of: groups, before)
    }
}
