/// The order of one column's states, read from the schema: of two concurrent states the greater is shown.
///
/// Closed states come after open ones, so a concurrent withdrawal beats an acceptance: closing too much is mended by
/// a new referral, disclosing too much never is. Within a class the round decides, and then the rank: a step back
/// raises the round, so what follows it is not beaten by the path that it turned away from.
public struct StateOrder: CellPolicy, Hashable {
    public struct Place: Hashable, Comparable, Sendable {
        public let closed: Int64
        public let rank: Int64

        public init(closed: Int64, rank: Int64) {
            self.closed = closed
            self.rank = rank
        }

        public static func < (left: Place, right: Place) -> Bool {
            left.closed != right.closed ? left.closed < right.closed : left.rank < right.rank
        }
    }

    private let places: [String: Place]

    public init(places: [String: Place]) {
        self.places = places
    }

    /// The states that a new row may begin in: those of the lowest place.
    public var initialStates: Set<String> {
        guard let lowest = places.values.min() else { return [] }
        return Set(places.filter { $0.value == lowest }.keys)
    }

    public func contains(_ state: String) -> Bool { places[state] != nil }

    public func displayed(_ siblings: [CellSibling]) -> Int {
        greatest(siblings) { left, right in
            let (a, b) = (place(of: left), place(of: right))
            if a.closed != b.closed { return a.closed < b.closed }
            if left.round != right.round { return left.round < right.round }
            return a.rank != b.rank ? a.rank < b.rank : CellSibling.writtenEarlier(left, right)
        }
    }

    /// The round of a step: that of the value which its author left, and one more where the step goes back within its
    /// class. A declared step back is a new beginning, not an older place on the same path.
    public func round(of step: CellSibling, leaving left: CellSibling?) -> Int64 {
        guard let left else { return 0 }
        let (from, to) = (place(of: left), place(of: step))
        return from.closed == to.closed && to.rank < from.rank ? left.round + 1 : left.round
    }

    /// A person is asked when two different states met: one of two decisions was overruled.
    public func needsPerson(_ siblings: [CellSibling]) -> Bool {
        Set(siblings.map(place(of:))).count > 1
    }

    /// A step that closes waits for no state that does not.
    public func outranks(_ new: CellSibling, _ others: [CellSibling]) -> Bool {
        others.allSatisfy { place(of: $0).closed < place(of: new).closed }
    }

    private func place(of sibling: CellSibling) -> Place {
        guard case .text(let state)? = sibling.values.first, let place = places[state] else {
            return Place(closed: -1, rank: -1)
        }
        return place
    }
}
