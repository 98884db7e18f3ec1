import ReUniteSync
import Testing

/// The scenarios that every reader of the merge rules should know, each with the end that it must have.
@Suite("Golden scenarios of one cell")
struct GoldenScenarioTests {
    private let review = Review()

    @Test("Two offline edits of a review cell both stay, in either order, until a person names both")
    func twoLaptops() {
        let first = MergeFixtures.sibling(1, branch: 1, position: 5, milliseconds: 10)
        let second = MergeFixtures.sibling(2, branch: 2, position: 6, milliseconds: 20)
        for order in [[first, second], [second, first]] {
            let open = MergeFixtures.fold(order)
            #expect(Set(open) == [first, second])
            #expect(review.needsPerson(open))
            let decision = MergeFixtures.sibling(
                3, branch: 3, base: 6, supersedes: [first.name, second.name], milliseconds: 5)
            let closed = MergeFixtures.fold([decision], onto: open)
            #expect(closed == [decision])
            #expect(!review.needsPerson(closed))
        }
    }

    @Test("A value that no resolution named opens the conflict again")
    func laterArrivalReopens() {
        let first = MergeFixtures.sibling(1, branch: 1, position: 5)
        let second = MergeFixtures.sibling(2, branch: 2, position: 6)
        let decision = MergeFixtures.sibling(
            3, branch: 3, position: 7, base: 6, supersedes: [first.name, second.name])
        let unseen = MergeFixtures.sibling(4, branch: 4, base: 0)
        let after = MergeFixtures.fold([decision, unseen], onto: [first, second])
        #expect(after == [decision, unseen])
        #expect(review.needsPerson(after))
    }

    @Test("An ordinary edit on an open conflict leaves the other value standing")
    func ordinaryEdit() {
        let shown = MergeFixtures.sibling(1, branch: 1, position: 5, milliseconds: 20)
        let other = MergeFixtures.sibling(2, branch: 2, position: 6, milliseconds: 10)
        let office = MergeFixtures.sibling(3, branch: 3, position: 8, base: 6, kept: [other.name], milliseconds: 30)
        let after = MergeFixtures.fold([shown, other, office])
        #expect(after == [other, office])
        #expect(review.needsPerson(after))

        // A third partner, who sees only the names, edits what is shown.
        let third = MergeFixtures.sibling(4, branch: 4, base: 8, kept: [other.name], milliseconds: 40)
        let still = MergeFixtures.fold([third], onto: after)
        #expect(still == [other, third])
        #expect(review.needsPerson(still))
    }

    @Test("An edit that was sealed again keeps its own base, and so its conflict")
    func tailReseal() {
        let other = MergeFixtures.sibling(15, branch: 2, position: 15)
        let resealed = MergeFixtures.sibling(1, branch: 1, sequence: 1, base: 10)
        #expect(Set(MergeFixtures.fold([other, resealed])) == [other, resealed])
        // The base of the new batch would have claimed that the author had seen it.
        let wrong = MergeFixtures.sibling(1, branch: 1, sequence: 1, base: 20)
        #expect(MergeFixtures.fold([other, wrong]) == [wrong])
    }

    @Test("A later edit from a dead branch is a sibling, not lost", arguments: [true, false])
    func restoredImage(stickLast: Bool) {
        // Batches up to sequence 2 were before the image. Whichever future arrives first goes on with branch 1; the
        // other becomes branch 2, forked after sequence 2.
        var lineage = Lineage()
        lineage.add(branch: 2, after: Dot(branch: 1, sequence: 2))
        let before = MergeFixtures.sibling(1, branch: 1, sequence: 2, position: 2)
        let restored = MergeFixtures.sibling(
            2, branch: stickLast ? 1 : 2, sequence: 3, position: stickLast ? 9 : 12, milliseconds: 100)
        let dead = MergeFixtures.sibling(
            3, branch: stickLast ? 2 : 1, sequence: 4, position: stickLast ? 12 : 9, milliseconds: 50)
        let arriving = stickLast ? [before, restored, dead] : [before, dead, restored]
        let after = MergeFixtures.fold(arriving, lineage: lineage)
        #expect(Set(after) == [restored, dead])
        #expect(review.needsPerson(after))
    }

    @Test("Laptops in 1970 and 2038 open a review of an lww cell instead of winning by their clocks")
    func wrongClocks() {
        let issued: Int64 = 1_750_000_000_000
        let received = issued + 86_400_000
        let siblings = [(UInt64(1), Int64(0)), (2, 2_147_483_647_000)].map { number, wall in
            let time = EffectiveTime(
                claimed: HybridTime(milliseconds: wall), skew: 0, issued: issued, received: received)
            #expect((issued...received).contains(time.stamp.milliseconds))
            return MergeFixtures.sibling(
                number, branch: Int64(number), milliseconds: time.stamp.milliseconds, suspect: time.isSuspect)
        }
        let after = MergeFixtures.fold(siblings)
        #expect(after.count == 2)
        #expect(LastWriterWins().needsPerson(after))
    }
}
