/// How a replica that remembers one head of a hub's audit log judges the next: the log may grow, and do nothing else.
public enum AuditWitness {
    public enum Verdict: Hashable, Sendable {
        /// The log begins with what the witness knows: the head is to be remembered instead.
        case extends
        /// Older than what the witness knows, or proved from another point: passed over.
        case unchecked
        /// The hub has signed two histories.
        case contradicts
    }

    /// Judges a head that the hub has signed.
    ///
    /// No clock is asked. A log that is shorter than what the witness knows may be an old letter, unless it answers
    /// somebody who said that he knows more: then something was taken out of it.
    ///
    /// - Parameters:
    ///   - known: what was remembered; nil at the first contact, which is believed.
    ///   - head: nil where the checkpoint has none, which a hub with a log never leaves out.
    ///   - proof: what came with it, and from which size it leads. Another program may have moved the witness since.
    public static func judge(known: AuditHead?, head: AuditHead?, proof: AuditProof) -> Verdict {
        guard let known else { return head == nil ? .unchecked : .extends }
        guard let head, head.size >= proof.since else { return .contradicts }
        if head.size < known.size { return .unchecked }
        if head.size > known.size && known.size > 0 && proof.since != known.size { return .unchecked }
        let hashes = proof.since == known.size ? proof.hashes : []
        return MerkleProof.extends(head, known, proof: hashes) ? .extends : .contradicts
    }
}
