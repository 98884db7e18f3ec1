import ReUniteSync
import Testing

@Suite("Branches of a device's chain")
struct LineageTests {
    @Test("An op precedes exactly what was written after it, through nested forks", arguments: UInt64(50)..<60)
    func nestedForks(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // A tree of one-op batches: each goes on from any earlier one, as copies of one database would.
        var ancestors: [Set<Int>] = [[]]
        var dots = [Dot(branch: 1, sequence: 1)]
        var heads: [Int64: Int] = [1: 0]
        var lineage = Lineage()
        for node in 1..<60 {
            let parent = random.chance(70) ? random.below(node) : node - 1
            ancestors.append(ancestors[parent].union([parent]))
            let after = dots[parent]
            if heads[after.branch] == parent {
                heads[after.branch] = node
                dots.append(Dot(branch: after.branch, sequence: after.sequence + 1))
            } else {
                let branch = Int64(node) + 1
                heads[branch] = node
                lineage.add(branch: branch, after: after)
                dots.append(Dot(branch: branch, sequence: after.sequence + 1))
            }
        }
        for earlier in dots.indices {
            for later in dots.indices {
                let expected = ancestors[later].contains(earlier)
                #expect(
                    lineage.precedes(dots[earlier], dots[later]) == expected, "seed \(seed): \(earlier), \(later)")
            }
        }
    }

    @Test("An op does not precede itself, nor anything on a chain it has nothing to do with")
    func strangers() {
        var lineage = Lineage()
        lineage.add(branch: 2, after: Dot(branch: 1, sequence: 3))
        let dot = Dot(branch: 2, sequence: 5)
        #expect(!lineage.precedes(dot, dot))
        #expect(!lineage.precedes(Dot(branch: 9, sequence: 1), dot))
        #expect(lineage.precedes(Dot(branch: 1, sequence: 3), dot))
        #expect(!lineage.precedes(Dot(branch: 1, sequence: 4), dot))
        #expect(!lineage.precedes(dot, Dot(branch: 1, sequence: 9)))
    }

    @Test("A table of branches that names a circle is answered, not followed for ever", .timeLimit(.minutes(1)))
    func circle() {
        var lineage = Lineage()
        lineage.add(branch: 1, after: Dot(branch: 2, sequence: 1))
        lineage.add(branch: 2, after: Dot(branch: 1, sequence: 1))
        #expect(!lineage.precedes(Dot(branch: 3, sequence: 1), Dot(branch: 1, sequence: 5)))
    }
}
