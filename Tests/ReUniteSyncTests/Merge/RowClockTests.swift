import ReUniteSync
import Testing

@Suite("Row clocks and digests")
struct RowClockTests {
    private static let key = Identifier(high: 7, low: 8)

    private static func random(_ random: inout SeededGenerator) -> RowClock {
        var clock = RowClock(stamp: Position(Int64(random.below(1_000_000))))
        for _ in 0..<random.below(8) {
            clock.set(UInt8(random.below(62)), to: Position(Int64(random.below(1_000_000))))
        }
        for _ in 0..<random.below(4) {
            clock.siblings.append(
                SiblingName(
                    group: UInt8(random.below(62)),
                    op: OpID(
                        batch: Identifier(high: random.next(), low: random.next()), index: UInt32(random.below(5_000)))
                ))
        }
        return clock
    }

    @Test("Setting groups in any order gives the same positions and the same form", arguments: UInt64(70)..<75)
    func setAndRead(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let stamp = Position(100)
            var expected: [UInt8: Position] = [:]
            var clock = RowClock(stamp: stamp)
            for _ in 0..<random.below(12) {
                let group = UInt8(random.below(62))
                let position = Position(Int64(98 + random.below(6)))
                clock.set(group, to: position)
                expected[group] = position
            }
            for group in UInt8(0)..<62 { #expect(clock.position(of: group) == expected[group] ?? stamp) }
            #expect(clock.exceptions.map(\.group) == clock.exceptions.map(\.group).sorted())
            #expect(clock.exceptions.allSatisfy { $0.stamp != stamp }, "seed \(seed)")
            var ordered = RowClock(stamp: stamp)
            for (group, position) in expected.sorted(by: { $0.key > $1.key }) { ordered.set(group, to: position) }
            #expect(ordered == clock, "seed \(seed)")

            let after = Position(Int64(97 + random.below(8)))
            let mask = random.next() & ((1 << 62) - 1)
            var later: UInt64 = 0
            for group in UInt8(0)..<62 where clock.position(of: group) > after { later |= 1 << UInt64(group) }
            #expect(clock.groups(after: after, of: mask) == later & mask, "seed \(seed)")
        }
    }

    @Test("The stored form reads back as what was written, and every prefix of it cleanly or not at all")
    func extensionRoundTrip() throws {
        var random = SeededGenerator(seed: 76)
        for round in 0..<300 {
            let clock = RowClockTests.random(&random)
            let bytes = clock.encodedExtension()
            #expect(try RowClock(stamp: clock.stamp, extension: bytes) == clock, "round \(round)")
            for length in 0..<bytes.count {
                let read = try? RowClock(stamp: clock.stamp, extension: Array(bytes[..<length]))
                #expect(read != clock, "round \(round)")
            }
        }
        #expect(RowClock(stamp: Position(9)).encodedExtension().isEmpty)
    }

    @Test("The leaf is the same for equal clocks and another for any field that differs")
    func leafChanges() {
        var random = SeededGenerator(seed: 77)
        for round in 0..<200 {
            let clock = RowClockTests.random(&random)
            let leaf = clock.leaf(table: 3, key: RowClockTests.key)
            let copy = clock
            #expect(copy.leaf(table: 3, key: RowClockTests.key) == leaf)
            var others = [clock.leaf(table: 4, key: RowClockTests.key), clock.leaf(table: 3, key: .zero)]
            var changed = clock
            changed.stamp = clock.stamp.next
            others.append(changed.leaf(table: 3, key: RowClockTests.key))
            changed = clock
            changed.set(5, to: Position(2_000_000))
            others.append(changed.leaf(table: 3, key: RowClockTests.key))
            changed = clock
            let sibling = SiblingName(group: 1, op: MergeFixtures.name(5, 2))
            changed.siblings.append(sibling)
            others.append(changed.leaf(table: 3, key: RowClockTests.key))
            for other in [
                SiblingName(group: 2, op: sibling.op), SiblingName(group: 1, op: MergeFixtures.name(6, 2)),
                SiblingName(group: 1, op: MergeFixtures.name(5, 3)),
            ] {
                changed.siblings[changed.siblings.count - 1] = other
                others.append(changed.leaf(table: 3, key: RowClockTests.key))
            }
            #expect(!others.contains(leaf), "round \(round)")
            #expect(Set(others).count == others.count, "round \(round)")
        }
    }

    @Test("A digest depends on the set of leaves, not on their order, and taking away undoes adding")
    func digest() {
        var random = SeededGenerator(seed: 78)
        let leaves = (0..<50).map { _ in Identifier(high: random.next(), low: random.next()) }
        var forward = VersionDigest()
        for leaf in leaves { forward.add(leaf) }
        var mixed = VersionDigest()
        for leaf in leaves.shuffled(using: &random) { mixed.add(leaf) }
        #expect(mixed == forward)
        #expect(forward.rows == 50)

        var halves = VersionDigest()
        for half in [leaves[..<20], leaves[20...]] {
            var part = VersionDigest()
            for leaf in half { part.add(leaf) }
            halves.add(part)
        }
        #expect(halves == forward)
        halves.remove(forward)
        #expect(halves == VersionDigest())

        var fewer = forward
        fewer.remove(leaves[7])
        #expect(fewer != forward)
        fewer.add(leaves[7])
        #expect(fewer == forward)
        for leaf in leaves.shuffled(using: &random) { mixed.remove(leaf) }
        #expect(mixed == VersionDigest())
        #expect(VersionDigest(high: 0xAB, low: 1).text == "00000000000000ab0000000000000001")
    }
}
