import ReUniteSync
import Testing

@Suite("What a cell shows")
struct PolicyTests {
    private static let states = StateOrder(places: [
        "draft": .init(closed: 0, rank: 0), "sent": .init(closed: 0, rank: 1), "accepted": .init(closed: 0, rank: 2),
        "active": .init(closed: 0, rank: 9), "declined": .init(closed: 1, rank: 5),
        "withdrawn": .init(closed: 1, rank: 6),
    ])

    private static func randomSiblings(_ random: inout SeededGenerator) -> [CellSibling] {
        let words = ["draft", "sent", "accepted", "active", "declined", "withdrawn", "no such state"]
        return (0..<(1 + random.below(5))).map { number in
            MergeFixtures.sibling(
                random.next() | UInt64(number), branch: Int64(number), milliseconds: Int64(random.below(3)),
                suspect: random.chance(20), value: .text(words[random.below(words.count)]))
        }
    }

    private static func text(_ sibling: CellSibling) -> String {
        if case .text(let text)? = sibling.values.first { text } else { "" }
    }

    @Test("The value shown, and the question, depend on the set alone", arguments: [UInt64(31), 32, 33])
    func displayDependsOnSet(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let policies: [any CellPolicy] = [Review(), LastWriterWins(), AppendOnly(), PolicyTests.states]
        for round in 0..<40 {
            let siblings = PolicyTests.randomSiblings(&random)
            for policy in policies {
                let shown = siblings[policy.displayed(siblings)].name
                let asks = policy.needsPerson(siblings)
                for order in MergeFixtures.permutations(siblings) {
                    guard order[policy.displayed(order)].name == shown, policy.needsPerson(order) == asks else {
                        Issue.record("seed \(seed) round \(round): \(policy) depends on the order")
                        return
                    }
                }
            }
        }
    }

    @Test("Last writer wins by effective time, ties by name, and asks only about a suspect clock")
    func lastWriterWins() {
        var random = SeededGenerator(seed: 41)
        for round in 0..<500 {
            let siblings = PolicyTests.randomSiblings(&random)
            let latest = siblings.map(\.stamp.rawValue).max()
            let expected = siblings.filter { $0.stamp.rawValue == latest }.map(\.name).max()
            #expect(siblings[LastWriterWins().displayed(siblings)].name == expected, "round \(round)")
            let suspect = siblings.contains { $0.isClockSuspect }
            #expect(LastWriterWins().needsPerson(siblings) == (suspect && siblings.count > 1), "round \(round)")
        }
    }

    @Test("A review asks whenever two values stand, and never about one")
    func reviewAsks() {
        let one = MergeFixtures.sibling(1, branch: 1, suspect: true)
        let two = MergeFixtures.sibling(2, branch: 2)
        #expect(!Review().needsPerson([one]))
        #expect(Review().needsPerson([one, two]))
        #expect(!AppendOnly().needsPerson([one, two]))
    }

    @Test("Withdrawn beats accepted in both orders of arrival, and a person hears of it")
    func withdrawnWins() {
        let accepted = MergeFixtures.sibling(1, branch: 1, milliseconds: 900, value: .text("accepted"))
        let withdrawn = MergeFixtures.sibling(2, branch: 2, milliseconds: 1, value: .text("withdrawn"))
        for order in [[accepted, withdrawn], [withdrawn, accepted]] {
            let after = MergeFixtures.fold(order)
            #expect(after.count == 2)
            #expect(after[PolicyTests.states.displayed(after)].name == withdrawn.name)
            #expect(PolicyTests.states.needsPerson(after))
        }
    }

    @Test("A closed state beats an open one of any rank; the rank decides within a class")
    func closedBeforeRank() {
        let active = MergeFixtures.sibling(1, branch: 1, milliseconds: 9, value: .text("active"))
        let declined = MergeFixtures.sibling(2, branch: 2, value: .text("declined"))
        let withdrawn = MergeFixtures.sibling(3, branch: 3, value: .text("withdrawn"))
        let sent = MergeFixtures.sibling(4, branch: 4, milliseconds: 99, value: .text("sent"))
        for (siblings, expected) in [
            ([active, declined], declined), ([declined, withdrawn], withdrawn), ([sent, active], active),
        ] {
            for order in MergeFixtures.permutations(siblings) {
                #expect(order[PolicyTests.states.displayed(order)].name == expected.name)
            }
        }
    }

    @Test("Two people who reached the same state are not asked, and an unknown state never wins")
    func sameStateAndUnknown() {
        let one = MergeFixtures.sibling(1, branch: 1, value: .text("sent"))
        let two = MergeFixtures.sibling(2, branch: 2, value: .text("sent"))
        let odd = MergeFixtures.sibling(3, branch: 3, milliseconds: 99, value: .text("no such state"))
        #expect(!PolicyTests.states.needsPerson([one, two]))
        #expect(PolicyTests.text([odd, one][PolicyTests.states.displayed([odd, one])]) == "sent")
        #expect(PolicyTests.states.initialStates == ["draft"])
        #expect(PolicyTests.states.contains("sent") && !PolicyTests.states.contains("no such state"))
    }
}
