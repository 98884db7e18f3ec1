/// What becomes of a value in a group that not everyone may write. In all else such groups merge as `lww` does.
public enum WriterRule {
    /// What becomes of one column's value in a new row.
    public enum InNewRow: Hashable, Sendable {
        case keep
        /// The value is put aside, and NULL stands in its place.
        case clear
        /// The row cannot be made without it, and not with it.
        case refuse
    }

    /// Why an author may not write a group; nil when it may, and for policies that let everyone.
    ///
    /// - Parameter relations: those in which the author stands to the row's scope, `HUB` for the hub itself.
    public static func refusal(_ policy: MergePolicy, relations: Set<String>) -> Reason? {
        if relations.contains("HUB") { return nil }
        switch policy {
        case .hubOnly: return .role
        case .ownerOnly: return relations.contains("OWNER") ? nil : .proposal
        default: return nil
        }
    }

    /// What becomes of a value that its author may not write, in a row that it may make.
    ///
    /// - Parameters:
    ///   - fallback: what the column holds when nobody names it.
    public static func inNewRow(_ value: Value, isNullable: Bool, fallback: Value) -> InNewRow {
        if value == .null || value.isIdentical(to: fallback) { return .keep }
        return isNullable ? .clear : .refuse
    }
}
