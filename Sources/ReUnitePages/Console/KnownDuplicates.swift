import ReUniteHub
import ReUniteProgramme
import ReUniteSync
import Synchronization

/// Which records may be one woman, looked for once for as long as nothing came in and the day is the same: with thousands
/// of women it is a second's work.
final class KnownDuplicates: Sendable {
    private struct Key: Hashable {
        let position: Int64
        let day: String
    }

    private let found = Mutex<(key: Key, report: DuplicateReport)?>(nil)

    private let isLooking = Mutex(false)

    /// Looks for them while nobody waits, unless they are known or looked for already.
    func prepare(_ hub: Hub) {
        guard (try? isKnown(hub)) == false, begins() else { return }
        Task.detached(priority: .background) {
            _ = try? self.report(of: hub)
            self.isLooking.withLock { $0 = false }
        }
    }

    private func begins() -> Bool {
        isLooking.withLock { isLooking in
            guard !isLooking else { return false }
            isLooking = true
            return true
        }
    }

    private func isKnown(_ hub: Hub) throws -> Bool {
        let key = try key(hub)
        return found.withLock { $0?.key == key }
    }

    private func key(_ hub: Hub) throws -> Key {
        Key(position: try hub.store.position().rawValue, day: CivilTime.londonDate(milliseconds: hub.now))
    }

    func report(of hub: Hub) throws -> DuplicateReport {
        let now = hub.now
        let key = try key(hub)
        if let known = found.withLock({ $0 }), known.key == key { return known.report }
        let report = try hub.read("Looking for duplicates") { try Duplicates.find(in: $0, now: now) }
        found.withLock { $0 = (key, report) }
        return report
    }
}
