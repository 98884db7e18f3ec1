public import ReUniteSync

extension Hub {
    /// The edits that wait in quarantine, oldest first.
    public func quarantine() throws -> [QuarantinedEdit] {
        try quarantine(.whole).entries
    }

    /// A page of them.
    public func quarantine(_ part: ListPart) throws -> ListPage<QuarantinedEdit> {
        try store.quarantine(part)
    }

    /// One edit of the quarantine, waiting or decided.
    ///
    /// - Parameter id: its id, or at least the first four digits of it.
    public func quarantined(_ id: String) throws -> QuarantinedEditDetail {
        try store.quarantined(id)
    }

    /// Judges an edit again on an operator's word: under its author, chain and base, at a new position.
    ///
    /// - Parameters:
    ///   - signedIn: the operator who had signed in, for the audit log; nil on the hub's own machine.
    ///   - ops: what the hub writes along with it, so that the author is told; in the same transaction.
    /// - Throws: ``Failure`` (badData) when it can never be applied, or not yet.
    public func release(
        quarantined id: String, by person: String, reason: String, signedIn: Identifier? = nil,
        telling ops: [Op] = []
    ) throws -> ReleasedEdit {
        let note = DecidedBy(
            name: person, why: try TypedText.reason(reason, "Releasing the edit"), signedIn: signedIn, telling: ops)
        defer { attendInPassing() }
        try refreshKeys()
        return try store.release(
            quarantined: id, note, as: self.id, atMilliseconds: time.wallMilliseconds,
            seal: { [self] ops, end in try sealed(ops, after: end) })
    }

    /// Refuses an edit for good. It stays in quarantine as it was written, and its author is told. Returns its id.
    ///
    /// - Parameters:
    ///   - signedIn: the operator who had signed in, for the audit log; nil on the hub's own machine.
    ///   - ops: what the hub writes along with it, so that the author is told; in the same transaction.
    public func refuse(
        quarantined id: String, by person: String, reason: String, signedIn: Identifier? = nil,
        telling ops: [Op] = []
    ) throws -> String {
        let note = DecidedBy(
            name: person, why: try TypedText.reason(reason, "Refusing the edit"), signedIn: signedIn, telling: ops)
        defer { attendInPassing() }
        try refreshKeys()
        return try store.refuse(
            quarantined: id, note, as: self.id, atMilliseconds: time.wallMilliseconds,
            seal: { [self] ops, end in try sealed(ops, after: end) })
    }

    /// Batches whose predecessors have not arrived, or that wait for the hub's upgrade, oldest first.
    public func holds() throws -> [HeldBatch] {
        try holds(.whole).entries
    }

    /// A page of them.
    public func holds(_ part: ListPart) throws -> ListPage<HeldBatch> {
        try store.holds(part)
    }

    /// Judges a batch whose predecessor will never come, as the beginning of a branch of its own: nothing before it
    /// counts as seen by its author, so at worst a person is asked once too often.
    ///
    /// - Parameters:
    ///   - person: the operator who had signed in, for the audit log.
    ///   - name: who decides, where nobody had signed in, and why: for the audit log too.
    public func release(
        held id: String, by person: Operator? = nil, name: String? = nil, reason: String? = nil
    ) throws -> Receipt {
        let note = try Hub.note(by: name, reason, "Releasing the batch")
        defer { attendInPassing() }
        return try store.release(held: id, by: person?.id, noting: note, atMilliseconds: time.wallMilliseconds)
    }
}
