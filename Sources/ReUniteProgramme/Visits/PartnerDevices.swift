package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A device of this partner's, with the public keys that the hub told of it.
package struct PartnerDevice: Hashable, Sendable {
    package let id: Identifier
    package let name: String
    /// `office` or `field`.
    package let role: String
    /// Nil for a device that has not joined, or that the hub no longer serves.
    package let keys: PublicKeys?
}

package enum PartnerDevices {
    /// A device by its name or id.
    ///
    /// - Throws: ``Failure``: noInput when there is none of that name here, badData when there are several.
    package static func find(_ text: String, of partner: Identifier, in database: Database) throws -> PartnerDevice {
        let what = "Finding the device"
        let id = Identifier(text)
        let fitting = try list(of: partner, in: database).filter {
            $0.id == id || $0.name.lowercased() == text.lowercased()
        }
        guard let device = fitting.first else {
            throw Failure(
                .noInput, what: what, why: "this partner has no device of that name here",
                remedy: "Sync first, or give the device's id")
        }
        guard fitting.count == 1 else {
            throw Failure(
                .badData, what: what, why: "\(fitting.count) devices have that name",
                remedy: "Give the device's id, which the hub's operator knows ('hub device list')")
        }
        return device
    }

    /// What a device was called when it was invited; nil where the hub has not told of it.
    package static func name(of device: String, in database: Database) throws -> String? {
        guard let id = Identifier(device) else { return nil }
        return try String.fetchOne(database, sql: "SELECT name FROM device WHERE id = ?", arguments: [id.sqlBlob])
    }

    /// The keys of a device of this partner's that is served; nil for every other.
    package static func keys(of device: Identifier, partner: Identifier, in database: Database) throws -> PublicKeys? {
        try list(of: partner, in: database).first { $0.id == device }?.keys
    }

    /// Those that are not revoked.
    package static func list(of partner: Identifier, in database: Database) throws -> [PartnerDevice] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT id, name, role, status, key_number, signing_key, sealing_key FROM device
                WHERE partner_id = ? AND status <> 'revoked' ORDER BY id
                """, arguments: [partner.sqlBlob]
        ).map { row in
            let number: Int64 = row["key_number"] ?? 0
            let isServed = row["status"] == "enrolled"
            return PartnerDevice(
                id: row.identifier("id"), name: row["name"], role: row["role"],
                keys: isServed
                    ? try? PublicKeys(
                        number: UInt32(truncatingIfNeeded: number), signing: row.bytes("signing_key"),
                        agreement: row.bytes("sealing_key")) : nil)
        }
    }
}
