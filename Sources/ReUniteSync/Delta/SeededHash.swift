/// Two random words that decide where keys fall in the encoder's tables. Others choose the identifiers and texts that
/// this device encodes, so without a seed they could choose ones that all fall into one place.
///
/// The mixing step is the folded 64 by 64 bit product of Wang Yi's wyhash.
struct SeededHash {
    private let first: UInt64
    private let second: UInt64

    init() {
        first = UInt64.random(in: 0...UInt64.max)
        second = UInt64.random(in: 0...UInt64.max)
    }

    @inline(__always)
    private func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = (a ^ first).multipliedFullWidth(by: b ^ second)
        return product.high ^ product.low
    }

    @inline(__always)
    func callAsFunction(_ identifier: Identifier) -> Int {
        Int(truncatingIfNeeded: fold(identifier.high, identifier.low))
    }

    @inline(__always)
    func callAsFunction(_ bytes: UnsafeRawBufferPointer) -> Int {
        var state = UInt64(bytes.count)
        var index = 0
        while index + 8 <= bytes.count {
            state = fold(state, bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index += 8
        }
        var rest: UInt64 = 0
        while index < bytes.count {
            rest = rest << 8 | UInt64(bytes[index])
            index += 1
        }
        return Int(truncatingIfNeeded: fold(state, rest))
    }
}

/// The identifiers met so far, numbered in the order of their first appearance.
struct IdentifierTable {
    private(set) var entries: [Identifier] = []
    private var slots: [Int32]
    private let hash = SeededHash()

    init() {
        slots = Array(repeating: -1, count: 512)
    }

    /// The number of an identifier, or nil where it is new; it then has the number `entries.count - 1`.
    @inline(__always)
    mutating func find(orInsert identifier: Identifier) -> Int? {
        if entries.count * 2 >= slots.count { grow() }
        let mask = slots.count - 1
        var place = hash(identifier) & mask
        while slots[place] >= 0 {
            let entry = Int(slots[place])
            if entries[entry] == identifier { return entry }
            place = (place + 1) & mask
        }
        slots[place] = Int32(entries.count)
        entries.append(identifier)
        return nil
    }

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        let mask = slots.count - 1
        for (number, entry) in entries.enumerated() {
            var place = hash(entry) & mask
            while slots[place] >= 0 { place = (place + 1) & mask }
            slots[place] = Int32(number)
        }
    }
}

/// The distinct texts of one column, by their bytes: Unicode calls some texts equal that are not the same.
struct TextTable {
    struct Entry {
        let range: Range<Int>
        var count: Int
    }

    private(set) var entries: [Entry] = []
    /// The entry of each text.
    private(set) var indexes: [Int32] = []
    private var slots: [Int32] = []
    private let hash = SeededHash()

    /// Finds the distinct texts among those that end at `ends` in `bytes`. Gives up, with false, above `limit` of them.
    mutating func collect(_ bytes: [UInt8], ends: [Int], limit: Int) -> Bool {
        entries.removeAll(keepingCapacity: true)
        indexes.removeAll(keepingCapacity: true)
        var capacity = 16
        while capacity < limit * 2 + 2 { capacity *= 2 }
        let mask = capacity - 1
        slots.removeAll(keepingCapacity: true)
        slots.append(contentsOf: repeatElement(-1, count: capacity))
        return bytes.withUnsafeBytes { all in
            var start = 0
            next: for end in ends {
                let text = UnsafeRawBufferPointer(rebasing: all[start..<end])
                defer { start = end }
                var place = hash(text) & mask
                while slots[place] >= 0 {
                    let number = Int(slots[place])
                    let other = entries[number].range
                    if other.count == text.count, isEqual(text, UnsafeRawBufferPointer(rebasing: all[other])) {
                        entries[number].count += 1
                        indexes.append(Int32(number))
                        continue next
                    }
                    place = (place + 1) & mask
                }
                guard entries.count < limit else { return false }
                slots[place] = Int32(entries.count)
                indexes.append(Int32(entries.count))
                entries.append(Entry(range: start..<end, count: 1))
            }
            return true
        }
    }
}

/// Whether two texts of one length are the same bytes.
@inline(__always)
func isEqual(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    while index + 8 <= left.count {
        let a = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        guard a == right.loadUnaligned(fromByteOffset: index, as: UInt64.self) else { return false }
        index += 8
    }
    while index < left.count {
        guard left[index] == right[index] else { return false }
        index += 1
    }
    return true
}
