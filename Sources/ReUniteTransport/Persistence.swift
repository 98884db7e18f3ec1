import ReUniteSync

/// Repeats exchanges that did not get through, with pauses, until patience ends.
final class Persistence {
    private let waiting: Waiting
    private var backoff: Backoff

    init(patience: Duration, waiting: Waiting) {
        self.waiting = waiting
        backoff = Backoff(patienceMilliseconds: patience.components.seconds * 1_000)
    }

    /// Repeats an exchange until something else than "try later" comes back.
    ///
    /// - Parameter what: what is being done, for a failure.
    /// - Throws: ``Failure`` (tryLater) when patience ends; what the exchange throws, but for cut lines.
    func run(_ what: String, _ exchange: () async throws -> HubClient.Reply) async throws -> HubClient.Reply {
        while true {
            do {
                let reply = try await exchange()
                guard let failure = reply.failure(what: what), failure.code == .tryLater, failure != .hubsDisk else {
                    progressed()
                    return reply
                }
                try await pause(after: failure, wish: reply.retryAfter)
            } catch let failure as HubClient.Unreached {
                try await pause(after: failure.failure)
            }
        }
    }

    /// Something got through.
    func progressed() {
        backoff.progressed()
    }

    /// Waits for the next try.
    ///
    /// - Parameter wish: the least pause that the hub asked for, milliseconds.
    /// - Throws: the failure when patience ends.
    func pause(after failure: Failure, wish: Int64? = nil) async throws {
        guard let pause = backoff.failed(at: waiting.now(), wish: wish, random: waiting.random) else { throw failure }
        try await waiting.pause(pause)
    }
}
