/// What a replica remembers of a hub's audit log, and how it judges what it is shown next: the log may grow, and do
/// nothing else.
public struct AuditWitness: Hashable, Sendable {
    public var head: AuditHead
    /// When the hub signed it; milliseconds since 1970 by the hub's clock.
    public var issuedMilliseconds: Int64

    public init(head: AuditHead, issuedMilliseconds: Int64) {
        self.head = head
        self.issuedMilliseconds = issuedMilliseconds
    }

    public enum Verdict: Hashable, Sendable {
        /// The log begins with what the witness knows: the head is to be remembered instead.
        case extends
        /// Older than what the witness knows, or with nothing to check it by: passed over.
        case unchecked
        /// The hub has signed two histories.
        case contradicts
    }

    /// Judges a head that the hub has signed.
    ///
    /// - Parameters:
    ///   - known: what was remembered; nil at the first contact, which is believed.
    ///   - head: nil where the checkpoint has none, which a hub with a log never leaves out.
    ///   - issued: when the hub signed it, in milliseconds.
    ///   - isLive: whether it answers a request that said where this witness stands. For what waited in a file there
    ///     may be no proof from there.
    public static func judge(
        known: AuditWitness?, head: AuditHead?, issuedMilliseconds issued: Int64, proof: [MerkleHash], isLive: Bool
    ) -> Verdict {
        guard let known else { return head == nil ? .unchecked : .extends }
        guard let head else { return .contradicts }
        if head.size < known.head.size {
            return issued > known.issuedMilliseconds ? .contradicts : .unchecked
        }
        if head.size > known.head.size && known.head.size > 0 && proof.isEmpty && !isLive { return .unchecked }
        return MerkleProof.extends(head, known.head, proof: proof) ? .extends : .contradicts
    }
}
