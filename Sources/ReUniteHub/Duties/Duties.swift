import ReUniteSync

/// What the hub does by itself, because the network's rules say so: it does what the view `ru_duty` lists as ops of its
/// own chain, until nothing is listed any more (`docs/duties.md`).
struct Duties {
    let store: any HubStore
    let hub: Identifier
    let time: any TimeSource
    let fresh: @Sendable () -> Identifier
    let seal: ([Op], ChainEnd) throws -> SignedBatch

    /// A duty turns itself off by being done, and what it gives rise to ends too. What is still there after so many
    /// rounds never ends.
    static let rounds = 8

    /// Does what is on the list.
    ///
    /// - Throws: ``Failure`` (internalFault) naming a duty that never ends; it is put off.
    func attend() throws -> DutyReport {
        var report = DutyReport()
        guard try store.isAnythingDue() else { return report }
        var putOff = Set<Duty>()
        for _ in 0..<Duties.rounds {
            let now = time.wallMilliseconds
            report.proposals += try store.attendProposals(as: hub, atMilliseconds: now, seal: seal)
            let due = try store.due(leavingOut: putOff, atMilliseconds: now)
            guard !due.isEmpty else { return report }
            for duty in due {
                switch try store.perform(duty, as: hub, atMilliseconds: now, fresh: fresh, seal: seal) {
                case .done: report.done += 1
                case .nothing: continue
                case .putOff:
                    report.putOff += 1
                    putOff.insert(duty)
                }
            }
        }
        let now = time.wallMilliseconds
        let endless = try store.due(leavingOut: putOff, atMilliseconds: now)
        guard let first = endless.first else { return report }
        for duty in endless { try store.putOff(endless: duty, atMilliseconds: now) }
        _ = try store.due(leavingOut: putOff.union(endless), atMilliseconds: now)
        throw Failure(
            .internalFault, what: "Doing the hub's duties", why: "the duty \(first.name) never ends",
            remedy: "Report this as a fault, with what the hub says of itself ('hub status')")
    }
}
