import ReUniteSync
import Testing

@Suite("Laws of the other policies")
struct PolicyLawTests {
    // MARK: Counters

    @Test("Differences add up to the same in every order, and across the whole range of numbers")
    func counters() throws {
        var random = SeededGenerator(seed: 101)
        for _ in 0..<200 {
            let deltas = (0..<5).map { _ in Int64(random.below(2_000)) - 1_000 }
            let sums = MergeFixtures.permutations(deltas).map { order in
                order.reduce(Value.null as Value?) { sum, delta in sum.flatMap { Counter.sum($0, delta) } }
            }
            #expect(sums.allSatisfy { $0 == .integer(deltas.reduce(0, +)) })
        }
        #expect(Counter.sum(.integer(.max), 1) == nil && Counter.sum(.integer(.min), -1) == nil)
        #expect(Counter.sum(.text("1"), 1) == nil && Counter.sum(.null, 4) == .integer(4))
        #expect(Counter.deltas(of: 0).isEmpty && Counter.deltas(of: -7) == [-7])
        let widest = Counter.difference(from: .integer(.min), to: .integer(.max))
        let parts = Counter.deltas(of: widest)
        #expect(
            parts.reduce(Value.integer(.min) as Value?) { sum, part in sum.flatMap { Counter.sum($0, part) } }
                == .integer(.max))
        let back = Counter.deltas(of: -widest)
        #expect(
            back.reduce(Value.integer(.max) as Value?) { sum, part in sum.flatMap { Counter.sum($0, part) } }
                == .integer(.min))
    }

    // MARK: Sets

    /// An element is there while an addition stands that no removal had seen: the definition, over the whole history.
    @Test("An element is there exactly while some addition was seen by no removal, in every order of arrival")
    func addWins() {
        var met = [false: 0, true: 0]
        for seed in UInt64(110)..<114 {
            var random = SeededGenerator(seed: seed)
            for round in 0..<60 {
                // Additions and removals by different authors, each of whom had seen a first part of the rest.
                let ops = (1...5).map { number in
                    (
                        sibling: MergeFixtures.sibling(
                            UInt64(number), branch: Int64(number), position: Int64(number),
                            base: Int64(random.below(number))), isRemoval: random.chance(45)
                    )
                }
                let expected = Set(
                    ops.filter { op in
                        !op.isRemoval
                            && !ops.contains { other in other.sibling.covers(op.sibling, lineage: Lineage()) }
                    }.map(\.sibling.name))
                met[expected.isEmpty, default: 0] += 1
                for order in MergeFixtures.permutations(ops) {
                    // Only orders in which nothing comes before what it had seen.
                    guard
                        order.indices.allSatisfy({ place in
                            order[..<place].allSatisfy { !$0.sibling.covers(order[place].sibling, lineage: Lineage()) }
                        })
                    else { continue }
                    var standing: [CellSibling] = []
                    for op in order {
                        if op.isRemoval {
                            standing = AddWins.standing(standing, after: op.sibling, lineage: Lineage())
                        } else if case .joined(let after) = join(
                            standing, with: op.sibling, lineage: Lineage(), policy: AddWins())
                        {
                            standing = after
                        }
                    }
                    #expect(Set(standing.map(\.name)) == expected, "seed \(seed) round \(round)")
                }
            }
        }
        #expect(met[true, default: 0] > 20 && met[false, default: 0] > 20)
    }

    @Test("A removal keeps away what it had seen, and nothing else")
    func revival() {
        let addition = MergeFixtures.sibling(1, branch: 1, sequence: 3)
        let unseen = MergeFixtures.sibling(2, branch: 2, position: 9, base: 8)
        let own = MergeFixtures.sibling(3, branch: 1, sequence: 4, position: 9)
        #expect(AddWins.revives(addition, after: unseen, lineage: Lineage()))
        #expect(!AddWins.revives(addition, after: own, lineage: Lineage()))
        #expect(!AddWins().needsPerson([addition, unseen]))
    }

    // MARK: Allocations

    @Test("Two spans overlap when a day belongs to both", arguments: [UInt64(121), 122])
    func overlap(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func text(_ day: Int) -> Value { .text("2026-03-\(day < 10 ? "0" : "")\(day)") }
        var both = 0
        for round in 0..<2_000 {
            let spans = (0..<2).map { _ in
                let from = 1 + random.below(20)
                return (from: from, to: random.chance(15) ? nil : from + 1 + random.below(8))
            }
            let shares = (1...40).contains { day in spans.allSatisfy { $0.from <= day && day < $0.to ?? 99 } }
            if shares { both += 1 }
            for asText in [false, true] {
                let values = spans.map { span in
                    asText
                        ? (from: text(span.from), to: span.to.map(text) ?? .null)
                        : (from: Value.integer(Int64(span.from)), to: span.to.map { .integer(Int64($0)) } ?? .null)
                }
                #expect(Allocation.overlap(values[0], values[1]) == shares, "seed \(seed) round \(round)")
                #expect(Allocation.overlap(values[1], values[0]) == shares, "seed \(seed) round \(round)")
                #expect(Allocation.isSpan(from: values[0].from, to: values[0].to))
            }
        }
        #expect(both > 200)
        #expect(!Allocation.isSpan(from: text(3), to: text(3)) && !Allocation.isSpan(from: .null, to: text(3)))
        #expect(!Allocation.isSpan(from: .text("a"), to: .blob([1])))
    }

    @Test("A status means what the schema says, and nothing otherwise")
    func statuses() {
        let rule = Allocation(
            group: 1, unit: "u", from: "f", to: "t", status: "s",
            statuses: [
                .init(value: "ASKED", kind: .request), .init(value: "HAS", kind: .holds),
                .init(value: "LIVES", kind: .holds),
            ])
        #expect(rule.kind(of: .text("LIVES")) == .holds && rule.kind(of: .text("ASKED")) == .request)
        #expect(rule.kind(of: .text("has")) == nil && rule.kind(of: .null) == nil)
        #expect(rule.values(of: .holds) == ["HAS", "LIVES"] && rule.values(of: .refused) == [])
    }

    // MARK: Writers

    @Test("Only the hub writes what is the hub's, only the owner and the hub what is the owner's")
    func writers() {
        for policy in MergePolicy.allCases {
            #expect(WriterRule.refusal(policy, relations: ["HUB"]) == nil)
            let owner: Reason? = policy == .hubOnly ? .role : nil
            #expect(WriterRule.refusal(policy, relations: ["OWNER"]) == owner)
            let other: Reason? = policy == .hubOnly ? .role : policy == .ownerOnly ? .proposal : nil
            #expect(WriterRule.refusal(policy, relations: ["SENDER"]) == other)
            #expect(WriterRule.refusal(policy, relations: []) == other)
        }
    }

    @Test("In a new row NULL and the default stay; another value is cleared where it can be")
    func newRow() {
        #expect(WriterRule.inNewRow(.null, isNullable: false, fallback: .integer(3)) == .keep)
        #expect(WriterRule.inNewRow(.integer(3), isNullable: false, fallback: .integer(3)) == .keep)
        #expect(WriterRule.inNewRow(.integer(4), isNullable: false, fallback: .integer(3)) == .refuse)
        #expect(WriterRule.inNewRow(.integer(4), isNullable: true, fallback: .null) == .clear)
    }

    // MARK: Life

    @Test("Erasure absorbs from either side, whatever is grouped with what")
    func erasure() {
        for a in RowLife.allCases {
            #expect(a.taking(a) == a)
            #expect(a.taking(.erased) == .erased && RowLife.erased.taking(a) == .erased)
            for b in RowLife.allCases {
                for c in RowLife.allCases { #expect(a.taking(b).taking(c) == a.taking(b.taking(c))) }
            }
        }
        #expect(RowLife.dead.taking(.alive) == .alive && RowLife.alive.taking(.dead) == .dead)
    }

    // MARK: Rounds

    private static let states = StateOrder(places: [
        "asked": .init(closed: 0, rank: 0), "waiting": .init(closed: 0, rank: 1), "offered": .init(closed: 0, rank: 2),
        "moved": .init(closed: 0, rank: 3), "declined": .init(closed: 1, rank: 0), "gone": .init(closed: 1, rank: 5),
    ])

    private static func state(_ number: UInt64, _ state: String, round: Int64 = 0) -> CellSibling {
        var sibling = MergeFixtures.sibling(number, branch: Int64(number), value: .text(state))
        sibling.round = round
        return sibling
    }

    @Test("A step back within a class raises the round; every other step keeps it")
    func rounds() {
        let order = PolicyLawTests.states
        func round(from old: String, _ before: Int64, to new: String) -> Int64 {
            order.round(of: PolicyLawTests.state(2, new), leaving: PolicyLawTests.state(1, old, round: before))
        }
        #expect(round(from: "offered", 0, to: "waiting") == 1)
        #expect(round(from: "waiting", 1, to: "offered") == 1)
        #expect(round(from: "moved", 1, to: "asked") == 2)
        #expect(round(from: "offered", 2, to: "declined") == 2)
        #expect(round(from: "gone", 2, to: "moved") == 2)
        #expect(order.round(of: PolicyLawTests.state(2, "waiting"), leaving: nil) == 0)
    }

    @Test("The class decides first, then the round, then the rank, in every order of arrival")
    func order() {
        let order = PolicyLawTests.states
        for (greater, lesser) in [
            (PolicyLawTests.state(1, "offered", round: 1), PolicyLawTests.state(2, "moved")),
            (PolicyLawTests.state(1, "declined"), PolicyLawTests.state(2, "moved", round: 7)),
            (PolicyLawTests.state(1, "moved", round: 1), PolicyLawTests.state(2, "offered", round: 1)),
        ] {
            for both in [[greater, lesser], [lesser, greater]] {
                #expect(both[order.displayed(both)].name == greater.name)
                #expect(order.needsPerson(both))
            }
        }
    }
}
