import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

extension HTTPSync {
    /// Syncs; and where that brought a case for which something typed inside was kept, writes it and syncs once more.
    func runAndSettle(_ replica: Replica) async throws -> SyncOutcome {
        let first = try await run()
        guard try InsideEntry.settle(replica, now: try replica.knownTime().now) > 0 else { return first }
        var outcome = first
        outcome.add(try await run())
        return outcome
    }
}
