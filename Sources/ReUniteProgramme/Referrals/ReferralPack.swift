import Crypto
package import GRDB
import ReUniteReplica
package import ReUniteSync

/// The facts that a tier names, frozen: what the receiver is shown before the case is theirs to see.
package struct ReferralPack: Hashable, Sendable {
    package let tier: String
    /// Canonical JSON: `facts` by table, each a list of rows in the order of their ids; empty columns are left out.
    package let items: String
    /// Of the UTF-8 bytes of ``items``.
    package let sha256: [UInt8]

    /// The limit of the column, in characters.
    private static let longest = 100_000

    /// Collects the rows of a case whose class is in the tier.
    ///
    /// Which tables those are, the schema says: a table that a later migration adds is in when its class is. Of
    /// consents only those that name this receiver, or nobody: whom else she trusts is not the receiver's business.
    ///
    /// - Throws: ``Failure`` (badData) when that is more than a pack holds.
    package static func build(
        for id: Identifier, tier: String, receiver: Identifier, in database: Database
    ) throws -> ReferralPack {
        let tables = try Row.fetchAll(
            database,
            sql: """
                SELECT t.name, t.scope_column FROM ru_table t JOIN tier_class k ON k.class = t.class
                WHERE t.scope_kind = 'case' AND k.tier = ? ORDER BY t.number
                """, arguments: [tier])
        var facts: [String: CanonicalJSON] = [:]
        for table in tables {
            let name: String = table["name"]
            let rows = try rows(of: name, scope: table["scope_column"], id: id, receiver: receiver, in: database)
            if !rows.isEmpty { facts[name] = .array(rows) }
        }
        let items = CanonicalJSON.object(["facts": .object(facts), "tier": .text(tier), "version": .integer(1)]).text
        guard items.unicodeScalars.count <= longest else {
            throw Failure(
                .badData, what: "Freezing the pack", why: "the case holds more than a pack may (\(longest) characters)",
                remedy: "Shorten long entries and try again")
        }
        return ReferralPack(tier: tier, items: items, sha256: hash(items))
    }

    static func hash(_ items: String) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array(items.utf8))
        return Array(hash.finalize())
    }

    private static func rows(
        of table: String, scope: String, id: Identifier, receiver: Identifier, in database: Database
    ) throws -> [CanonicalJSON] {
        let columns =
            ["id"]
            + (try String.fetchAll(
                database, sql: "SELECT name FROM ru_column WHERE tbl = ? ORDER BY name", arguments: [table]))
        var sql = """
            SELECT \(columns.map(quoted).joined(separator: ", ")) FROM \(quoted(table)) WHERE \(quoted(scope)) = ?
            """
        var arguments: StatementArguments = [id.sqlBlob]
        if table == "consent" {
            sql += " AND (partner_id IS NULL OR partner_id = ?)"
            arguments += [receiver.sqlBlob]
        }
        return try Row.fetchAll(database, sql: sql + " ORDER BY id", arguments: arguments).map { row in
            var members: [String: CanonicalJSON] = [:]
            for name in columns {
                switch Value(row[name] as DatabaseValue) {
                case nil, .null: continue
                case .integer(let value): members[name] = .integer(value)
                case .real(let value): members[name] = .real(value)
                case .text(let value): members[name] = .text(value)
                case .blob(let value): members[name] = .text(value.shown)
                }
            }
            return .object(members)
        }
    }
}
