import ReUniteSync

/// How long a device may show what it holds without having been at the hub.
public struct DeviceLease: Hashable, Sendable {
    /// By the hub's clock, milliseconds since 1970.
    public let untilMilliseconds: Int64
    /// Whether it has ended, as far as the device can tell.
    public let isOver: Bool
}

extension Replica {
    /// The device's lease; nil where it has none.
    ///
    /// Time is what ``knownTime(rememberingIsNeeded:)`` says: the device's clock, put right by the hub, and never before anything that is
    /// known to have been. Whoever puts the clock back wins nothing; a clock that has run ahead ends the lease early,
    /// and the next sync puts that right (`docs/leases.md`).
    public func lease() throws -> DeviceLease? {
        let until = try facts().leaseMilliseconds
        guard until != 0 else { return nil }
        return DeviceLease(untilMilliseconds: until, isOver: try knownTime(rememberingIsNeeded: false).now > until)
    }

    /// Refuses to show what this replica holds once the lease has ended. Writing is not asked for: what was typed stays
    /// in the file and goes out with the next sync.
    ///
    /// - Throws: ``Failure`` (notPermitted).
    package func checkLease(_ what: String) throws {
        guard try lease()?.isOver == true else { return }
        throw Failure(
            .notPermitted, what: what, why: "this device has not been at the hub for too long: its lease has ended",
            remedy:
                "Sync; if the hub says the same, ask its operator to renew it ('hub device renew'). Nothing is lost: what "
                + "was typed here goes out with the next sync")
    }
}
