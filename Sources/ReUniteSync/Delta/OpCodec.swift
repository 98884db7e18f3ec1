/// The encoded ops of one batch: columnar, deflated, and readable without the schema (`Schemas/wire/delta.md`).
public enum OpCodec {
    /// The bytes of these ops. They come back in this order and as they are, but for two values that a digest does not
    /// know either: negative zero comes back as zero, and what is not a number as null.
    ///
    /// Throws `tooLarge` above ``DecodeLimits/opsPerBatch`` ops, ``DecodeLimits/batchBytes`` bytes or a value's limit.
    public static func encode(_ ops: [Op], layout: some ColumnLayout) throws(FormatError) -> [UInt8] {
        var deflater = try Deflater()
        return try encode(ops, layout: layout, with: &deflater)
    }

    /// The same with a deflater that serves several batches.
    public static func encode(
        _ ops: [Op], layout: some ColumnLayout, with deflater: inout Deflater
    ) throws(FormatError) -> [UInt8] {
        guard ops.count <= DecodeLimits.opsPerBatch else { throw FormatError(.tooLarge, "op count") }
        let out = try columns(of: ops, layout: layout)
        return try out.sealed([], limit: DecodeLimits.batchBytes, with: &deflater)
    }

    /// The sections of the payload, not yet packed.
    static func columns(of ops: [Op], layout: some ColumnLayout) throws(FormatError) -> PayloadWriter {
        var plan = SectionPlan(reserving: ops.count)
        // By index: copying an op out of the list counts references up and down.
        for index in ops.indices {
            try plan.add(
                table: ops[index].table, groups: ops[index].groups, values: ops[index].values.count, layout: layout)
        }
        var out = PayloadWriter(reserving: ops.count)
        plan.write(ranks: ops.map(\.stamp.rawValue), to: &out.structure)
        let base = ops.min { $0.stamp < $1.stamp }?.stamp.milliseconds ?? 0
        out.structure.varint(UInt64(base))
        var section = OpSectionWriter(base: base)
        for (head, members) in zip(plan.heads, plan.members) {
            try section.write(ops, members, head: head, to: &out)
        }
        out.structure.contexts(of: ops)
        return out
    }

    /// The ops in these bytes, which a batch's header says are so many.
    public static func decode(_ bytes: [UInt8], expecting count: Int) throws(FormatError) -> [Op] {
        var inflater = try Inflater()
        return try decode(bytes, expecting: count, with: &inflater)
    }

    /// The same with an inflater that serves several batches.
    public static func decode(
        _ bytes: [UInt8], expecting count: Int, with inflater: inout Inflater
    ) throws(FormatError) -> [Op] {
        guard count <= DecodeLimits.opsPerBatch else { throw FormatError(.tooLarge, "op count") }
        var input = try PayloadReader(bytes, kind: [], limit: DecodeLimits.batchBytes, with: &inflater)
        let heads = try input.sectionHeads(limit: count)
        guard heads.reduce(0, { $0 + $1.count }) == count else { throw FormatError(.malformed, "op count") }
        let order = try SectionOrder(reading: &input.structure, heads: heads)
        let base = Int64(try input.structure.count("op base", limit: 1 << 48 - 1))
        var sections: [OpSection] = []
        for head in heads { sections.append(try OpSection(reading: &input, head: head, base: base)) }
        var ops: [Op] = []
        ops.reserveCapacity(count)
        var next = [Int](repeating: 0, count: sections.count)
        for section in order.resolved(ranks: sections.map(\.ranks)) {
            ops.append(sections[section].op(next[section]))
            next[section] += 1
        }
        try input.structure.contexts(into: &ops)
        try input.end()
        return ops
    }
}

/// What an op's mask index stands for.
struct OpMask: Hashable {
    let kind: Op.Kind
    let flags: UInt8
    let groups: UInt64
}

/// Writes the sections of a batch, one after another.
struct OpSectionWriter {
    let base: Int64
    private var column = ColumnWriter()

    init(base: Int64) {
        self.base = base
    }

    /// Writes the ops at these places of the batch.
    mutating func write(
        _ ops: [Op], _ members: [Int], head: SectionHead, to out: inout PayloadWriter
    ) throws(FormatError) {
        var masks = MaskTable<OpMask>()
        var keys: [Identifier] = []
        var stamps: [HybridTime] = []
        var cells = CellList(reserving: members.count)
        keys.reserveCapacity(members.count)
        stamps.reserveCapacity(members.count)
        for index in members {
            masks.add(
                OpMask(kind: ops[index].kind, flags: ops[index].flags.rawValue, groups: ops[index].groups))
            keys.append(ops[index].key)
            stamps.append(ops[index].stamp)
            cells.add(ops[index].values, groups: ops[index].groups)
        }
        out.structure.varint(masks.entries.count)
        for mask in masks.entries {
            out.structure.byte(mask.kind.rawValue)
            out.structure.byte(mask.flags)
            out.structure.varint(mask.groups)
        }
        masks.writeIndexes(to: &out.structure)
        out.structure.stamps(stamps, base: base)
        let clocks = SectionClocks(keys: keys.map(\.milliseconds), stamps: stamps.map(\.milliseconds))
        out.identifiers.list(keys, references: clocks.stamps, to: &out.structure)
        try out.values(cells, head: head, clocks: clocks, with: &column)
        column.begin()
        for (row, index) in members.enumerated() { try column.add(ops[index].from, row: row) }
        column.write(to: &out, clocks: clocks)
    }
}

/// One section of a batch, as read.
struct OpSection {
    private let table: UInt16
    private let masks: [OpMask]
    private let indexes: [Int]
    private let stamps: [HybridTime]
    private let keys: [Identifier]
    private let values: SectionValues
    private var from: [Value]

    init(reading input: inout PayloadReader, head: SectionHead, base: Int64) throws(FormatError) {
        table = head.table
        let count = try input.structure.count("op masks", limit: head.count)
        guard count > 0 else { throw FormatError(.malformed, "op masks") }
        var masks: [OpMask] = []
        for _ in 0..<count {
            guard let kind = Op.Kind(rawValue: try input.structure.byte("op kind")) else {
                throw FormatError(.malformed, "op kind")
            }
            let flags = try input.structure.byte("op flags")
            masks.append(OpMask(kind: kind, flags: flags, groups: try input.structure.varint("op groups")))
        }
        self.masks = masks
        let indexes = try input.indexes(entries: head.count, of: count, "op mask")
        self.indexes = indexes
        stamps = try input.structure.stamps(count: head.count, base: base)
        var clocks = SectionClocks(keys: [], stamps: stamps.map(\.milliseconds))
        let numbers = try input.identifiers.list(
            count: head.count, references: { clocks.stamps[$0] }, from: &input.structure)
        var keys: [Identifier] = []
        keys.reserveCapacity(numbers.count)
        for number in numbers { keys.append(input.identifiers.identifier(number)) }
        self.keys = keys
        clocks.keys = keys.map(\.milliseconds)
        values = try SectionValues(
            reading: &input, head: head, groups: indexes.map { masks[$0].groups }, clocks: clocks)
        from = Array(repeating: .null, count: head.count)
        let rows = Array(0..<head.count)
        try input.column(rows: rows, slots: rows, clocks: clocks, into: &from)
    }

    var ranks: [UInt64] { stamps.map(\.rawValue) }

    func op(_ row: Int) -> Op {
        let mask = masks[indexes[row]]
        return Op(
            table: table, key: keys[row], kind: mask.kind, flags: Op.Flags(rawValue: mask.flags), groups: mask.groups,
            stamp: stamps[row], values: values.values(row), from: from[row])
    }
}
