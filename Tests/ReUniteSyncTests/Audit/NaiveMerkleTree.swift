import Crypto
import ReUniteSync

/// The definitions of RFC 6962, section 2.1, word for word, over a list of entries. Slow; what the engine is held
/// against.
struct NaiveMerkleTree {
    let entries: [[UInt8]]

    func root(_ size: Int) -> [UInt8] { hash(Array(entries[..<size])) }

    private func hash(_ d: [[UInt8]]) -> [UInt8] {
        if d.isEmpty { return Array(SHA256.hash(data: [UInt8]())) }
        if d.count == 1 { return Array(SHA256.hash(data: [0] + d[0])) }
        let k = split(d.count)
        return Array(SHA256.hash(data: [1] + hash(Array(d[..<k])) + hash(Array(d[k...]))))
    }

    private func split(_ n: Int) -> Int {
        var k = 1
        while k * 2 < n { k *= 2 }
        return k
    }

    func path(_ m: Int, _ size: Int) -> [[UInt8]] { path(m, Array(entries[..<size])) }

    private func path(_ m: Int, _ d: [[UInt8]]) -> [[UInt8]] {
        if d.count == 1 { return [] }
        let k = split(d.count)
        return m < k
            ? path(m, Array(d[..<k])) + [hash(Array(d[k...]))] : path(m - k, Array(d[k...])) + [hash(Array(d[..<k]))]
    }

    func proof(_ m: Int, _ size: Int) -> [[UInt8]] { subproof(m, Array(entries[..<size]), true) }

    private func subproof(_ m: Int, _ d: [[UInt8]], _ b: Bool) -> [[UInt8]] {
        if m == d.count { return b ? [] : [hash(d)] }
        let k = split(d.count)
        return m <= k
            ? subproof(m, Array(d[..<k]), b) + [hash(Array(d[k...]))]
            : subproof(m - k, Array(d[k...]), false) + [hash(Array(d[..<k]))]
    }
}

/// A tree as the hub stores it: the leaves, and with each the subtrees that it completes.
struct StoredTree {
    private(set) var rows: [(leaf: MerkleHash, nodes: [MerkleHash])] = []
    private(set) var frontier = MerkleFrontier()

    mutating func append(_ entry: [UInt8]) {
        let leaf = MerkleTree.leaf(entry)
        rows.append((leaf, frontier.append(leaf)))
    }

    func lookup(_ level: Int, _ index: UInt64) -> MerkleHash {
        level == 0 ? rows[Int(index)].leaf : rows[Int((index + 1) << UInt64(level)) - 1].nodes[level - 1]
    }
}
