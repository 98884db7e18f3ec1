import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

extension HTTPSync {
    /// Syncs; and where that brought a case for which something typed inside was kept, writes it and syncs once more.
    func runAndSettle(_ replica: Replica) async throws -> SyncOutcome {
        try replica.makingRoom { _ = try replica.renewKeys() }
        let first = try await runMakingRoom(replica)
        guard try replica.settle() > 0 else { return first }
        var outcome = first
        outcome.add(try await runMakingRoom(replica))
        return outcome
    }

    /// Syncs, and once more where that failed at the disk and giving up the ballast made room.
    private func runMakingRoom(_ replica: Replica) async throws -> SyncOutcome {
        do {
            return try await run()
        } catch let failure as Failure where failure.code == .inputOutput && replica.ballast.release() {
            return try await run()
        }
    }
}

extension Replica {
    /// What follows whenever something has come from the hub, on whichever carrier: keeps the keys that it tells of, and
    /// writes what was typed inside and whose case is here now. Returns how many entries that were.
    @discardableResult
    func settle() throws -> Int {
        try KinKeys.note(in: self)
        let written = try InsideEntry.settle(self, now: try knownTime().now)
        ballast.keep()
        return written
    }
}
