import ReUniteSync
import Testing

@Suite("The audit log's Merkle tree is that of RFC 6962")
struct MerkleTreeTests {
    private static func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { place in
            UInt8(hex.dropFirst(place).prefix(2), radix: 16)
        }
    }

    private static func entries(_ count: Int, seed: UInt64) -> [[UInt8]] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            (0..<Int.random(in: 0...40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
    }

    private static func stored(_ entries: [[UInt8]]) -> StoredTree {
        var tree = StoredTree()
        for entry in entries { tree.append(entry) }
        return tree
    }

    @Test("The roots of certificate-transparency's eight test leaves come out")
    func vectors() throws {
        let leaves = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
        ]
        let roots = [
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var frontier = MerkleFrontier()
        #expect(frontier.root.bytes == MerkleTreeTests.bytes(roots[0]))
        for (leaf, root) in zip(leaves, roots.dropFirst()) {
            _ = frontier.append(MerkleTree.leaf(MerkleTreeTests.bytes(leaf)))
            #expect(frontier.root.bytes == MerkleTreeTests.bytes(root), "size \(frontier.size)")
        }
    }

    @Test("Roots, paths and consistency proofs of every size up to 130 are what the definitions say")
    func small() throws {
        let entries = MerkleTreeTests.entries(130, seed: 1)
        let naive = NaiveMerkleTree(entries: entries)
        var tree = StoredTree()
        for size in 0...130 {
            if size > 0 { tree.append(entries[size - 1]) }
            let new = UInt64(size)
            #expect(tree.frontier.root.bytes == naive.root(size))
            #expect(try MerkleTree.root(size: new, tree.lookup) == tree.frontier.root)
            #expect(try MerkleFrontier(size: new, tree.lookup) == tree.frontier)
            // Every pair of sizes would take the slow oracle minutes.
            for place in Set([0, 1, size / 3, size / 2, size - 1, size & -size]) where (0..<size).contains(place) {
                let path = try MerkleTree.inclusionProof(of: UInt64(place), size: new, tree.lookup)
                #expect(path.map(\.bytes) == naive.path(place, size), "leaf \(place) of \(size)")
                guard place > 0 else { continue }
                let proof = try MerkleTree.consistencyProof(from: UInt64(place), to: new, tree.lookup)
                #expect(proof.map(\.bytes) == naive.proof(place, size), "from \(place) to \(size)")
            }
        }
    }

    @Test("Every honest proof up to 130 leaves is accepted")
    func accepted() throws {
        let tree = MerkleTreeTests.stored(MerkleTreeTests.entries(130, seed: 2))
        for size in UInt64(0)...130 {
            let head = AuditHead(size: size, root: try MerkleTree.root(size: size, tree.lookup))
            for old in 0...size {
                let before = AuditHead(size: old, root: try MerkleTree.root(size: old, tree.lookup))
                let proof = try MerkleTree.consistencyProof(from: old, to: size, tree.lookup)
                #expect(MerkleProof.extends(head, before, proof: proof), "from \(old) to \(size)")
                guard old < size else { continue }
                let path = try MerkleTree.inclusionProof(of: old, size: size, tree.lookup)
                #expect(
                    MerkleProof.includes(tree.lookup(0, old), at: old, in: head, proof: path), "\(old) in \(size)")
            }
        }
    }

    @Test("A proof with anything changed in it, or for other trees, is refused", arguments: UInt64(1)...12)
    func refused(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 2...3_000, using: &generator)
        var entries = MerkleTreeTests.entries(count, seed: seed)
        let tree = MerkleTreeTests.stored(entries)
        let changed = Int.random(in: 0..<count, using: &generator)
        entries[changed].append(1)
        let other = MerkleTreeTests.stored(entries)
        for _ in 0..<60 {
            let size = UInt64.random(in: 2...UInt64(count), using: &generator)
            let old = UInt64.random(in: 1..<size, using: &generator)
            let head = AuditHead(size: size, root: try MerkleTree.root(size: size, tree.lookup))
            let before = AuditHead(size: old, root: try MerkleTree.root(size: old, tree.lookup))
            let proof = try MerkleTree.consistencyProof(from: old, to: size, tree.lookup)
            #expect(MerkleProof.extends(head, before, proof: proof), "seed \(seed)")
            for index in proof.indices {
                var bent = proof
                bent[index] = MerkleTree.node(bent[index], bent[index])
                #expect(!MerkleProof.extends(head, before, proof: bent), "seed \(seed): \(index) of \(old) to \(size)")
                bent = proof
                bent.remove(at: index)
                #expect(!MerkleProof.extends(head, before, proof: bent), "seed \(seed): without \(index)")
            }
            #expect(!MerkleProof.extends(head, before, proof: proof + [head.root]), "seed \(seed): too long")
            #expect(!MerkleProof.extends(before, head, proof: proof), "seed \(seed): backwards")
            // What another history has in one leaf is seen as soon as that leaf counts.
            let forged = AuditHead(size: size, root: try MerkleTree.root(size: size, other.lookup))
            let forgedProof = try MerkleTree.consistencyProof(from: old, to: size, other.lookup)
            #expect(
                MerkleProof.extends(forged, before, proof: forgedProof) == (changed >= Int(old)),
                "seed \(seed): leaf \(changed) changed, \(old) of \(size) known")
            let path = try MerkleTree.inclusionProof(of: old, size: size, tree.lookup)
            let leaf = tree.lookup(0, old)
            #expect(MerkleProof.includes(leaf, at: old, in: head, proof: path), "seed \(seed)")
            #expect(!MerkleProof.includes(leaf, at: old - 1, in: head, proof: path), "seed \(seed): another place")
            #expect(
                !MerkleProof.includes(MerkleTree.node(leaf, leaf), at: old, in: head, proof: path),
                "seed \(seed): another leaf")
        }
    }

    @Test("A proof is never longer than the tree is deep, and one")
    func length() throws {
        let tree = MerkleTreeTests.stored(MerkleTreeTests.entries(1_500, seed: 3))
        for size in stride(from: UInt64(2), through: 1_500, by: 7) {
            let depth = 64 - (size - 1).leadingZeroBitCount
            for old in stride(from: UInt64(1), to: size, by: 11) {
                #expect(try MerkleTree.consistencyProof(from: old, to: size, tree.lookup).count <= depth + 1)
            }
        }
    }
}
