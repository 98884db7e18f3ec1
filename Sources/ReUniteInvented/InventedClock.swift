import ReUniteSync
import Synchronization

/// A clock that shows what the story says.
final class InventedClock: TimeSource {
    private let wall: Mutex<Int64>

    init(_ wall: Int64) {
        self.wall = Mutex(wall)
    }

    var wallMilliseconds: Int64 { wall.withLock { $0 } }
    // Both clocks of one machine move alike, which is how true clocks are known.
    var monotonicMilliseconds: Int64 { wall.withLock { $0 } }
    let boot = Identifier(high: 0x1A7E_0000_0000_8000, low: 1 << 63 | 1)

    /// Time goes on; it does not go back.
    func move(to wall: Int64) { self.wall.withLock { $0 = max($0 + 1_000, wall) } }
}
