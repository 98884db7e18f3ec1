/// The decoder's side of how sections interleave.
struct SectionOrder {
    private let order: DeltaFormat.Order
    /// The section of each entry; left empty until ranks are known where the order is merged.
    private var sections: [Int] = []

    /// Reads the order of the entries of these sections.
    init(reading input: inout ByteReader, heads: [SectionHead]) throws(FormatError) {
        guard let order = DeltaFormat.Order(rawValue: try input.byte("section order")) else {
            throw FormatError(.malformed, "section order")
        }
        self.order = order
        switch order {
        case .concatenated:
            for (section, head) in heads.enumerated() {
                sections.append(contentsOf: repeatElement(section, count: head.count))
            }
        case .merged:
            guard heads.count <= DeltaFormat.mergedSections else { throw FormatError(.malformed, "section order") }
        case .runs:
            var left = heads.map(\.count)
            var total = left.reduce(0, +)
            while total > 0 {
                let word = try input.varint("section run")
                let section = Int(word % UInt64(heads.count))
                let more = word / UInt64(heads.count)
                guard more < UInt64(left[section]) else { throw FormatError(.malformed, "section run") }
                let length = Int(more) + 1
                left[section] -= length
                total -= length
                sections.append(contentsOf: repeatElement(section, count: length))
            }
        }
    }

    /// The section of each entry, in the order of the payload. `ranks` are those of each section's entries.
    func resolved(ranks: [[UInt64]]) -> [Int] {
        guard order == .merged else { return sections }
        var merged: [Int] = []
        merged.reserveCapacity(ranks.reduce(0) { $0 + $1.count })
        var next = [Int](repeating: 0, count: ranks.count)
        while true {
            var best: Int?
            var least: UInt64 = 0
            for section in ranks.indices where next[section] < ranks[section].count {
                let rank = ranks[section][next[section]]
                if best == nil || rank < least {
                    best = section
                    least = rank
                }
            }
            guard let best else { return merged }
            next[best] += 1
            merged.append(best)
        }
    }
}
