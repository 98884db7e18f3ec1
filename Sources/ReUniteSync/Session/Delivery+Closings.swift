extension SealedBundle {
    /// The most that a file of closings holds, in bytes.
    package static let urgentBytes = 1 << 20
}

extension Delivery {
    /// What this delivery takes away, as a delivery of its own: who leaves which scope or loses classes of it, which rows
    /// are gone, and what was judged. It applies alone and any number of times, and moves no cursor. Nil where it takes
    /// nothing away.
    ///
    /// - Parameter limit: in bytes. What does not fit comes with the delivery itself.
    public func closings(within limit: Int) -> Delivery? {
        let ahead = ahead(within: limit)
        return ahead.events.isEmpty && ahead.tombstones.isEmpty ? nil : ahead
    }

    /// The same, also where it tells of nothing but what was judged, or of nothing at all.
    package func ahead(within limit: Int) -> Delivery {
        var urgent = Delivery(from: from, checkpoint: checkpoint)
        var room = limit - checkpoint.bytes.count - 64
        func take<Item>(_ items: [Item], of size: Int) -> [Item] {
            let taken = items.prefix(max(0, room / size))
            room -= taken.count * size
            return Array(taken)
        }
        let leaving = take(events.filter { $0.kind == .leave }, of: 40)
        urgent.tombstones = take(tombstones, of: 20)
        urgent.events = leaving + take(events.filter { $0.kind == .enter }, of: 48)
        for receipt in receipts {
            let size = 48 + 16 * receipt.exceptions.count
            guard size <= room else { break }
            room -= size
            urgent.receipts.append(receipt)
        }
        return urgent
    }
}
