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

    func report(of hub: Hub) throws -> DuplicateReport {
        let now = hub.now
        let key = Key(position: try hub.store.position().rawValue, day: CivilTime.londonDate(milliseconds: now))
        if let known = found.withLock({ $0 }), known.key == key { return known.report }
        let report = try hub.read("Looking for duplicates") { try Duplicates.find(in: $0, now: now) }
        found.withLock { $0 = (key, report) }
        return report
    }
}
