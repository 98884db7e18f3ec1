import ReUniteSync

/// A device's lease: how long it is served, and shows what it holds, without having been seen (`docs/leases.md`). What it
/// wrote is taken and judged as ever, whenever it comes.
extension Hub {
    /// How many days a lease may run.
    public static let leaseDaysLimit = 3_650

    /// How many days a device may stay away; nil where devices have no lease.
    public func leaseDays() throws -> Int? {
        try store.leaseDays()
    }

    /// Says how many days a device may stay away. Leases that run already end no sooner for it.
    ///
    /// - Parameter days: 1 to ``leaseDaysLimit``; nil for no lease at all.
    public func set(leaseDays days: Int?, by person: String, reason: String) throws {
        let what = "Setting the lease"
        if let days { try Hub.check(days, what) }
        try store.set(
            leaseDays: days, by: try Hub.name(person, what), why: try TypedText.reason(reason, what),
            atMilliseconds: time.wallMilliseconds)
    }

    /// Lets a device in again whose lease has ended, or gives it a longer one for once.
    ///
    /// - Parameters:
    ///   - text: its id, or its name where only one is called so.
    ///   - days: from now on; as many as every device has unless told otherwise.
    public func renew(device text: String, days: Int?, by person: String, reason: String) throws -> Device {
        let what = "Renewing the lease"
        let (who, why) = (try Hub.name(person, what), try TypedText.reason(reason, what))
        let id = try self.device(named: text)
        guard let days = try days ?? leaseDays() else { throw Hub.hasNoLease }
        try Hub.check(days, what)
        guard try store.renew(device: id, days: days, by: who, why: why, atMilliseconds: time.wallMilliseconds),
            let device = try devices().first(where: { $0.id == id.description })
        else { throw Hub.hasNoLease }
        return device
    }

    private static func check(_ days: Int, _ what: String) throws {
        guard (1...leaseDaysLimit).contains(days) else {
            throw Failure(
                .usage, what: what, why: "the days must be from 1 to \(leaseDaysLimit)",
                remedy: "Give such a number with --days")
        }
    }

    private static var hasNoLease: Failure {
        Failure(
            .badData, what: "Renewing the lease",
            why: "that device has none: it has not joined, or was revoked, or no "
                + "device of this network has one",
            remedy: "Look at its state with 'hub device list' and 'hub device lease'")
    }

    /// What a device hears that asks for something after its lease.
    static var leaseOver: Failure {
        Failure(
            .notPermitted, what: "Syncing", why: "this device's lease has ended",
            remedy: "Ask the hub operator to renew it ('hub device renew'), then sync again")
    }
}
