import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

extension HTTPSync {
    /// Syncs; and where that brought a case for which something typed inside was kept, writes it and syncs once more.
    func runAndSettle(_ replica: Replica) async throws -> SyncOutcome {
        replica.prepare()
        let first = try await runMakingRoom(replica)
        guard replica.settle() > 0 else { return first }
        var outcome = first
        outcome.add(try await runMakingRoom(replica))
        return outcome
    }

    /// Syncs, and once more where that failed at a full disk and giving up the ballast made room.
    private func runMakingRoom(_ replica: Replica) async throws -> SyncOutcome {
        do {
            return try await run()
        } catch let failure as Failure where failure.code == .inputOutput && replica.ballast.release() {
            return try await run()
        }
    }
}

extension Replica {
    /// What comes before anything goes to the hub, on whichever carrier: new keys where those in use are old. What cannot be
    /// done is said, and keeps nobody from sending what was typed.
    func prepare() {
        attempt("New keys for this device could not be made") {
            try KinKeys.note(in: self)
            try makingRoom { _ = try renewKeys() }
        }
    }

    /// What follows whenever something has come from the hub, on whichever carrier: keeps the keys that it tells of, and
    /// writes what was typed inside and whose case is here now. What cannot be done is said: what came is here all the same.
    ///
    /// - Returns: how many entries were written.
    @discardableResult
    func settle() -> Int {
        var written = 0
        attempt("What was typed inside could not be looked through") {
            try KinKeys.note(in: self)
            written = try InsideEntry.settle(self, now: try knownTime(rememberingIsNeeded: false).now)
        }
        ballast.keep()
        return written
    }

    private func attempt(_ what: String, _ body: () throws -> Void) {
        do {
            try body()
        } catch let failure as Failure where failure.code == .tryLater || failure.code == .inputOutput {
            // What follows meets the same, and says it; what comes after is for the next time.
        } catch let failure as Failure {
            Output.note("warning: \(what): \(failure.why). \(failure.remedy)")
        } catch {
            Output.note("warning: \(what)")
        }
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
