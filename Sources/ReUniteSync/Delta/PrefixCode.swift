/// Canonical prefix codes: which code each symbol has follows from the lengths alone (RFC 1951, 3.2.2).
enum PrefixCode {
    /// The longest code that the format knows, in bits.
    static let longest = 30

    /// The lengths of the best codes for symbols that occur so often (Huffman, 1952), 0 where one does not occur or is
    /// the only one that does. Nil where a code would be too long.
    static func lengths(of counts: [Int]) -> [UInt8]? {
        var lengths = [UInt8](repeating: 0, count: counts.count)
        let leaves = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$0], $0) < (counts[$1], $1) }
        guard leaves.count > 1 else { return lengths }
        // Leaves, then the nodes that join two of what came before: both in order of weight.
        var weights = leaves.map { counts[$0] }
        var parents = [Int](repeating: 0, count: leaves.count * 2 - 1)
        var leaf = 0
        var node = leaves.count
        weights.reserveCapacity(parents.count)
        while weights.count < parents.count {
            var weight = 0
            for _ in 0..<2 {
                let takesLeaf = leaf < leaves.count && (node == weights.count || weights[leaf] <= weights[node])
                let taken = takesLeaf ? leaf : node
                if takesLeaf { leaf += 1 } else { node += 1 }
                parents[taken] = weights.count
                weight += weights[taken]
            }
            weights.append(weight)
        }
        var depths = [Int](repeating: 0, count: parents.count)
        for place in (0..<parents.count - 1).reversed() {
            depths[place] = depths[parents[place]] + 1
            guard place < leaves.count else { continue }
            guard depths[place] <= longest else { return nil }
            lengths[leaves[place]] = UInt8(depths[place])
        }
        return lengths
    }

    /// The first code of each length, from 0 to the longest, aligned to the right.
    private static func firstCodes(_ counts: [Int]) -> [UInt64] {
        var codes = [UInt64](repeating: 0, count: longest + 1)
        var code: UInt64 = 0
        for length in 1...longest {
            code = (code + (length > 1 ? UInt64(counts[length - 1]) : 0)) << 1
            codes[length] = code
        }
        return codes
    }

    private static func counts(_ lengths: [UInt8]) -> [Int] {
        var counts = [Int](repeating: 0, count: longest + 1)
        for length in lengths { counts[Int(length)] += 1 }
        return counts
    }

    /// The code of each symbol, aligned to the right; 0 where it has none.
    static func codes(_ lengths: [UInt8]) -> [UInt64] {
        var next = firstCodes(counts(lengths))
        return lengths.map { length in
            guard length > 0 else { return 0 }
            defer { next[Int(length)] += 1 }
            return next[Int(length)]
        }
    }

    /// Finds the symbol that a code begins with.
    struct Table {
        /// Codes up to this many bits are found in one step.
        private static let step = 10
        private var quick = [UInt32](repeating: 0, count: 1 << Table.step)
        private let first: [UInt64]
        private let counts: [Int]
        /// Where each length's symbols begin in `symbols`.
        private var starts = [Int](repeating: 0, count: longest + 1)
        private var symbols: [UInt32] = []
        /// No symbol has a code: the first is the only one, and takes no bits.
        let isEmpty: Bool

        /// Takes lengths up to the longest. Throws `malformed` unless they make a complete code or none at all.
        init(_ lengths: [UInt8]) throws(FormatError) {
            isEmpty = lengths.allSatisfy { $0 == 0 }
            guard lengths.allSatisfy({ $0 <= longest }) else { throw FormatError(.malformed, "code length") }
            counts = PrefixCode.counts(lengths)
            first = firstCodes(counts)
            var sum: UInt64 = 0
            for length in 1...longest {
                sum += UInt64(counts[length]) << UInt64(longest - length)
                starts[length] = length == 1 ? 0 : starts[length - 1] + counts[length - 1]
            }
            guard isEmpty || sum == 1 << UInt64(longest) else { throw FormatError(.malformed, "code lengths") }
            symbols = [UInt32](repeating: 0, count: lengths.count - counts[0])
            var next = starts
            var codes = first
            for (symbol, length) in lengths.enumerated() where length > 0 {
                let bits = Int(length)
                symbols[next[bits]] = UInt32(symbol)
                next[bits] += 1
                let code = codes[bits]
                codes[bits] += 1
                guard bits <= Table.step else { continue }
                let shift = UInt64(Table.step - bits)
                for place in Int(code << shift)..<Int((code + 1) << shift) {
                    quick[place] = UInt32(symbol) << 5 | UInt32(bits)
                }
            }
        }

        /// The symbol whose code these 32 bits begin with, and how many of them it takes.
        @inline(__always)
        func symbol(_ bits: UInt64) -> (symbol: Int, length: Int) {
            let entry = quick[Int(bits >> UInt64(32 - Table.step))]
            if entry != 0 { return (Int(entry >> 5), Int(entry & 31)) }
            for length in Table.step + 1..<longest {
                let code = bits >> UInt64(32 - length)
                if code < first[length] + UInt64(counts[length]) {
                    return (Int(symbols[starts[length] + Int(code - first[length])]), length)
                }
            }
            // The code is complete: what no shorter length has is the longest.
            let code = bits >> UInt64(32 - longest)
            return (Int(symbols[starts[longest] + Int(code - first[longest])]), longest)
        }
    }
}
