import ReUniteReplica
import Testing

@Suite("A set of numbers, a bit for each")
struct NumberSetTests {
    @Test("It holds what a set holds, near and far, and their union")
    func likeASet() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let spread = Int64.random(in: 1...5_000, using: &generator)
            let strange: [Int64] = [.min, -1, 1 << 26, .max, (1 << 26) - 1]
            func numbers() -> Set<Int64> {
                Set((0..<200).map { _ in Int64.random(in: 0...spread, using: &generator) })
                    .union(strange.filter { _ in Bool.random(using: &generator) })
            }
            let (one, other) = (numbers(), numbers())
            var set = NumberSet(one)
            for number in one.union(other) { #expect(set.contains(number) == one.contains(number)) }
            set.formUnion(NumberSet(other))
            for number in Set(0...spread + 200).union(strange) {
                #expect(set.contains(number) == one.union(other).contains(number))
            }
            #expect(!set.isEmpty)
        }
        #expect(NumberSet().isEmpty && NumberSet([]).isEmpty)
        #expect(!NumberSet([0]).isEmpty && !NumberSet([.max]).isEmpty)
    }
}
