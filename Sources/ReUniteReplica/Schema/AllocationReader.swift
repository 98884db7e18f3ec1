import GRDB
import ReUniteSync

/// Reads how a network's tables allocate things, where it declares that at all.
enum AllocationReader {
    /// The rules by table.
    static func read(_ database: Database) throws -> [String: Allocation] {
        guard try exists("ru_allocation", database) else { return [:] }
        var statuses: [String: [Allocation.Status]] = [:]
        if try exists("ru_allocation_state", database) {
            for row in try Row.fetchAll(database, sql: "SELECT tbl, value, kind FROM ru_allocation_state") {
                guard let kind = Allocation.Kind(rawValue: row["kind"]) else {
                    throw ManifestReader.unusable(row["tbl"], "its statuses have a kind that is not understood")
                }
                statuses[row["tbl"], default: []].append(Allocation.Status(value: row["value"], kind: kind))
            }
        }
        var others: [String: [String]] = [:]
        if try exists("ru_allocation_with", database) {
            for row in try Row.fetchAll(database, sql: "SELECT tbl, other FROM ru_allocation_with ORDER BY tbl, other")
            {
                others[row["tbl"], default: []].append(row["other"])
            }
        }
        let rows = try Row.fetchAll(
            database, sql: "SELECT tbl, unit_col, from_col, to_col, status_col, grp FROM ru_allocation")
        return Dictionary(
            rows.map { row in
                let table: String = row["tbl"]
                let rule = Allocation(
                    group: UInt8(truncatingIfNeeded: row["grp"] as Int64), unit: row["unit_col"], from: row["from_col"],
                    to: row["to_col"], status: row["status_col"], statuses: statuses[table] ?? [],
                    others: others[table] ?? [])
                return (table, rule)
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func exists(_ view: String, _ database: Database) throws -> Bool {
        try Int.fetchOne(
            database, sql: "SELECT 1 FROM sqlite_schema WHERE type = 'view' AND name = ?", arguments: [view]) != nil
    }
}
