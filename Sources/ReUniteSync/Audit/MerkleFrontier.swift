/// The right edge of a Merkle tree: all that appending needs, about as many hashes as the tree is deep.
public struct MerkleFrontier: Hashable, Sendable {
    /// How many leaves there are.
    public private(set) var size: UInt64 = 0
    /// The hashes of the complete subtrees that make up the tree, the largest first.
    private var peaks: [MerkleHash] = []

    /// The frontier of the empty tree.
    public init() {}

    /// The frontier of a tree that is there: one question for each binary digit 1 of its size.
    public init(size: UInt64, _ lookup: MerkleTree.Lookup) throws {
        var begin: UInt64 = 0
        for level in stride(from: 63, through: 0, by: -1) where size & (1 << UInt64(level)) != 0 {
            peaks.append(try lookup(level, begin >> UInt64(level)))
            begin += 1 << UInt64(level)
        }
        self.size = size
    }

    /// Appends a leaf.
    ///
    /// - Returns: the hashes of the subtrees that it completes, of two leaves first; none for every other leaf.
    public mutating func append(_ leaf: MerkleHash) -> [MerkleHash] {
        var completed: [MerkleHash] = []
        var hash = leaf
        var left = size
        while left & 1 == 1, let peak = peaks.popLast() {
            hash = MerkleTree.node(peak, hash)
            completed.append(hash)
            left >>= 1
        }
        peaks.append(hash)
        size += 1
        return completed
    }

    public var root: MerkleHash {
        guard var hash = peaks.last else { return MerkleTree.emptyRoot }
        for peak in peaks.dropLast().reversed() { hash = MerkleTree.node(peak, hash) }
        return hash
    }

    public var head: AuditHead { AuditHead(size: size, root: root) }
}
