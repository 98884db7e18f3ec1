import ReUniteReplica
public import ReUniteSync

extension Hub {
    /// A file that another device brought, and the answer to it for the device that made it.
    public struct Relayed: Hashable, Sendable {
        public var report: UpReport
        /// Sealed to the device that made the file; nil where it is served nothing.
        public var answer: [UInt8]?
    }

    /// Takes a device's file from another device that carries it.
    ///
    /// The carrier is trusted with nothing: the file counts by the signatures in it, and the answer is sealed to the
    /// device that made it. A carrier of another partner is given receipts, and no case.
    ///
    /// - Throws: ``Failure`` as ``take(upFile:progress:)`` does, and badData for a file that is not whole.
    public func relay(_ bytes: [UInt8], by carrier: Identifier) throws -> Relayed {
        _ = try partner(ofCarrier: carrier)
        let report = try take(carried: BundleSource(bytes))
        let answer = report.isRevoked ? nil : try answer(for: report.device, by: carrier)
        return Relayed(report: report, answer: try answer?.parcel.bytes())
    }

    /// Takes a file that somebody carried: all of it, or it is refused.
    func take(carried file: BundleSource) throws -> UpReport {
        let report = try take(upFile: file)
        guard report.isWhole else {
            throw Failure(
                .badData, what: "Carrying a file", why: "it is cut short or was changed",
                remedy: "Copy it from its device again")
        }
        return report
    }

    private func partner(ofCarrier carrier: Identifier) throws -> Identifier {
        guard let partner = try store.device(carrier)?.partner else {
            throw Failure(
                .notPermitted, what: "Carrying a file", why: "the hub does not know this device",
                remedy: "Ask the hub operator for a code and join again")
        }
        return partner
    }

    /// What the carrier takes back; nil for a device that is not served. News that are too large for a file travel another
    /// way; the receipts do not wait.
    func answer(for maker: Identifier, by carrier: Identifier) throws -> DownFile? {
        let partner = try partner(ofCarrier: carrier)
        guard let device = try store.device(maker), device.state != .revoked else { return nil }
        let isKin = device.partner == partner && !device.isLeaseOver(at: time.wallMilliseconds)
        let limit = DecodeLimits.bundleBytes
        do {
            return try downFile(for: maker, isKin ? .news : .receipts, limit: limit)
        } catch let failure as Failure where isKin && failure.code == .unavailable {
            return try downFile(for: maker, .receipts, limit: limit)
        }
    }

    /// Whether an answer that another device took along may still be handed over (amendment B22).
    ///
    /// That a device may come to hold what a file shows is on record before the file is made. So whatever has been closed
    /// to it since is found among what it is to purge.
    ///
    /// - Parameters:
    ///   - epoch: the salt of the hub's life in which the answer was made.
    ///   - position: the one that the answer reaches.
    /// - Throws: ``Failure`` (notPermitted) for a carrier of another partner than the maker's: it has no such answers.
    public func stands(
        answerUpTo position: Position, inLife epoch: Identifier, for maker: Identifier, carriedBy carrier: Identifier
    ) throws -> Bool {
        try refreshLife()
        guard let device = try store.device(maker), let partner = try store.device(carrier)?.partner,
            device.partner == partner
        else {
            throw Failure(
                .notPermitted, what: "Asking for another device", why: "it is no device of the same partner",
                remedy: "Carry receipts for it; they never become void")
        }
        return try epoch == self.epoch.salt && device.state == .enrolled && !device.isSuspended
            && !device.isLeaseOver(at: time.wallMilliseconds)
            && store.newestClosing(to: maker, after: position) == nil
    }

    /// Whether a device may carry files: it has joined, is neither revoked nor shut out, and signs with its present keys.
    public func mayCarry(_ id: Identifier, keyNumber: UInt32) throws -> Bool {
        guard let device = try store.device(id) else { return false }
        return device.state == .enrolled && !device.isSuspended && !device.hasReplaced(keyNumber)
    }
}
