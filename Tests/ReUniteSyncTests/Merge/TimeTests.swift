import ReUniteSync
import Testing

@Suite("Clocks")
struct TimeTests {
    private let issued: Int64 = 1_750_000_000_000
    private let received: Int64 = 1_750_090_000_000

    private func effective(_ claimed: Int64, skew: Int64 = 0) -> EffectiveTime {
        EffectiveTime(
            claimed: HybridTime(milliseconds: claimed), skew: skew, issued: issued, received: received)
    }

    @Test("Laptops in 1970 and 2038 are moved into the window and marked")
    func wrongClocks() {
        let early = effective(0)
        #expect(early.stamp.milliseconds == issued && early.isSuspect)
        let late = effective(2_147_483_647_000)
        #expect(late.stamp.milliseconds == received && late.isSuspect)
    }

    @Test("An honest clock with a small skew is put right and not marked")
    func smallSkew() {
        let time = effective(issued + 60_000, skew: 20_000)
        #expect(time.stamp.milliseconds == issued + 40_000)
        #expect(!time.isSuspect)
        // A little before the checkpoint or after the receipt is a small skew that was not measured.
        let before = effective(issued - 1_000)
        #expect(before.stamp.milliseconds == issued && !before.isSuspect)
        let after = effective(received + EffectiveTime.tolerance)
        #expect(after.stamp.milliseconds == received && !after.isSuspect)
        #expect(effective(received + EffectiveTime.tolerance + 1).isSuspect)
    }

    @Test("A clock that was measured to be far off is put right, and marked all the same", arguments: [Int64(1), -1])
    func measuredSkew(sign: Int64) {
        let time = effective(issued + 5_000 + sign * 7_200_000, skew: sign * 7_200_000)
        #expect(time.stamp.milliseconds == issued + 5_000)
        #expect(time.isSuspect)
    }

    @Test("A measured skew of more than ten minutes marks, one of ten does not")
    func skewLimit() {
        let limit = EffectiveTime.tolerance
        #expect(limit == 600_000)
        #expect(!effective(issued + 5_000_000, skew: limit).isSuspect)
        #expect(effective(issued + 5_000_000, skew: limit + 1).isSuspect)
        #expect(effective(issued + 5_000_000, skew: -limit - 1).isSuspect)
    }

    @Test("The effective time is in the window for every claim, and keeps the claim's counter")
    func alwaysInWindow() {
        var random = SeededGenerator(seed: 61)
        for round in 0..<5_000 {
            let claimed = HybridTime(rawValue: random.next())
            let skew = Int64(random.below(1 << 40)) - (1 << 39)
            let time = EffectiveTime(claimed: claimed, skew: skew, issued: issued, received: received)
            guard (issued...received).contains(time.stamp.milliseconds),
                time.stamp.rawValue & 0xFFFF == claimed.rawValue & 0xFFFF
            else {
                Issue.record("round \(round): \(claimed) with skew \(skew) gives \(time)")
                return
            }
        }
    }

    @Test("A receipt before the checkpoint, which only a broken hub clock makes, narrows the window to a point")
    func emptyWindow() {
        let time = EffectiveTime(
            claimed: HybridTime(milliseconds: received), skew: 0, issued: received, received: issued)
        #expect(time.stamp.milliseconds == received)
    }

    @Test("A hybrid time holds its milliseconds, within the years it can hold")
    func hybridTime() {
        #expect(HybridTime(milliseconds: issued).milliseconds == issued)
        #expect(HybridTime(milliseconds: -5) == .zero)
        #expect(HybridTime(milliseconds: .max).milliseconds == (1 << 48) - 1)
        #expect(HybridTime(milliseconds: 1) < HybridTime(milliseconds: 2))
    }

    @Test("The clock's times grow while the wall clock stands still or takes a small step back")
    func clockGrows() {
        var clock = HybridClock()
        var last = clock.tick(milliseconds: issued)
        #expect(last.milliseconds == issued)
        for wall in [issued, issued, issued - 1_000, issued - EffectiveTime.tolerance, issued + 1] {
            let next = clock.tick(milliseconds: wall)
            #expect(next > last)
            last = next
        }
        #expect(clock.last == last)
        #expect(last.milliseconds == issued + 1)
    }

    @Test("The clock follows a large step back, so that one wrong day does not spoil every later stamp")
    func clockPutRight() {
        var clock = HybridClock()
        _ = clock.tick(milliseconds: 2_147_483_647_000)
        #expect(clock.tick(milliseconds: issued).milliseconds == issued)
    }

    @Test("More ticks in one millisecond than the counter holds still grow")
    func counterOverflows() {
        var clock = HybridClock(last: HybridTime(rawValue: UInt64(issued) << 16 | 0xFFFF))
        let before = clock.last
        #expect(clock.tick(milliseconds: issued) > before)
        #expect(clock.last.milliseconds == issued + 1)
    }
}
