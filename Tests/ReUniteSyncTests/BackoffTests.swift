import ReUniteSync
import Testing

@Suite("When to try again")
struct BackoffTests {
    @Test("Pauses are drawn from bounds that double from 2 s to 15 minutes")
    func bounds() {
        var backoff = Backoff(patienceMilliseconds: 1 << 40)
        var bounds: [Int64] = []
        for _ in 0..<12 {
            _ = backoff.failed(at: 0) { range in
                bounds.append(range.upperBound)
                return range.lowerBound
            }
        }
        #expect(bounds == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900].map { $0 * 1_000 })
    }

    @Test("Patience ends when nothing got through for so long, and never in the middle of a line that carries")
    func patience() {
        var backoff = Backoff(patienceMilliseconds: 10_000)
        var now: Int64 = 0
        var pauses: [Int64] = []
        while let pause = backoff.failed(at: now, random: { $0.upperBound }) {
            pauses.append(pause)
            now += pause
        }
        #expect(pauses.reduce(0, +) == 10_000)
        var steady = Backoff(patienceMilliseconds: 0)
        #expect(steady.failed(at: 0) { $0.upperBound } == nil)
        for round in 0..<1_000 {
            steady.progressed()
            #expect(steady.failed(at: Int64(round) * 20_000) { $0.upperBound } != nil)
            #expect(steady.failed(at: Int64(round) * 20_000 + 2_000) { $0.upperBound } == nil)
        }
    }

    @Test("A pause is never shorter than the hub wishes, and a wish beyond patience ends it")
    func wishes() {
        var backoff = Backoff(patienceMilliseconds: 60_000)
        #expect(backoff.failed(at: 0, wish: 30_000) { _ in 5 } == 30_000)
        #expect(backoff.failed(at: 30_000, wish: 31_000) { _ in 5 } == nil)
    }
}
