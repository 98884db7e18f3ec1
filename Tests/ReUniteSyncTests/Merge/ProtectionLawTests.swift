import ReUniteSync
import Testing

@Suite("Laws of most-protective values")
struct ProtectionLawTests {
    private static let order = ProtectionOrder(ranks: [["low": 1, "medium": 2, "high": 3]])
    private static let words = ["low", "medium", "high", "unheard of"]

    /// Values of one cell from a small hub: each author had seen some first part of what the hub had, and left what
    /// was not shown to it standing.
    private static func history(_ random: inout SeededGenerator, resolving: Bool) -> [CellSibling] {
        var all: [CellSibling] = []
        for number in 1...5 {
            let base = random.below(number)
            let seen = fold(Array(all.prefix(base)))
            let shown = seen.isEmpty ? nil : seen[order.displayed(seen)].name
            let names = seen.map(\.name)
            let resolves = resolving && seen.count > 1 && random.chance(60)
            let named = resolves ? names.filter { _ in random.chance(70) } : []
            all.append(
                MergeFixtures.sibling(
                    UInt64(number), branch: Int64(number), position: Int64(number), base: Int64(base),
                    kept: resolves ? names.filter { !named.contains($0) } : names.filter { $0 != shown },
                    supersedes: named, milliseconds: Int64(random.below(3)),
                    value: .text(words[random.below(words.count)])))
        }
        return all
    }

    private static func fold(_ arriving: [CellSibling], onto start: [CellSibling] = []) -> [CellSibling] {
        arriving.reduce(start) { standing, next in
            guard case .joined(let after) = join(standing, with: next, lineage: Lineage(), policy: order) else {
                return standing
            }
            return after
        }
    }

    private static func replaces(_ new: CellSibling, _ old: CellSibling) -> Bool {
        order.replaces(new, old, lineage: Lineage())
    }

    @Test("Ordinary edits end alike in every order, shown value and question too", arguments: [UInt64(61), 62, 63])
    func everyOrder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var several = 0
        for round in 0..<120 {
            let values = ProtectionLawTests.history(&random, resolving: false)
            let once = ProtectionLawTests.fold(values)
            if once.count > 1 { several += 1 }
            for order in MergeFixtures.permutations(values) {
                let after = ProtectionLawTests.fold(order)
                guard Set(after.map(\.name)) == Set(once.map(\.name)),
                    after[ProtectionLawTests.order.displayed(after)] == once[ProtectionLawTests.order.displayed(once)],
                    ProtectionLawTests.order.needsPerson(after) == ProtectionLawTests.order.needsPerson(once)
                else {
                    Issue.record("seed \(seed) round \(round): an order of arrival ends otherwise")
                    return
                }
            }
            // In parts as at once, and nothing that came again changes anything.
            let parts = ProtectionLawTests.fold(
                ProtectionLawTests.fold(Array(values[2...])), onto: ProtectionLawTests.fold(Array(values[..<2])))
            #expect(Set(parts.map(\.name)) == Set(once.map(\.name)), "seed \(seed) round \(round)")
            #expect(ProtectionLawTests.fold(values, onto: once) == once, "seed \(seed) round \(round)")
        }
        #expect(several > 20)
    }

    @Test("Among ordinary edits, what replaces what replaces a value replaces that value", arguments: [UInt64(71), 72])
    func transitive(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var chains = 0
        for round in 0..<300 {
            let values = ProtectionLawTests.history(&random, resolving: false)
            for a in values {
                for b in values where ProtectionLawTests.replaces(a, b) {
                    for c in values where ProtectionLawTests.replaces(b, c) {
                        chains += 1
                        #expect(ProtectionLawTests.replaces(a, c), "seed \(seed) round \(round)")
                    }
                }
            }
        }
        #expect(chains > 50)
    }

    @Test("With resolutions, every order in which nothing comes before what it had seen ends alike")
    func causalOrders() {
        var resolved = 0
        for seed in UInt64(80)..<84 {
            var random = SeededGenerator(seed: seed)
            for round in 0..<120 {
                let values = ProtectionLawTests.history(&random, resolving: true)
                let expected = Set(
                    values.filter { old in !values.contains { ProtectionLawTests.replaces($0, old) } }.map(\.name))
                if values.contains(where: { !$0.supersedes.isEmpty }) { resolved += 1 }
                for order in MergeFixtures.permutations(values) where ProtectionLawTests.isCausal(order) {
                    let after = ProtectionLawTests.fold(order)
                    #expect(Set(after.map(\.name)) == expected, "seed \(seed) round \(round)")
                }
            }
        }
        #expect(resolved > 50)
    }

    private static func isCausal(_ order: [CellSibling]) -> Bool {
        order.indices.allSatisfy { place in
            order[..<place].allSatisfy { earlier in
                guard let position = order[place].position else { return false }
                return earlier.base < position
            }
        }
    }

    @Test("No ordinary edit lowers what is shown: only a resolution that names it does", arguments: [UInt64(91), 92])
    func neverLowered(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var resolutions = 0
        for round in 0..<300 {
            var standing: [CellSibling] = []
            for value in ProtectionLawTests.history(&random, resolving: true) {
                let before = standing.map { ProtectionLawTests.order.rank(of: $0.values) }.max() ?? .min
                standing = ProtectionLawTests.fold([value], onto: standing)
                let after = standing.map { ProtectionLawTests.order.rank(of: $0.values) }.max() ?? .min
                if value.supersedes.isEmpty {
                    #expect(after >= before, "seed \(seed) round \(round)")
                } else if after < before {
                    resolutions += 1
                }
            }
        }
        #expect(resolutions > 0)
    }

    @Test("A group protects as much as its most protecting column; what is not ranked protects most")
    func ranks() {
        let order = ProtectionOrder(ranks: [["0": 0, "1": 5, nil: 1], nil, ["x": 3]])
        #expect(order.rank(of: [.integer(0), .text("anything"), .text("x")]) == 3)
        #expect(order.rank(of: [.integer(1), .null, .text("x")]) == 5)
        #expect(order.rank(of: [.null, .null, .text("x")]) == 3)
        #expect(order.rank(of: [.integer(0), .null, .null]) == .max)
        #expect(order.rank(of: [.integer(2), .null, .text("x")]) == .max)
        #expect(order.rank(of: [.real(1), .null, .text("x")]) == .max)
        #expect(ProtectionOrder(ranks: [nil]).rank(of: [.text("x")]) == .max)
    }
}
