/// Which parts an op's context has: bits of its first byte.
private enum ContextPart {
    static let cellBase: UInt8 = 1
    static let extras: UInt8 = 2
    static let kept: UInt8 = 4
    static let supersedes: UInt8 = 8
    static let all: UInt8 = 15
}

extension ByteWriter {
    /// Writes the ops that have a context, by the gaps between their places, and what it says.
    mutating func contexts(of ops: [Op]) {
        varint(ops.count { $0.context != nil })
        var next = 0
        for (index, op) in ops.enumerated() {
            guard let context = op.context else { continue }
            varint(index - next)
            next = index + 1
            var parts: UInt8 = 0
            if context.cellBase != nil { parts |= ContextPart.cellBase }
            if !context.extras.isEmpty { parts |= ContextPart.extras }
            if !context.kept.isEmpty { parts |= ContextPart.kept }
            if !context.supersedes.isEmpty { parts |= ContextPart.supersedes }
            byte(parts)
            if let base = context.cellBase { zigzag(base.rawValue) }
            if !context.extras.isEmpty {
                varint(context.extras.count)
                for extra in context.extras {
                    identifier(extra.device)
                    varint(extra.sequence)
                    fixed64(extra.batchTag)
                }
            }
            if !context.kept.isEmpty { siblings(context.kept) }
            if !context.supersedes.isEmpty { siblings(context.supersedes) }
        }
    }

    /// Writes a count and that many sibling names.
    mutating func siblings(_ names: [SiblingName]) {
        varint(names.count)
        for name in names {
            byte(name.group)
            identifier(name.op.batch)
            varint(UInt64(name.op.index))
        }
    }
}

extension ByteReader {
    mutating func contexts(into ops: inout [Op]) throws(FormatError) {
        let count = try count("context count", limit: ops.count)
        var next = 0
        for _ in 0..<count {
            let index = next + (try self.count("context place", limit: ops.count))
            guard index < ops.count else { throw FormatError(.malformed, "context place") }
            next = index + 1
            ops[index].context = try context()
        }
    }

    private mutating func context() throws(FormatError) -> Op.Context {
        let parts = try byte("context parts")
        guard parts <= ContextPart.all else { throw FormatError(.malformed, "context parts") }
        var context = Op.Context()
        if parts & ContextPart.cellBase != 0 { context.cellBase = Position(try zigzag("context base")) }
        if parts & ContextPart.extras != 0 {
            // An extra takes at least 25 bytes.
            let extras = try count("context extras", limit: remaining / 25)
            for _ in 0..<extras {
                context.extras.append(
                    ExtraContext(
                        device: try identifier("extra device"), sequence: try varint("extra sequence"),
                        batchTag: try fixed64("extra tag")))
            }
        }
        if parts & ContextPart.kept != 0 { context.kept = try siblings() }
        if parts & ContextPart.supersedes != 0 { context.supersedes = try siblings() }
        return context
    }

    /// Reads the number of a column group, 0 to 63.
    mutating func group(_ field: @autoclosure () -> String) throws(FormatError) -> UInt8 {
        let group = try byte(field())
        guard group < 64 else { throw FormatError(.malformed, field()) }
        return group
    }

    /// Reads what ``ByteWriter/siblings(_:)`` wrote.
    mutating func siblings() throws(FormatError) -> [SiblingName] {
        // A name takes at least 18 bytes.
        let count = try count("siblings", limit: remaining / 18)
        var names: [SiblingName] = []
        names.reserveCapacity(count)
        for _ in 0..<count {
            let group = try group("sibling group")
            let batch = try identifier("sibling batch")
            let index = UInt32(try self.count("sibling index", limit: Int(UInt32.max)))
            names.append(SiblingName(group: group, op: OpID(batch: batch, index: index)))
        }
        return names
    }
}
