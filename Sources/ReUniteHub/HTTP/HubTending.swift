import Logging
import ReUniteSync
import ServiceLifecycle

/// Tends a hub while it serves: at the start, and then every hour by the hub's own clock.
struct HubTending: Service {
    let hub: Hub
    let worker: HubWorker
    let logger: Logger

    /// How long after one tending the next is due, in milliseconds of the hub's time.
    static let interval: Int64 = 3_600_000
    /// How often the clock is looked at: a machine that slept must not wait an hour more.
    private static let look: Duration = .seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var tended: Int64?
            while !Task.isCancelled {
                if HubTending.isDue(at: hub.now, since: tended) {
                    tended = hub.now
                    await tend()
                }
                // Cut short by the end of the serving, which is no error.
                try? await Task.sleep(for: HubTending.look)
            }
        }
        try Task.checkCancellation()
    }

    static func isDue(at now: Int64, since last: Int64?) -> Bool {
        guard let last else { return true }
        // A clock that was set back must not stop the tending.
        return now - last >= interval || now < last
    }

    private func tend() async {
        do {
            let report = try await worker.run(for: .hub) {
                try hub.pruneFiles()
                return try hub.tend()
            }
            if report.done > 0 { logger.info("tended", metadata: ["done": "\(report.done)"]) }
        } catch let failure as Failure {
            logger.error("tending failed", metadata: ["why": "\(failure.why)"])
        } catch {
            logger.error("tending failed", metadata: ["error": "\(type(of: error))"])
        }
    }
}
