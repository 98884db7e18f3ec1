/// A set of small numbers, as scopes have in a database: a bit for each number up to the highest. A first delivery enters
/// a hundred thousand of them.
package struct NumberSet {
    private var words: [UInt64] = []
    /// Numbers that no replica and no hub ever gives, should a file hold one.
    private var far = Set<Int64>()

    /// Above this a bit for each would be too many.
    private static let limit: Int64 = 1 << 26

    package init() {}

    package init(_ numbers: some Sequence<Int64>) {
        for number in numbers { insert(number) }
    }

    package var isEmpty: Bool { far.isEmpty && words.allSatisfy { $0 == 0 } }

    package func contains(_ number: Int64) -> Bool {
        guard (0..<NumberSet.limit).contains(number) else { return far.contains(number) }
        let place = Int(number) / UInt64.bitWidth
        return place < words.count && words[place] & NumberSet.bit(number) != 0
    }

    package mutating func insert(_ number: Int64) {
        guard (0..<NumberSet.limit).contains(number) else {
            far.insert(number)
            return
        }
        let place = Int(number) / UInt64.bitWidth
        if place >= words.count { words.append(contentsOf: repeatElement(0, count: place + 1 - words.count)) }
        words[place] |= NumberSet.bit(number)
    }

    package mutating func formUnion(_ other: NumberSet) {
        if other.words.count > words.count {
            words.append(contentsOf: repeatElement(0, count: other.words.count - words.count))
        }
        for place in other.words.indices { words[place] |= other.words[place] }
        far.formUnion(other.far)
    }

    private static func bit(_ number: Int64) -> UInt64 {
        1 << UInt64(number % Int64(UInt64.bitWidth))
    }
}
