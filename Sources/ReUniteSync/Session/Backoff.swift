/// When to try again what did not get through, and when to give up for now.
///
/// The pause is drawn evenly between nothing and a bound that doubles with each failure, 2 s to 15 minutes ("full
/// jitter": Brooker, "Exponential Backoff And Jitter", 2015), so that the devices of a hub that was away do not all
/// come back at once. Whatever gets through starts the count anew: a line that is cut every few seconds and carries
/// something in between never tires it.
public struct Backoff: Hashable, Sendable {
    /// The bound of the first pause, milliseconds.
    public static let first: Int64 = 2_000
    /// No bound is larger, milliseconds.
    public static let longest: Int64 = 900_000

    /// How long it goes on while nothing gets through, milliseconds.
    public let patience: Int64
    private var failures = 0
    private var since: Int64?
    private var hasMoved = false

    public init(patienceMilliseconds: Int64) {
        patience = max(0, patienceMilliseconds)
    }

    /// Something got through.
    public mutating func progressed() {
        failures = 0
        since = nil
        hasMoved = true
    }

    /// Something did not get through.
    ///
    /// - Parameters:
    ///   - now: milliseconds of a clock that never jumps.
    ///   - wish: the least pause that the hub asked for, milliseconds.
    ///   - random: draws a number from a range.
    /// - Returns: how long to pause before trying again, milliseconds; nil to give up.
    public mutating func failed(
        at now: Int64, wish: Int64? = nil, random: (ClosedRange<Int64>) -> Int64
    ) -> Int64? {
        let began = since ?? now
        since = began
        // A line that has just carried something gets another chance, however little patience there is.
        let free = hasMoved && failures == 0
        hasMoved = false
        let left = max(patience - (now - began), free ? Backoff.first : 0)
        guard left > 0 else { return nil }
        let bound = min(Backoff.longest, Backoff.first << Int64(min(failures, 20)))
        failures += 1
        let pause = min(random(0...bound), left)
        guard let wish else { return pause }
        return wish > left ? nil : max(pause, wish)
    }
}
