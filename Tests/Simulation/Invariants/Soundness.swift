import GRDB
import ReUniteReplica
import ReUniteSync

/// What SQLite and the schema say of the files.
extension Audit {
    /// 18. No file is damaged, no row refers to one that is not there, and nothing of what people wrote counts as drift.
    func soundness() throws -> [String] {
        var found = try hub.read { try Audit.soundness(of: $0, name: "the hub") }
        for device in world.devices {
            found += try device.read { try Audit.soundness(of: $0, name: device.name) }
            // Nobody writes past the triggers here, so what was taken for that was something else.
            let repairs = try device.read {
                try String.fetchOne($0, sql: "SELECT value FROM ru_meta WHERE name = 'repairs'") ?? ""
            }
            for what in ["drifted", "unlogged"] where repairs.contains(" \(what) ") {
                found.append("\(device.name) has taken rows for \(what): \(repairs)")
            }
        }
        return found
    }

    static func soundness(of database: Database, name: String) throws -> [String] {
        var found: [String] = []
        let said = try String.fetchOne(database, sql: "PRAGMA integrity_check") ?? "nothing"
        if said != "ok" { found.append("\(name) is damaged: \(said)") }
        if try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") != nil { found.append("\(name) has an orphan") }
        return found
    }

    /// 20. No unit is held twice for the same night. Which table says so, `ru_allocation` knows; a network without it
    /// allocates nothing.
    func allocations() throws -> [String] {
        try hub.read { database in
            let exists = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM sqlite_master WHERE name = 'ru_allocation' AND type = 'view'")
            guard exists == 1 else { return [] }
            return try Row.fetchAll(
                database, sql: "SELECT tbl, unit_col, from_col, to_col, status_col FROM ru_allocation"
            ).flatMap { rule -> [String] in
                let (table, unit): (String, String) = (rule["tbl"], rule["unit_col"])
                let (from, to): (String, String) = (rule["from_col"], rule["to_col"])
                let status: String = rule["status_col"]
                let holds = """
                    (SELECT value FROM ru_allocation_state WHERE tbl = '\(table)' AND kind = 'HOLDS')
                    """
                let overlaps = try Int.fetchOne(
                    database,
                    sql: """
                        SELECT count(*) FROM "\(table)" a JOIN "\(table)" b ON a."\(unit)" = b."\(unit)" AND a.id < b.id
                        WHERE a."\(status)" IN \(holds) AND b."\(status)" IN \(holds)
                          AND a."\(from)" < coalesce(b."\(to)", '9999') AND b."\(from)" < coalesce(a."\(to)", '9999')
                        """)
                return overlaps == 0 ? [] : ["\(overlaps ?? -1) pairs of \(table) overlap"]
            } + Audit.heldForOthers(database)
        }
    }

    /// The same across two tables that give away the same homes: only for one woman may they overlap.
    private static func heldForOthers(_ database: Database) throws -> [String] {
        let exists = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM sqlite_master WHERE name IN ('unit_hold', 'occupancy')")
        guard exists == 2 else { return [] }
        let overlaps = try Int.fetchOne(
            database,
            sql: """
                SELECT count(*) FROM unit_hold h JOIN occupancy o ON o.unit_id = h.unit_id
                JOIN referral r ON r.id = h.referral_id AND r.case_id <> o.case_id
                WHERE h.status = 'HELD' AND o.status IN ('CONFIRMED', 'PROVISIONAL', 'ARRIVED')
                  AND h.from_on < o.depart_on AND o.arrive_on < h.to_on
                """)
        return overlaps == 0 ? [] : ["\(overlaps ?? -1) homes are held for one woman and given to another"]
    }
}
