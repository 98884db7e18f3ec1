/// The name of one op: the first 16 bytes of its batch's hash, and its place in that batch.
public struct OpID: Hashable, Comparable, Sendable {
    public let batch: Identifier
    public let index: UInt32

    public init(batch: Identifier, index: UInt32) {
        self.batch = batch
        self.index = index
    }

    public static func < (left: OpID, right: OpID) -> Bool {
        left.batch != right.batch ? left.batch < right.batch : left.index < right.index
    }
}

/// One sibling of one cell of the op's row, by name: in `kept` a value that the author saw and left standing, in
/// `supersedes` a value that a resolution decided on.
public struct SiblingName: Hashable, Sendable {
    public let group: UInt8
    public let op: OpID

    public init(group: UInt8, op: OpID) {
        self.group = group
        self.op = op
    }
}

extension [SiblingName] {
    /// The stored form of a short list; no bytes for an empty one.
    package var encoded: [UInt8] {
        var out = ByteWriter()
        for name in self {
            out.byte(name.group)
            out.identifier(name.op.batch)
            out.varint(UInt64(name.op.index))
        }
        return out.bytes
    }

    package init(decoding bytes: [UInt8]) throws(FormatError) {
        self = []
        var input = ByteReader(bytes)
        while input.remaining > 0 {
            let group = try input.byte("sibling group")
            let batch = try input.identifier("sibling batch")
            let index = try input.count("sibling index", limit: DecodeLimits.opsPerBatch)
            append(SiblingName(group: group, op: OpID(batch: batch, index: UInt32(index))))
        }
    }
}

/// An op of another chain that this op's author had seen before the hub had. Only needed where devices hand edits
/// to one another without the hub.
public struct ExtraContext: Hashable, Sendable {
    public let device: Identifier
    public let sequence: UInt64
    /// The first 8 bytes of the batch's hash, so that a restored copy of the device is not mistaken for it.
    public let batchTag: UInt64

    public init(device: Identifier, sequence: UInt64, batchTag: UInt64) {
        self.device = device
        self.sequence = sequence
        self.batchTag = batchTag
    }
}
