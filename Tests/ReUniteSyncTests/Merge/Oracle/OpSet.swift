/// A set of ops by their place in a history.
struct OpSet: Equatable {
    private var words: [UInt64] = []

    func contains(_ op: Int) -> Bool {
        let word = op >> 6
        return word < words.count && words[word] & (1 << UInt64(op & 63)) != 0
    }

    mutating func insert(_ op: Int) {
        let word = op >> 6
        while words.count <= word { words.append(0) }
        words[word] |= 1 << UInt64(op & 63)
    }

    mutating func remove(_ op: Int) {
        let word = op >> 6
        if word < words.count { words[word] &= ~(1 << UInt64(op & 63)) }
    }

    mutating func formUnion(_ other: OpSet) {
        while words.count < other.words.count { words.append(0) }
        for index in other.words.indices { words[index] |= other.words[index] }
    }
}
