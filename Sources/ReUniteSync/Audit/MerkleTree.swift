public import Crypto

/// A SHA-256 hash in a Merkle tree: 32 bytes.
public struct MerkleHash: Hashable, Sendable {
    public static let length = 32
    public let bytes: [UInt8]

    /// Nil unless there are exactly 32 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == MerkleHash.length else { return nil }
        self.bytes = Array(bytes)
    }

    public init(_ digest: SHA256.Digest) {
        bytes = Array(digest)
    }
}

/// The Merkle tree of RFC 6962 (section 2.1), which RFC 9162 keeps: hashes, roots and proofs over leaves that are only
/// ever appended.
///
/// The functions never hold a tree: they ask for the hashes of complete subtrees, which never change once they are
/// complete, and of which a proof needs about as many as the tree is deep.
public enum MerkleTree {
    /// Gives the hash of the complete subtree over the leaves from `index << level` to `(index + 1) << level`.
    public typealias Lookup = (_ level: Int, _ index: UInt64) throws -> MerkleHash

    /// The root over no leaves.
    public static let emptyRoot = MerkleHash(SHA256.hash(data: [UInt8]()))

    /// The hash of a leaf: SHA-256(0x00 ‖ entry).
    public static func leaf(_ entry: some Sequence<UInt8>) -> MerkleHash {
        MerkleHash(SHA256.hash(data: [0] + entry))
    }

    /// The hash of two neighbours: SHA-256(0x01 ‖ left ‖ right).
    public static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        MerkleHash(SHA256.hash(data: [1] + left.bytes + right.bytes))
    }

    /// The root of the tree over the first `size` leaves.
    public static func root(size: UInt64, _ lookup: Lookup) throws -> MerkleHash {
        try hash(0..<size, lookup)
    }

    /// The audit path of a leaf: the hashes that lead from it to the root, from below.
    ///
    /// Empty for a leaf that is not in the tree.
    public static func inclusionProof(of index: UInt64, size: UInt64, _ lookup: Lookup) throws -> [MerkleHash] {
        guard index < size else { return [] }
        return try path(index, 0..<size, lookup)
    }

    /// The proof that the tree over `new` leaves begins with the tree over `old`.
    ///
    /// Empty where nothing needs a proof: for equal sizes, and from the empty tree; and where there can be none.
    public static func consistencyProof(from old: UInt64, to new: UInt64, _ lookup: Lookup) throws -> [MerkleHash] {
        guard old > 0, old < new else { return [] }
        return try subproof(old, 0..<new, isWhole: true, lookup)
    }

    // MARK: The recursions of RFC 6962

    private static func hash(_ leaves: Range<UInt64>, _ lookup: Lookup) throws -> MerkleHash {
        let count = leaves.upperBound - leaves.lowerBound
        guard count > 0 else { return emptyRoot }
        // A range that a recursion makes begins at a multiple of its size when that is a power of two.
        if count & (count - 1) == 0 {
            let level = count.trailingZeroBitCount
            return try lookup(level, leaves.lowerBound >> UInt64(level))
        }
        let middle = split(leaves)
        return node(
            try hash(leaves.lowerBound..<middle, lookup), try hash(middle..<leaves.upperBound, lookup))
    }

    private static func path(
        _ index: UInt64, _ leaves: Range<UInt64>, _ lookup: Lookup
    ) throws -> [MerkleHash] {
        guard leaves.upperBound - leaves.lowerBound > 1 else { return [] }
        let middle = split(leaves)
        return index < middle
            ? try path(index, leaves.lowerBound..<middle, lookup) + [try hash(middle..<leaves.upperBound, lookup)]
            : try path(index, middle..<leaves.upperBound, lookup) + [try hash(leaves.lowerBound..<middle, lookup)]
    }

    /// - Parameters:
    ///   - old: where the older tree ends; within the leaves or at their end.
    ///   - isWhole: whether the older tree's own root is the hash of these leaves, so that the verifier has it.
    private static func subproof(
        _ old: UInt64, _ leaves: Range<UInt64>, isWhole: Bool, _ lookup: Lookup
    ) throws -> [MerkleHash] {
        if old == leaves.upperBound { return isWhole ? [] : [try hash(leaves, lookup)] }
        let middle = split(leaves)
        return old <= middle
            ? try subproof(old, leaves.lowerBound..<middle, isWhole: isWhole, lookup)
                + [try hash(middle..<leaves.upperBound, lookup)]
            : try subproof(old, middle..<leaves.upperBound, isWhole: false, lookup)
                + [try hash(leaves.lowerBound..<middle, lookup)]
    }

    /// Where a range of more than one leaf divides: after the largest power of two that is less than its size.
    private static func split(_ leaves: Range<UInt64>) -> UInt64 {
        let count = leaves.upperBound - leaves.lowerBound
        return leaves.lowerBound + (1 << UInt64(63 - (count - 1).leadingZeroBitCount))
    }
}
