package import GRDB
import ReUniteReplica
package import ReUniteSync

/// That rows were written into a file: who, what, how many, when. Never what was in it.
///
/// On a replica it is a row of the partner's own: captured, signed and sent like any other, so it reaches the hub's audit
/// log with the verdict on its batch, and the partner sees it as well.
package enum ExportRecord {
    package static func write(
        _ what: String, rows: Int, withheld: Int, partner: Identifier, device: Identifier, staff: Identifier?,
        in database: Database, now: Int64
    ) throws {
        _ = try database.add(
            "data_export",
            [
                "partner_id": partner.sqlBlob, "staff_id": staff?.sqlBlob, "device_id": device.sqlBlob, "what": what,
                "rows": rows, "withheld": withheld, "recorded_for_at": now, "entered_at": now,
            ])
    }
}
