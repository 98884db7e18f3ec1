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

/// A replica's own sync, and what was carried in its course for other devices.
struct SyncAndCarry {
    let outcome: Result<SyncOutcome, any Error>
    /// Nil where there was nothing to carry, or the hub could not be reached.
    let relayed: HTTPRelay.Report?

    /// Syncs, and carries what waits for other devices: also where the replica's own sync failed, unless nothing answered
    /// at all. What comes of the one changes nothing about the other.
    init(_ sync: HTTPSync, _ relay: HTTPRelay, _ replica: Replica, over client: HubClient) async throws {
        do {
            outcome = .success(try await sync.runAndSettle(replica))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            outcome = .failure(error)
        }
        guard client.wasReached else {
            relayed = nil
            return
        }
        do {
            relayed = try await relay.run()
        } catch {
            // Why this replica did not sync comes first.
            _ = try outcome.get()
            throw error
        }
    }
}
