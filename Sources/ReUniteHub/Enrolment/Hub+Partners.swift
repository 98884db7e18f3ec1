package import GRDB
import ReUniteReplica
public import ReUniteSync

extension Hub {
    /// A partner organisation as the operator sees it.
    public struct Partner: Hashable, Sendable, Encodable {
        public var id: String
        public var code: String
        public var name: String
        public var devices: Int
        public var active: Bool
    }

    /// A device as the operator sees it.
    public struct Device: Hashable, Sendable, Encodable {
        public var id: String
        public var partner: String
        public var name: String
        public var role: String
        /// `invited`, `enrolled`, `expired` (its lease has ended), `revoked` or `suspended`.
        public var state: String
        public var lastSeen: Int64?
        public var cursor: Int64
        /// How many positions of the hub's order it has not seen.
        public var behind: Int64
        /// `none`, `match` or `mismatch`: its digest at its last sync.
        public var digest: String
        public var unsent: Int64
        public var clockSkewMilliseconds: Int64?
        public var schema: Int64?
        /// What both sides read aloud when it joined.
        public var words: String?
        /// The number of its keys, and since when the hub has known them; nil before it joined.
        public var keyNumber: UInt32?
        public var keysSinceMilliseconds: Int64?
        /// Until when its lease runs, milliseconds since 1970; nil where it has none.
        public var lease: Int64?
        /// How often its log forked, which only a copy of it or a file that was put back explains.
        public var forks: Int
    }

    /// Records a partner and puts its row, made by the network's own SQL, into the shared rows.
    ///
    /// - Parameter rows: inserts the network's row for the partner, with the id that it is given.
    package func addPartner(
        code: String, name: String, rows: (Database, Identifier) throws -> Void
    ) throws -> Identifier {
        let id = randomness()
        let ops = try ScratchCapture.ops(network: network) {
            try $0.execute(sql: network.reference)
            try $0.execute(sql: "DELETE FROM ru_journal; DELETE FROM ru_values")
            try rows($0, id)
        }
        try store.addPartner(id: id, code: code, name: name, atMilliseconds: time.wallMilliseconds)
        let receipts = try submit(ops)
        guard receipts.allSatisfy({ $0.exceptions.isEmpty }) else {
            throw Failure(
                .badData, what: "Adding the partner", why: "its row was not accepted",
                remedy: "Check the code, the name and the area")
        }
        return id
    }

    public func partners() throws -> [Partner] {
        try store.partners()
    }

    public func devices() throws -> [Device] {
        let now = time.wallMilliseconds
        return try store.devices().map { device in
            var device = device
            if device.state == "enrolled", let lease = device.lease, lease < now { device.state = "expired" }
            return device
        }
    }

    /// Makes a one-time code with which a device may join.
    ///
    /// - Parameter hours: how long the code is good, 1 to 720.
    public func invite(
        partner code: String, name: String, role: String, hours: Int
    ) throws -> (code: String, device: Identifier, expiresMilliseconds: Int64) {
        guard role == "office" || role == "field" else {
            throw Failure(
                .usage, what: "Making a code", why: "the role must be office or field",
                remedy: "Choose office or field with --role")
        }
        let name = try TypedText.name(name, "Making a code", of: "device's name")
        guard (1...720).contains(hours) else {
            throw Failure(
                .usage, what: "Making a code", why: "the hours must be from 1 to 720",
                remedy: "Give such a number with --hours")
        }
        var generator = SystemRandomNumberGenerator()
        let secret = EnrolmentCode.make(using: &generator)
        let expires = time.wallMilliseconds + Int64(hours) * 3_600_000
        let device = randomness()
        try store.invite(
            device: device, partner: code, name: name, role: role, verifier: secret.verifier,
            expiresMilliseconds: expires, atMilliseconds: time.wallMilliseconds)
        attendInPassing()
        return (secret.text, device, expires)
    }

    /// Lets a device in again that was shut out because two copies of it were seen, and judges what either of them sent
    /// meanwhile, each as a branch of the device's chain.
    ///
    /// - Returns: the device, how many edits were taken, and how many go on waiting for a reason of their own.
    public func readmit(device text: String, by person: String, reason: String) throws -> (
        device: Device, taken: Int, waiting: Int
    ) {
        let what = "Letting the device in again"
        let (who, why) = (try Hub.name(person, what), try TypedText.reason(reason, what))
        let id = try self.device(named: text)
        guard
            let edits = try store.readmit(device: id, by: who, why: why, atMilliseconds: time.wallMilliseconds),
            let device = try devices().first(where: { $0.id == id.description })
        else {
            throw Failure(
                .badData, what: what, why: "the hub has not seen a second copy of it",
                remedy: "Look at its state with 'hub device list'")
        }
        attendInPassing()
        return (device, edits.taken, edits.waiting)
    }

    /// Ends a device: it is served nothing more, and what it sends waits for a person.
    public func revoke(device text: String) throws -> Device {
        try revokeTelling(device: text, by: nil, reason: nil).device
    }

    /// The same, with what the audit log keeps of who did it and why.
    ///
    /// - Returns: the device, and whether it was revoked before: then nothing was changed.
    public func revokeTelling(
        device text: String, by person: String?, reason: String?
    ) throws -> (device: Device, wasRevoked: Bool) {
        let note = try Hub.note(by: person, reason, "Revoking the device")
        let id = try self.device(named: text)
        let isNew = try store.revoke(device: id, noting: note, atMilliseconds: time.wallMilliseconds)
        guard let device = try devices().first(where: { $0.id == id.description }) else {
            throw Failure(
                .noInput, what: "Revoking the device", why: "it is not there any more",
                remedy: "Look at the devices with 'hub device list'")
        }
        if isNew { attendInPassing() }
        return (device, !isNew)
    }

    /// Who decided and why, where either was said, as the audit log keeps it.
    static func note(by person: String?, _ reason: String?, _ what: String) throws -> AuditFact? {
        guard person != nil || reason != nil else { return nil }
        return .why(
            by: try person.map { try name($0, what) } ?? "", try reason.map { try TypedText.reason($0, what) } ?? "")
    }

    /// Calls a device something else, everywhere where it is named.
    ///
    /// - Throws: ``Failure`` (badData) for a name that none may have.
    public func rename(device text: String, to name: String, by person: String) throws -> Device {
        let what = "Renaming the device"
        let (name, who) = (try TypedText.name(name, what, of: "device's name"), try Hub.name(person, what))
        let id = try self.device(named: text)
        try store.rename(device: id, to: name, by: who, atMilliseconds: time.wallMilliseconds)
        guard let device = try devices().first(where: { $0.id == id.description }) else {
            throw Failure(
                .noInput, what: what, why: "it is not there any more",
                remedy: "Look at the devices with 'hub device list'")
        }
        attendInPassing()
        return device
    }
}
