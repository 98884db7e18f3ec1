/// What a person is told when the device's clock is wrong.
enum ClockWarning {
    /// From two minutes on the user is told; from ten on the hub distrusts the times (`docs/protocol.md`, "Clocks").
    private static let told: Int64 = 120_000
    private static let distrusted: Int64 = 600_000

    /// Nil while the clock is right enough.
    ///
    /// - Parameter skewMilliseconds: how far the device's clock was ahead of the hub's.
    static func text(skewMilliseconds skew: Int64) -> String? {
        guard abs(skew) > told else { return nil }
        let direction = skew > 0 ? "ahead of" : "behind"
        let consequence = abs(skew) > distrusted ? " Until then a person decides where your edits meet others'." : ""
        return "This device's clock is \(amount(abs(skew))) \(direction) the hub's: please set it." + consequence
    }

    private static func amount(_ milliseconds: Int64) -> String {
        let minutes = milliseconds / 60_000
        if minutes < 120 { return "\(minutes) minutes" }
        return minutes < 2_880 ? "\(minutes / 60) hours" : "\(minutes / 1_440) days"
    }
}
