/// One row's change by one author: the unit that takes a position and gets a verdict.
///
/// An op covers the column groups in its mask; the pair of an op and a group is a *cell*, and cells are what merges.
public struct Op: Hashable, Sendable {
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// The values of the masked groups were changed.
        case set = 1
        /// The row was made, whole: the mask holds every group of its table.
        case create = 2
        /// The row was deleted; the mask is empty.
        case delete = 3
        /// One step of a column with the `state` policy, from `from` to the single value.
        case transit = 4
        /// A counter moved by the single value.
        case increment = 5
        /// A person decided between siblings: a `set` that covers what it names in `supersedes`.
        case resolve = 6
        /// The hub takes a decision back: the values that the op named in `supersedes` had decided stand again.
        case reopen = 7
        /// The hub erases the row for ever; the mask is empty.
        case erase = 8
    }

    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The row was replaced as a whole, so the values may include some that the author did not change.
        public static let coarse = Flags(rawValue: 1)
        /// Found by comparing the tables with what is known, not by the change log.
        public static let scanned = Flags(rawValue: 2)
        /// The device's clock was known to be wrong.
        public static let clockSuspect = Flags(rawValue: 4)
        /// On a replica's own list only, never on the wire: its row has left, and its values are kept sealed.
        package static let withheld = Flags(rawValue: 128)
    }

    /// The table's number in the schema, 1 to 65,535.
    public var table: UInt16
    public var key: Identifier
    public var kind: Kind
    public var flags: Flags
    /// One bit for each column group, by the group's number.
    public var groups: UInt64
    /// When the author's device wrote it: a hybrid logical clock value.
    public var stamp: HybridTime
    /// The values of the columns of the masked groups, in the table's column order.
    public var values: [Value]
    /// The state that a `transit` leaves; null for every other kind, and for a coarse `transit`, whose author had
    /// replaced the row: it leaves the state that its author had seen.
    public var from: Value
    public var context: Context?

    /// What the author had seen, where the batch's base does not say it all. Rare.
    public struct Context: Hashable, Sendable {
        /// Stands in for the batch's base for this op.
        public var cellBase: Position?
        public var extras: [ExtraContext]
        public var kept: [SiblingName]
        public var supersedes: [SiblingName]

        public init(
            cellBase: Position? = nil, extras: [ExtraContext] = [], kept: [SiblingName] = [],
            supersedes: [SiblingName] = []
        ) {
            self.cellBase = cellBase
            self.extras = extras
            self.kept = kept
            self.supersedes = supersedes
        }

        public var isEmpty: Bool { cellBase == nil && extras.isEmpty && kept.isEmpty && supersedes.isEmpty }
    }

    public init(
        table: UInt16, key: Identifier, kind: Kind, flags: Flags = [], groups: UInt64, stamp: HybridTime,
        values: [Value], from: Value = .null, context: Context? = nil
    ) {
        self.table = table
        self.key = key
        self.kind = kind
        self.flags = flags
        self.groups = groups
        self.stamp = stamp
        self.values = values
        self.from = from
        self.context = context
    }
}
