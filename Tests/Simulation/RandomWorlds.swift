import Foundation
import Synchronization

/// Which random worlds a run makes, and how long each is: what the environment says, or else the suite.
enum RandomWorlds {
    static let environment = ProcessInfo.processInfo.environment

    /// `REUNITE_SEEDS` says how many, `REUNITE_SEED` names one.
    static func seeds(_ count: UInt64) -> [UInt64] {
        if let one = environment["REUNITE_SEED"].flatMap(UInt64.init) { return [one] }
        return Array(1...max(environment["REUNITE_SEEDS"].flatMap(UInt64.init) ?? count, 1))
    }

    static func steps(_ count: Int) -> Int { environment["REUNITE_STEPS"].flatMap(Int.init) ?? count }

    /// What all worlds of a run have met.
    final class Tally: Sendable {
        private let state = Mutex<(worlds: Int, met: [String: Int])>((0, [:]))

        /// Adds one world. Returns the sums when it was the last.
        func add(_ met: [String: Int], of worlds: Int) -> [String: Int]? {
            state.withLock { state in
                state.worlds += 1
                state.met.merge(met, uniquingKeysWith: +)
                return state.worlds == worlds ? state.met : nil
            }
        }
    }
}
