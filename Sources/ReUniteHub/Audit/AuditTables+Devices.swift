import GRDB
import ReUniteReplica
import ReUniteSync

/// Who partners and devices are: as the log says that they were added, invited and enrolled.
extension AuditTables {
    mutating func checkPartners() throws {
        let rows = try EngineStatement(
            database,
            """
            SELECT p.id, p.code, s.partner IS p.id AND s.device IS NULL FROM hub_partner p
            LEFT JOIN hub_sub s ON s.no = p.sub
            """)
        while try rows.step() {
            guard let id = rows.identifier(0) else { continue }
            let claim = claims.acts[.partnerAdded]?[id]
            if let claim, claim.code != AuditRecord.word(for: rows.text(1)) {
                report.find(
                    "partner", at: claim.index, "partner \(id) has another code than entry \(claim.index) records")
            }
            if rows.int(2) != 1 {
                report.find("partner", at: claim?.index, "partner \(id) follows what is not its own")
            }
        }
    }

    mutating func checkDevices() throws {
        let rows = try EngineStatement(
            database,
            """
            SELECT d.id, d.partner, d.role, d.state,
              s.partner IS d.partner AND CASE WHEN s.device IS NULL THEN p.sub IS d.sub ELSE s.device IS d.id END
            FROM hub_device d LEFT JOIN hub_sub s ON s.no = d.sub LEFT JOIN hub_partner p ON p.id = d.partner
            """)
        while try rows.step() {
            guard let id = rows.identifier(0) else { continue }
            let invited = claims.acts[.deviceInvited]?[id]
            if let invited, invited.subject != rows.identifier(1) {
                report.find(
                    "device", at: invited.index, "device \(id) is another partner's than entry \(invited.index) records"
                )
            }
            if let invited, invited.code != rows.text(2) {
                report.find(
                    "device", at: invited.index, "device \(id) has another role than entry \(invited.index) records")
            }
            if rows.int(4) != 1 {
                report.find("device", at: invited?.index, "device \(id) follows what is not its own or its partner's")
            }
            let enrolled = claims.acts[.deviceEnrolled]?[id]
            // Whether it was revoked is among the acts.
            if claims.acts[.deviceRevoked]?[id] == nil, rows.int64(3) == (enrolled == nil ? 1 : 0) {
                report.find(
                    "device", at: enrolled?.index,
                    "device \(id) is \(enrolled == nil ? "enrolled" : "invited") here, and not by the log")
            }
        }
    }

    /// Every key that a device has is one that it was enrolled with or took later, and none is gone.
    mutating func checkKeys() throws {
        let rows = try EngineStatement(
            database, "SELECT device, number, signing, sealing FROM hub_device_key ORDER BY device, number")
        while try rows.step() {
            guard let device = rows.identifier(0) else { continue }
            let number = rows.int64(1)
            let keys = try? PublicKeys(
                number: UInt32(truncatingIfNeeded: number), signing: rows.blob(2), agreement: rows.blob(3))
            let hash = keys.map { Hub.digest(of: $0.encoded()) } ?? []
            if claims.keys[device]?.removeValue(forKey: hash) == nil {
                report.find("key", "no entry records key \(number) of device \(device) as it is")
            }
        }
        for (device, keys) in claims.keys {
            for index in keys.values.sorted() {
                report.find("key-gone", at: index, "the key of device \(device) of entry \(index) is not here any more")
            }
        }
    }
}
