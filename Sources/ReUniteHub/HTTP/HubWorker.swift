import Dispatch
import ReUniteSync
import Synchronization

/// Runs the hub's work one piece at a time, away from the threads that serve connections: the database has one
/// writer and a disk is slow, and waiting for them there would hold up everyone else.
///
/// What waits is bounded, and partners take turns (``FairQueue``). Who finds no room is told when to come again.
final class HubWorker: Sendable {
    /// Whose work it is.
    struct Claimant: Hashable, Sendable {
        var partner: Identifier
        var device: Identifier

        static let hub = Claimant(partner: Identifier(high: 0, low: 1), device: .zero)

        /// Somebody who is not known yet, and is not another of those.
        static var stranger: Claimant {
            Claimant(
                partner: .zero,
                device: Identifier(high: UInt64.random(in: 0...UInt64.max), low: UInt64.random(in: 0...UInt64.max)))
        }
    }

    /// There was no room.
    struct Busy: Error {
        /// In how many seconds to come again.
        var retryAfter: Int
    }

    private typealias Job = @Sendable () -> Void

    private let queue: DispatchQueue
    private let waiting: Mutex<FairQueue<Job>>

    init(label: String = "reunite.hub", limits: FairQueue<@Sendable () -> Void>.Limits = .init()) {
        queue = DispatchQueue(label: label)
        waiting = Mutex(FairQueue(limits: limits))
    }

    /// How many pieces wait, without the one that is being done.
    var waitingCount: Int { waiting.withLock { $0.count } }

    /// - Throws: ``Busy``; what the work throws.
    func run<Result: Sendable>(
        for claimant: Claimant, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let job: Job = { continuation.resume(with: Swift.Result(catching: body)) }
            let busy = waiting.withLock { queue -> Busy? in
                guard queue.hasRoom(for: claimant.device, of: claimant.partner) else {
                    return Busy(retryAfter: min(60, 2 + queue.count / 16))
                }
                queue.add(job, of: claimant.device, partner: claimant.partner)
                return nil
            }
            if let busy { return continuation.resume(throwing: busy) }
            // One for each job, though not always for this one: whose turn it is, is decided then.
            queue.async { [self] in waiting.withLock { $0.next() }?() }
        }
    }
}
