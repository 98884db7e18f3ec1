public import ReUniteSync

/// What a check of the audit log found.
public struct AuditReport: Hashable, Sendable {
    /// Something that does not fit.
    public struct Finding: Hashable, Sendable {
        /// A fixed word, lower case, hyphenated.
        public var code: String
        /// The entry that it is about; nil where it is about the log or about what is missing from it.
        public var index: UInt64?
        /// In plain words, with ids and without values.
        public var what: String
    }

    /// As the entries make it.
    public var head: AuditHead
    /// Entries about what was erased: their hashes count, and what they said is gone.
    public var erased = 0
    /// The head that was last signed and put beside the database; nil where there is none.
    public var noted: AuditHead?
    /// What was compared with the hub's tables.
    public var batches = 0
    public var grants = 0
    public var disclosures = 0
    public var decisions = 0
    /// What operators did about partners, devices, edits, holds and erasures, and what devices signed that they purged.
    public var acts = 0
    /// Figures that were published, each revision for itself.
    public var publications = 0
    public var findings: [Finding] = []

    public var isConsistent: Bool { findings.isEmpty }

    mutating func find(_ code: String, at index: UInt64? = nil, _ what: String) {
        findings.append(Finding(code: code, index: index, what: what))
    }
}
