/// How a table's rows ask for a unit for a time, and who has it: read from the schema (`ru_allocation`).
///
/// Only the hub confirms, inside the transaction in which it judges the request: no merge of offline edits could keep
/// two of them from having the same home. What a replica writes is a request.
public struct Allocation: Hashable, Sendable {
    /// What a status means.
    public enum Kind: String, Sendable, CaseIterable {
        /// Asks for the unit.
        case request = "REQUEST"
        /// Has the unit for that time: no two such rows of one unit overlap.
        case holds = "HOLDS"
        /// Was told that it cannot have it.
        case refused = "REFUSED"
        /// Does not want it, or no longer.
        case released = "RELEASED"
    }

    /// The group of the four columns.
    public let group: UInt8
    public let unit: String
    public let from: String
    public let to: String
    public let status: String
    /// The statuses with their kinds, in the order in which the schema lists them.
    public let statuses: [Status]
    /// Other tables that give away the same units: what a row there holds for somebody else is not free here.
    public let others: [String]

    public struct Status: Hashable, Sendable {
        public let value: String
        public let kind: Kind

        public init(value: String, kind: Kind) {
            self.value = value
            self.kind = kind
        }
    }

    public init(
        group: UInt8, unit: String, from: String, to: String, status: String, statuses: [Status],
        others: [String] = []
    ) {
        self.group = group
        self.unit = unit
        self.from = from
        self.to = to
        self.status = status
        self.statuses = statuses
        self.others = others
    }

    public func kind(of status: Value) -> Kind? {
        guard case .text(let text) = status else { return nil }
        return statuses.first { $0.value == text }?.kind
    }

    /// The statuses of a kind; the first is the one that the hub writes.
    public func values(of kind: Kind) -> [String] {
        statuses.filter { $0.kind == kind }.map(\.value)
    }

    /// Whether two spans of time share an instant. Half open: one may begin where the other ends. No end is for ever.
    public static func overlap(
        _ left: (from: Value, to: Value), _ right: (from: Value, to: Value)
    ) -> Bool {
        isBefore(left.from, right.to) && isBefore(right.from, left.to)
    }

    /// Whether a span begins, and begins before it ends.
    public static func isSpan(from: Value, to: Value) -> Bool {
        from != .null && isBefore(from, to)
    }

    /// Whether a beginning comes before an end, as SQLite compares them: numbers before text, text by its bytes.
    private static func isBefore(_ from: Value, _ end: Value) -> Bool {
        switch (from, end) {
        case (.null, _): false
        case (_, .null): true
        case (.integer(let a), .integer(let b)): a < b
        case (.real(let a), .real(let b)): a < b
        case (.integer(let a), .real(let b)): Double(a) < b
        case (.real(let a), .integer(let b)): a < Double(b)
        case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.integer, .text), (.real, .text): true
        default: false
        }
    }
}
