import GRDB
import ReUniteReplica
public import ReUniteSync

extension SQLiteHubStore {
    /// The open clashes, oldest first.
    package func clashes(_ part: ListPart) throws -> ListPage<OpenClash> {
        let from = "FROM hub_clash WHERE closed IS NULL"
        return try read("Listing clashes") { database in
            try part.read(of: Int.fetchOne(database, sql: "SELECT count(*) \(from)") ?? 0) { limit in
                try Row.fetchAll(database, sql: "SELECT * \(from) ORDER BY opened, id \(limit)")
                    .compactMap { try clash($0, database) }
            }
        }
    }

    /// One of them; nil when no open clash has that id.
    package func clash(_ id: Identifier) throws -> OpenClash? {
        try read("Showing the clash") { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM hub_clash WHERE id = ? AND closed IS NULL", arguments: [id.sqlBlob]
            ).flatMap { try clash($0, database) }
        }
    }

    /// Closes a clash because both rows are right. Returns false when no open clash has that id.
    package func keepBoth(
        clash: Identifier, by person: String?, signedIn: Identifier?, reason: String, atMilliseconds now: Int64
    ) throws -> Bool {
        try write("Keeping both rows") { database in
            try database.execute(
                sql: """
                    UPDATE hub_clash SET closed = (SELECT position FROM hub_clock), closed_ms = ?, how = 'kept',
                      reason = ? WHERE id = ? AND closed IS NULL
                    """, arguments: [now, reason, clash.sqlBlob])
            guard database.changesCount == 1 else { return false }
            try AuditLog(database).append([
                // Why it was is about all of them, and would have to go with one.
                AuditRecord(
                    .clashKept, atMilliseconds: now,
                    [.id(.subject, clash)] + (person.map { [.why(by: $0, "")] } ?? [])
                        + (signedIn.map { [.id(.actor, $0)] } ?? []))
            ])
            return true
        }
    }

    private func clash(_ row: Row, _ database: Database) throws -> OpenClash? {
        let number = UInt16(truncatingIfNeeded: row["tbl"] as Int64)
        let name: String = row["name"]
        guard let table = tables[number], let key = schema.naturalKeys[number]?.first(where: { $0.name == name })
        else { return nil }
        let values = try ValueList.decode(row.bytes("val"))
        let id = row.identifier("id")
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT m.key, s.id AS scope_id, p.code FROM hub_clash_row m
                JOIN hub_row r ON r.tbl = m.tbl AND r.key = m.key JOIN hub_scope s ON s.no = r.scope
                LEFT JOIN hub_op o ON o.h = r.h LEFT JOIN hub_batch b ON b.no = o.batch
                LEFT JOIN hub_device d ON d.id = b.device LEFT JOIN hub_partner p ON p.id = d.partner
                WHERE m.clash = ? ORDER BY m.key
                """, arguments: [id.sqlBlob]
        ).map { row in
            let code: String? = row["code"]
            return OpenClash.Member(
                row: row.identifier("key").description, scope: row.identifier("scope_id").description,
                partner: code ?? "hub")
        }
        let isWithheld = try SecretRows(database).contain(nil, of: table)
        return OpenClash(
            id: id.description, table: table.name, name: name,
            value: isWithheld
                ? SecretRows.withheld(key.columns)
                : Dictionary(zip(key.columns, values.map(\.readable)), uniquingKeysWith: { first, _ in first }),
            rows: rows, openedMilliseconds: row["opened_ms"], isWithheld: isWithheld)
    }
}

/// Rows that should differ and do not.
public struct OpenClash: Hashable, Sendable, Encodable {
    public var id: String
    public var table: String
    /// What the network calls the natural key.
    public var name: String
    /// What the rows have in common, by column.
    public var value: [String: String?]
    public var rows: [Member]
    public var openedMilliseconds: Int64
    /// Whether the table's class is secret: then no value of it is shown here.
    public var isWithheld: Bool

    /// One of the rows.
    public struct Member: Hashable, Sendable, Encodable {
        public var row: String
        public var scope: String
        /// The code of the partner that made it.
        public var partner: String
    }
}

extension Hub {
    /// The open clashes of natural keys, oldest first.
    public func clashes() throws -> [OpenClash] {
        try clashes(.whole).entries
    }

    /// A page of them.
    public func clashes(_ part: ListPart) throws -> ListPage<OpenClash> {
        try store.clashes(part)
    }

    /// One open clash; nil when none has that id.
    public func clash(_ id: Identifier) throws -> OpenClash? {
        try store.clash(id)
    }

    /// Records that both rows of a clash are right.
    ///
    /// - Parameters:
    ///   - person: who decides.
    ///   - reason: at least ten characters, for whoever asks later.
    ///   - signedIn: the operator who had signed in, for the audit log; nil on the hub's own machine.
    /// - Throws: ``Failure``: usage for a reason that says too little, noInput when no such clash is open.
    public func keepBoth(
        clash text: String, by person: String? = nil, reason: String, signedIn: Identifier? = nil
    ) throws {
        let reason = try TypedText.reason(reason, "Keeping both rows")
        guard let id = Identifier(text),
            try store.keepBoth(
                clash: id, by: person, signedIn: signedIn, reason: reason, atMilliseconds: time.wallMilliseconds)
        else {
            throw Failure(
                .noInput, what: "Keeping both rows", why: "no open clash has that id",
                remedy: "Look at those that are open with 'hub conflicts list'")
        }
    }
}
