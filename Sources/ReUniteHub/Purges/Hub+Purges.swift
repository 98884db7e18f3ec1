import ReUniteReplica
import ReUniteSync

extension Hub {
    /// One device's duty to purge what its partner may no longer hold, or how it was met.
    public struct Purge: Hashable, Sendable {
        /// What it was bounded by; nil for all that a device held when it was revoked.
        public var scope: String?
        public var device: String
        public var deviceName: String
        /// The partner's code.
        public var partner: String
        public var isRevoked: Bool
        /// How many single rows were hidden while the grant stayed open; zero where it closed, or lost classes.
        public var hiddenRows: Int64
        /// The position at which the grant closed.
        public var closed: Int64
        public var sinceMilliseconds: Int64
        /// When the device last spoke to the hub, milliseconds since 1970; nil for never.
        public var lastSeenMilliseconds: Int64?
        /// `owed`, `purged`, `returned` (it came back whole before), `never-held` (or holds it again) or `written-off`.
        public var state: String
        public var doneMilliseconds: Int64?
        /// How many rows the device purged; nil where there is no receipt.
        public var rows: Int64?
        /// Whether nothing of others was in the device's file; nil where there is no receipt.
        public var isClean: Bool?
        /// Who wrote it off, and why.
        public var decidedBy: String?
        public var reason: String?
    }

    /// The purges that devices owe, oldest first; with those that are done if `all`.
    public func purges(all: Bool = false) throws -> [Purge] {
        try store.purges(all: all)
    }

    /// Says that nobody waits any more for a revoked device to purge what it held: it was destroyed, or is lost for good.
    ///
    /// - Returns: how many purges it owed.
    /// - Throws: ``Failure``: noInput for an unknown device, notPermitted for one that was not revoked, usage for a
    ///   reason of fewer than ten characters.
    public func writeOff(device text: String, by person: String, reason: String) throws -> Int {
        let what = "Writing off the device"
        let id = try self.device(named: text)
        guard let device = try store.device(id) else {
            throw Failure(
                .noInput, what: what, why: "it is not there any more",
                remedy: "Look at the devices with 'hub device list'")
        }
        guard device.state == .revoked else {
            throw Failure(
                .notPermitted, what: what, why: "it was not revoked, and purges by itself when it syncs",
                remedy: "Sync it, or revoke it first with 'hub device revoke'")
        }
        let reason = try TypedText.reason(reason, what)
        return try store.writeOff(device: id, by: person, reason: reason, atMilliseconds: time.wallMilliseconds)
    }

    /// Takes note of what a device says about purging. Returns how many receipts it need not send again.
    ///
    /// A receipt that is not the device's own, or was changed, proves nothing: it is passed over, and what is owed
    /// stays owed.
    func take(purgesOf request: SyncRequest, from device: DeviceRecord) throws -> UInt64 {
        let receipts = request.purges.compactMap { bytes -> SignedPurgeReceipt? in
            guard let signed = try? SignedPurgeReceipt(decoding: bytes), let keys = device.keys[signed.keyNumber],
                signed.isAuthentic(signedBy: keys), signed.receipt.device == device.id, signed.receipt.hub == id
            else { return nil }
            return signed
        }
        let now = time.wallMilliseconds
        try store.record(purges: receipts, from: device.id, atMilliseconds: now)
        if !request.owesPurge && !request.moreFollows && receipts.count == request.purges.count {
            try store.settlePurges(of: device.id, upTo: request.cursor, atMilliseconds: now)
        }
        return UInt64(request.purges.count)
    }

    /// Removes the files of deliveries that a closing has made void: nobody can fetch them any more, and they hold what
    /// left.
    func dropVoidDeliveries() throws {
        let void = try store.voidDeliveries()
        guard !void.isEmpty else { return }
        let files = HubFiles(folder: folder)
        for delivery in void { files.remove(delivery: delivery) }
        try store.forget(void: void)
    }
}
