/// The distinct combinations of an entry's small fields, numbered by first appearance, and the number of each entry.
struct MaskTable<Mask: Hashable> {
    private(set) var entries: [Mask] = []
    private(set) var indexes: [Int] = []
    private var numbers: [Mask: Int] = [:]

    mutating func add(_ mask: Mask) {
        if let last = indexes.last, entries[last] == mask {
            indexes.append(last)
        } else if let number = numbers[mask] {
            indexes.append(number)
        } else {
            numbers[mask] = entries.count
            indexes.append(entries.count)
            entries.append(mask)
        }
    }

    /// Writes the numbers of the entries; none where there is one choice.
    func writeIndexes(to out: inout ByteWriter) {
        guard entries.count > 1 else { return }
        for index in indexes { out.varint(index) }
    }
}
