package import ReUniteSync
import Synchronization

/// Identifiers from a seed, for whatever the engine would take from the system's randomness.
package final class ScriptedRandomness: Sendable {
    private let generator: Mutex<SeededGenerator>

    package init(seed: UInt64) {
        generator = Mutex(SeededGenerator(seed: seed))
    }

    package func identifier() -> Identifier {
        generator.withLock { Identifier(high: $0.next(), low: $0.next()) }
    }
}
