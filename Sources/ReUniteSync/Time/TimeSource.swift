/// Where the engine gets the time from: the machine's clocks in a program, a script in a simulation.
public protocol TimeSource: Sendable {
    /// Milliseconds since 1970-01-01 UTC, by the wall clock.
    var wallMilliseconds: Int64 { get }
    /// Milliseconds on a clock that never jumps.
    var monotonicMilliseconds: Int64 { get }
    /// Changes when the machine restarts; zero where nothing tells.
    var boot: Identifier { get }
}
