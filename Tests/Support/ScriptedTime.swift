package import ReUniteSync
import Synchronization

/// A clock that shows what the test says and moves only when it is told to.
package final class ScriptedTime: TimeSource {
    private struct Reading {
        var wall: Int64
        var monotonic: Int64 = 1_000
        var boot = Identifier(high: 0xB007, low: 1)
    }

    private let reading: Mutex<Reading>

    /// - Parameter wall: milliseconds since 1970; noon on 1 March 2026 unless told otherwise.
    package init(wall: Int64 = 1_772_366_400_000) {
        reading = Mutex(Reading(wall: wall))
    }

    package var wallMilliseconds: Int64 { reading.withLock { $0.wall } }
    package var monotonicMilliseconds: Int64 { reading.withLock { $0.monotonic } }
    package var boot: Identifier { reading.withLock { $0.boot } }

    /// Time passes, on both clocks.
    package func advance(milliseconds: Int64) {
        reading.withLock {
            $0.wall += milliseconds
            $0.monotonic += milliseconds
        }
    }

    /// Somebody sets the wall clock.
    package func set(wall: Int64) {
        reading.withLock { $0.wall = wall }
    }
}
