import ReUniteSync
import Synchronization

/// How much memory the bodies of requests may take together: asked for before a body is read, and given back once its
/// request is answered.
///
/// A device has a share, so that one which sends slowly, or begins again and again, waits for itself.
final class MemoryBudget: Sendable {
    /// In bytes.
    struct Limits {
        var total = 64 << 20
        var perDevice = 24 << 20
        /// All together who is not known yet, and sends next to nothing.
        var strangers = 1 << 20
    }

    private struct Held {
        var total = 0
        var devices: [Identifier: Int] = [:]
    }

    private let limits: Limits
    private let held = Mutex(Held())

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// How many bytes are taken.
    var taken: Int { held.withLock { $0.total } }

    /// Runs work that holds so many bytes.
    ///
    /// - Parameter device: zero for whoever is not known.
    /// - Throws: ``HubWorker/Busy`` when there is no room; what the work throws.
    func holding<Result>(
        _ bytes: Int, for device: Identifier, _ body: () async throws -> Result
    ) async throws -> Result {
        let hasRoom = held.withLock { held -> Bool in
            let share = held.devices[device, default: 0] + bytes
            guard held.total + bytes <= limits.total,
                share <= (device == .zero ? limits.strangers : limits.perDevice)
            else { return false }
            held.total += bytes
            held.devices[device] = share
            return true
        }
        guard hasRoom else { throw HubWorker.Busy(retryAfter: 5) }
        defer {
            held.withLock { held in
                held.total -= bytes
                let share = held.devices[device, default: 0] - bytes
                held.devices[device] = share > 0 ? share : nil
            }
        }
        return try await body()
    }
}
