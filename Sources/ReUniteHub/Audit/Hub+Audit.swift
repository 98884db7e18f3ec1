import ReUniteReplica
public import ReUniteSync

/// One leaf of the audit log as it is kept.
public struct AuditEntry: Hashable, Sendable {
    /// From 0.
    public var index: UInt64
    /// Nil for one of a newer program's.
    public var kind: AuditKind?
    public var atMilliseconds: Int64
    /// Both nil after an erasure.
    public var salt: [UInt8]?
    public var detail: [UInt8]?
    public var leaf: [UInt8]

    /// What it says; nil after an erasure.
    public var record: AuditRecord? {
        detail.flatMap { try? AuditRecord(decoding: $0) }
    }
}

/// What proves to anybody with the hub's public key that an entry is in the log that the hub has signed for.
public struct AuditEvidence: Hashable, Sendable {
    public var entry: AuditEntry
    public var head: AuditHead
    public var proof: [MerkleHash]
}

extension Hub {
    /// How long the audit log is, and its root.
    public func auditHead() throws -> AuditHead {
        try store.audit(since: 0).head
    }

    /// The entries, oldest first.
    ///
    /// - Parameters:
    ///   - since: the earliest time, in milliseconds since 1970.
    ///   - kind: only this kind.
    public func auditEntries(since: Int64? = nil, kind: AuditKind? = nil) throws -> [AuditEntry] {
        try store.auditEntries(since: since, kind: kind)
    }

    /// A page of all entries, newest first.
    public func newestAuditEntries(_ part: ListPart) throws -> ListPage<AuditEntry> {
        try store.newestAuditEntries(part)
    }

    /// One entry with the proof that it is in the log, and the hub's signature for the log.
    public func auditEvidence(of index: UInt64) throws -> (evidence: AuditEvidence, note: String) {
        guard let evidence = try store.auditEvidence(of: index) else {
            throw Failure(
                .noInput, what: "Proving an entry of the audit log", why: "it has no entry \(index)",
                remedy: "Choose one of the log with 'hub audit list'; the first is 0")
        }
        return (evidence, try note(evidence.head))
    }

    /// The key by which notes of this hub are checked.
    public var auditVerifierKey: String { AuditNote.verifierKey(of: id, publicKeys) }

    private func note(_ head: AuditHead) throws -> String {
        try refreshKeys()
        return try AuditNote.sign(head, of: id, with: keys)
    }

    /// Signs for the log as it is now, and puts the note beside the database: a database that is put back from a copy,
    /// or has lost entries, then contradicts the file. Whoever publishes the file binds the hub before the world.
    @discardableResult
    public func publishAudit() throws -> String {
        let note = try note(try auditHead())
        try DurableFile.write(Array(note.utf8), to: HubFiles(folder: folder).auditPath)
        return note
    }

    /// Records that the hub begins to serve.
    public func noteServing() throws {
        try store.note(
            AuditRecord(
                .started, atMilliseconds: time.wallMilliseconds,
                [.number(.epoch, Int64(epoch.number)), .id(.salt, epoch.salt)]))
    }

    /// Records that an operator took figures or rows out of the hub.
    ///
    /// - Parameters:
    ///   - what: which, in one word.
    ///   - rows: how many lines it has.
    ///   - person: who did it.
    ///   - reason: what for.
    ///   - scope: the case whose rows they are, where it is one: the entry then goes with its erasure.
    ///   - alone: how many rows are unlike all others in what many know, where they are of women without names.
    package func noteExport(
        _ what: String, rows: Int, by person: String, reason: String, about scope: Identifier? = nil,
        alone: Int? = nil
    ) throws {
        try store.note(
            AuditRecord(
                .exported, atMilliseconds: time.wallMilliseconds,
                [.word(.code, what), .number(.count, Int64(rows)), .why(by: person, reason)]
                    + (scope.map { [.id(.scope, $0)] } ?? []) + (alone.map { [.number(.alone, Int64($0))] } ?? [])))
    }

    /// Records that a life of the hub begins, and with which log: every new one names what it continues from.
    func noteEpoch() throws {
        let head = try auditHead()
        try store.note(.life(of: id, epoch, after: head, at: time.wallMilliseconds))
    }
}

extension AuditRecord {
    /// That a life of a hub begins, and which log it continues.
    static func life(of hub: Identifier, _ epoch: HubEpoch, after head: AuditHead, at now: Int64) -> AuditRecord {
        AuditRecord(
            .epoch, atMilliseconds: now,
            [
                .id(.hub, hub), .number(.epoch, Int64(epoch.number)), .id(.salt, epoch.salt),
                .number(.size, Int64(clamping: head.size)), .hash(.root, head.root.bytes),
            ])
    }
}
