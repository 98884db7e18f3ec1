/// The time that the hub believes for an op.
///
/// Its true time lies between the moment the hub signed the checkpoint that the op is based on, and the moment the
/// hub received it. A clock in 1970 or 2038 is moved into that window and marked, so that it neither wins nor loses
/// ties by being wrong (`docs/protocol.md`, "Clocks").
public struct EffectiveTime: Hashable, Sendable {
    public let stamp: HybridTime
    /// Whether the claimed time could not be true, or the device knew that its clock was off.
    public let isSuspect: Bool

    /// How far a clock may be off, in milliseconds, before its times stop counting.
    public static let tolerance: Int64 = 600_000

    /// - Parameters:
    ///   - claimed: the op's stamp.
    ///   - skew: how far the device measured its clock to be ahead of the hub, in milliseconds.
    ///   - issued: when the hub signed the base checkpoint, milliseconds since 1970.
    ///   - received: when the hub received the batch, milliseconds since 1970.
    public init(claimed: HybridTime, skew: Int64, issued: Int64, received: Int64) {
        // A skew beyond what a clock can show is no measurement; it must not overflow either.
        let skew = min(max(skew, -HybridTime.greatestMilliseconds), HybridTime.greatestMilliseconds)
        let corrected = claimed.milliseconds - skew
        let clamped = min(max(corrected, issued), max(issued, received))
        let suspect = abs(skew) > EffectiveTime.tolerance || abs(corrected - clamped) > EffectiveTime.tolerance
        let counter = claimed.rawValue & 0xFFFF
        stamp = HybridTime(rawValue: HybridTime(milliseconds: clamped).rawValue | counter)
        isSuspect = suspect
    }
}
