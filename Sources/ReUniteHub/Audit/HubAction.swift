public import ReUniteSync

/// What an operator does with a batch of the hub's own, for the audit log: an entry `written`, and others beside it, in
/// the transaction of the batch.
public struct HubAction: Sendable, ExpressibleByArrayLiteral {
    /// Of the entry `written`: a code, and why.
    public let facts: [AuditFact]
    /// Of an entry for each small number that is let out: which, as what, and why.
    public let waived: [[AuditFact]]

    /// The code of the entry `written` by which figures are published; beside it stands their hash.
    public static let publishing = "publish"

    public init(_ facts: [AuditFact], waived: [[AuditFact]] = []) {
        self.facts = facts
        self.waived = waived
    }

    public init(arrayLiteral facts: AuditFact...) { self.init(facts) }

    /// - Parameter batch: the batch's id.
    func records(_ batch: [UInt8], at now: Int64) -> [AuditRecord] {
        [AuditRecord(.written, atMilliseconds: now, facts + [.hash(.batch, batch)])]
            + waived.map { AuditRecord(.smallNumberWaived, atMilliseconds: now, $0 + [.hash(.batch, batch)]) }
    }
}
