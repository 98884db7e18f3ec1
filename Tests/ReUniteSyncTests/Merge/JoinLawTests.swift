import ReUniteSync
import Testing

/// The laws that make every order of arrival end alike, over sets of ops that real histories left behind.
@Suite("Laws of joining")
struct JoinLawTests {
    struct Sample {
        let seed: UInt64
        let ops: [CellSibling]
        let lineage: Lineage
    }

    /// Sets of up to five accepted ops of one cell, from networks where no operator released anything: the order of
    /// a release is a decision, and not one of the orders that must not matter.
    private static func samples() -> [Sample] {
        var samples: [Sample] = []
        for seed in UInt64(20_000)..<20_040 {
            var network = SimulatedNetwork(seed: seed)
            for _ in 0..<250 where network.releases == 0 { network.step() }
            guard network.releases == 0 else { continue }
            for cell in 0..<network.cellCount {
                let accepted = network.hub.accepted[cell]
                for _ in 0..<3 where accepted.count >= 5 {
                    let start = network.random.below(accepted.count - 4)
                    let ops = accepted[start..<(start + 5)].map {
                        network.sibling($0, position: network.hub.positions[$0])
                    }
                    samples.append(Sample(seed: seed, ops: ops, lineage: network.hub.lineage))
                }
            }
        }
        return samples
    }

    private static func names(_ siblings: [CellSibling]) -> Set<OpID> { Set(siblings.map(\.name)) }

    @Test("Every order of arrival leaves the same values standing")
    func commutative() {
        let samples = JoinLawTests.samples()
        #expect(samples.count > 30)
        for sample in samples {
            let expected = JoinLawTests.names(MergeFixtures.fold(sample.ops, lineage: sample.lineage))
            for order in MergeFixtures.permutations(sample.ops)
            where JoinLawTests.names(MergeFixtures.fold(order, lineage: sample.lineage)) != expected {
                Issue.record("seed \(sample.seed): an order of arrival ends with other values")
            }
        }
    }

    @Test("Joining in parts is joining at once")
    func associative() {
        for sample in JoinLawTests.samples() {
            for first in 1..<4 {
                for second in (first + 1)..<5 {
                    let parts = [sample.ops[..<first], sample.ops[first..<second], sample.ops[second...]].map {
                        MergeFixtures.fold(Array($0), lineage: sample.lineage)
                    }
                    let left = MergeFixtures.fold(
                        parts[2], onto: MergeFixtures.fold(parts[1], onto: parts[0], lineage: sample.lineage),
                        lineage: sample.lineage)
                    let right = MergeFixtures.fold(
                        MergeFixtures.fold(parts[2], onto: parts[1], lineage: sample.lineage), onto: parts[0],
                        lineage: sample.lineage)
                    #expect(JoinLawTests.names(left) == JoinLawTests.names(right), "seed \(sample.seed)")
                }
            }
        }
    }

    @Test("What has arrived changes nothing when it arrives again")
    func idempotent() {
        for sample in JoinLawTests.samples() {
            let once = MergeFixtures.fold(sample.ops, lineage: sample.lineage)
            for again in sample.ops {
                #expect(join(once, with: again, lineage: sample.lineage) == .obsolete, "seed \(sample.seed)")
            }
        }
    }
}
