/// What a section of a payload holds: entries of one table.
struct SectionHead {
    var table: UInt16
    /// Whether the entries' values are listed as they are, because they do not fit the table's columns.
    var isLoose: Bool
    /// The group of each column, in column order; empty in a loose section.
    var columns: [UInt8]
    var count = 0

    /// How many columns each group has.
    var columnsPerGroup: [Int] {
        var counts = [Int](repeating: 0, count: 64)
        for group in columns { counts[Int(group)] += 1 }
        return counts
    }

    /// How many values an entry with this mask has.
    static func values(of mask: UInt64, _ columnsPerGroup: [Int]) -> Int {
        var rest = mask
        var count = 0
        while rest != 0 {
            count += columnsPerGroup[rest.trailingZeroBitCount]
            rest &= rest - 1
        }
        return count
    }
}

extension ByteWriter {
    mutating func sectionHead(_ head: SectionHead) {
        varint(UInt64(head.table) << 1 | (head.isLoose ? 1 : 0))
        varint(head.count)
        if head.isLoose { return }
        varint(head.columns.count)
        var expected: Int64 = 0
        for group in head.columns {
            zigzag(Int64(group) - expected)
            expected = Int64(group) + 1
        }
    }
}

extension ByteReader {
    /// Reads a head; `limit` is how many entries may still come.
    mutating func sectionHead(limit: Int) throws(FormatError) -> SectionHead {
        let word = try count("section table", limit: Int(UInt16.max) * 2 + 1)
        var head = SectionHead(table: UInt16(word >> 1), isLoose: word & 1 == 1, columns: [])
        head.count = try count("section count", limit: limit)
        if head.isLoose { return head }
        let columns = try count("section columns", limit: DecodeLimits.columnsPerTable)
        guard columns <= remaining else { throw FormatError(.truncated, "section columns") }
        head.columns.reserveCapacity(columns)
        var expected: Int64 = 0
        for _ in 0..<columns {
            let group = try zigzag("column group") &+ expected
            guard group >= 0, group < 64 else { throw FormatError(.malformed, "column group") }
            head.columns.append(UInt8(group))
            expected = group + 1
        }
        return head
    }
}
