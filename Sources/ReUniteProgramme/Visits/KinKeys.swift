package import GRDB
package import ReUniteReplica
package import ReUniteSync

/// The keys by which a partner's devices knew each other before the newest: what one of them packed yesterday is opened
/// today, though it has new keys since. The hub tells of the newest alone; what it told before is kept here.
package enum KinKeys {
    /// So many of a device are kept.
    static let generations: Int64 = 3

    /// Keeps what the hub has told by now. For after every sync and every file.
    package static func note(in replica: Replica) throws {
        let partner = try replica.facts().partner
        let news = try replica.read("Looking at the devices' keys") { database in
            try PartnerDevices.list(of: partner, in: database).filter { device in
                guard let keys = device.keys else { return false }
                return try kept(of: device.id, in: database).first != keys
            }
        }
        guard !news.isEmpty else { return }
        try replica.edit("Keeping the devices' keys") { database in
            for device in news {
                guard let keys = device.keys else { continue }
                try database.execute(
                    sql: "INSERT OR REPLACE INTO ru_meta(name, value) VALUES(?, ?)",
                    arguments: [name(device.id, keys.number), keys.encoded().sqlBlob])
                try database.execute(
                    sql: "DELETE FROM ru_meta WHERE name GLOB ? AND name <= ?",
                    arguments: [all(device.id), name(device.id, UInt32(max(0, Int64(keys.number) - generations)))])
            }
        }
    }

    /// The keys that a device of this partner's has, and those that it had, the newest first; none where it is not served.
    package static func of(_ device: Identifier, partner: Identifier, in database: Database) throws -> [PublicKeys] {
        guard let newest = try PartnerDevices.keys(of: device, partner: partner, in: database) else { return [] }
        return [newest] + (try kept(of: device, in: database)).filter { $0.number < newest.number }
    }

    private static func kept(of device: Identifier, in database: Database) throws -> [PublicKeys] {
        try Row.fetchAll(
            database, sql: "SELECT value FROM ru_meta WHERE name GLOB ? ORDER BY name DESC", arguments: [all(device)]
        ).compactMap { try? PublicKeys(decoding: $0.bytes("value")) }
    }

    private static func all(_ device: Identifier) -> String { "kin-keys \(device) *" }

    /// In order of the number.
    private static func name(_ device: Identifier, _ number: UInt32) -> String {
        let digits = String(number)
        return "kin-keys \(device) " + String(repeating: "0", count: 10 - digits.count) + digits
    }
}
