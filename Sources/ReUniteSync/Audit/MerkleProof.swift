/// Checks proofs as RFC 9162 does it (sections 2.1.3.2 and 2.1.4.2). Whatever the bytes are, the answer is yes or no.
public enum MerkleProof {
    /// A proof never has more hashes than this: two for each of the 64 levels that a size can have.
    public static let limit = 128

    /// Whether a leaf stands at an index of the tree with this size and root.
    public static func includes(
        _ leaf: MerkleHash, at index: UInt64, in head: AuditHead, proof: [MerkleHash]
    ) -> Bool {
        guard index < head.size else { return false }
        var place = index
        var last = head.size - 1
        var hash = leaf
        for other in proof {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                hash = MerkleTree.node(other, hash)
                while place & 1 == 0 && place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                hash = MerkleTree.node(hash, other)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && hash == head.root
    }

    /// Whether one tree begins with another, older one.
    public static func extends(_ new: AuditHead, _ old: AuditHead, proof: [MerkleHash]) -> Bool {
        guard old.size <= new.size else { return false }
        if old.size == new.size { return proof.isEmpty && old.root == new.root }
        if old.size == 0 { return proof.isEmpty && old.root == MerkleTree.emptyRoot }
        // The root of a complete older tree is itself a node of the newer one, and is not sent.
        let isComplete = old.size & (old.size - 1) == 0
        var path = (isComplete ? [old.root] : []) + proof
        guard !path.isEmpty, proof.count <= limit else { return false }
        var place = old.size - 1
        var last = new.size - 1
        while place & 1 == 1 {
            place >>= 1
            last >>= 1
        }
        var older = path.removeFirst()
        var newer = older
        for hash in path {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                older = MerkleTree.node(hash, older)
                newer = MerkleTree.node(hash, newer)
                while place & 1 == 0 && place != 0 {
                    place >>= 1
                    last >>= 1
                }
            } else {
                newer = MerkleTree.node(newer, hash)
            }
            place >>= 1
            last >>= 1
        }
        return last == 0 && older == old.root && newer == new.root
    }
}

extension ByteWriter {
    /// A proof: how many hashes, then the hashes.
    mutating func merkleProof(_ proof: [MerkleHash]) {
        varint(proof.count)
        for hash in proof { raw(hash.bytes) }
    }
}

extension ByteReader {
    mutating func merkleHash(_ field: @autoclosure () -> String) throws(FormatError) -> MerkleHash {
        guard let hash = MerkleHash(bytes: try raw(field(), count: MerkleHash.length)) else {
            throw FormatError(.malformed, field())
        }
        return hash
    }

    mutating func merkleProof(_ field: @autoclosure () -> String) throws(FormatError) -> [MerkleHash] {
        var proof: [MerkleHash] = []
        for _ in 0..<(try count(field(), limit: MerkleProof.limit)) { proof.append(try merkleHash(field())) }
        return proof
    }
}
