import GRDB
package import ReUniteSync

/// Who wrote a field last, as far as this device knows by itself.
///
/// A row's clock names a position for each group of fields, and a receipt the positions of this device's own edits. Whose
/// the other positions are, the hub alone knows.
package enum LastWriter: Hashable, Sendable {
    /// This device: the edit's place among those that ``Replica/history(of:in:)`` gives.
    case here(Int)
    /// Another device, another partner or the hub: it came with a sync.
    case elsewhere
}

extension Replica {
    /// Who wrote each field of a row last, by column. Fields of which neither the hub nor this device has decided anything
    /// are not in it.
    ///
    /// - Parameter edits: this device's own edits of the row, the newest first.
    package func lastWriters(
        of id: Identifier, in table: String, _ edits: [RowEdit]
    ) throws -> [String: LastWriter] {
        guard let described = schema.tables.first(where: { $0.name == table }) else { return [:] }
        let clock = try read("Reading the history") { try ClockReader($0).clock(described.number, id) }
        var writers: [String: LastWriter] = [:]
        for group in described.groups {
            guard let writer = Replica.lastWriter(of: group.number, clock, edits) else { continue }
            for name in described.columnNames(of: 1 << UInt64(group.number)) { writers[name] = writer }
        }
        return writers
    }

    private static func lastWriter(of group: UInt8, _ clock: RowClock?, _ edits: [RowEdit]) -> LastWriter? {
        let bit = UInt64(1) << UInt64(group)
        // What is typed here is shown until the hub has judged it.
        if let place = edits.firstIndex(where: { $0.state != "judged" && $0.groups & bit != 0 }) {
            return .here(place)
        }
        guard let clock else { return nil }
        let shown = clock.siblings.first { $0.group == group }?.op
        let place = edits.firstIndex { edit in
            guard edit.groups & bit != 0 else { return false }
            if let shown { return edit.name == shown }
            return edit.position == clock.position(of: group)
        }
        return place.map { .here($0) } ?? .elsewhere
    }
}
