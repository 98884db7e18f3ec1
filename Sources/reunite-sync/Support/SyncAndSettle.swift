import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

extension HTTPSync {
    /// Syncs; and where that brought a case for which something typed inside was kept, writes it and syncs once more.
    func runAndSettle(_ replica: Replica) async throws -> SyncOutcome {
        let first = try await run()
        guard try InsideEntry.settle(replica, now: try replica.knownTime().now) > 0 else { return first }
        let second = try await run()
        var outcome = first
        outcome.pushedEdits += second.pushedEdits
        outcome.pushedBytes += second.pushedBytes
        outcome.pulledRows += second.pulledRows
        outcome.pulledBytes += second.pulledBytes
        outcome.roundTrips += second.roundTrips
        outcome.returned += second.returned
        outcome.digest = second.digest
        return outcome
    }
}
