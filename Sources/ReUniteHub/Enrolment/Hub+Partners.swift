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
        /// `invited`, `enrolled`, `revoked` or `suspended`.
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
    }

    /// Records a partner and puts its row, made by the network's own SQL, into the shared rows.
    ///
    /// - Parameter rows: inserts the network's row for the partner, with the id that it is given.
    package func addPartner(
        code: String, name: String, rows: (Database, Identifier) throws -> Void
    ) throws -> Identifier {
        let id = randomness()
        let ops = try ScratchCapture.ops(network: network, atMilliseconds: time.wallMilliseconds) {
            try $0.execute(sql: network.reference)
            try $0.execute(sql: "DELETE FROM ru_journal; DELETE FROM ru_values")
            try rows($0, id)
        }
        try store.addPartner(id: id, code: code, name: name)
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
        try store.devices()
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
                remedy: "Use --role office or --role field")
        }
        guard (1...720).contains(hours) else {
            throw Failure(
                .usage, what: "Making a code", why: "the hours must be from 1 to 720",
                remedy: "Use --hours with such a number")
        }
        var generator = SystemRandomNumberGenerator()
        let secret = EnrolmentCode.make(using: &generator)
        let expires = time.wallMilliseconds + Int64(hours) * 3_600_000
        let device = randomness()
        try store.invite(
            device: device, partner: code, name: name, role: role, verifier: secret.verifier,
            expiresMilliseconds: expires)
        return (secret.text, device, expires)
    }

    /// Ends a device: it is served nothing more, and nothing more is taken from it.
    public func revoke(device text: String) throws -> Device {
        guard let id = Identifier(text), try store.revoke(device: id, at: try store.position()),
            let device = try devices().first(where: { $0.id == id.description })
        else {
            throw Failure(
                .noInput, what: "Revoking the device", why: "no device has that id",
                remedy: "See 'hub device list' for the ids")
        }
        return device
    }
}

extension SQLiteHubStore {
    func addPartner(id: Identifier, code: String, name: String) throws {
        try write("Adding the partner") { database in
            if try Int.fetchOne(database, sql: "SELECT 1 FROM hub_partner WHERE code = ?", arguments: [code]) != nil {
                throw Failure(
                    .cannotCreate, what: "Adding the partner", why: "there is a partner with the code \(code) already",
                    remedy: "Choose another code, or see 'hub partner list'")
            }
            try database.execute(sql: "INSERT INTO hub_sub(partner) VALUES(?)", arguments: [id.sqlBlob])
            try database.execute(
                sql: "INSERT INTO hub_partner(id, code, name, sub) VALUES(?, ?, ?, ?)",
                arguments: [id.sqlBlob, code, name, database.lastInsertedRowID])
        }
    }

    func partners() throws -> [Hub.Partner] {
        try read("Listing partners") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT p.*, (SELECT count(*) FROM hub_device d WHERE d.partner = p.id AND d.state = 1) AS devices
                    FROM hub_partner p ORDER BY p.code
                    """
            ).map {
                let ended: Int64? = $0["ended_ms"]
                return Hub.Partner(
                    id: $0.identifier("id").description, code: $0["code"], name: $0["name"], devices: $0["devices"],
                    active: ended == nil)
            }
        }
    }

    func devices() throws -> [Hub.Device] {
        try read("Listing devices") { database in
            let position = try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT d.*, p.code AS partner_code FROM hub_device d JOIN hub_partner p ON p.id = d.partner
                    ORDER BY p.code, d.name
                    """
            ).map { row in
                let clone: Int64? = row["clone_ms"]
                let state: Int64 = row["state"]
                let cursor: Int64 = row["cursor"]
                return Hub.Device(
                    id: row.identifier("id").description, partner: row["partner_code"], name: row["name"],
                    role: row["role"],
                    state: state == 2 ? "revoked" : clone != nil ? "suspended" : state == 1 ? "enrolled" : "invited",
                    lastSeen: row["last_seen_ms"], cursor: cursor, behind: position - cursor,
                    digest: row["digest_state"], unsent: row["unsent"], clockSkewMilliseconds: row["skew_ms"],
                    schema: row["schema_version"], words: row["words"])
            }
        }
    }

    func invite(
        device: Identifier, partner code: String, name: String, role: String, verifier: EnrolmentVerifier,
        expiresMilliseconds: Int64
    ) throws {
        try write("Making a code") { database in
            guard
                let partner = try Row.fetchOne(
                    database, sql: "SELECT id, sub FROM hub_partner WHERE code = ? AND ended_ms IS NULL",
                    arguments: [code])
            else {
                throw Failure(
                    .noInput, what: "Making a code", why: "there is no partner with the code \(code)",
                    remedy: "See 'hub partner list', or add it with 'hub partner add'")
            }
            let subscription: Int64 = partner["sub"]
            try database.execute(
                sql: """
                    INSERT INTO hub_device(id, no, partner, sub, name, role, slot, code_key, code_expires_ms)
                    VALUES(?, (SELECT coalesce(max(no), 0) + 1 FROM hub_device), ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    device.sqlBlob, partner.identifier("id").sqlBlob, subscription, name, role,
                    verifier.slot.sqlBlob, verifier.key.sqlBlob, expiresMilliseconds,
                ])
        }
    }

    func revoke(device: Identifier, at position: Position) throws -> Bool {
        try write("Revoking the device") { database in
            try database.execute(
                sql: "UPDATE hub_device SET state = 2, revoked_at = ?, code_key = NULL WHERE id = ?",
                arguments: [position.rawValue, device.sqlBlob])
            let found = database.changesCount == 1
            try database.execute(sql: "DELETE FROM hub_delivery WHERE device = ?", arguments: [device.sqlBlob])
            return found
        }
    }
}
