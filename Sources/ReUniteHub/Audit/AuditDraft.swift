import ReUniteSync

/// What a hub transaction will put into the audit log when it ends. Kept back until then, because a step that is rolled
/// back leaves nothing to record.
struct AuditDraft {
    private var records: [AuditRecord] = []

    mutating func note(_ record: AuditRecord) {
        records.append(record)
    }

    /// Where it stands, for ``rollBack(to:)``.
    var mark: Int { records.count }

    /// Forgets what was noted since.
    mutating func rollBack(to mark: Int) {
        records.removeSubrange(mark...)
    }

    /// What is to be written, in order. A batch whose receipt was written twice has one verdict: the last.
    mutating func take() -> [AuditRecord] {
        defer { records = [] }
        var later = Set<[UInt8]>()
        let kept = records.reversed().filter { record in
            guard record.kind == .verdict, let batch = record.hash(.batch) else { return true }
            return later.insert(batch).inserted
        }
        return kept.reversed()
    }
}
