import ReUniteSync

/// What an op named, as it is kept with it: no bytes at all for most.
enum StoredContext {
    /// How many values one list of an op may name: as many as can stand in all cells of a row.
    static let namesPerList = CellLimits.standing * 64

    /// Whether a replica can have written it: no list is longer than a row's cells can fill, and every name is of an op
    /// that a batch has room for.
    static func isPossible(_ context: Op.Context?) -> Bool {
        [context?.kept ?? [], context?.supersedes ?? []].allSatisfy { list in
            list.count <= namesPerList && list.allSatisfy { Int($0.op.index) < DecodeLimits.opsPerBatch }
        }
    }

    static func encode(_ context: Op.Context?, extras: [Dot]) -> [UInt8] {
        let (kept, supersedes) = (context?.kept ?? [], context?.supersedes ?? [])
        guard !kept.isEmpty || !supersedes.isEmpty || !extras.isEmpty else { return [] }
        var out = ByteWriter()
        for list in [kept, supersedes] {
            out.varint(list.count)
            for name in list {
                out.byte(name.group)
                out.identifier(name.op.batch)
                out.varint(UInt64(name.op.index))
            }
        }
        out.varint(extras.count)
        for dot in extras {
            out.zigzag(dot.branch)
            out.varint(dot.sequence)
        }
        return out.bytes
    }

    /// Puts back what the op named of one group. Whatever was kept once can be read: a hub had no limits here, and who
    /// reads a cell must not suffer for what somebody else wrote into it.
    static func restore(_ bytes: [UInt8], group: UInt8, into sibling: inout CellSibling) throws(FormatError) {
        var input = ByteReader(bytes)
        var lists: [[OpID]] = [[], []]
        for place in 0..<2 {
            // A name takes at least 18 bytes, an extra two.
            for _ in 0..<(try input.count("op context", limit: input.remaining / 18)) {
                let named = try input.byte("op context")
                let batch = try input.identifier("op context")
                let index = try input.count("op context", limit: Int(UInt32.max))
                if named == group { lists[place].append(OpID(batch: batch, index: UInt32(index))) }
            }
        }
        sibling.kept = lists[0]
        sibling.supersedes = lists[1]
        for _ in 0..<(try input.count("op context", limit: input.remaining / 2)) {
            let branch = try input.zigzag("op context")
            sibling.extras.append(Dot(branch: branch, sequence: try input.varint("op context")))
        }
    }
}

/// How much of one thing a hub lets stand.
enum CellLimits {
    /// Values of one cell beside each other.
    static let standing = 64
}
