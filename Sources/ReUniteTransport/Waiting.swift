/// The clock that a sync waits by, and the dice that it throws; a test brings its own.
public struct Waiting: Sendable {
    /// Milliseconds of a clock that never jumps.
    public var now: @Sendable () -> Int64
    /// Waits so many milliseconds.
    public var pause: @Sendable (Int64) async throws -> Void
    /// Draws a number from a range.
    public var random: @Sendable (ClosedRange<Int64>) -> Int64

    public init(
        now: @escaping @Sendable () -> Int64, pause: @escaping @Sendable (Int64) async throws -> Void,
        random: @escaping @Sendable (ClosedRange<Int64>) -> Int64
    ) {
        self.now = now
        self.pause = pause
        self.random = random
    }

    /// The machine's.
    public static var system: Waiting {
        let start = ContinuousClock.now
        return Waiting(
            now: {
                let (seconds, attoseconds) = (ContinuousClock.now - start).components
                return seconds * 1_000 + attoseconds / 1_000_000_000_000_000
            },
            pause: { try await Task.sleep(for: .milliseconds($0)) }, random: { Int64.random(in: $0) })
    }
}
