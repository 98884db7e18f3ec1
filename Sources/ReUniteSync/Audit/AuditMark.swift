/// What a request says of the audit log that its replica knows: how long it is, and enough of its root for the hub to
/// see whether it means the same log.
///
/// Where it does, an idle answer need not repeat the head (``SyncAnswer/Body/unchanged(position:issuedMilliseconds:terms:keyNumber:signature:)``).
/// Where it does not, the hub shows its head in full, and the replica has two signatures that contradict each other.
public struct AuditMark: Hashable, Sendable {
    public static let rootLength = 4

    /// 0 where nothing is known.
    public let size: UInt64
    /// The first bytes of the root; none where nothing is known.
    public let root: [UInt8]

    /// Nothing is known.
    public init() {
        size = 0
        root = []
    }

    public init(_ head: AuditHead) {
        size = head.size
        root = head.size == 0 ? [] : Array(head.root.bytes.prefix(AuditMark.rootLength))
    }
}

/// What travels with a checkpoint to prove that the audit log in it begins with what the receiver knows.
public struct AuditProof: Hashable, Sendable {
    /// How long the log is that the proof begins from.
    public var since: UInt64
    /// The consistency proof of RFC 9162, section 2.1.4.1; empty where nothing needs proof, or there is none.
    public var hashes: [MerkleHash]

    public static let none = AuditProof(since: 0, hashes: [])

    public init(since: UInt64, hashes: [MerkleHash]) {
        self.since = since
        self.hashes = hashes
    }
}

extension AuditMark {
    func encode(into out: inout ByteWriter) {
        out.varint(size)
        out.raw(root)
    }

    init(from input: inout ByteReader) throws(FormatError) {
        size = try input.varint("audit size")
        root = size == 0 ? [] : Array(try input.raw("audit root", count: AuditMark.rootLength))
    }
}

extension AuditProof {
    func encode(into out: inout ByteWriter) {
        out.varint(since)
        out.merkleProof(hashes)
    }

    init(from input: inout ByteReader) throws(FormatError) {
        since = try input.varint("audit proof size")
        hashes = try input.merkleProof("audit proof")
    }
}
