/// The row states of one delivery: columnar, deflated, and readable without the schema (`Schemas/wire/delta.md`).
public enum RowCodec {
    /// The bytes of these rows. They come back in this order and as they are, but for negative zero, which comes back
    /// as zero, and what is not a number, which comes back as null.
    ///
    /// Throws `tooLarge` above ``DecodeLimits/rowsPerPage`` rows, ``DecodeLimits/messageBytes`` bytes or a value's
    /// limit.
    public static func encode(_ rows: [RowState], layout: some ColumnLayout) throws(FormatError) -> [UInt8] {
        var deflater = try Deflater()
        return try encode(rows, layout: layout, with: &deflater)
    }

    /// The same with a deflater that serves several deliveries.
    public static func encode(
        _ rows: [RowState], layout: some ColumnLayout, with deflater: inout Deflater
    ) throws(FormatError) -> [UInt8] {
        guard rows.count <= DecodeLimits.rowsPerPage else { throw FormatError(.tooLarge, "row count") }
        let out = try columns(of: rows, layout: layout)
        return try out.sealed(.rows, limit: DecodeLimits.messageBytes, with: &deflater)
    }

    /// The sections of the payload, not yet packed.
    static func columns(of rows: [RowState], layout: some ColumnLayout) throws(FormatError) -> PayloadWriter {
        var plan = SectionPlan(reserving: rows.count)
        for row in rows { try plan.add(table: row.table, groups: row.groups, values: row.values.count, layout: layout) }
        var out = PayloadWriter(reserving: rows.count)
        plan.write(ranks: rows.map(\.clock.rank), to: &out.structure)
        let base = rows.min { $0.clock.stamp < $1.clock.stamp }?.clock.stamp.rawValue ?? 0
        out.structure.zigzag(base)
        var section = RowSectionWriter(base: base)
        for (head, members) in zip(plan.heads, plan.members) {
            try section.write(members.map { rows[$0] }, head: head, to: &out)
        }
        return out
    }

    /// The rows in these bytes.
    public static func decode(_ bytes: [UInt8]) throws(FormatError) -> [RowState] {
        var inflater = try Inflater()
        return try decode(bytes, with: &inflater)
    }

    /// The same with an inflater that serves several deliveries.
    public static func decode(_ bytes: [UInt8], with inflater: inout Inflater) throws(FormatError) -> [RowState] {
        try decode(bytes, inOrder: true, with: &inflater)
    }

    /// The rows in these bytes for whom their order says nothing: those of a table lie together in memory, where whoever
    /// writes them table by table would else look for each of them.
    static func decodeByTable(_ bytes: [UInt8]) throws(FormatError) -> [RowState] {
        var inflater = try Inflater()
        return try decode(bytes, inOrder: false, with: &inflater)
    }

    /// - Parameter inOrder: whether they come in the order in which they were encoded, or section by section.
    private static func decode(
        _ bytes: [UInt8], inOrder: Bool, with inflater: inout Inflater
    ) throws(FormatError) -> [RowState] {
        var input = try PayloadReader(bytes, kind: .rows, limit: DecodeLimits.messageBytes, with: &inflater)
        let heads = try input.sectionHeads(limit: DecodeLimits.rowsPerPage)
        let order = try SectionOrder(reading: &input.structure, heads: heads)
        let base = try input.structure.zigzag("row base")
        var sections: [RowSection] = []
        for head in heads { sections.append(try RowSection(reading: &input, head: head, base: base)) }
        var rows: [RowState] = []
        rows.reserveCapacity(heads.reduce(0) { $0 + $1.count })
        if inOrder {
            var next = [Int](repeating: 0, count: sections.count)
            for section in order.resolved(ranks: sections.map(\.ranks)) {
                rows.append(sections[section].row(next[section]))
                next[section] += 1
            }
        } else {
            for (section, head) in zip(sections, heads) {
                for row in 0..<head.count { rows.append(section.row(row)) }
            }
        }
        try input.end()
        return rows
    }
}

extension RowClock {
    /// The last position in the clock, as a number with the same order.
    var rank: UInt64 {
        var latest = stamp
        for exception in exceptions { latest = max(latest, exception.stamp) }
        return UInt64(bitPattern: latest.rawValue) ^ 1 << 63
    }
}

/// What a row's mask index stands for.
struct RowMask: Hashable {
    let groups: UInt64
    let echoed: UInt64
}

/// Writes the sections of a delivery, one after another.
struct RowSectionWriter {
    let base: Int64
    private var column = ColumnWriter()

    init(base: Int64) {
        self.base = base
    }

    mutating func write(_ rows: [RowState], head: SectionHead, to out: inout PayloadWriter) throws(FormatError) {
        var masks = MaskTable<RowMask>()
        for row in rows { masks.add(RowMask(groups: row.groups, echoed: row.echoed)) }
        out.structure.varint(masks.entries.count)
        for mask in masks.entries {
            out.structure.varint(mask.groups)
            out.structure.varint(mask.echoed)
        }
        masks.writeIndexes(to: &out.structure)
        let keys = rows.map(\.key)
        out.identifiers.list(keys, references: nil, to: &out.structure)
        let clocks = SectionClocks(keys: keys.map(\.milliseconds), stamps: [])
        var cells = CellList(reserving: rows.count)
        for row in rows { cells.add(row.values, groups: row.groups) }
        try out.values(cells, head: head, clocks: clocks, with: &column)
        out.scopes(of: rows, head: head, clocks: clocks)
        out.structure.rowClocks(rows.map(\.clock), base: base)
    }
}

/// One section of a delivery, as read.
struct RowSection {
    private let table: UInt16
    private let layout: [UInt8]
    private let masks: [RowMask]
    private let indexes: [Int]
    private let keys: [Identifier]
    private let values: SectionValues
    private let scopes: [Identifier]
    private let clocks: [RowClock]

    init(reading input: inout PayloadReader, head: SectionHead, base: Int64) throws(FormatError) {
        table = head.table
        layout = head.columns
        let count = try input.structure.count("row masks", limit: head.count)
        guard count > 0 else { throw FormatError(.malformed, "row masks") }
        var masks: [RowMask] = []
        for _ in 0..<count {
            let groups = try input.structure.varint("row groups")
            masks.append(RowMask(groups: groups, echoed: try input.structure.varint("row echoed")))
        }
        self.masks = masks
        let indexes = try input.indexes(entries: head.count, of: count, "row mask")
        self.indexes = indexes
        let numbers = try input.identifiers.list(count: head.count, references: { _ in nil }, from: &input.structure)
        var keys: [Identifier] = []
        keys.reserveCapacity(numbers.count)
        for number in numbers { keys.append(input.identifiers.identifier(number)) }
        self.keys = keys
        let times = SectionClocks(keys: keys.map(\.milliseconds), stamps: [])
        let groups = indexes.map { masks[$0].groups }
        values = try SectionValues(reading: &input, head: head, groups: groups, clocks: times)
        scopes = try input.scopes(keys: keys, groups: groups, values: values, head: head, clocks: times)
        clocks = try input.structure.rowClocks(count: head.count, base: base)
    }

    var ranks: [UInt64] { clocks.map(\.rank) }

    func row(_ row: Int) -> RowState {
        let mask = masks[indexes[row]]
        return RowState(
            table: table, key: keys[row], scope: scopes[row], clock: clocks[row], groups: mask.groups,
            echoed: mask.echoed, values: values.values(row), layout: layout)
    }
}
