import GRDB
import ReUniteReplica
public import ReUniteSync

/// One grant of one subscription on a scope, open or closed.
public struct GrantRecord: Hashable, Sendable {
    /// The partner's code.
    public var partner: String
    /// The field laptop whose own subscription it is; nil for the partner's offices.
    public var device: String?
    public var opened: Int64
    public var openedMilliseconds: Int64?
    public var closed: Int64?
    public var closedMilliseconds: Int64?
    /// The codes of the classes that it lets read and write.
    public var reads: [String]
    public var writes: [String]
    public var relations: String
    public var why: String

    public var isOpen: Bool { closed == nil }
}

extension SQLiteHubStore {
    package func grants(on scope: Identifier) throws -> [GrantRecord] {
        try read("Reading the grants") { database in
            let classes = try ClassCodes(database)
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT g.*, p.code, d.name AS device_name FROM hub_scope s JOIN hub_grant g ON g.scope = s.no
                    JOIN hub_sub u ON u.no = g.sub LEFT JOIN hub_device d ON d.id = u.device
                    JOIN hub_partner p ON p.id = coalesce(u.partner, d.partner)
                    WHERE s.id = ? ORDER BY g.opened, p.code, g.sub
                    """, arguments: [scope.sqlBlob]
            ).map { row in
                GrantRecord(
                    partner: row["code"], device: row["device_name"], opened: row["opened"],
                    openedMilliseconds: row["opened_ms"], closed: row["closed"], closedMilliseconds: row["closed_ms"],
                    reads: classes.codes(in: row["read_mask"]), writes: classes.codes(in: row["write_mask"]),
                    relations: row["relations"], why: row["why"])
            }
        }
    }
}

extension Hub {
    /// Every grant that anybody ever had on a scope, oldest first.
    public func grants(on scope: Identifier) throws -> [GrantRecord] {
        try store.grants(on: scope)
    }
}
