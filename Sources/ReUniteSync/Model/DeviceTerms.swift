/// What a hub promises a device in a checkpoint, beside what the device holds.
public struct DeviceTerms: Hashable, Sendable {
    /// Whatever the hub decided up to this position is in a verified backup of it, or in its ledger: what the device
    /// sent and has a receipt for up to here would outlive the hub's machine. Zero: nothing is.
    public var backedUp: Position
    /// Until when the device's lease runs, milliseconds since 1970 by the hub's clock; nil where it has none.
    public var leaseMilliseconds: Int64?

    public init(backedUp: Position = .zero, leaseMilliseconds: Int64? = nil) {
        self.backedUp = backedUp
        self.leaseMilliseconds = leaseMilliseconds
    }
}

extension DeviceTerms {
    func encode(into out: inout ByteWriter) {
        out.zigzag(backedUp.rawValue)
        out.zigzag(leaseMilliseconds ?? 0)
    }

    init(from input: inout ByteReader) throws(FormatError) {
        backedUp = Position(try input.zigzag("checkpoint backup"))
        let lease = try input.zigzag("checkpoint lease")
        leaseMilliseconds = lease == 0 ? nil : lease
    }
}
