/// The order of one cell's values by how much they protect, read from the schema. Anyone raises the protection at
/// once; a lowering stands beside the higher value as a proposal, until a person's resolution lowers it.
///
/// A value replaces another when its author had seen that one *and* it protects no less, or when a resolution names
/// that one. What stands does not depend on the order of arrival:
///
/// - Among ordinary edits the relation is transitive, because both of its parts are: seeing what an edit had seen, and
///   "no less" between ranks. The values that nothing replaces are therefore the same in every order.
/// - A resolution breaks that: it lowers what it names, not what that one had replaced. But replacing implies having
///   seen, and the hub meets every value after all that its author had seen (positions, chains, held batches). So no
///   value arrives after one that replaces it, and what stands is again exactly what nothing replaces.
public struct ProtectionOrder: CellPolicy, Hashable {
    /// For each column of the cell, the rank of its values; nil for a column that has no order of its own.
    private let ranks: [[String?: Int64]?]

    /// - Parameter ranks: for each column of the group, in the table's column order: its values as text, integers by
    ///   their decimal digits, NULL as nil; nil for a column that only goes along.
    public init(ranks: [[String?: Int64]?]) {
        self.ranks = ranks
    }

    /// How much a value protects: the greatest rank among its columns. What the schema does not rank protects most,
    /// for nobody can say that it is safe to show less.
    public func rank(of values: [Value]) -> Int64 {
        var greatest: Int64?
        for (value, order) in zip(values, ranks) {
            guard let order else { continue }
            let rank = value.declaredName.flatMap { order[$0] } ?? .max
            greatest = max(greatest ?? rank, rank)
        }
        return greatest ?? .max
    }

    public func displayed(_ siblings: [CellSibling]) -> Int {
        greatest(siblings) { left, right in
            let (a, b) = (rank(of: left.values), rank(of: right.values))
            return a != b ? a < b : CellSibling.writtenEarlier(left, right)
        }
    }

    /// A person is asked when the values that stand differ: somebody wants less protection, or two kinds of it met.
    public func needsPerson(_ siblings: [CellSibling]) -> Bool {
        guard let first = siblings.first else { return false }
        return siblings.contains { !ValueList.areIdentical($0.values, first.values) }
    }

    public func outranks(_ new: CellSibling, _ others: [CellSibling]) -> Bool {
        others.allSatisfy { rank(of: $0.values) < rank(of: new.values) }
    }

    public func replaces(_ new: CellSibling, _ old: CellSibling, lineage: Lineage) -> Bool {
        guard new.covers(old, lineage: lineage) else { return false }
        return new.supersedes.contains(old.name) || rank(of: new.values) >= rank(of: old.values)
    }
}
