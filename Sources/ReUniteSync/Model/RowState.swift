/// One row as the hub holds it at a position: what a delivery carries for each row that a replica may hold.
public struct RowState: Sendable {
    public var table: UInt16
    public var key: Identifier
    public var scope: Identifier
    public var clock: RowClock
    /// The column groups whose values follow.
    public var groups: UInt64
    /// The column groups whose value is what the receiving device itself sent last, so that it need not be repeated.
    public var echoed: UInt64
    /// The values of the columns of `groups`, in the table's column order.
    public var values: [Value]
    /// The group of each of the table's columns as the row's sender has them, in column order; empty where the row does
    /// not tell. Whoever has an older schema finds in it which values it does not know.
    public var layout: [UInt8]

    public init(
        table: UInt16, key: Identifier, scope: Identifier, clock: RowClock, groups: UInt64, echoed: UInt64,
        values: [Value], layout: [UInt8] = []
    ) {
        self.table = table
        self.key = key
        self.scope = scope
        self.clock = clock
        self.groups = groups
        self.echoed = echoed
        self.values = values
        self.layout = layout
    }

    /// The values by group, ascending; nil where the row does not tell which value belongs to which group.
    public var cells: [(group: UInt8, values: [Value])]? {
        let places = layout.filter { groups & (1 << UInt64($0)) != 0 }
        guard places.count == values.count else { return nil }
        var cells: [UInt8: [Value]] = [:]
        for (group, value) in zip(places, values) { cells[group, default: []].append(value) }
        return cells.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Whether it has every group that its sender has.
    ///
    /// - Parameter table: the table as its receiver knows it, for a row that does not tell.
    public func isWhole(of table: TableDescription) -> Bool {
        groups == (layout.isEmpty ? table.allGroups : layout.reduce(0) { $0 | 1 << UInt64($1) })
    }

    /// The same with the values of these groups only; nil where the row does not tell which they are.
    public func limited(to mask: UInt64) -> RowState? {
        guard groups & ~mask != 0 else { return self }
        let places = layout.filter { groups & (1 << UInt64($0)) != 0 }
        guard places.count == values.count else { return nil }
        var row = self
        row.values = zip(places, values).filter { mask & (1 << UInt64($0.0)) != 0 }.map(\.1)
        row.groups &= mask
        return row
    }
}

/// What two rows say is compared, not how they were written down.
extension RowState: Hashable {
    public static func == (left: RowState, right: RowState) -> Bool {
        left.table == right.table && left.key == right.key && left.scope == right.scope && left.clock == right.clock
            && left.groups == right.groups && left.echoed == right.echoed && left.values == right.values
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(table)
        hasher.combine(key)
        hasher.combine(clock)
        hasher.combine(groups)
        hasher.combine(values)
    }
}

/// What a row's cells were last decided at: one position for the row, and one for each column group that differs.
///
/// The digest that a replica and its hub compare is made from these alone, so it is exact while edits are pending.
public struct RowClock: Hashable, Sendable {
    /// The position that made the row, and of every group that has no exception.
    public var stamp: Position
    /// The groups decided later than `stamp`, in ascending order of group.
    public var exceptions: [Exception]
    /// The open siblings of each group that has more than one: ascending by group, in a group the one that is shown
    /// first and the others by name.
    public var siblings: [SiblingName]

    public struct Exception: Hashable, Sendable {
        public var group: UInt8
        public var stamp: Position

        public init(group: UInt8, stamp: Position) {
            self.group = group
            self.stamp = stamp
        }
    }

    public init(stamp: Position, exceptions: [Exception] = [], siblings: [SiblingName] = []) {
        self.stamp = stamp
        self.exceptions = exceptions
        self.siblings = siblings
    }

    /// The position at which this group's value was last decided.
    public func position(of group: UInt8) -> Position {
        for exception in exceptions where exception.group == group { return exception.stamp }
        return stamp
    }

    /// Records that this group was decided at a position.
    public mutating func set(_ group: UInt8, to position: Position) {
        if let index = exceptions.firstIndex(where: { $0.group >= group }) {
            if exceptions[index].group == group {
                if position == stamp { exceptions.remove(at: index) } else { exceptions[index].stamp = position }
            } else if position != stamp {
                exceptions.insert(Exception(group: group, stamp: position), at: index)
            }
        } else if position != stamp {
            exceptions.append(Exception(group: group, stamp: position))
        }
    }

    /// The groups decided after a position, among those in the mask.
    public func groups(after position: Position, of mask: UInt64) -> UInt64 {
        var later = stamp > position ? mask : 0
        for exception in exceptions {
            let bit = UInt64(1) << UInt64(exception.group)
            if exception.stamp > position { later |= bit } else { later &= ~bit }
        }
        return later & mask
    }
}
