import ReUniteSync

extension Hub {
    private var duties: Duties {
        Duties(
            store: store, hub: id, time: time, fresh: randomness,
            seal: { [self] ops, end in try sealed(ops, after: end) })
    }

    /// Does what the network's rules want of the hub, as far as something gave rise to it.
    @discardableResult
    func attend() throws -> DutyReport {
        guard store.hasDuties else { return DutyReport() }
        return try duties.attend()
    }

    /// The same in the course of something else, which a rule that fails must not spoil: what could not be done stays
    /// on the list, and the status shows it.
    func attendInPassing() {
        _ = try? attend()
        // A duty closes scopes too.
        try? dropVoidDeliveries()
    }

    /// Does everything that the network's rules want of the hub by now, whatever gave rise to it: also what only time
    /// brings about. Signs for the audit log and compacts the feeds as well.
    ///
    /// - Throws: ``Failure`` (internalFault) naming a duty that never ends.
    @discardableResult
    public func tend() throws -> DutyReport {
        // What was decided here, too.
        defer { secureLedger() }
        try settleKeys()
        try destroyKeys()
        try publishAudit()
        try compactFeeds()
        guard store.hasDuties else { return DutyReport() }
        try store.dueEverything(atMilliseconds: time.wallMilliseconds)
        defer { try? dropVoidDeliveries() }
        return try duties.attend()
    }

    /// Duties that could not be done, oldest first.
    public func stuckDuties() throws -> [StuckDuty] {
        try store.stuckDuties()
    }
}
