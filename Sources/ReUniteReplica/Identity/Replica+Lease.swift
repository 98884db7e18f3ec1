import ReUniteSync

/// How long a device may show what it holds without having been at the hub.
public struct DeviceLease: Hashable, Sendable {
    /// By the hub's clock, milliseconds since 1970.
    public let untilMilliseconds: Int64
    /// Whether it has ended, as far as the device can tell.
    public let isOver: Bool
}

/// Why a device shows nothing of what it holds.
package enum Closure: Hashable, Sendable {
    case leaseOver
    /// The hub has said that the device is ended.
    case revoked
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

    /// That the hub serves this device no more; nil where it does, or has not said otherwise.
    package func refusal() throws -> HubRefusal? {
        try read("Reading the status") { try HubRefusal($0) }
    }

    /// Why this replica shows nothing of what it holds; nil where it does.
    package func closure() throws -> Closure? {
        if try refusal()?.why == .revoked { return .revoked }
        return try lease()?.isOver == true ? .leaseOver : nil
    }

    /// Refuses to show what this replica holds once the lease has ended, or the hub has revoked the device. Writing is not
    /// asked for: what was typed stays in the file.
    ///
    /// - Throws: ``Failure`` (notPermitted).
    package func checkLease(_ what: String) throws {
        switch try closure() {
        case nil: return
        case .leaseOver:
            throw Failure(
                .notPermitted, what: what,
                why: "this device has not been at the hub for too long: its lease has ended",
                remedy:
                    "Sync; if the hub says the same, ask its operator to renew it ('hub device renew'). What was saved "
                    + "here is kept, and goes out with the next sync")
        case .revoked:
            throw Failure(
                .notPermitted, what: what, why: "the hub has said that this device is revoked",
                remedy: "Ring the hub's operator. What was saved here is kept in this file")
        }
    }
}
